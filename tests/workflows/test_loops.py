"""Loops, small and large, each history replayed afterwards."""

from typing import Any

import pytest

from tests.support import probe
from tests.support.interpreter import Interpreter
from tests.workflows.definitions import action, definition


def each(items: Any, *actions: dict[str, Any], **config: Any) -> dict[str, Any]:
    return action("each", "for_each", {"items": items, "actions": list(actions), **config})


SQUARE = action("square", "formula", {"expression": "item * item"})


async def test_items_in_turn(interpreter: Interpreter) -> None:
    finished = await interpreter.run(definition(each("trigger.body", SQUARE)), [1, 2, 3])
    assert finished.output == {"count": 3, "succeeded": 3, "failed": 0, "results": [1, 4, 9]}
    assert finished.order == ["each", "each[0].square", "each[1].square", "each[2].square"]


async def test_results_keep_the_order_of_the_items(interpreter: Interpreter) -> None:
    finished = await interpreter.run(
        definition(
            each(
                "[0.3, 0.2, 0.1]",
                action("nap", config={"sleep": "{{item}}", "value": "{{index}}"}),
                concurrency=3,
            )
        )
    )
    assert finished.output["results"] == [0, 1, 2]
    assert any(len(paths) == 3 for paths in probe.together)


async def test_concurrency_bounds_the_iterations_at_a_time(interpreter: Interpreter) -> None:
    probe.together.clear()
    await interpreter.run(definition(each(9, action("nap", config={"sleep": 0.1}), concurrency=3)))
    assert probe.most_together("each[") == 3


@pytest.mark.parametrize("items", [{"from": 3, "to": 9, "step": 3}, "3..9 | filter(# % 3 == 0)"])
async def test_ranges(interpreter: Interpreter, items: Any) -> None:
    finished = await interpreter.run(definition(each(items, SQUARE)))
    assert finished.output["results"] == [9, 36, 81]


async def test_an_object_gives_keys_and_values(interpreter: Interpreter) -> None:
    pair = action("pair", "formula", {"expression": "pair.key + string(pair.value) + string(i)"})
    finished = await interpreter.run(definition(each("{a: 1, b: 2}", pair, item="pair", index="i")))
    assert finished.output["results"] == ["a10", "b21"]


async def test_one_failure_stops_the_loop(interpreter: Interpreter) -> None:
    bad = action("bad", "fail", {"message": "no {{item}}"}, when="item == 2")
    finished = await interpreter.run(definition(each("1..5", bad, SQUARE)))
    assert finished.status == "failed"
    assert finished.error is not None
    assert (finished.error.message, finished.error.action_id) == ("no 2", "bad")
    assert "each[2].square" not in finished.steps


async def test_failures_that_the_loop_survives(interpreter: Interpreter) -> None:
    bad = action("bad", "fail", {"message": "no {{item}}"}, when="item % 2 == 0")
    finished = await interpreter.run(definition(each("1..4", bad, SQUARE, on_error="continue")))
    assert finished.status == "completed"
    output = finished.output
    assert (output["count"], output["succeeded"], output["failed"]) == (4, 2, 2)
    assert output["results"] == [1, None, 9, None]
    assert [(error["index"], error["error"]["message"]) for error in output["errors"]] == [
        (1, "no 2"),
        (3, "no 4"),
    ]


async def test_break_when_and_output(interpreter: Interpreter) -> None:
    finished = await interpreter.run(
        definition(
            each(
                "1..9",
                SQUARE,
                break_when="steps.square.output > 10",
                output="{{index}}:{{steps.square.output}}",
            )
        )
    )
    assert finished.output["results"] == ["0:1", "1:4", "2:9", "3:16"]


async def test_variables_carry_on_in_turn_but_not_beside(interpreter: Interpreter) -> None:
    add = action("add", "set", {"variables": {"sum": "{{vars.sum + item}}"}})
    for concurrency, total in ((1, 10), (4, 0)):
        finished = await interpreter.run(
            definition(
                each("1..4", add, concurrency=concurrency), variables={"sum": 0}, output="{{vars.sum}}"
            )
        )
        assert finished.output == total


async def test_too_many_items_fail_before_the_first(interpreter: Interpreter) -> None:
    finished = await interpreter.run(definition(each("1..20", SQUARE, max_iterations=10)))
    assert finished.error is not None
    assert finished.error.type == "validation"
    assert "there are 20 items, and max_iterations allows 10" in finished.error.message


@pytest.mark.parametrize("concurrency", [1, 8])
async def test_a_large_loop_runs_in_batches(interpreter: Interpreter, concurrency: int) -> None:
    finished = await interpreter.run(definition(each(1000, SQUARE, concurrency=concurrency)))
    assert finished.status == "completed"
    assert finished.output["count"] == 1000
    assert finished.output["results"] == [number * number for number in range(1000)]
    assert len(finished.events) < 30


async def test_large_loops_carry_variables_and_break(interpreter: Interpreter) -> None:
    add = action("add", "set", {"variables": {"sum": "{{vars.sum + item}}"}})
    finished = await interpreter.run(
        definition(
            each(2000, add, break_when="vars.sum >= 300000", output="{{index}}"),
            variables={"sum": 0},
            output={"sum": "{{vars.sum}}", "count": "{{steps.each.output.count}}"},
        )
    )
    assert finished.output == {"sum": 300_700, "count": 776}


async def test_a_failure_in_a_batch_fails_the_loop(interpreter: Interpreter) -> None:
    bad = action("bad", "fail", {"message": "no {{item}}"}, when="item == 700")
    finished = await interpreter.run(definition(each(1000, bad, SQUARE, concurrency=4)))
    assert finished.status == "failed"
    assert finished.error is not None
    assert (finished.error.message, finished.error.action_id) == ("no 700", "bad")


async def test_stop_in_a_batch_ends_the_execution(interpreter: Interpreter) -> None:
    end = action("end", "stop", {"output": "{{item}}"}, when="item == 600")
    finished = await interpreter.run(definition(each(1000, end), action("never")))
    assert (finished.status, finished.output) == ("completed", 600)


async def test_loops_in_loops(interpreter: Interpreter) -> None:
    inner = action(
        "inner",
        "for_each",
        {
            "items": 40,
            "item": "column",
            "actions": [action("cell", "formula", {"expression": "item * 100 + column"})],
        },
    )
    finished = await interpreter.run(
        definition(each(60, inner, output="{{steps.inner.output.results[39]}}", concurrency=2))
    )
    assert finished.output["results"] == [row * 100 + 39 for row in range(60)]


async def test_while_and_until(interpreter: Interpreter) -> None:
    count = action("count", "set", {"variables": {"n": "{{vars.n + 1}}"}})
    for config, iterations in (({"condition": "vars.n < 3"}, 3), ({"until": "steps.count.output.n == 5"}, 5)):
        finished = await interpreter.run(
            definition(
                action("again", "while", {"actions": [count], **config}),
                variables={"n": 0},
            )
        )
        assert finished.output == {"iterations": iterations, "last": {"n": iterations}}


async def test_a_long_while_goes_on_in_batches(interpreter: Interpreter) -> None:
    count = action("count", "set", {"variables": {"n": "{{vars.n + 1}}"}})
    again = action(
        "again",
        "while",
        {"actions": [count], "condition": "(steps.count?.output?.n ?? 0) < 900", "max_iterations": 5000},
    )
    finished = await interpreter.run(definition(again, variables={"n": 0}, output="{{vars.n}}"))
    assert (finished.status, finished.output) == ("completed", 900)
    assert len(finished.events) < 60


async def test_a_while_that_does_not_end(interpreter: Interpreter) -> None:
    again = action(
        "again", "while", {"actions": [SQUARE | {"config": {"expression": "1"}}], "condition": "true"}
    )
    again["config"]["max_iterations"] = 7
    finished = await interpreter.run(definition(again))
    assert finished.error is not None
    assert (finished.error.type, finished.error.details["iterations"]) == ("timeout", 7)


async def test_a_workflow_that_runs_a_year(interpreter: Interpreter) -> None:
    day = action("day", "formula", {"expression": "index"})
    daily = action("daily", "while", {"actions": [day], "until": "index == 364", "interval": "1d"})
    finished = await interpreter.run(
        definition(
            action("begin", "formula", {"expression": "now()"}),
            daily,
            timeout="365d",
            output={
                "iterations": "{{steps.daily.output.iterations}}",
                "hours": "{{(now() - date(steps.begin.output)).Hours()}}",
            },
        )
    )
    assert finished.status == "completed", finished.error
    assert finished.output["iterations"] == 365
    assert finished.output["hours"] == pytest.approx(364 * 24, abs=1)


@pytest.mark.parametrize(("count", "kept"), [(350, True), (400, False)])
async def test_results_over_the_bound_are_left_out(interpreter: Interpreter, count: int, kept: bool) -> None:
    finished = await interpreter.run(
        definition(each(count, SQUARE | {"config": {"expression": "1"}})), output_bytes=1_000
    )
    assert finished.status == "completed", finished.error
    assert finished.output["count"] == count
    assert (finished.output["results"] is not None) is kept
    assert ("results_omitted" in finished.output) is not kept


async def test_a_loop_of_nothing(interpreter: Interpreter) -> None:
    finished = await interpreter.run(definition(each(1000), output="{{steps.each.output.count}}"))
    assert (finished.status, finished.output) == ("completed", 1000)
