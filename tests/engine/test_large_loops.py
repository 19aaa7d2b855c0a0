"""Loops that run in batches: their steps, their pages and their totals, from real histories."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from temporalio.client import WorkflowFailureError, WorkflowHandle

from gorax.core.errors import Invalid
from gorax.engine.history import StepPage, StepQuery
from gorax.engine.runs import Runs
from tests.engine.conftest import Reads
from tests.support import probe
from tests.support.interpreter import TENANT, Interpreter

SQUARE = {"id": "square", "type": "formula", "config": {"expression": "item * item"}}


def each(items: Any, *actions: dict[str, Any], **config: Any) -> dict[str, Any]:
    """A definition that is one loop."""
    return {
        "actions": [
            {"id": "each", "type": "for_each", "config": {"items": items, "actions": [*actions], **config}}
        ]
    }


async def ended(interpreter: Interpreter, definition: dict[str, Any]) -> str:
    """The id of an execution that has ended."""
    handle = await interpreter.start(definition)
    with suppress(WorkflowFailureError):
        await handle.result()
    return execution_of(handle)


def execution_of(handle: WorkflowHandle[Any, Any]) -> str:
    return handle.id.partition(":")[2]


async def page(runs: Runs, execution_id: str, **query: Any) -> StepPage:
    """A page that there is."""
    found = await runs.steps(TENANT, execution_id, StepQuery(**query))
    assert found is not None
    return found


async def all_ids(runs: Runs, execution_id: str, limit: int, **query: Any) -> list[str]:
    """The ids of all steps, page by page."""
    ids: list[str] = []
    offset: int | None = 0
    while offset is not None:
        found = await page(runs, execution_id, limit=limit, offset=offset, **query)
        ids += [step.id for step in found.steps]
        offset = found.next_offset
    return ids


async def until(runs: Runs, execution_id: str, ready: Callable[[StepPage], bool], **query: Any) -> StepPage:
    """The first page that is as it should be."""
    async with asyncio.timeout(20):
        while True:
            found = await page(runs, execution_id, **query)
            if ready(found):
                return found
            await asyncio.sleep(0.1)


async def test_five_thousand_steps_over_pages(interpreter: Interpreter, runs: Runs, reads: Reads) -> None:
    execution_id = await ended(interpreter, each(5000, SQUARE, concurrency=4))
    last = await page(runs, execution_id, limit=100, offset=4901)
    assert [step.id for step in last.steps] == [f"each[{index}].square" for index in range(4900, 5000)]
    assert (last.total, last.next_offset) == (5001, None)
    # The execution's own history, that of the batch that holds all others, and that of the one that is shown.
    assert len(reads.workflows) == 3
    first = await page(runs, execution_id, limit=2)
    assert [step.id for step in first.steps] == ["each", "each[0].square"]
    assert (first.steps[1].output, first.steps[1].parent) == (0, "each[0]")
    progress = first.steps[0].progress
    assert progress is not None
    assert progress.model_dump() == {
        "total": 5000,
        "completed": 5000,
        "succeeded": 5000,
        "failed": 0,
        "steps": 5000,
        "batches": 1,
    }
    everything = await all_ids(runs, execution_id, 700)
    assert everything == ["each", *(f"each[{index}].square" for index in range(5000))]
    reads.workflows.clear()
    assert await all_ids(runs, execution_id, 1000) == everything
    assert not reads.workflows


async def test_one_iteration(interpreter: Interpreter, runs: Runs, reads: Reads) -> None:
    rows = {
        "id": "rows",
        "type": "for_each",
        "config": {"items": 3, "item": "row", "actions": [SQUARE | {"id": "cell"}]},
    }
    execution_id = await ended(interpreter, each(300, rows, concurrency=2))
    found = await page(runs, execution_id, parent="each[257]")
    cells = [f"each[257].rows[{row}].cell" for row in range(3)]
    assert [step.id for step in found.steps] == ["each[257].rows", *cells]
    assert len(reads.workflows) == 3
    progress = found.steps[0].progress
    assert progress is not None
    assert (progress.total, progress.completed, progress.steps, progress.batches) == (3, 3, 3, 0)
    assert (await page(runs, execution_id, parent="each[257].rows[1]")).total == 1
    assert (await page(runs, execution_id, parent="each", limit=1)).total == 1200
    assert (await page(runs, execution_id, parent="each[300]")).total == 0


async def test_failures_are_counted_and_found(interpreter: Interpreter, runs: Runs, reads: Reads) -> None:
    bad = {"id": "bad", "type": "fail", "config": {"message": "no {{item}}"}, "when": "item % 500 == 250"}
    execution_id = await ended(interpreter, each(1000, bad, on_error="continue", concurrency=2))
    loop = (await page(runs, execution_id, limit=1)).steps[0]
    assert loop.progress is not None
    assert (loop.progress.completed, loop.progress.succeeded, loop.progress.failed) == (1000, 998, 2)
    failed = await page(runs, execution_id, statuses={"failed"})
    assert [step.error and step.error.message for step in failed.steps] == ["no 250", "no 750"]
    assert failed.total == 2
    assert len(await all_ids(runs, execution_id, 300, statuses={"skipped"})) == 998


async def test_the_iteration_that_ends_a_loop_is_counted(interpreter: Interpreter, runs: Runs) -> None:
    bad = {"id": "bad", "type": "fail", "config": {"message": "no"}, "when": "item == 620"}
    execution_id = await ended(interpreter, each(1000, bad, SQUARE))
    loop = (await page(runs, execution_id, limit=1)).steps[0]
    assert (loop.id, loop.status) == ("each", "failed")
    assert loop.progress is not None
    progress = loop.progress
    assert (progress.total, progress.completed, progress.succeeded, progress.failed) == (1000, 621, 620, 1)
    assert progress.steps == 620 * 2 + 1
    assert len(await all_ids(runs, execution_id, 1000)) == 620 * 2 + 2


async def test_a_while_that_went_on_in_batches(interpreter: Interpreter, runs: Runs) -> None:
    count = {"id": "n", "type": "formula", "config": {"expression": "index + 1"}}
    config = {"condition": "(steps.n?.output ?? 0) < 400", "actions": [count]}
    again = {"id": "again", "type": "while", "config": config}
    execution_id = await ended(interpreter, {"actions": [again]})
    loop = (await page(runs, execution_id, limit=1)).steps[0]
    assert loop.progress is not None
    assert (loop.progress.total, loop.progress.completed, loop.progress.steps) == (None, 400, 400)
    assert await all_ids(runs, execution_id, 150) == ["again", *(f"again[{index}].n" for index in range(400))]


async def test_a_loop_while_it_runs_and_when_it_was_terminated(interpreter: Interpreter, runs: Runs) -> None:
    slow = {
        "id": "slow",
        "type": "probe",
        "config": {"sleep": "{{item == 260 ? 60 : 0}}"},
        "when": "item == 260",
    }
    handle = await interpreter.start(each(600, SQUARE, slow))
    execution_id = execution_of(handle)

    def stands(found: StepPage) -> bool:
        return [step.id for step in found.steps] == ["each", "each[260].slow"]

    now = await until(runs, execution_id, stands, statuses={"running"})
    loop, step = now.steps
    assert (loop.type, loop.status, loop.progress is not None) == ("for_each", "running", True)
    assert loop.progress is not None
    assert (loop.progress.total, loop.progress.completed, loop.progress.succeeded) == (600, 260, 260)
    assert (step.type, step.status, step.attempts) == ("probe", "running", 1)
    before = await all_ids(runs, execution_id, 200)
    assert len(before) == len(set(before)) == 1 + 260 * 2 + 2

    await handle.terminate()
    over = await until(runs, execution_id, lambda found: not found.steps, statuses={"running", "pending"})
    assert over.total == 0
    cancelled = await page(runs, execution_id, statuses={"cancelled"})
    assert [step.id for step in cancelled.steps] == ["each", "each[260].slow"]
    assert all(step.completed_at for step in cancelled.steps)
    for limit in (100, 1000):
        assert await all_ids(runs, execution_id, limit) == before


async def test_a_cancelled_loop(interpreter: Interpreter, runs: Runs) -> None:
    probe.running.clear()
    slow = {"id": "slow", "type": "probe", "config": {"sleep": 60}, "when": "item == 300"}
    handle = await interpreter.start(each(600, slow))
    while "each[300].slow" not in probe.running:
        await asyncio.sleep(0.05)
    await handle.cancel()
    with pytest.raises(WorkflowFailureError):
        await handle.result()
    found = await page(runs, execution_of(handle), statuses={"cancelled"})
    assert [step.id for step in found.steps] == ["each", "each[300].slow"]
    assert not (await page(runs, execution_of(handle), statuses={"running"})).steps


async def test_outcomes_of_all_batches(interpreter: Interpreter, runs: Runs) -> None:
    secret = {
        "id": "secret",
        "type": "probe",
        "config": {"value": "{{item}}"},
        "mode": "fast",
        "sensitive": True,
    }
    execution_id = await ended(interpreter, each(260, secret, output="x"))
    assert {step.output for step in (await page(runs, execution_id, parent="each")).steps} == {"***"}
    outcomes = await runs.outcomes(TENANT, execution_id)
    assert {path: outcome.output for path, outcome in outcomes.items()} == {
        "each": None,
        **{f"each[{index}].secret": index for index in range(260)},
    }


async def test_outcomes_that_are_too_much(interpreter: Interpreter, runs: Runs) -> None:
    large = {"id": "large", "type": "probe", "config": {"size": 1_200_000}}
    execution_id = await ended(interpreter, each(28, large, output="x"))
    with pytest.raises(Invalid, match="over 32000000 bytes together"):
        await runs.outcomes(TENANT, execution_id)
