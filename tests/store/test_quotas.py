"""What tenants may have and begin, where many ask at the same time."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from gorax.core.errors import QuotaExceeded
from gorax.core.ids import EXECUTION, SCHEDULE, new_id
from gorax.store.execution_index import ExecutionIndex
from gorax.store.executions import Entry, Executions
from gorax.store.places import Places
from gorax.store.quotas import resets_at, usage_of
from gorax.store.schedules import Schedules
from gorax.store.session import Database
from gorax.store.tables import Execution
from gorax.store.tenants import Tenants
from gorax.store.workflows import Workflows
from tests.store.rows import accept, add_execution, add_webhook, closing, create

SCHEDULED: Mapping[str, Any] = {
    "timing": {"every": "1m"},
    "enabled": True,
    "overlap": "skip",
    "catchup_window": 60.0,
    "pause_on_failure": False,
}


async def limit(database: Database, tenant: str, **quotas: int) -> None:
    async with database.platform() as session:
        await Tenants(session).update(tenant, quotas=quotas)
        await session.commit()


async def begin_many(database: Database, tenant: str, workflow_id: str, count: int) -> int:
    """How many of so many at once begin."""

    async def one() -> int:
        try:
            await add_execution(database, tenant, workflow_id, accepted_at=datetime.now(UTC))
        except QuotaExceeded as error:
            refusals.append(error)
            return 0
        return 1

    refusals: list[QuotaExceeded] = []
    begun = sum(await asyncio.gather(*(one() for _ in range(count))))
    assert all("max_executions_per_day" in str(error) for error in refusals)
    assert all(1 <= error.retry_after <= 86_400 for error in refusals)
    return begun


async def today(database: Database, tenant: str) -> int:
    async with database.platform() as session:
        return (await usage_of(session, tenant)).executions_today


@pytest.mark.parametrize("most", [0, 1, 10, 40])
async def test_exactly_as_many_begin_as_may(
    database: Database, tenant: str, workflow_id: str, most: int
) -> None:
    await limit(database, tenant, max_executions_per_day=most)
    assert await begin_many(database, tenant, workflow_id, 50) == most
    assert await begin_many(database, tenant, workflow_id, 3) == 0
    assert await today(database, tenant) == most


async def test_taking_the_last_of_a_day_is_no_deadlock(
    database: Database, tenant: str, workflow_id: str
) -> None:
    """It could be one, once in some hundred times, while rows were held that others had emptied: hence the rounds."""
    for most in range(10, 310, 10):
        await limit(database, tenant, max_executions_per_day=most)
        assert await begin_many(database, tenant, workflow_id, 30) == 10


async def test_another_quota_counts_what_has_begun(database: Database, tenant: str, workflow_id: str) -> None:
    await limit(database, tenant, max_executions_per_day=-1)
    assert await begin_many(database, tenant, workflow_id, 7) == 7
    assert await today(database, tenant) == 7
    await limit(database, tenant, max_executions_per_day=10)
    assert await begin_many(database, tenant, workflow_id, 20) == 3
    await limit(database, tenant, max_executions_per_day=5)
    assert await begin_many(database, tenant, workflow_id, 5) == 0
    await limit(database, tenant, max_executions_per_day=12)
    assert await begin_many(database, tenant, workflow_id, 20) == 2
    await limit(database, tenant, max_executions_per_day=-1)
    assert await begin_many(database, tenant, workflow_id, 3) == 3
    assert await today(database, tenant) == 15


async def test_a_quota_that_changes_while_executions_begin(
    database: Database, tenant: str, workflow_id: str
) -> None:
    await limit(database, tenant, max_executions_per_day=1_000)
    beginning = asyncio.create_task(begin_many(database, tenant, workflow_id, 60))
    await asyncio.gather(*(limit(database, tenant, max_executions_per_day=20 + most) for most in range(5)))
    begun = await beginning
    left = await begin_many(database, tenant, workflow_id, 60)
    assert begun + left == await today(database, tenant)
    async with database.platform() as session:
        tenant_row = await Tenants(session).get(tenant)
    assert tenant_row is not None
    assert begun + left == max(begun, tenant_row.quotas["max_executions_per_day"])


async def test_a_day_ends_at_midnight(database: Database, tenant: str, workflow_id: str) -> None:
    await limit(database, tenant, max_executions_per_day=3)
    assert await begin_many(database, tenant, workflow_id, 5) == 3
    async with database.platform() as session:
        await session.execute(
            text("UPDATE execution_days SET day = day - 1 WHERE tenant_id = :tenant"), {"tenant": tenant}
        )
        await session.execute(
            text(
                "UPDATE executions SET accepted_at = accepted_at - interval '1 day', "
                "started_at = started_at - interval '1 day' WHERE tenant_id = :tenant"
            ),
            {"tenant": tenant},
        )
        await session.commit()
    assert await begin_many(database, tenant, workflow_id, 5) == 3
    async with database.platform() as session:
        days = await session.scalars(
            text("SELECT DISTINCT day FROM execution_days WHERE tenant_id = :tenant"), {"tenant": tenant}
        )
        assert len(days.all()) == 1  # the old ones are gone
    noon = datetime(2026, 5, 4, 12, tzinfo=UTC)
    assert resets_at(noon) == datetime(2026, 5, 5, tzinfo=UTC)
    assert resets_at(noon - timedelta(hours=12)) == datetime(2026, 5, 5, tzinfo=UTC)


async def test_what_begins_nothing_is_not_counted(database: Database, tenant: str, workflow_id: str) -> None:
    await limit(database, tenant, max_executions_per_day=1)
    now = datetime.now(UTC)
    first = await add_execution(database, tenant, workflow_id, idempotency_key="k", accepted_at=now)
    async with database.platform() as session:
        executions = Executions(session, tenant)
        assert await accept(executions, workflow_id, idempotency_key="k") is None
        known = await executions.by_key("k")
        assert known is not None
        assert known.id == first.id
    await limit(database, tenant, max_executions_per_day=2)
    async with database.platform() as session:  # rolled back
        await accept(Executions(session, tenant), workflow_id, accepted_at=now)
    assert await begin_many(database, tenant, workflow_id, 3) == 1
    await add_execution(database, tenant, workflow_id)  # accepted long ago: moved here from elsewhere


@pytest.mark.parametrize("quota", ["max_workflows", "max_schedules", "max_webhooks"])
async def test_what_is_there_is_counted_under_a_lock(
    database: Database, tenant: str, workflow_id: str, quota: str
) -> None:
    await limit(database, tenant, **{quota: 10})

    async def one() -> int:
        try:
            async with database.session(tenant) as session:
                if quota == "max_workflows":
                    await create(Workflows(session, tenant))
                elif quota == "max_schedules":
                    await Schedules(session, tenant).create(
                        id=new_id(SCHEDULE),
                        workflow_id=workflow_id,
                        of_definition=False,
                        values=SCHEDULED,
                        created_by="ann",
                        due=datetime.now(UTC),
                    )
                else:
                    await add_webhook(database, tenant, workflow_id, None)
                await session.commit()
        except QuotaExceeded:
            return 0
        return 1

    there = 1 if quota == "max_workflows" else 0
    assert sum(await asyncio.gather(*(one() for _ in range(15)))) == 10 - there


async def running(database: Database, tenant: str) -> int:
    async with database.platform() as session:
        usage = await usage_of(session, tenant)
    return usage.executions_running


async def give(database: Database, tenant: str) -> int:
    async with database.platform() as session:
        given = await Places(session).give(tenant)
        await session.commit()
    return given


async def row(database: Database, tenant: str, execution_id: str) -> Execution:
    async with database.platform() as session:
        found = await Executions(session, tenant).get(execution_id)
    assert found is not None
    return found


async def test_places_are_given_to_so_many(database: Database, tenant: str, workflow_id: str) -> None:
    await limit(database, tenant, max_concurrent_executions=3)
    rows = [await add_execution(database, tenant, workflow_id, priority=n // 4) for n in range(8)]
    assert {(row.held, row.status) for row in rows} == {(True, "pending")}
    given = await asyncio.gather(*(give(database, tenant) for _ in range(10)))
    assert sum(given) == 3
    free = [one.id for one in rows if not (await row(database, tenant, one.id)).held]
    assert free == [one.id for one in rows[4:7]]  # the higher priority, and of that the oldest
    assert await give(database, tenant) == 0
    async with database.platform() as session:
        await ExecutionIndex(session).mark_started(free)
        await ExecutionIndex(session).close(closing(rows[4]))
        await session.commit()
    assert await give(database, tenant) == 1
    assert not (await row(database, tenant, rows[7].id)).held
    await limit(database, tenant, max_concurrent_executions=-1)
    assert await give(database, tenant) == 4
    assert not (await add_execution(database, tenant, workflow_id)).held


async def test_no_plan_of_the_database_gives_more(database: Database, tenant: str, workflow_id: str) -> None:
    await limit(database, tenant, max_concurrent_executions=3)
    for _ in range(10):
        await add_execution(database, tenant, workflow_id)
    async with database.platform() as session:
        for way in ("hashagg", "sort", "hashjoin", "mergejoin", "indexscan", "bitmapscan", "material"):
            await session.execute(text(f"SET LOCAL enable_{way} = off"))
        assert await Places(session).give(tenant) == 3
        await session.commit()


async def test_only_those_with_a_place_are_started(own_database: Database, tenant: str) -> None:
    async with own_database.platform() as session:
        await Tenants(session).ensure(tenant)
        workflow = await create(Workflows(session, tenant))
        await session.commit()
    await limit(own_database, tenant, max_concurrent_executions=2)
    for _ in range(5):
        await add_execution(own_database, tenant, workflow.id)
    later = datetime.now(UTC)
    async with own_database.platform() as session:
        assert await ExecutionIndex(session).pending(later, 10) == []
        assert await Places(session).wanted() == [tenant]
    assert await give(own_database, tenant) == 2
    async with own_database.platform() as session:
        assert len(await ExecutionIndex(session).pending(later, 10)) == 2
    await limit(own_database, tenant, max_concurrent_executions=-1)
    await give(own_database, tenant)
    async with own_database.platform() as session:
        assert await Places(session).wanted() == []


async def test_who_is_waited_for_shares_a_place(database: Database, tenant: str, workflow_id: str) -> None:
    await limit(database, tenant, max_concurrent_executions=1)

    async def begin(**given: Any) -> tuple[str, Entry]:
        execution_id = new_id(EXECUTION)
        async with database.session(tenant) as session:
            entry = await Executions(session, tenant).begin(
                id=execution_id,
                workflow_id=workflow_id,
                workflow_name="Orders",
                version=1,
                trigger={"type": "sub_workflow"},
                priority=1,
                accepted_at=datetime.now(UTC),
                **given,
            )
            await session.commit()
        return execution_id, entry

    parent, entry = await begin()
    assert entry == Entry(is_new=True, waits=True)
    assert await give(database, tenant) == 1
    async with database.session(tenant) as session:
        assert await Places(session).enter(tenant, parent)
        assert not await Places(session).enter(tenant, parent)
        await session.commit()
    _, waited_for = await begin(parent_execution_id=parent, shares_place=True)
    assert waited_for == Entry(is_new=True, waits=False)
    assert await running(database, tenant) == 2
    _, alone = await begin(parent_execution_id=parent)
    assert alone.waits
    assert await give(database, tenant) == 0
    async with database.platform() as session:
        await ExecutionIndex(session).close(closing(await row(database, tenant, parent)))
        await session.commit()
    # The one that was waited for outlives its parent, and has the place for itself.
    assert await give(database, tenant) == 0
