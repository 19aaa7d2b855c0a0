"""What people ask of executions, kept until their runs know."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from gorax.store.controls import Control, ControlQueue, Controls
from gorax.store.execution_filter import ExecutionFilter
from gorax.store.execution_index import ExecutionIndex
from gorax.store.executions import Executions
from gorax.store.session import Database
from gorax.store.tables import Execution
from tests.store.rows import NOON, add_execution, add_workflow, closing

LATER = NOON + timedelta(hours=1)


async def read(database: Database, row: Execution) -> Execution:
    async with database.platform() as session:
        found = await Executions(session, row.tenant_id).get(row.id)
    assert found is not None
    return found


async def stop(database: Database, row: Execution, kind: Any = "cancel", *, by: str = "ann") -> bool:
    async with database.platform() as session:
        controls = Controls(session, row.tenant_id)
        changed = await controls.stop(row.id, kind, by=by, reason=None, due=NOON)
        await session.commit()
    return changed


async def steer(database: Database, row: Execution, what: str, due: datetime = NOON) -> bool:
    async with database.platform() as session:
        changed: bool = await getattr(Controls(session, row.tenant_id), what)(row.id, due)
        await session.commit()
    return changed


async def close(database: Database, row: Execution, status: str = "completed") -> None:
    async with database.platform() as session:
        await ExecutionIndex(session).close(closing(row, status=status))
        await session.commit()


async def due(database: Database, now: datetime = LATER) -> list[str]:
    async with database.platform() as session:
        return await ControlQueue(session).next(now, 100)


async def test_the_first_to_stop_it_is_remembered(database: Database, tenant: str, workflow_id: str) -> None:
    row = await add_execution(database, tenant, workflow_id)
    assert await stop(database, row)
    first = await read(database, row)
    assert (first.stop, first.stop_requested_by, first.control_due_at) == ("cancel", "ann", NOON)
    assert not await stop(database, row, by="bob")
    assert await read(database, row) == first


async def test_terminating_goes_before_cancelling(database: Database, tenant: str, workflow_id: str) -> None:
    row = await add_execution(database, tenant, workflow_id)
    assert await stop(database, row)
    assert await stop(database, row, "terminate", by="bob")
    assert not await stop(database, row)
    assert not await stop(database, row, "terminate")
    found = await read(database, row)
    assert (found.stop, found.stop_requested_by) == ("terminate", "bob")


async def test_what_has_ended_or_is_not_mine_takes_no_wish(
    database: Database, tenant: str, workflow_id: str
) -> None:
    row = await add_execution(database, tenant, workflow_id)
    foreign = Execution(**{**row.model_dump(), "tenant_id": "other"})
    hostile = Execution(**{**row.model_dump(), "id": "exec_\0"})
    for target in (foreign, hostile):
        assert not await stop(database, target)
        assert not await steer(database, target, "pause")
    await close(database, row)
    assert not await stop(database, row)
    assert not await stop(database, row, "terminate")
    assert not await steer(database, row, "pause")
    assert not await steer(database, row, "resume")
    assert (await read(database, row)).control_due_at is None


async def test_pausing_and_resuming(database: Database, tenant: str, workflow_id: str) -> None:
    row = await add_execution(database, tenant, workflow_id)
    assert not await steer(database, row, "resume")
    assert await steer(database, row, "pause")
    paused = await read(database, row)
    assert paused.paused
    assert not await steer(database, row, "pause")
    assert await read(database, row) == paused
    assert await steer(database, row, "resume", LATER)
    assert (await read(database, row)).control_due_at == LATER
    assert not (await read(database, row)).paused
    await steer(database, row, "pause")
    await stop(database, row)
    assert not await steer(database, row, "resume")
    await close(database, row, "cancelled")
    assert not (await read(database, row)).paused


async def test_what_is_to_be_stopped_is_not_started(own_database: Database) -> None:
    workflow_id = await add_workflow(own_database, "one")
    wanted, unwanted = [await add_execution(own_database, "one", workflow_id) for _ in range(2)]
    await stop(own_database, unwanted)
    async with own_database.platform() as session:
        pending = await ExecutionIndex(session).pending(LATER, 10)
    assert [row.id for row, _ in pending] == [wanted.id]


async def test_runs_are_told_those_first_that_wait_longest(own_database: Database) -> None:
    workflow_id = await add_workflow(own_database, "one")
    rows = [await add_execution(own_database, "one", workflow_id) for _ in range(4)]
    for minutes, row in zip((3, 1, 2), rows, strict=False):
        await steer(own_database, row, "pause", NOON + timedelta(minutes=minutes))
    assert await due(own_database) == [rows[1].id, rows[2].id, rows[0].id]
    assert await due(own_database, NOON + timedelta(minutes=1)) == [rows[1].id]
    async with own_database.platform() as session:
        queue = ControlQueue(session)
        assert await queue.next(LATER, 1) == [rows[1].id]
        await queue.done(rows[1].id)
        await queue.postpone(rows[2].id, LATER)
        await session.commit()
    assert await due(own_database) == [rows[0].id, rows[2].id]


async def test_one_tells_and_the_others_pass(own_database: Database) -> None:
    row = await add_execution(own_database, "one", await add_workflow(own_database, "one"))
    async with own_database.platform() as session:
        assert await ControlQueue(session).take(row.id) is None  # there is nothing to tell
    await steer(own_database, row, "pause")
    async with own_database.platform() as first, own_database.platform() as second:
        taken = await ControlQueue(first).take(row.id)
        assert isinstance(taken, Control)
        assert (taken.id, taken.status, taken.stop, taken.paused_at is None) == (
            row.id,
            "pending",
            None,
            False,
        )
        assert await ControlQueue(second).take(row.id) is None
        # A newer wish waits until the older one is told.
        newer = asyncio.create_task(steer(own_database, row, "resume", LATER))
        await asyncio.sleep(0.1)
        assert not newer.done()
        await ControlQueue(first).done(row.id)
        await first.commit()
        assert await newer
        await second.rollback()
        later = await ControlQueue(second).take(row.id)
        assert later is not None
        assert later.paused_at is None


@pytest.mark.parametrize("waiting", ["executions_control_due_idx", "executions_children_idx"])
async def test_executions_that_nobody_asks_anything_of_are_in_no_index_of_it(
    own_database: Database, waiting: str
) -> None:
    workflow_id = await add_workflow(own_database, "one")
    for _ in range(20):
        await close(own_database, await add_execution(own_database, "one", workflow_id))
    async with own_database.platform() as session:
        pages = await session.scalar(text(f"SELECT pg_relation_size('{waiting}')"))
    assert pages == 8192  # the index's own page, and none with rows


async def test_children_are_listed_by_their_parent(database: Database, tenant: str, workflow_id: str) -> None:
    parent = await add_execution(database, tenant, workflow_id)
    begun = []
    async with database.platform() as session:
        executions = Executions(session, tenant)
        for number in range(3):
            values: dict[str, Any] = {
                "id": f"{parent.id}_{number}",
                "workflow_id": workflow_id,
                "workflow_name": "Inner",
                "version": 1,
                "trigger": {"type": "sub_workflow", "body": None},
                "priority": 2,
                "accepted_at": datetime.now(UTC),
                "parent_execution_id": parent.id,
                "parent_path": "call",
            }
            await executions.begin(**values)
            await executions.begin(**{**values, "workflow_name": "Another"})  # again is the same as once
            begun.append(values["id"])
        await session.commit()
        rows, total = await executions.list(ExecutionFilter(parent_execution_id=parent.id), 10, 0)
        assert (total, [row.id for row in rows]) == (3, begun[::-1])
        assert {(row.workflow_name, row.status, row.created_by) for row in rows} == {
            ("Inner", "running", "ann")
        }
        assert await executions.list(ExecutionFilter(parent_execution_id="exec_none"), 10, 0) == ([], 0)
        assert await executions.list(ExecutionFilter(parent_execution_id="exec_\0"), 10, 0) == ([], 0)
        assert await Executions(session, "other").list(
            ExecutionFilter(parent_execution_id=parent.id), 9, 0
        ) == (
            [],
            0,
        )


async def test_the_last_retry_and_only_one_at_a_time(own_database: Database) -> None:
    workflow_id = await add_workflow(own_database, "one")
    first = await add_execution(own_database, "one", workflow_id)
    retries = [await add_execution(own_database, "one", workflow_id, retry_of=first.id) for _ in range(2)]
    async with own_database.platform() as session, own_database.platform() as other:
        assert await Executions(session, "one").lock_for_retry(first.id) == retries[1].id
        assert await Executions(other, "two").last_retry(first.id) is None
        locking = asyncio.create_task(Executions(other, "one").lock_for_retry(first.id))
        await asyncio.sleep(0.1)
        assert not locking.done()
        await session.rollback()
        assert await locking == retries[1].id
