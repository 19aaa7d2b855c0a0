"""Development takes every tenant in at first sight."""

import asyncio

import httpx

from gorax.settings import Settings
from gorax.store.session import Database
from gorax.store.tenants import DEFAULT_QUOTAS, Tenants


async def test_a_tenant_is_created_when_it_is_first_seen(
    api: httpx.AsyncClient, tenant: str, settings: Settings
) -> None:
    database = Database(settings)
    try:
        async with database.platform() as session:
            assert await Tenants(session).get(tenant) is None
        responses = await asyncio.gather(*(api.get("/api/v1/workflows") for _ in range(10)))
        assert {response.status_code for response in responses} == {200}
        async with database.platform() as session:
            created = await Tenants(session).get(tenant)
        assert created is not None
        assert created.quotas == DEFAULT_QUOTAS
    finally:
        await database.close()


async def test_a_refused_request_creates_no_tenant(
    api: httpx.AsyncClient, tenant: str, settings: Settings
) -> None:
    response = await api.get("/api/v1/workflows", headers={"X-User-Role": "root"})
    assert response.status_code == 400
    database = Database(settings)
    try:
        async with database.platform() as session:
            assert await Tenants(session).get(tenant) is None
    finally:
        await database.close()


async def test_the_user_may_be_left_out(api: httpx.AsyncClient, tenant: str) -> None:
    body = {"name": "x", "definition": {"actions": [{"id": "a", "type": "log", "config": {"message": "x"}}]}}
    async with httpx.AsyncClient(base_url=api.base_url, trust_env=False) as client:
        response = await client.post("/api/v1/workflows", json=body, headers={"X-Tenant-ID": tenant})
    assert response.json()["data"]["created_by"] == "anonymous"
