import asyncio
from datetime import timedelta

from gorax.store.controls import ControlQueue
from gorax.store.execution_index import ExecutionIndex
from gorax.store.executions import Executions
from gorax.store.session import Database
from gorax.store.tenants import ACTIVE, DEFAULT_QUOTAS, DELETED, SUSPENDED, Tenants, quotas_of
from tests.store.rows import NOON, add_execution, add_workflow, closing

LATER = NOON + timedelta(hours=1)


async def test_ensure_creates_once_with_default_quotas(database: Database, tenant: str) -> None:
    async with database.platform() as session:
        assert await Tenants(session).get(tenant) is None
        created = await Tenants(session).ensure(tenant)
        await session.commit()
    async with database.platform() as session:
        again = await Tenants(session).ensure(tenant)
        found = await Tenants(session).get(tenant)
    assert found is not None
    assert found.quotas == DEFAULT_QUOTAS
    assert (found.name, found.status) == (tenant, "active")
    assert created.created_at == again.created_at == found.created_at


async def test_ensure_leaves_a_known_tenant_as_it_is(database: Database, tenant: str) -> None:
    async with database.platform() as session:
        known = await Tenants(session).ensure(tenant)
        known.quotas = {"max_workflows": 1}
        await session.commit()
    async with database.platform() as session:
        assert (await Tenants(session).ensure(tenant)).quotas == {"max_workflows": 1}


async def test_many_first_requests_at_once_create_one_tenant(database: Database, tenant: str) -> None:
    async def first_request() -> str:
        async with database.platform() as session:
            found = await Tenants(session).ensure(tenant)
            await session.commit()
            return found.id

    assert await asyncio.gather(*(first_request() for _ in range(20))) == [tenant] * 20


async def test_an_id_that_the_database_cannot_hold_is_nobody(database: Database) -> None:
    async with database.platform() as session:
        assert await Tenants(session).get("a\0b") is None
        assert await Tenants(session).get("\ud800") is None


async def test_what_waits_in_a_suspended_tenant_goes_on_waiting(own_database: Database) -> None:
    for tenant in ("one", "two"):
        await add_execution(own_database, tenant, await add_workflow(own_database, tenant))

    async def waiting() -> list[str]:
        async with own_database.platform() as session:
            return [row.tenant_id for row, _ in await ExecutionIndex(session).pending(LATER, 10)]

    assert await waiting() == ["one", "two"]
    await become(own_database, "one", SUSPENDED)
    assert await waiting() == ["two"]
    await become(own_database, "one", ACTIVE)
    assert await waiting() == ["one", "two"]


async def test_what_runs_in_a_deleted_tenant_is_cancelled_in_batches(own_database: Database) -> None:
    for tenant in ("one", "two"):
        workflow_id = await add_workflow(own_database, tenant)
        rows = [await add_execution(own_database, tenant, workflow_id) for _ in range(3)]
    async with own_database.platform() as session:
        await ExecutionIndex(session).mark_started([rows[0].id])
        await ExecutionIndex(session).close(closing(rows[1]))
        await session.commit()

    async def cancel(limit: int) -> int:
        async with own_database.platform() as session:
            count = await Tenants(session).cancel_in_deleted("root", LATER, limit)
            await session.commit()
        return count

    await become(own_database, "one", SUSPENDED)
    assert await cancel(10) == 0
    await become(own_database, "two", DELETED)
    assert [await cancel(1), await cancel(1), await cancel(1)] == [1, 1, 0]
    async with own_database.platform() as session:
        due = await ControlQueue(session).next(LATER, 10)
        assert sorted(due) == sorted([rows[0].id, rows[2].id])
        row = await Executions(session, "two").get(rows[0].id)
    assert row is not None
    assert (row.stop, row.stop_requested_by, row.stop_reason) == ("cancel", "root", "the tenant was deleted")


async def test_a_deleted_tenant_stays_deleted(database: Database, tenant: str) -> None:
    async with database.platform() as session:
        await Tenants(session).ensure(tenant)
        await session.commit()
    await become(database, tenant, DELETED)
    async with database.platform() as session:
        tenants = Tenants(session)
        assert await tenants.update(tenant, status=ACTIVE) is None
        assert (await tenants.ensure(tenant)).status == DELETED
        assert await tenants.status(tenant) == DELETED
        assert await tenants.status("tenant_none") is None


async def test_quotas_that_came_later_than_the_tenant_have_their_default(
    database: Database, tenant: str
) -> None:
    async with database.platform() as session:
        old = await Tenants(session).ensure(tenant)
        old.quotas = {"max_workflows": 1}
        await session.commit()
    assert quotas_of(old) == {**DEFAULT_QUOTAS, "max_workflows": 1}


async def become(database: Database, tenant: str, status: str) -> None:
    """Give the tenant that status."""
    async with database.platform() as session:
        changed = await Tenants(session).update(tenant, status=status)
        await session.commit()
    assert changed is not None
    assert (changed.status, changed.deleted_at is not None) == (status, status == DELETED)
