"""What operators do in Temporal shows over REST."""

import asyncio
import time
from typing import Any

import httpx
from temporalio.client import Client

from gorax.settings import Settings
from tests.docs.fences import ROOT, fences
from tests.support.executions import becomes, begin


async def _waiting(api: httpx.AsyncClient, **frame: Any) -> str:
    definition = {"actions": [{"id": "wait", "type": "delay", "config": {"duration": "1h"}}], **frame}
    created = await api.post("/api/v1/workflows", json={"name": "waits", "definition": definition})
    workflow_id = created.json()["data"]["id"]
    started = await api.post(f"/api/v1/workflows/{workflow_id}/execute")
    assert started.status_code == 202, started.text
    execution_id: str = started.json()["data"]["execution_id"]
    async with asyncio.timeout(20):
        while True:
            steps = (await api.get(f"/api/v1/executions/{execution_id}/steps")).json()["data"]["steps"]
            if [step["status"] for step in steps] == ["running"]:
                return execution_id
            await asyncio.sleep(0.1)


async def _listed(api: httpx.AsyncClient, execution_id: str) -> str:
    [row] = (await api.get("/api/v1/executions")).json()["data"]
    assert row["id"] == execution_id
    status: str = row["status"]
    return status


async def test_a_terminated_run_shows_at_once_by_id_and_soon_in_lists(
    api: httpx.AsyncClient, settings: Settings, tenant: str
) -> None:
    execution_id = await _waiting(api)
    client = await Client.connect(settings.temporal.target)
    await client.get_workflow_handle(f"{tenant}:{execution_id}").terminate(reason="by hand")
    began = time.monotonic()
    shown = (await api.get(f"/api/v1/executions/{execution_id}")).json()["data"]
    assert (shown["status"], shown["error"]["type"], shown["error"]["message"]) == (
        "terminated",
        "terminated",
        "by hand",
    )
    steps = (await api.get(f"/api/v1/executions/{execution_id}/steps")).json()["data"]["steps"]
    assert [step["status"] for step in steps] == ["cancelled"]
    while await _listed(api, execution_id) != "terminated":
        assert time.monotonic() - began < 15
        await asyncio.sleep(0.5)


async def test_the_query_of_the_page_finds_executions(
    api: httpx.AsyncClient, settings: Settings, tenant: str
) -> None:
    execution_id = await begin(api, {"id": "fail", "type": "fail", "config": {"message": "no"}})
    await becomes(api, execution_id, "failed")
    [query] = fences(ROOT / "docs" / "operating.md", "sql")
    client = await Client.connect(settings.temporal.target)
    async with asyncio.timeout(10):
        while not (
            found := [run.id async for run in client.list_workflows(query.text.replace("acme", tenant))]
        ):
            await asyncio.sleep(0.1)
    assert found == [f"{tenant}:{execution_id}"]


async def test_a_cancelled_run_closes_its_own_row(
    api: httpx.AsyncClient, settings: Settings, tenant: str
) -> None:
    execution_id = await _waiting(api)
    client = await Client.connect(settings.temporal.target)
    await client.get_workflow_handle(f"{tenant}:{execution_id}").cancel()
    async with asyncio.timeout(5):
        while await _listed(api, execution_id) != "cancelled":
            await asyncio.sleep(0.1)
    shown = (await api.get(f"/api/v1/executions/{execution_id}")).json()["data"]
    assert shown["status"] == "cancelled"
