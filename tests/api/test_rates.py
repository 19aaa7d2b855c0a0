"""Limits of requests a minute, as clients meet them."""

import asyncio
import json
import re
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import connect

from api.app import create_app
from api.limits import MAX_HEADER_BYTES
from api.rates import HEADERS
from api.services.rates.windows import BOUNDLESS
from gorax.settings import RateSettings, Settings
from tests.api.conftest import production_settings
from tests.docs.fences import ROOT, fences
from tests.support.kratos import FakeKratos
from tests.support.webhooks import create, workflow

WORKFLOWS = "/api/v1/workflows"


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """A client of an API in this process."""
    app = create_app(settings)
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://api") as client:
            yield client


def limited(settings: Settings, **rates: Any) -> Settings:
    """The settings with limits of the test's own."""
    return settings.model_copy(update={"rates": RateSettings(**rates)})


async def set_limit(client: httpx.AsyncClient, tenant: str, limit: int) -> None:
    """Let the tenant send so many requests a minute."""
    await client.get(WORKFLOWS, headers={"X-Tenant-ID": tenant})
    body = {"max_api_requests_per_minute": limit}
    response = await client.put(f"/api/v1/admin/tenants/{tenant}/quotas", json=body)
    assert response.status_code == 200, response.text


def told(response: httpx.Response) -> tuple[int, int]:
    """Limit and remaining requests; the headers are there, once, and their reset is within the minute."""
    values = [response.headers.get_list(name) for name in HEADERS]
    assert [len(value) for value in values] == [1, 1, 1], (response.request.url, response.headers)
    limit, remaining, reset = (int(value) for [value] in values)
    assert -1 <= reset - time.time() <= 61
    return limit, remaining


def check_refusal(response: httpx.Response) -> None:
    """The response is the reference's."""
    assert response.status_code == 429
    retry_after = int(response.headers["retry-after"])
    assert 1 <= retry_after <= 60
    assert response.json() == {"error": "rate limit exceeded", "retry_after": retry_after}
    assert told(response)[1] == 0


def test_the_page_shows_these_headers_and_this_refusal() -> None:
    page = ROOT / "docs" / "limits.md"
    [headers], [refusal] = fences(page, "http"), fences(page, "json")
    assert re.findall(r"^([\w-]+): \d+$", headers.text, re.MULTILINE) == list(HEADERS)
    assert json.loads(refusal.text) == {"error": "rate limit exceeded", "retry_after": 60}


async def test_a_tenant_has_so_many_requests_and_no_more_at_once(settings: Settings, tenant: str) -> None:
    async with running(settings) as client:
        await set_limit(client, tenant, 11)
        headers = {"X-Tenant-ID": tenant, "Origin": "https://app.example"}
        responses = await asyncio.gather(*(client.get(WORKFLOWS, headers=headers) for _ in range(40)))
        statuses = Counter(response.status_code for response in responses)
        assert statuses == {200: 10, 429: 30}, "the first one was before"
        refused = next(response for response in responses if response.status_code == 429)
        check_refusal(refused)
        assert refused.headers["access-control-allow-origin"] == "*", "a browser may read it"
        assert set(HEADERS) <= set(refused.headers["access-control-expose-headers"].split(", "))
        assert sorted(told(r)[1] for r in responses if r.status_code == 200) == list(range(10))
        other = await client.get(WORKFLOWS, headers={"X-Tenant-ID": f"{tenant}x"})
        assert told(other) == (10_000, 9_999)
        await set_limit(client, f"{tenant}x", -1)
        other = await client.get(WORKFLOWS, headers={"X-Tenant-ID": f"{tenant}x"})
        assert told(other) == (BOUNDLESS, BOUNDLESS)
        await client.put(f"/api/v1/admin/tenants/{tenant}/quotas", json={"max_api_requests_per_minute": 100})
        assert told(await client.get(WORKFLOWS, headers=headers)) == (100, 88)


async def test_every_response_has_the_headers(api: httpx.AsyncClient, stack: Any, tenant: str) -> None:
    document = (await api.get("/docs/api/swagger.json")).json()
    statuses: set[int] = set()
    async with httpx.AsyncClient(base_url=stack.url, trust_env=False, timeout=30) as stranger:
        for path, operations in document["paths"].items():
            concrete = re.sub(r"\{\w+\}", "none_1", path)
            for method in [*operations, "options", "trace"]:
                for client in (api, stranger):
                    response = await client.request(method, concrete)
                    statuses.add(response.status_code)
                    limit, remaining = told(response)
                    assert 0 <= remaining <= limit
        for extra in ("/api/docs", "/nowhere", "/a%00b", "/", "/metrics", "/api//docs/"):
            told(await stranger.get(extra))
        told(await api.get(WORKFLOWS, params={"limit": "x"}))
        told(await api.get(WORKFLOWS, headers={"X-User-Role": "root"}))
        told(await api.post(WORKFLOWS, content=b"{"))
        told(await api.post("/api/v1/api-keys", json={}, headers={"X-User-Role": "viewer"}))
        beyond = await stranger.get("/health", headers={"X-Long": "a" * MAX_HEADER_BYTES})
        assert beyond.status_code == 431
        told(beyond)
        preflight = {"Origin": "https://a.example", "Access-Control-Request-Method": "POST"}
        told(await api.options(WORKFLOWS, headers=preflight))
    assert {200, 204, 400, 401, 404, 405} <= statuses


async def test_who_proves_nothing_counts_against_the_address(
    settings: Settings, kratos: FakeKratos, company: str
) -> None:
    limits = limited(production_settings(settings, kratos.url), address=3)
    session = {**kratos.member(**{company: "admin"}).headers, "X-Tenant-ID": company}
    async with running(limits) as client:
        # Nobody gets at what belongs to a tenant by using its name.
        assert told(await client.get(WORKFLOWS, headers=session)) == (10_000, 9_999)
        made = await client.post("/api/v1/api-keys", json={"name": "k", "role": "viewer"}, headers=session)
        wrong = {"Authorization": "Bearer gx_none", "X-Tenant-ID": company}
        responses = await asyncio.gather(*(client.get(WORKFLOWS, headers=wrong) for _ in range(7)))
        assert Counter(response.status_code for response in responses) == {401: 3, 429: 4}
        check_refusal(next(response for response in responses if response.status_code == 429))
        check_refusal(await client.get("/nowhere"))
        check_refusal(await client.get(WORKFLOWS, headers={"Authorization": "Bearer gx_another"}))
        key = {"Authorization": f"Bearer {made.json()['data']['key']}"}
        check_refusal(await client.get(WORKFLOWS, headers=key))  # which nobody has seen yet
        assert told(await client.get(WORKFLOWS, headers=session)) == (10_000, 9_997)
        for _ in range(5):
            probe = await client.get("/health")
            assert probe.status_code == 200
            assert told(probe) == (3, 0)


async def test_events_have_a_limit_of_their_own(settings: Settings, tenant: str) -> None:
    async with running(limited(settings, intake=3, address=2)) as client:
        await set_limit(client, tenant, 100)
        client.headers["X-Tenant-ID"] = tenant
        workflow_id = await workflow(client)
        open_hook = await create(client, workflow_id=workflow_id, auth_type="none")
        closed = await create(client, workflow_id=workflow_id, auth_type="api_key")
        there = f"/webhooks/{workflow_id}/{closed['id']}"
        responses = [await client.post(there) for _ in range(4)]
        assert [response.status_code for response in responses] == [401, 401, 429, 429]
        check_refusal(responses[-1])
        there = f"/webhooks/{workflow_id}/{open_hook['id']}"
        responses = await asyncio.gather(*(client.post(there, json={}) for _ in range(5)))
        assert Counter(response.status_code for response in responses) == {202: 3, 429: 2}
        check_refusal(next(response for response in responses if response.status_code == 429))
        assert {told(response)[0] for response in responses} == {3}
        assert told(await client.get(WORKFLOWS)) == (100, 95), "and those to the API are counted apart"
        strangers = [await client.post(f"/webhooks/{tenant}/none") for _ in range(3)]
        assert [response.status_code for response in strangers] == [404, 404, 429]
        # What others from there look for does not stop a webhook that has received something.
        refused = await client.post(there, json={})
        check_refusal(refused)
        assert told(refused)[0] == 3


async def test_a_stream_counts_once(stack: Any, api: httpx.AsyncClient, tenant: str) -> None:
    before = told(await api.get(WORKFLOWS))[1]
    async with connect(
        f"{stack.url.replace('http', 'ws')}/api/v1/ws/executions?tenant_id={tenant}"
    ) as socket:
        assert socket.response is not None
        assert all(int(socket.response.headers[name]) >= 0 for name in HEADERS)
        assert told(await api.get(WORKFLOWS))[1] == before - 2
    await set_limit(api, tenant, 1)
    async with connect(
        f"{stack.url.replace('http', 'ws')}/api/v1/ws/executions?tenant_id={tenant}"
    ) as socket:
        await socket.wait_closed()
        assert (socket.close_code, socket.close_reason) == (1013, "rate limit exceeded")


@pytest.mark.parametrize("url", ["localhost:6379", "http://localhost"])
def test_an_address_that_is_none_of_a_redis_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="redis_url"):
        Settings(redis_url=url)
