"""What the batches of loops are called and what they are handed, each history replayed."""

import asyncio
from typing import Any

import pytest
from temporalio.api.history.v1 import StartChildWorkflowExecutionInitiatedEventAttributes
from temporalio.client import Client, WorkflowHandle

from dev.temporal import Temporal
from gorax.core.batch_ids import MAX_LENGTH
from gorax.engine.converter import data_converter
from gorax.settings import Settings, TemporalSettings, WorkerSettings
from tests.support.interpreter import Interpreter, running_interpreter
from tests.workflows.definitions import action, definition


def each(name: str, items: Any, *actions: dict[str, Any], **config: Any) -> dict[str, Any]:
    return action(name, "for_each", {"items": items, "actions": list(actions), **config})


async def children(
    handle: WorkflowHandle[Any, Any],
) -> list[StartChildWorkflowExecutionInitiatedEventAttributes]:
    """The batches that a run began."""
    return [
        event.start_child_workflow_execution_initiated_event_attributes
        for event in (await handle.fetch_history()).events
        if event.HasField("start_child_workflow_execution_initiated_event_attributes")
    ]


async def test_deep_loops_have_ids_that_every_database_takes(interpreter: Interpreter) -> None:
    number = action("number", "formula", {"expression": "item"})
    names = [letter * 64 for letter in "abcd"]
    loop = each(names[-1], 300, number)
    for name in reversed(names[:-1]):
        loop = each(name, 1, loop)
    finished = await interpreter.run(definition(loop))
    assert finished.status == "completed", finished.error
    [batch] = await children(finished.handle)
    assert len(batch.workflow_id) == MAX_LENGTH
    path = "[0].".join(names)
    assert finished.steps[f"{path}[299].number"].output == 299
    progress = finished.steps[path].progress
    assert progress is not None
    assert (progress.total, progress.completed, progress.batches) == (300, 300, 1)


async def test_a_run_begins_no_more_batches_than_its_history_takes(
    temporal: Temporal, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where every iteration fills its batch, there are as many batches as iterations; here with smaller bounds."""
    monkeypatch.setattr("workflows.walk.RUN_STEPS", 3)
    monkeypatch.setattr("workflows.batches.RUN_PARTS", 10)
    own = settings.model_copy(
        update={
            "temporal": TemporalSettings(address=temporal.address, task_queue="parts"),
            "worker": WorkerSettings(sandbox=False),
        }
    )
    client = await Client.connect(temporal.address, data_converter=data_converter())
    steps = [action(name, "transform", {"expression": "item"}) for name in "abcde"]
    async with running_interpreter(client, own) as unpatient:
        handle = await unpatient.start(definition(each("each", 75, *steps)))
        result = await asyncio.wait_for(handle.result(), 30)
        assert result.output["results"] == list(range(75))
        pending, counts = [handle], []
        while pending:
            begun = await children(pending.pop())
            counts.append(len(begun))
            pending += [client.get_workflow_handle(batch.workflow_id) for batch in begun]
    assert sum(counts) > 75
    # The 50 iterations of what was meant to be one batch are finished where they are.
    assert max(counts) <= 10 + 50


async def test_batches_get_the_steps_that_they_read(interpreter: Interpreter) -> None:
    rows = action("rows", "transform", {"expression": "map(1..5000, {# * 1000})"})
    first = action("first", "transform", {"expression": "'one'"})
    reading = action("reading", "transform", {"expression": "steps.first.output"})
    loop = each("each", "steps.rows.output[:300]", reading)
    inner = action("again", "transform", {"expression": "len(steps.rows.output)"})
    finished = await interpreter.run(definition(rows, first, loop, each("all", 300, inner)))
    assert finished.status == "completed", finished.error
    assert finished.steps["each"].output["results"] == ["one"] * 300
    assert finished.steps["all"].output["results"] == [5000] * 300
    sizes = [len(batch.input.payloads[0].data) for batch in await children(finished.handle)]
    assert sizes[0] < 5_000 < 20_000 < sizes[1]
