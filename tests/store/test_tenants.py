import asyncio

from gorax.store.session import Database
from gorax.store.tenants import DEFAULT_QUOTAS, Tenants


async def test_ensure_creates_once_with_default_quotas(database: Database, tenant: str) -> None:
    async with database.session() as session:
        assert await Tenants(session).get(tenant) is None
        created = await Tenants(session).ensure(tenant)
        await session.commit()
    async with database.session() as session:
        again = await Tenants(session).ensure(tenant)
        found = await Tenants(session).get(tenant)
    assert found is not None
    assert found.quotas == DEFAULT_QUOTAS
    assert (found.name, found.status) == (tenant, "active")
    assert created.created_at == again.created_at == found.created_at


async def test_ensure_leaves_a_known_tenant_as_it_is(database: Database, tenant: str) -> None:
    async with database.session() as session:
        known = await Tenants(session).ensure(tenant)
        known.quotas = {"max_workflows": 1}
        await session.commit()
    async with database.session() as session:
        assert (await Tenants(session).ensure(tenant)).quotas == {"max_workflows": 1}


async def test_many_first_requests_at_once_create_one_tenant(database: Database, tenant: str) -> None:
    async def first_request() -> str:
        async with database.session() as session:
            found = await Tenants(session).ensure(tenant)
            await session.commit()
            return found.id

    assert await asyncio.gather(*(first_request() for _ in range(20))) == [tenant] * 20


async def test_an_id_that_the_database_cannot_hold_is_nobody(database: Database) -> None:
    async with database.session() as session:
        assert await Tenants(session).get("a\0b") is None
        assert await Tenants(session).get("\ud800") is None
