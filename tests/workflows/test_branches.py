"""`switch`, `parallel` and `try`, each history replayed afterwards."""

import asyncio
from typing import Any

import pytest

from tests.support import probe
from tests.support.interpreter import Interpreter
from tests.workflows.definitions import action, definition


def log(name: str, message: str = "") -> dict[str, Any]:
    return action(name, "log", {"message": message})


def fails(name: str, type_: str = "broken") -> dict[str, Any]:
    return action(name, "fail", {"type": type_, "message": f"{name} failed"})


def parallel(*branches: list[dict[str, Any]], **config: Any) -> dict[str, Any]:
    named = [{"name": f"b{number}", "actions": actions} for number, actions in enumerate(branches)]
    return action("fork", "parallel", {"branches": named, **config})


@pytest.mark.parametrize(
    ("body", "matched", "ran"),
    [
        ({"kind": "a"}, 0, "first"),
        ({"kind": 1}, 1, "second"),
        ({"kind": True}, None, "other"),
        ({"kind": 7}, 2, "third"),
        ({"kind": None}, None, "other"),
    ],
)
async def test_switch(interpreter: Interpreter, body: Any, matched: int | None, ran: str) -> None:
    choice = {
        "value": "trigger.body.kind",
        "cases": [
            {"equals": "a", "actions": [log("first")]},
            {"equals": 1, "actions": [log("second")]},
            {"when": "trigger.body.kind in [7, 8]", "actions": [log("third")]},
        ],
        "default": [log("other")],
    }
    finished = await interpreter.run(definition(action("choose", "switch", choice)), body)
    assert finished.output == {"matched": matched}
    assert finished.order == ["choose", f"choose.{ran}"]


async def test_parallel_branches_run_beside_each_other(interpreter: Interpreter) -> None:
    finished = await interpreter.run(
        definition(
            parallel(
                [action("a1", config={"sleep": 0.2}), action("a2", config={"value": "a"})],
                [action("b1", config={"sleep": 0.2, "value": "b"})],
            ),
        )
    )
    assert finished.output == {"branches": {"b0": "a", "b1": "b"}}
    assert frozenset({"fork.a1", "fork.b1"}) in probe.together


async def test_parallel_has_a_bound(interpreter: Interpreter) -> None:
    probe.together.clear()
    branches = [[action(f"p{number}", config={"sleep": 0.1})] for number in range(5)]
    await interpreter.run(definition(parallel(*branches, max_concurrency=2)))
    assert probe.most_together("fork.p") == 2


async def test_fail_fast_cancels_the_others(real_interpreter: Interpreter) -> None:
    finished = await real_interpreter.run(
        definition(
            parallel(
                [action("nap", config={"sleep": 0.3}), fails("bad")],
                [action("long", config={"sleep": 25}), log("never")],
            )
        )
    )
    assert finished.status == "failed"
    assert finished.error is not None
    assert finished.error.action_id == "bad"
    assert finished.statuses()["fork.long"] == "cancelled"
    assert "fork.never" not in finished.steps


async def test_wait_all_lets_the_others_end_before_it_fails(interpreter: Interpreter) -> None:
    finished = await interpreter.run(
        definition(parallel([fails("bad")], [action("nap", config={"sleep": 0.2})], on_error="wait_all"))
    )
    assert finished.status == "failed"
    assert finished.statuses()["fork.nap"] == "completed"


async def test_the_first_branch_wins(real_interpreter: Interpreter) -> None:
    finished = await real_interpreter.run(
        definition(
            parallel(
                [fails("bad")],
                [action("slow", config={"sleep": 25})],
                [action("quick", config={"sleep": 0.1, "value": "won"})],
                wait="first",
            )
        )
    )
    assert finished.output == {"branches": {"b2": "won"}}


async def test_as_many_as_asked_for(real_interpreter: Interpreter) -> None:
    branches = [[action(f"p{number}", config={"sleep": number / 5, "value": number})] for number in range(3)]
    finished = await real_interpreter.run(definition(parallel(*branches, wait=2)))
    assert finished.output == {"branches": {"b0": 0, "b1": 1}}


async def test_too_few_can_complete(interpreter: Interpreter) -> None:
    finished = await interpreter.run(
        definition(parallel([fails("x")], [fails("y")], [action("z", config={"sleep": 25})], wait=2))
    )
    assert finished.error is not None
    assert finished.error.message == "x failed"


async def test_try_catches_by_type(interpreter: Interpreter) -> None:
    finished = await interpreter.run(
        definition(
            action(
                "attempt",
                "try",
                {
                    "actions": [fails("bad", "no_stock.red"), log("never")],
                    "catch": [
                        {"errors": ["http_"], "actions": [log("wrong")]},
                        {
                            "errors": ["no_stock"],
                            "actions": [log("right", "{{error.type}}: {{error.message}}")],
                        },
                        {"actions": [log("late")]},
                    ],
                    "finally": [log("tidy")],
                },
            )
        )
    )
    assert finished.status == "completed"
    assert finished.output["caught"]["type"] == "no_stock.red"
    assert finished.output["output"] == {"message": "no_stock.red: bad failed", "level": "info"}
    assert finished.order == ["attempt", "attempt.bad", "attempt.right", "attempt.tidy"]


async def test_what_is_not_caught_goes_on_after_finally(interpreter: Interpreter) -> None:
    finished = await interpreter.run(
        definition(
            action(
                "attempt",
                "try",
                {
                    "actions": [fails("bad")],
                    "catch": [{"errors": ["timeout"], "actions": [log("wrong")]}],
                    "finally": [log("tidy")],
                },
            )
        )
    )
    assert finished.status == "failed"
    assert finished.error is not None
    assert finished.error.action_id == "bad"
    assert finished.statuses()["attempt.tidy"] == "completed"


async def test_stop_passes_through_finally(interpreter: Interpreter) -> None:
    attempt = {"actions": [action("end", "stop", {"output": 7})], "catch": [{}], "finally": [log("tidy")]}
    finished = await interpreter.run(definition(action("attempt", "try", attempt), log("never")))
    assert (finished.status, finished.output) == ("completed", 7)
    assert finished.statuses() == {
        "attempt": "completed",
        "attempt.end": "completed",
        "attempt.tidy": "completed",
    }


async def test_finally_and_handlers_run_when_cancelled(real_interpreter: Interpreter) -> None:
    attempt = {
        "actions": [action("long", config={"sleep": 25})],
        "catch": [{"actions": [log("never")]}],
        "finally": [action("tidy", config={"value": 1})],
    }
    handle = await real_interpreter.start(
        definition(
            parallel([action("attempt", "try", attempt)], [action("beside", "delay", {"duration": "1h"})]),
            on_failure={"on": ["cancelled"], "actions": [action("tell", config={"value": "{{error.type}}"})]},
        )
    )
    await asyncio.sleep(1)
    await handle.cancel()
    finished = await asyncio.wait_for(real_interpreter.finish(handle), 5)
    assert finished.status == "cancelled"
    statuses = finished.statuses()
    assert statuses["fork.attempt.tidy"] == "completed"
    assert statuses["on_failure.tell"] == "completed"
    assert statuses["fork.beside"] == "cancelled"
    assert "fork.attempt.never" not in statuses


async def test_cancelling_reaches_the_batches_of_a_loop(real_interpreter: Interpreter) -> None:
    attempt = action(
        "attempt",
        "try",
        {"actions": [action("long", config={"sleep": 25})], "finally": [log("tidy")]},
    )
    loop = action("each", "for_each", {"items": 1000, "concurrency": 4, "actions": [attempt]})
    handle = await real_interpreter.start(definition(loop))
    await asyncio.sleep(1.5)
    await handle.cancel()
    finished = await asyncio.wait_for(real_interpreter.finish(handle), 5)
    assert finished.status == "cancelled"


@pytest.mark.parametrize("wait", [True, False])
async def test_a_cancellation_is_not_lost_between_sub_workflows(
    real_interpreter: Interpreter, wait: bool
) -> None:
    # There is no such workflow, so each ends at once: sooner or later the cancellation comes while one begins.
    sub = action(
        "sub",
        "sub_workflow",
        {"workflow_id": "wf_06b8s5k0000000000000000000", "wait": wait},
        on_error="continue",
    )
    loop = action("each", "for_each", {"items": 150, "actions": [sub], "output": None})
    for attempt in range(4):
        handle = await real_interpreter.start(definition(loop))
        await asyncio.sleep(0.2 + 0.013 * attempt)
        await handle.cancel()
        finished = await asyncio.wait_for(real_interpreter.finish(handle), 6)
        assert finished.status == "cancelled"
        assert sum(path.endswith(".sub") for path in finished.steps) < 100
