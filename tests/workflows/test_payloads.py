"""Values that are too large for a history, each run replayed afterwards."""

import time

from tests.support.interpreter import Interpreter
from tests.workflows.definitions import action, definition

MEGABYTES = 1_000_000


async def test_twenty_megabytes_pass_from_step_to_step(real_interpreter: Interpreter) -> None:
    started = time.monotonic()
    finished = await real_interpreter.run(
        definition(
            action("make", config={"size": 20 * MEGABYTES}),
            action("pass", config={"value": "{{steps.make.output}}"}),
            action("keep", "set", {"variables": {"kept": "{{steps.pass.output}}"}}),
            output="{{steps.pass.output}}",
        )
    )
    assert finished.status == "completed", finished.error
    assert len(finished.output) == 20 * MEGABYTES
    assert len(finished.steps["make"].output) == 20 * MEGABYTES
    assert finished.steps["pass"].attempts == 1
    assert time.monotonic() - started < 60


async def test_above_the_cap_a_step_fails_at_once(real_interpreter: Interpreter) -> None:
    finished = await real_interpreter.run(definition(action("make", config={"size": 33 * MEGABYTES})))
    assert finished.status == "failed"
    assert finished.error is not None
    assert finished.error.type == "output_too_large"
    assert finished.steps["make"].attempts == 1


async def test_large_values_reach_the_batches_of_a_loop(real_interpreter: Interpreter) -> None:
    finished = await real_interpreter.run(
        definition(
            action("make", config={"size": 2 * MEGABYTES}),
            action(
                "each",
                "for_each",
                {
                    "items": 600,
                    "actions": [action("look", "formula", {"expression": "len(steps.make.output) + item"})],
                },
            ),
        )
    )
    assert finished.status == "completed", finished.error
    assert finished.output["results"][599] == 2 * MEGABYTES + 599


async def test_a_loop_of_large_results(real_interpreter: Interpreter) -> None:
    finished = await real_interpreter.run(
        definition(
            action(
                "each",
                "for_each",
                {
                    "items": 30,
                    "concurrency": 10,
                    "actions": [action("make", config={"size": MEGABYTES // 2})],
                },
            ),
            output="{{len(steps.each.output.results)}}",
        )
    )
    assert (finished.status, finished.output) == ("completed", 30)


async def test_three_million_small_values_are_a_clear_error(real_interpreter: Interpreter) -> None:
    numbers = {"expression": "map(1..1500, repeat([0, 1, 2, 3], 1))"}
    finished = await real_interpreter.run(
        definition(
            action("many", "code", {"script": "return Array(5000000).fill(1)", "memory_limit_mb": 256}),
            action("never", "formula", numbers),
        )
    )
    assert finished.status == "failed"
    assert finished.error is not None
    assert finished.error.type in {"output_too_large", "script"}
