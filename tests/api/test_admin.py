"""Tenants over REST: made, limited, suspended, deleted, by those who run the platform."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from gorax.settings import Settings
from gorax.store.executions import Executions
from gorax.store.tenants import DEFAULT_QUOTAS
from tests.api.conftest import Production, store
from tests.support.executions import begin, get, until
from tests.support.http import client_of
from tests.support.kratos import FakeKratos
from tests.support.processes import Stack
from tests.support.schedules import add_schedule, add_workflow

TENANTS = "/api/v1/admin/tenants"
WORKFLOWS = "/api/v1/workflows"
WORKFLOW = {
    "name": "w",
    "definition": {"actions": [{"id": "a", "type": "log", "config": {"message": "x"}}]},
}


@pytest.fixture
async def admin(stack: Stack) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody who runs the platform, and names no tenant."""
    headers = {"X-User-ID": "root"}
    async with client_of(stack.url, headers) as client:
        yield client


async def make(admin: httpx.AsyncClient, **fields: Any) -> dict[str, Any]:
    """A new tenant, as the API shows it."""
    response = await admin.post(TENANTS, json={"name": "New Corp", **fields})
    assert response.status_code == 201, response.text
    made: dict[str, Any] = response.json()["data"]
    return made


async def test_the_reference(admin: httpx.AsyncClient) -> None:
    quotas = {"max_workflows": 50, "max_executions_per_day": 5000}
    body = {"name": "New Corp", "admin_email": "admin@newcorp.com", "quotas": quotas}
    response = await admin.post(TENANTS, json=body)
    assert response.status_code == 201
    made = response.json()["data"]
    assert made["id"].startswith("tenant_")
    assert (made["name"], made["status"]) == ("New Corp", "active")
    assert made["admin_email"] == "admin@newcorp.com"
    assert made["quotas"] == {**DEFAULT_QUOTAS, **quotas}
    listed = (await admin.get(TENANTS)).json()
    assert listed["data"][0] == made
    assert listed["total"] >= 1
    change = {"max_workflows": 200, "max_executions_per_day": 20000, "max_api_requests_per_minute": 1000}
    changed = await admin.put(f"{TENANTS}/{made['id']}/quotas", json=change)
    assert changed.status_code == 200
    assert changed.json()["data"]["quotas"] == {**DEFAULT_QUOTAS, **change}
    assert changed.json()["data"]["updated_at"] > made["updated_at"]
    kept = await admin.put(f"{TENANTS}/{made['id']}/quotas", json={"retention_days": 7})
    assert kept.json()["data"]["quotas"] == {**DEFAULT_QUOTAS, **change, "retention_days": 7}
    assert (await admin.get(response.headers["location"])).json() == kept.json()


async def test_quotas_changed_at_once_are_all_kept(admin: httpx.AsyncClient) -> None:
    path = f"{TENANTS}/{(await make(admin))['id']}/quotas"
    names = list(DEFAULT_QUOTAS)
    answers = await asyncio.gather(*(admin.put(path, json={name: 100 + n}) for n, name in enumerate(names)))
    assert {answer.status_code for answer in answers} == {200}
    last = (await admin.get(path.removesuffix("/quotas"))).json()["data"]["quotas"]
    assert last == {name: 100 + n for n, name in enumerate(names)}


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, "name: is required"),
        ({"name": " "}, "name: must not be blank"),
        ({"name": "x", "admin_email": "nobody"}, "admin_email: must be an e-mail address"),
        ({"name": "x", "admin_email": "a@" + "b" * 260}, "admin_email: must be at most 254"),
        ({"name": "x", "quotas": {"max_workflows": -2}}, "quotas/max_workflows: must be at least -1"),
        ({"name": "x", "quotas": {"max_workflows": 1.5}}, "quotas/max_workflows: must be a whole number"),
        ({"name": "x", "quotas": {"max_workflows": 2**31}}, "quotas/max_workflows: must be at most"),
        ({"name": "x", "quotas": {"retention_days": 0}}, "quotas/retention_days: must be at least 1"),
        ({"name": "x", "quotas": {"max_flows": 1}}, "quotas/max_flows: is unknown"),
        ({"name": "x", "id": "mine"}, "id: is unknown"),
    ],
)
async def test_what_a_tenant_cannot_be(admin: httpx.AsyncClient, body: Any, message: str) -> None:
    response = await admin.post(TENANTS, json=body)
    assert response.status_code == 400
    assert message in response.json()["error"]


async def test_a_tenant_of_development_is_like_any_other(
    admin: httpx.AsyncClient, api: httpx.AsyncClient, tenant: str
) -> None:
    assert (await admin.get(f"{TENANTS}/{tenant}")).status_code == 404
    await api.get(WORKFLOWS)
    seen = (await admin.get(f"{TENANTS}/{tenant}")).json()["data"]
    assert (seen["id"], seen["name"], seen["status"]) == (tenant, tenant, "active")
    assert (await admin.put(f"{TENANTS}/{tenant}/quotas", json={"max_workflows": 7})).status_code == 200
    empty = await admin.put(f"{TENANTS}/{tenant}/quotas", json={})
    assert empty.json()["error"].startswith("body: must have at least one of max_workflows")


async def test_what_is_not_there(admin: httpx.AsyncClient) -> None:
    for method, path, body in [
        ("GET", "", None),
        ("DELETE", "", None),
        ("POST", "/suspend", None),
        ("POST", "/activate", None),
        ("PUT", "/quotas", {"max_workflows": 1}),
    ]:
        for name in ("tenant_none", "%F0%9F%92%A5", "x" * 3000):
            answer = await admin.request(method, f"{TENANTS}/{name}{path}", json=body)
            assert (answer.status_code, answer.json()) == (404, {"error": "tenant not found"})


async def test_a_suspended_tenant_is_read_and_nothing_else(
    admin: httpx.AsyncClient, api: httpx.AsyncClient, tenant: str
) -> None:
    running = await begin(api)
    workflow_id = (await get(api, running))["workflow_id"]
    hook = {"name": "h", "workflow_id": workflow_id, "auth_type": "none"}
    webhook = (await api.post("/api/v1/webhooks", json=hook)).json()["data"]
    address = urlsplit(webhook["url"]).path
    assert (await api.post(address, json={})).status_code == 202
    for _ in range(2):
        suspended = await admin.post(f"{TENANTS}/{tenant}/suspend")
        assert suspended.json()["data"]["status"] == "suspended"
    refusals = [
        await api.post(WORKFLOWS, json=WORKFLOW),
        await api.put(f"{WORKFLOWS}/{workflow_id}", json={"name": "x"}),
        await api.post(f"{WORKFLOWS}/{workflow_id}/execute"),
        await api.post(f"/api/v1/executions/{running}/rerun"),
        await api.post("/api/v1/api-keys", json={"name": "k", "role": "viewer"}),
        await api.delete(f"{WORKFLOWS}/{workflow_id}"),
    ]
    for refusal in refusals:
        assert refusal.status_code == 403
        assert refusal.json()["error"].startswith(f"tenant {tenant} is suspended")
    assert (await api.post(address, json={})).status_code == 403
    assert (await api.get(WORKFLOWS)).json()["total"] == 1
    assert (await api.post(f"{WORKFLOWS}/{workflow_id}/dry-run", json={})).status_code == 200
    assert (await get(api, running))["status"] == "running"
    assert (await admin.get(f"{TENANTS}?status=suspended")).json()["data"][0]["id"] == tenant
    assert (await admin.post(f"{TENANTS}/{tenant}/activate")).json()["data"]["status"] == "active"
    assert (await api.post(f"{WORKFLOWS}/{workflow_id}/execute")).status_code == 202


async def test_a_deleted_tenant_is_out_of_reach_and_its_executions_are_cancelled(
    admin: httpx.AsyncClient, api: httpx.AsyncClient, tenant: str, settings: Settings
) -> None:
    schedule = await add_schedule(api, await add_workflow(api))
    twin = (await Client.connect(settings.temporal.target)).get_schedule_handle(f"{tenant}:{schedule['id']}")
    assert (await twin.describe()).id == twin.id
    running = [await begin(api) for _ in range(3)]
    key = (await api.post("/api/v1/api-keys", json={"name": "k", "role": "viewer"})).json()["data"]["key"]
    assert (await admin.delete(f"{TENANTS}/{tenant}")).status_code == 204
    gone = await api.get(WORKFLOWS)
    assert (gone.status_code, gone.json()["error"]) == (403, f"there is no tenant {tenant} any more")
    async with httpx.AsyncClient(base_url=api.base_url, trust_env=False) as machine:
        by_key = await machine.get(WORKFLOWS, headers={"Authorization": f"Bearer {key}"})
        assert by_key.status_code == 403
    assert (await admin.get(f"{TENANTS}/{tenant}")).status_code == 404
    assert (await admin.post(f"{TENANTS}/{tenant}/activate")).status_code == 404
    assert (await admin.delete(f"{TENANTS}/{tenant}")).status_code == 404
    listed = {
        row["id"]: row for row in (await admin.get(f"{TENANTS}?status=deleted&limit=100")).json()["data"]
    }
    assert listed[tenant]["deleted_at"] is not None
    assert tenant not in {row["id"] for row in (await admin.get(f"{TENANTS}?limit=100")).json()["data"]}
    # Nobody reads them over REST any more.
    async with store(settings) as database:

        async def cancelled() -> bool:
            async with database.platform() as session:
                executions = Executions(session, tenant)
                rows = [await executions.get(execution_id) for execution_id in running]
            return {row.status for row in rows if row is not None} == {"cancelled"}

        await until(cancelled)

    async def ended() -> bool:
        try:
            await twin.describe()
        except RPCError as error:
            return error.status is RPCStatusCode.NOT_FOUND
        return False

    await until(ended)


async def test_another_process_hears_of_a_suspension_within_seconds(
    production: Production, kratos: FakeKratos, company: str, admin: httpx.AsyncClient
) -> None:
    async with production.client(kratos.member(**{company: "editor"}), tenant=company) as client:
        assert (await client.post(WORKFLOWS, json=WORKFLOW)).status_code == 201
        await admin.post(f"{TENANTS}/{company}/suspend")

        async def heard() -> bool:
            return (await client.post(WORKFLOWS, json=WORKFLOW)).status_code == 403

        assert await until(heard) < 5
        assert (await client.get(WORKFLOWS)).status_code == 200


async def test_the_platform_is_run_by_whom_kratos_says(
    production: Production, kratos: FakeKratos, company: str
) -> None:
    root = kratos.login({"platform_admin": True, "tenants": {company: "viewer"}})
    async with production.client(root) as client:
        made = await make(client)
        assert (await client.get(f"{TENANTS}/{made['id']}")).status_code == 200
        # Running the platform is being in none of its tenants.
        refused = await client.get(WORKFLOWS, headers={"X-Tenant-ID": made["id"]})
        assert refused.status_code == 403
        assert (
            await client.post(WORKFLOWS, json=WORKFLOW, headers={"X-Tenant-ID": company})
        ).status_code == 403
    for metadata in ({"platform_admin": "true"}, {"platform_admin": 1}, {"tenants": {"*": "admin"}}):
        async with production.client(kratos.login(metadata)) as client:
            assert (await client.get(TENANTS)).status_code == 403
