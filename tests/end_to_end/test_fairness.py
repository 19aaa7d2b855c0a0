"""One tenant begins executions faster than they are run: the execution of another does not wait for them."""

import asyncio
import statistics
from pathlib import Path
from typing import Any

import httpx

from tests.support.executions import becomes
from tests.support.instance import Instance

FLOOD = 500
AT_A_TIME = 40
TRIES = 5
MEANWHILE = 25
"""Executions of the flood that may end while another tenant's single one is run: Temporal works at some ten of them
when it comes, and it needs Temporal three times."""
DEFINITION = {
    "actions": [
        {"id": "first", "type": "formula", "config": {"expression": "1 + 1"}},
        {"id": "pause", "type": "delay", "config": {"duration": "100ms"}},
        {"id": "last", "type": "formula", "config": {"expression": "steps.first.output + 1"}},
    ]
}


async def _workflow(client: httpx.AsyncClient) -> str:
    created = await client.post("/api/v1/workflows", json={"name": "fair", "definition": DEFINITION})
    workflow_id: str = created.json()["data"]["id"]
    return workflow_id


async def _execute(client: httpx.AsyncClient, workflow_id: str) -> dict[str, Any]:
    answer = await client.post(f"/api/v1/workflows/{workflow_id}/execute", json={})
    assert answer.status_code == 202, answer.text
    accepted: dict[str, Any] = answer.json()["data"]
    return accepted


async def _ended(client: httpx.AsyncClient) -> int:
    total: int = (await client.get("/api/v1/executions", params={"status": "completed", "limit": 1})).json()[
        "total"
    ]
    return total


async def test_a_flood_of_one_tenant_does_not_keep_another_waiting(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    with Instance(tmp_path) as instance:
        async with instance.client("flooding") as flooding, instance.client("quiet") as quiet:
            flood, single = await _workflow(flooding), await _workflow(quiet)
            await _execute(quiet, single)
            left = iter(range(FLOOD))

            async def pour() -> None:
                for _ in left:
                    await _execute(flooding, flood)

            pouring = [asyncio.create_task(pour()) for _ in range(AT_A_TIME)]
            meanwhile: list[int] = []
            while len(meanwhile) < TRIES:
                await asyncio.sleep(1)
                before = await _ended(flooding)
                execution_id = (await _execute(quiet, single))["execution_id"]
                await becomes(quiet, execution_id, "completed", seconds=30)
                after = await _ended(flooding)
                assert after < FLOOD, "the flood was over too soon to tell anything"
                meanwhile.append(after - before)
            await asyncio.gather(*pouring)
            async with asyncio.timeout(120):
                while await _ended(flooding) < FLOOD:
                    await asyncio.sleep(0.5)
    assert statistics.median(meanwhile) < MEANWHILE, meanwhile
