"""Large outputs of steps, over REST: 20 MB pass, and above the cap a step fails at once."""

import secrets
from pathlib import Path
from typing import Any

import httpx

from dev.guard import Guard
from gorax.settings import PayloadSettings, Settings
from tests.support.executions import ended
from tests.support.object_store import running_object_store
from tests.support.processes import Stack
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
    return await ended(api, execution_id, 60)


async def test_twenty_megabytes_come_back(api: httpx.AsyncClient, receiver: Receiver) -> None:
    url = receiver.answer("/large", Reply(body=b"x" * 20 * MEGABYTE, headers={"Content-Type": "text/plain"}))
    execution = await _run(api, url)
    assert execution["status"] == "completed", execution["error"]
    assert len(execution["output"]) == 20 * MEGABYTE
    steps = await api.get(f"/api/v1/executions/{execution['id']}/steps")
    [step] = steps.json()["data"]["steps"]
    assert len(step["output"]["body"]) == 20 * MEGABYTE


async def test_they_may_be_kept_in_s3(
    settings: Settings, tmp_path: Path, guard: Guard, tenant: str, receiver: Receiver
) -> None:
    url = receiver.answer("/large", Reply(body=b"x" * 3 * MEGABYTE, headers={"Content-Type": "text/plain"}))
    with running_object_store() as (objects, s3):
        queue = settings.temporal.model_copy(update={"task_queue": f"s3-{secrets.token_hex(4)}"})
        own = {"payloads": PayloadSettings(store="s3"), "s3": s3, "temporal": queue}
        with Stack(settings.model_copy(update=own), tmp_path, guard) as stack:
            async with stack.client(tenant) as api:
                execution = await _run(api, url)
    assert execution["status"] == "completed", execution["error"]
    assert execution["output"] == "x" * 3 * MEGABYTE
    assert max(map(len, objects.objects.values())) > 3 * MEGABYTE


async def test_above_the_cap_the_step_fails_without_retries(
    api: httpx.AsyncClient, receiver: Receiver
) -> None:
    url = receiver.answer("/huge", *[Reply(body=b"x" * 33 * MEGABYTE)] * 3)
    execution = await _run(api, url)
    assert (execution["status"], execution["error"]["type"]) == ("failed", "output_too_large")
    assert len(receiver.received("/huge")) == 1
