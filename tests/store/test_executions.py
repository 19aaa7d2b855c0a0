import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from gorax.store.execution_filter import ExecutionFilter
from gorax.store.execution_index import ExecutionIndex
from gorax.store.executions import Executions
from gorax.store.session import Database
from gorax.store.tables import Execution
from tests.store.rows import NOON, accept, add_execution, add_workflow, closing


async def get(database: Database, tenant: str, execution_id: str) -> Execution | None:
    async with database.platform() as session:
        return await Executions(session, tenant).get(execution_id)


async def listed(
    database: Database, tenant: str, limit: int = 100, offset: int = 0, **chosen: Any
) -> tuple[list[str], int]:
    async with database.platform() as session:
        rows, total = await Executions(session, tenant).list(ExecutionFilter(**chosen), limit, offset)
    return [row.id for row in rows], total


def at(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


async def test_an_accepted_execution_is_pending(database: Database, tenant: str, workflow_id: str) -> None:
    accepted = await add_execution(database, tenant, workflow_id, priority=3, created_by="bob")
    read = await get(database, tenant, accepted.id)
    assert read is not None
    assert read.model_dump() == accepted.model_dump()
    assert (read.status, read.priority, read.created_by) == ("pending", 3, "bob")
    assert (read.accepted_at, read.started_at, read.checked_at) == (NOON, NOON, NOON)
    assert (read.completed_at, read.duration_ms, read.error) == (None, None, None)
    assert (read.steps_completed, read.steps_total) == (0, 0)


@pytest.mark.parametrize(
    "body",
    [
        "\0",
        {"\0a": ["\0", "\\u0000"]},
        None,
        [],
        2**63 - 1,
        -0.0,
        "𝄞\u2028\ufffe",
        {"z": 1, "a": 2},
        "x" * 10**6,
    ],
)
async def test_a_trigger_comes_back_as_it_came(
    database: Database, tenant: str, workflow_id: str, body: Any
) -> None:
    trigger = {"type": "manual", "body": body}
    accepted = await add_execution(database, tenant, workflow_id, trigger=trigger)
    read = await get(database, tenant, accepted.id)
    assert read is not None
    assert repr(read.trigger) == repr(trigger)


async def test_an_execution_needs_the_version_it_was_accepted_with(
    database: Database, tenant: str, workflow_id: str
) -> None:
    with pytest.raises(IntegrityError):
        await add_execution(database, tenant, workflow_id, version=2)


async def test_an_idempotency_key_accepts_once_per_tenant(
    database: Database, tenant: str, workflow_id: str
) -> None:
    first = await add_execution(database, tenant, workflow_id, idempotency_key="k")
    async with database.platform() as session:
        executions = Executions(session, tenant)
        assert await accept(executions, workflow_id, idempotency_key="k") is None
        found = await executions.by_key("k")
        assert found is not None
        assert found.id == first.id
        assert await executions.by_key("other") is None
        assert await accept(executions, workflow_id, idempotency_key=None) is not None
        assert await accept(executions, workflow_id, idempotency_key=None) is not None
    other = f"{tenant}_other"
    async with database.platform() as session:
        assert await Executions(session, other).by_key("k") is None
    theirs = await add_execution(database, other, await add_workflow(database, other), idempotency_key="k")
    assert theirs.id != first.id


async def test_twenty_requests_with_one_key_accept_one(
    database: Database, tenant: str, workflow_id: str
) -> None:
    async def request() -> tuple[str, bool]:
        async with database.platform() as session:
            executions = Executions(session, tenant)
            row = await accept(executions, workflow_id, idempotency_key="k")
            if row is None:
                first = await executions.by_key("k")
                assert first is not None
                return first.id, False
            await session.commit()
            return row.id, True

    outcomes = await asyncio.gather(*(request() for _ in range(20)))
    assert len({execution_id for execution_id, _ in outcomes}) == 1
    assert [new for _, new in outcomes].count(True) == 1


async def test_a_key_that_was_rolled_back_is_free(database: Database, tenant: str, workflow_id: str) -> None:
    async with database.platform() as session:
        given_up = await accept(Executions(session, tenant), workflow_id, idempotency_key="k")
    row = await add_execution(database, tenant, workflow_id, idempotency_key="k")
    assert given_up is not None
    assert await get(database, tenant, given_up.id) is None
    assert await get(database, tenant, row.id) is not None


async def test_list_is_newest_first_and_stable(database: Database, tenant: str, workflow_id: str) -> None:
    old = await add_execution(database, tenant, workflow_id, accepted_at=at(-1))
    same = [(await add_execution(database, tenant, workflow_id)).id for _ in range(4)]
    new = await add_execution(database, tenant, workflow_id, accepted_at=at(1))
    order = [new.id, *same[::-1], old.id]
    assert await listed(database, tenant) == (order, 6)
    assert [await listed(database, tenant, 2, n) for n in (0, 2, 4)] == [
        (order[n : n + 2], 6) for n in (0, 2, 4)
    ]
    assert await listed(database, tenant, 2, 6) == ([], 6)
    assert await listed(database, tenant, 2, 2**31) == ([], 6)


async def test_list_filters(database: Database, tenant: str, workflow_id: str) -> None:
    second = await add_workflow(database, tenant)
    a = await add_execution(database, tenant, workflow_id, accepted_at=at(0))
    b = await add_execution(database, tenant, workflow_id, accepted_at=at(1), trigger_type="webhook")
    c = await add_execution(database, tenant, second, accepted_at=at(2))
    async with database.platform() as session:
        index = ExecutionIndex(session)
        await index.mark_started([a.id])
        await index.close(closing(b, status="failed", started_at=at(1)))
        await session.commit()

    assert await listed(database, tenant, workflow_id=workflow_id) == ([b.id, a.id], 2)
    assert await listed(database, tenant, workflow_id="wf_\0") == ([], 0)
    assert await listed(database, tenant, statuses=["failed"]) == ([b.id], 1)
    assert await listed(database, tenant, statuses=["running", "pending"]) == ([c.id, a.id], 2)
    assert await listed(database, tenant, statuses=["cancelled"]) == ([], 0)
    assert await listed(database, tenant, trigger_type="webhook") == ([b.id], 1)
    # From its beginning, up to but not including its end.
    assert await listed(database, tenant, from_=at(1)) == ([c.id, b.id], 2)
    assert await listed(database, tenant, to=at(1)) == ([a.id], 1)
    assert await listed(database, tenant, from_=at(1), to=at(2)) == ([b.id], 1)
    both: dict[str, Any] = {
        "workflow_id": workflow_id,
        "statuses": ["running", "failed"],
        "trigger_type": "manual",
    }
    assert await listed(database, tenant, **both) == ([a.id], 1)


async def test_another_tenants_execution_is_not_there(
    database: Database, tenant: str, workflow_id: str
) -> None:
    row = await add_execution(database, tenant, workflow_id)
    other = f"{tenant}_other"
    assert await get(database, other, row.id) is None
    assert await listed(database, other) == ([], 0)
    assert await listed(database, other, workflow_id=workflow_id) == ([], 0)


@pytest.mark.parametrize("strange", ["", "exec_\0", "\ud800", "exec_'; --", "é"])
async def test_strange_ids_address_nothing(database: Database, tenant: str, strange: str) -> None:
    assert await get(database, tenant, strange) is None
