"""Large outputs of steps, over REST: 20 MB pass, and above the cap a step fails at once."""

import asyncio
from typing import Any

import httpx

from tests.support.receiver import Receiver, Reply

MEGABYTE = 1_000_000


async def _run(api: httpx.AsyncClient, url: str) -> dict[str, Any]:
    definition = {
        "actions": [{"id": "fetch", "type": "http", "config": {"method": "POST", "url": url}}],
        "output": "{{steps.fetch.output.body}}",
    }
    created = await api.post("/api/v1/workflows", json={"name": "large", "definition": definition})
    accepted = await api.post(f"/api/v1/workflows/{created.json()['data']['id']}/execute", json={})
    execution_id = accepted.json()["data"]["execution_id"]
    async with asyncio.timeout(60):
        while True:
            answer = await api.get(f"/api/v1/executions/{execution_id}")
            execution: dict[str, Any] = answer.json()["data"]
            if execution["status"] not in ("pending", "running"):
                return execution
            await asyncio.sleep(0.3)


async def test_twenty_megabytes_come_back(api: httpx.AsyncClient, receiver: Receiver) -> None:
    url = receiver.answer("/large", Reply(body=b"x" * 20 * MEGABYTE, headers={"Content-Type": "text/plain"}))
    execution = await _run(api, url)
    assert execution["status"] == "completed", execution["error"]
    assert len(execution["output"]) == 20 * MEGABYTE
    steps = await api.get(f"/api/v1/executions/{execution['id']}/steps")
    [step] = steps.json()["data"]["steps"]
    assert len(step["output"]["body"]) == 20 * MEGABYTE


async def test_above_the_cap_the_step_fails_without_retries(
    api: httpx.AsyncClient, receiver: Receiver
) -> None:
    url = receiver.answer("/huge", *[Reply(body=b"x" * 33 * MEGABYTE)] * 3)
    execution = await _run(api, url)
    assert (execution["status"], execution["error"]["type"]) == ("failed", "output_too_large")
    assert len(receiver.received("/huge")) == 1
