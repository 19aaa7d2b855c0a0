"""Other workflows as steps: their time, and what they bring, each history replayed."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from temporalio.client import WorkflowExecutionStatus

from gorax.settings import DatabaseSettings, Settings
from gorax.store.session import Database
from gorax.store.tenants import Tenants
from gorax.store.workflows import Workflows
from tests.store.rows import create
from tests.support.interpreter import TENANT, Interpreter
from tests.workflows.definitions import action, definition


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """Where the interpreter's worker finds workflows."""
    database = Database(Settings(database=DatabaseSettings(url=database_url)))
    yield database
    await database.close()


async def saved(database: Database, *actions: dict[str, Any]) -> str:
    """The id of a workflow with these actions."""
    async with database.platform() as session:
        await Tenants(session).ensure(TENANT)
        workflow = await create(Workflows(session, TENANT), definition=definition(*actions))
        await session.commit()
    return workflow.id


@pytest.mark.parametrize("on_parent_cancel", ["cancel", "abandon"])
async def test_one_that_takes_too_long_is_cancelled_and_fails_with_timeout(
    real_interpreter: Interpreter, database: Database, on_parent_cancel: str
) -> None:
    tidy = action("tidy", config={"sleep": 0.5})
    long = action("work", "try", {"actions": [action("long", config={"sleep": 20})], "finally": [tidy]})
    call = {
        "workflow_id": await saved(database, long),
        "timeout": "1s",
        "on_parent_cancel": on_parent_cancel,
    }
    caught = {
        "actions": [action("call", "sub_workflow", call)],
        "catch": [
            {"errors": ["timeout"], "actions": [action("late", config={"value": "{{error.details}}"})]}
        ],
    }
    handle = await real_interpreter.start(definition(action("safe", "try", caught)))
    finished = await asyncio.wait_for(real_interpreter.finish(handle), 15)
    assert finished.status == "completed", finished.error
    called = finished.steps["safe.call"]
    assert called.error is not None
    assert (called.status, called.error.type) == ("failed", "timeout")
    child_id = finished.steps["safe.late"].output["execution_id"]
    child = await real_interpreter.runs.run(TENANT, child_id)
    assert child is not None
    assert child.status == "cancelled"
    steps = {step.id: step.status for step in await real_interpreter.steps(child_id)}
    assert steps["work.tidy"] == "completed"


async def test_one_that_is_abandoned_outlives_a_cancellation_but_not_its_time(
    real_interpreter: Interpreter, database: Database
) -> None:
    call = {
        "workflow_id": await saved(database, action("nap", "delay", {"duration": "1h"})),
        "timeout": "1h",
        "on_parent_cancel": "abandon",
    }
    handle = await real_interpreter.start(definition(action("call", "sub_workflow", call)))
    child_id = None
    async with asyncio.timeout(10):
        while child_id is None:
            await asyncio.sleep(0.05)
            [*found] = await real_interpreter.steps(handle.id.partition(":")[2])
            child_id = next((step.output["execution_id"] for step in found if step.output), None)
    await handle.cancel()
    assert (await asyncio.wait_for(real_interpreter.finish(handle), 10)).status == "cancelled"
    child = real_interpreter.client.get_workflow_handle(f"{TENANT}:{child_id}")
    assert (await child.describe()).status == WorkflowExecutionStatus.RUNNING
    await child.terminate()


async def test_what_they_bring_counts_as_history(real_interpreter: Interpreter, database: Database) -> None:
    """A run with 15 MB in its history leaves the rest of a loop to a batch."""
    inner = await saved(database, action("big", config={"size": 1_900_000}))
    call = action("call", "sub_workflow", {"workflow_id": inner})
    loop = action("each", "for_each", {"items": 16, "concurrency": 3, "actions": [call], "output": None})
    finished = await real_interpreter.run(definition(loop), inline_bytes=2_000_000)
    assert finished.status == "completed", finished.error
    assert finished.output["succeeded"] == 16
    assert 8 < finished.events.count("start_child_workflow_execution_initiated_event_attributes") < 16
