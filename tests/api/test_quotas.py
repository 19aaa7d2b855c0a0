"""Quotas over REST: refused with 429, or queued, whichever way an execution begins."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from temporalio.client import Client

from gorax.settings import Settings
from tests.support.executions import ask, becomes, begin, get, is_waiting, listed, until
from tests.support.http import client_of
from tests.support.processes import Stack
from tests.support.schedules import NEVER, add_schedule, add_workflow, executions_of, get_schedule

TENANTS = "/api/v1/admin/tenants"
NAP = {"id": "nap", "type": "delay", "config": {"duration": "300ms"}}
WAIT = {"id": "wait", "type": "delay", "config": {"duration": "1h"}}
EVERY_SECOND = {"every": "1s"}


@pytest.fixture
async def admin(stack: Stack) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody who runs the platform."""
    headers = {"X-User-ID": "root"}
    async with client_of(stack.url, headers) as client:
        yield client


async def limit(admin: httpx.AsyncClient, tenant: str, **quotas: int) -> None:
    """Change these quotas."""
    answer = await admin.put(f"{TENANTS}/{tenant}/quotas", json=quotas)
    assert answer.status_code == 200, answer.text


async def usage(admin: httpx.AsyncClient, tenant: str) -> dict[str, Any]:
    """What the tenant uses."""
    answer = await admin.get(f"{TENANTS}/{tenant}/usage")
    assert answer.status_code == 200, answer.text
    shown: dict[str, Any] = answer.json()["data"]
    return shown


async def add_webhook(api: httpx.AsyncClient, workflow_id: str, **fields: Any) -> str:
    """The address of a new webhook."""
    body = {"name": "h", "workflow_id": workflow_id, "auth_type": "none", **fields}
    created = await api.post("/api/v1/webhooks", json=body)
    assert created.status_code == 201, created.text
    url: str = created.json()["data"]["url"]
    return urlsplit(url).path


def refused(answer: httpx.Response, quota: str) -> None:
    assert answer.status_code == 429, answer.text
    body = answer.json()
    assert body["error"].startswith(f"quota exceeded: {quota} is ")
    assert body["retry_after"] >= 1
    assert answer.headers["retry-after"] == str(body["retry_after"])


async def test_fifty_at_once_of_a_quota_of_ten(
    admin: httpx.AsyncClient, api: httpx.AsyncClient, tenant: str
) -> None:
    workflow_id = await add_workflow(api)
    await limit(admin, tenant, max_workflows=10, max_schedules=4, max_webhooks=4)
    body = {"name": "w", "definition": {"actions": [NAP]}}
    made = await asyncio.gather(*(api.post("/api/v1/workflows", json=body) for _ in range(50)))
    assert Counter(answer.status_code for answer in made) == {201: 9, 429: 41}
    refused(next(answer for answer in made if answer.status_code == 429), "max_workflows")
    hook = {"name": "h", "workflow_id": workflow_id, "auth_type": "none"}
    made = await asyncio.gather(*(api.post("/api/v1/webhooks", json=hook) for _ in range(10)))
    assert Counter(answer.status_code for answer in made) == {201: 4, 429: 6}
    path = f"/api/v1/workflows/{workflow_id}/schedules"
    made = await asyncio.gather(*(api.post(path, json=NEVER) for _ in range(10)))
    assert Counter(answer.status_code for answer in made) == {201: 4, 429: 6}
    shown = await usage(admin, tenant)
    counts = {name: shown["usage"][name] for name in ("workflows", "webhooks", "schedules")}
    assert counts == {"workflows": 10, "webhooks": 4, "schedules": 4}
    assert shown["quotas"]["max_workflows"] == 10
    assert datetime.fromisoformat(shown["resets_at"]) > datetime.now(UTC)
    gone = await api.delete(f"/api/v1/workflows/{workflow_id}")
    assert gone.status_code == 204
    after = (await usage(admin, tenant))["usage"]
    assert (after["workflows"], after["webhooks"], after["schedules"]) == (9, 0, 0)
    assert (await admin.get(f"{TENANTS}/tenant_none/usage")).status_code == 404


async def test_the_schedule_of_a_definition_counts(
    admin: httpx.AsyncClient, api: httpx.AsyncClient, tenant: str
) -> None:
    plain = await add_workflow(api)
    await limit(admin, tenant, max_schedules=1)
    definition = {"trigger": {"type": "schedule", "config": {"every": "1h"}}, "actions": [NAP]}
    body = {"name": "w", "definition": definition}
    assert (await api.post("/api/v1/workflows", json=body)).status_code == 201
    refused(await api.post("/api/v1/workflows", json=body), "max_schedules")
    refused(await api.put(f"/api/v1/workflows/{plain}", json={"definition": definition}), "max_schedules")
    assert (await usage(admin, tenant))["usage"]["workflows"] == 2


async def test_nothing_begins_beyond_the_day(
    admin: httpx.AsyncClient, api: httpx.AsyncClient, tenant: str
) -> None:
    workflow_id = await add_workflow(api)
    address = await add_webhook(api, workflow_id, dedupe_key="trigger.body.n", dedupe_seconds=600)
    schedule = await add_schedule(api, workflow_id)
    execute = f"/api/v1/workflows/{workflow_id}/execute"
    key = {"Idempotency-Key": "once"}
    first = (await api.post(execute, headers=key)).json()["data"]["execution_id"]
    assert (await api.post(address, json={"n": 1})).status_code == 202
    await becomes(api, first, "completed")
    await limit(admin, tenant, max_executions_per_day=2)
    again = await api.post(execute, headers=key)
    assert (again.status_code, again.json()["data"]["execution_id"]) == (202, first)
    events = (await api.get(f"/api/v1/webhooks/{address.rsplit('/', 1)[1]}/events")).json()["data"]
    for answer in [
        await api.post(execute),
        await api.post(f"/api/v1/executions/{first}/rerun"),
        await api.post(f"/api/v1/schedules/{schedule['id']}/trigger"),
        await api.post(f"/api/v1/events/{events[0]['id']}/replay"),
        await api.post(address, json={"n": 2}),
    ]:
        refused(answer, "max_executions_per_day")
    assert (await api.post(address, json={"n": 1})).json()["status"] == "duplicate"
    await limit(admin, tenant, max_executions_per_day=3)
    accepted = (await api.post(address, json={"n": 2})).json()
    assert accepted["status"] == "queued"
    events = (await api.get(f"/api/v1/webhooks/{address.rsplit('/', 1)[1]}/events")).json()["data"]
    statuses = Counter(event["status"] for event in events)
    assert (len(events), statuses["rejected"], statuses["duplicate"]) == (4, 1, 1)
    [rejected] = [event for event in events if event["status"] == "rejected"]
    assert rejected["reason"].startswith("quota exceeded: max_executions_per_day is 2")
    assert (await usage(admin, tenant))["usage"]["executions_today"] == 3


async def test_what_begins_inside_is_counted_too(
    admin: httpx.AsyncClient, api: httpx.AsyncClient, tenant: str
) -> None:
    inner = await add_workflow(api)
    call = {"id": "call", "type": "sub_workflow", "config": {"workflow_id": inner}}
    await limit(admin, tenant, max_executions_per_day=1)
    outer = await begin(api, call)

    async def failed() -> bool:
        return bool((await get(api, outer))["status"] == "failed")

    await until(failed)
    error = (await get(api, outer))["error"]
    assert error["type"] == "quota_exceeded"
    assert "max_executions_per_day is 1" in error["message"]
    assert (await usage(admin, tenant))["usage"]["executions_today"] == 1
    schedule = await add_schedule(api, inner, **EVERY_SECOND)

    async def skipped() -> bool:
        shown = await get_schedule(api, schedule["id"])
        return "max_executions_per_day is 1" in str(shown)

    await until(skipped)
    assert await executions_of(api, schedule["id"]) == []


async def test_never_more_than_so_many_at_once(
    admin: httpx.AsyncClient, api: httpx.AsyncClient, tenant: str
) -> None:
    inner = await add_workflow(api, NAP)
    address = await add_webhook(api, inner)
    calls = [
        {"id": f"call{n}", "type": "sub_workflow", "config": {"workflow_id": inner, "wait": wait}}
        for n, wait in enumerate([True, False, False])
    ]
    outer = await add_workflow(api, *calls)
    await limit(admin, tenant, max_concurrent_executions=3)
    most = 0

    async def watch() -> None:
        nonlocal most
        while True:
            shown = (await api.get("/api/v1/executions?limit=100&status=running")).json()["data"]
            # One that another waits for runs in its place.
            alone = [row for row in shown if row["trigger_type"] != "sub_workflow"]
            most = max(most, len(alone))
            assert (await usage(admin, tenant))["usage"]["executions_running"] <= 3 * 2
            await asyncio.sleep(0.02)

    watching = asyncio.create_task(watch())
    paths = [address] * 12 + [f"/api/v1/workflows/{inner}/execute"] * 10
    paths += [f"/api/v1/workflows/{outer}/execute"] * 3
    answers = await asyncio.gather(*(api.post(path, json={}) for path in paths))
    assert {answer.status_code for answer in answers} == {202}

    async def done() -> bool:
        shown = (await api.get("/api/v1/executions?status=completed&limit=100")).json()
        return bool(shown["total"] == 25 + 3 * 3)

    await until(done, 60)
    assert not watching.done(), watching.exception()
    watching.cancel()
    assert 1 <= most <= 3


async def test_who_waits_for_a_place(
    admin: httpx.AsyncClient, api: httpx.AsyncClient, tenant: str, settings: Settings
) -> None:
    await limit_of_one(admin, api, tenant)
    first = await begin(api, WAIT)
    await is_waiting(api, first)
    second, third, fourth = [await begin(api, WAIT) for _ in range(3)]
    assert (await get(api, second))["status"] == "pending"
    assert (await listed(api, second))["status"] == "pending"
    assert (await usage(admin, tenant))["usage"]["executions_queued"] == 3
    await ask(api, second, "cancel")
    await becomes(api, second, "cancelled")
    client = await Client.connect(settings.temporal.target)
    await client.get_workflow_handle(f"{tenant}:{first}").terminate("by an operator")
    await is_waiting(api, third, seconds=30)  # once the reconciler has seen that the place is free
    assert (await get(api, fourth))["status"] == "pending"
    await limit(admin, tenant, max_concurrent_executions=-1)
    await is_waiting(api, fourth)


async def test_a_run_that_is_there_before_its_place(
    admin: httpx.AsyncClient, api: httpx.AsyncClient, tenant: str
) -> None:
    inner = await add_workflow(api)
    await limit_of_one(admin, api, tenant)
    first = await begin(api, WAIT)
    await is_waiting(api, first)
    schedule = await add_schedule(api, inner, **EVERY_SECOND)

    async def waits() -> bool:
        rows = await executions_of(api, schedule["id"])
        return [row["status"] for row in rows] == ["pending"]

    await until(waits)
    [held] = await executions_of(api, schedule["id"])
    await ask(api, first, "cancel")
    await becomes(api, held["id"], "completed")


async def limit_of_one(admin: httpx.AsyncClient, api: httpx.AsyncClient, tenant: str) -> None:
    """A tenant that runs one execution at a time."""
    assert (await api.get("/api/v1/workflows")).status_code == 200
    await limit(admin, tenant, max_concurrent_executions=1)
