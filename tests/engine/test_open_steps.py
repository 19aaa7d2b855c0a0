"""Steps that have begun and not ended, as one history tells of them."""

import asyncio
from collections.abc import Callable
from typing import Any

from temporalio.client import WorkflowHandle

from gorax.engine.history import Step
from gorax.engine.runs import Runs
from tests.support.interpreter import TENANT, Interpreter

NAP = {"id": "nap", "type": "delay", "config": {"duration": "1h"}}


async def until(
    runs: Runs, handle: WorkflowHandle[Any, Any], ready: Callable[[dict[str, Step]], bool]
) -> dict[str, Step]:
    """The steps, in order, once they are as they should be."""
    steps: dict[str, Step] = {}
    async with asyncio.timeout(15):
        while not ready(steps):
            await asyncio.sleep(0.05)
            page = await runs.steps(TENANT, handle.id.partition(":")[2])
            steps = {step.id: step for step in page.steps} if page else {}
    return steps


def statuses(steps: dict[str, Step]) -> dict[str, str]:
    return {step.id: step.status for step in steps.values()}


async def test_steps_that_hold_others_are_seen_running(interpreter: Interpreter, runs: Runs) -> None:
    log = {"id": "first", "type": "log", "config": {"message": "hi"}}
    choice = {"id": "choice", "type": "if", "config": {"condition": "true", "then": [NAP]}}
    loop = {"id": "loop", "type": "foreach", "config": {"items": [1, 2], "actions": [log, choice]}}
    attempt = {"id": "attempt", "type": "try", "config": {"actions": [loop]}}
    handle = await interpreter.start({"actions": [log | {"id": "before"}, attempt]})
    steps = await until(runs, handle, lambda found: "attempt.loop[0].choice.nap" in found)
    expected = {
        "before": "completed",
        "attempt": "running",
        "attempt.loop": "running",
        "attempt.loop[0].first": "completed",
        "attempt.loop[0].choice": "running",
        "attempt.loop[0].choice.nap": "running",
    }
    assert statuses(steps) == expected
    assert list(steps) == list(expected)
    assert [step.type for step in steps.values()] == ["log", "try", "foreach", "log", "if", "delay"]
    assert all(step.started_at for step in steps.values())
    progress = steps["attempt.loop"].progress
    assert progress is not None
    assert (progress.total, progress.completed, progress.steps) == (None, 0, 3)

    await handle.terminate()
    steps = await until(runs, handle, lambda found: "cancelled" in statuses(found).values())
    running = {path for path, status in expected.items() if status == "running"}
    assert {path for path, status in statuses(steps).items() if status == "cancelled"} == running
    assert list(steps) == list(expected)


async def test_the_failed_iterations_of_a_loop_that_runs(interpreter: Interpreter, runs: Runs) -> None:
    bad = {"id": "bad", "type": "fail", "config": {"message": "no"}, "when": "item == 1"}
    loop = {
        "id": "loop",
        "type": "for_each",
        "config": {"items": 4, "on_error": "continue", "actions": [bad, NAP | {"when": "item == 3"}]},
    }
    handle = await interpreter.start({"actions": [loop]})
    steps = await until(runs, handle, lambda found: "loop[3].nap" in found)
    progress = steps["loop"].progress
    assert progress is not None
    assert (progress.completed, progress.succeeded, progress.failed) == (3, 2, 1)
    await handle.terminate()


async def test_attempts_of_a_step_that_goes_on(interpreter: Interpreter, runs: Runs) -> None:
    retry = {"max_attempts": 5, "initial_interval": 30, "jitter": False}
    for mode in ("fast", "durable"):
        flaky = {"id": "flaky", "type": "probe", "config": {"fail_times": 9}, "retry": retry, "mode": mode}
        handle = await interpreter.start({"actions": [flaky]})
        steps = await until(runs, handle, lambda found: "flaky" in found and found["flaky"].error is not None)
        step = steps["flaky"]
        assert (step.status, step.completed_at, step.attempts) == ("running", None, 1)
        assert step.error is not None
        assert step.error.message == "attempt 1 failed"
        await handle.terminate()


async def test_a_definition_that_cannot_be_read_has_no_steps(interpreter: Interpreter, runs: Runs) -> None:
    handle = await interpreter.start({"actions": "none"}, checked=False)
    page = None
    async with asyncio.timeout(15):
        while page is None or (await handle.describe()).close_time is None:
            page = await runs.steps(TENANT, handle.id.partition(":")[2])
    assert page.steps == []


async def test_of_an_execution_that_temporal_does_not_have(runs: Runs) -> None:
    assert await runs.steps(TENANT, "exec_none") is None
    assert await runs.outcomes(TENANT, "exec_none") == {}


async def test_outcomes_leave_out_what_was_cut(interpreter: Interpreter, runs: Runs) -> None:
    cut = {"id": "cut", "type": "transform", "config": {"expression": "steps.large.output"}}
    large = {"id": "large", "type": "probe", "config": {"size": 100_000}}
    bad = {"id": "bad", "type": "fail", "config": {"message": "no"}, "on_error": "continue"}
    choice = {"id": "choice", "type": "if", "config": {"condition": "true", "then": [cut | {"id": "inner"}]}}
    values = {"id": "values", "type": "set", "config": {"variables": {"n": 1}}}
    handle = await interpreter.start({"actions": [large, cut, bad, choice, values]})
    await handle.result()
    outcomes = await runs.outcomes(TENANT, handle.id.partition(":")[2])
    assert {path: outcome.output for path, outcome in outcomes.items()} == {
        "large": "x" * 100_000,
        "choice": None,
        "values": None,
    }
    assert outcomes["large"].attempts == 1
