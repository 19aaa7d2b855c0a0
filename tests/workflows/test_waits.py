"""Approvals and signals as runs wait for them, for weeks, each history replayed afterwards."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from temporalio.client import WorkflowHandle
from temporalio.testing import WorkflowEnvironment

from gorax.core.actions.constructs import Answer
from gorax.core.contracts import INTERPRETER, ExecutionRequest, ExecutionResult, WaitAnswered
from gorax.core.ids import SIGNAL, new_id, temporal_workflow_id
from gorax.engine.answers import tell_answer
from gorax.settings import DatabaseSettings, Settings
from gorax.store.approvals import Approvals
from gorax.store.execution_index import ExecutionIndex
from gorax.store.executions import Executions
from gorax.store.session import Database
from gorax.store.signals import Signals
from gorax.store.tables import Wait
from gorax.store.waits import answer_of
from tests.store.rows import accept, add_workflow
from tests.support.interpreter import TENANT, Interpreter
from tests.workflows.definitions import action, definition

Run = WorkflowHandle[Any, ExecutionResult]


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """The database in which the interpreter's worker keeps what waits."""
    database = Database(Settings(database=DatabaseSettings(url=database_url)))
    yield database
    await database.close()


async def begin(
    interpreter: Interpreter, database: Database, raw: dict[str, Any], queue: str = "gorax"
) -> tuple[str, Run]:
    """Start an execution that the index knows, so that it may wait."""
    workflow_id = await add_workflow(database, TENANT)
    now = datetime.now(UTC)
    async with database.platform() as session:
        row = await accept(Executions(session, TENANT), workflow_id, accepted_at=now)
        assert row is not None
        await ExecutionIndex(session).mark_started([row.id])
        await session.commit()
    request = ExecutionRequest(
        tenant_id=TENANT,
        execution_id=row.id,
        workflow_id=workflow_id,
        definition=raw,
        trigger={"type": "manual", "body": {}},
        accepted_at=now,
    )
    handle = await interpreter.client.start_workflow(
        INTERPRETER,
        request,
        id=temporal_workflow_id(TENANT, row.id),
        task_queue=queue,
        result_type=ExecutionResult,
    )
    return row.id, handle


async def waiting(database: Database, execution_id: str) -> Wait:
    """What an execution waits for, once it does."""
    async with asyncio.timeout(20):
        while True:
            async with database.platform() as session:
                rows, _ = await Approvals(session, TENANT).open_in(execution_id, 10, 0)
            if rows:
                return rows[0]
            await asyncio.sleep(0.05)


async def approve(database: Database, wait: Wait, **given: Any) -> WaitAnswered:
    """Commit an approval; what is to be told to the run."""
    answer = Answer(decision="approved", by="ann", at=datetime.now(UTC), **given)
    async with database.platform() as session:
        decided = await Approvals(session, TENANT).answer(wait.id, answer, tell_at=answer.at)
        await session.commit()
    assert decided is not None
    return WaitAnswered(wait_id=wait.id, answer=answer)


async def read(database: Database, approval_id: str) -> Wait:
    async with database.platform() as session:
        wait = await Approvals(session, TENANT).get(approval_id)
    assert wait is not None
    return wait


async def send(interpreter: Interpreter, database: Database, execution_id: str, payload: Any) -> str | None:
    """Send a signal as the API does; the Temporal workflow that was told."""

    async def passes(_: Wait) -> None: ...

    async with database.platform() as session:
        _, wait = await Signals(session, TENANT).send(
            id=new_id(SIGNAL),
            execution_id=execution_id,
            name="go",
            payload=payload,
            sent_by="ann",
            idempotency_key=None,
            check=passes,
            tell_at=datetime.now(UTC),
        )
        await session.commit()
    if wait is None:
        return None
    answer = answer_of(wait)
    assert answer is not None
    assert await tell_answer(
        interpreter.client, wait.temporal_id, WaitAnswered(wait_id=wait.id, answer=answer)
    )
    return wait.temporal_id


def asking(**config: Any) -> dict[str, Any]:
    return definition(action("ask", "approval", {"title": "Go?", **config}), timeout="365d")


async def test_an_approval_waits_for_weeks(
    interpreter: Interpreter, database: Database, time_skipping: WorkflowEnvironment
) -> None:
    execution_id, handle = await begin(interpreter, database, asking(timeout="30d"))
    wait = await waiting(database, execution_id)
    assert wait.expires_at is not None
    assert wait.expires_at - wait.opened_at == timedelta(days=30)
    await time_skipping.sleep(timedelta(days=29))
    assert (await read(database, wait.id)).status == "waiting"
    answered = await approve(database, wait, payload={"a": 1}, comment="late")
    for _ in range(3):
        assert await tell_answer(interpreter.client, wait.temporal_id, answered)
    finished = await interpreter.finish(handle)
    assert finished.status == "completed", finished.error
    assert finished.output == {
        "decision": "approved",
        "by": "ann",
        "at": answered.answer.model_dump(mode="json")["at"],
        "form": {"a": 1},
        "comment": "late",
    }
    closed = await read(database, wait.id)
    assert (closed.status, closed.tell_at) == ("approved", None)
    assert closed.closed_at is not None


async def test_an_approval_expires(interpreter: Interpreter, database: Database) -> None:
    execution_id, handle = await begin(interpreter, database, asking(timeout="48h"))
    wait = await waiting(database, execution_id)
    finished = await interpreter.finish(handle)
    assert finished.error is not None
    assert (finished.status, finished.error.type) == ("failed", "timeout")
    assert (await read(database, wait.id)).status == "expired"


async def test_an_answer_that_was_not_told_counts_when_time_runs_out(
    interpreter: Interpreter, database: Database
) -> None:
    execution_id, handle = await begin(interpreter, database, asking(timeout="48h"))
    await approve(database, await waiting(database, execution_id))
    finished = await interpreter.finish(handle)
    assert finished.status == "completed", finished.error
    assert finished.output["decision"] == "approved"


async def test_a_run_that_is_cancelled_waits_no_more(
    real_interpreter: Interpreter, database: Database
) -> None:
    execution_id, handle = await begin(real_interpreter, database, asking(), "interpreter")
    wait = await waiting(database, execution_id)
    await handle.cancel()
    finished = await real_interpreter.finish(handle)
    assert finished.status == "cancelled"
    assert finished.statuses() == {"ask": "cancelled"}
    assert (await read(database, wait.id)).status == "cancelled"


async def test_answers_find_the_batch_of_a_loop_that_waits(
    interpreter: Interpreter, database: Database
) -> None:
    go = action("go", "wait_for_signal", {"name": "go"})
    loop = {"items": 210, "actions": [go], "output": "{{steps.go.output}}"}
    execution_id, handle = await begin(interpreter, database, definition(action("each", "for_each", loop)))
    wait = await waiting(database, execution_id)
    assert wait.temporal_id != handle.id
    told = [await send(interpreter, database, execution_id, number) for number in range(210)]
    assert told[0] == wait.temporal_id
    finished = await interpreter.finish(handle)
    assert finished.status == "completed", finished.error
    assert finished.output["results"] == list(range(210))
