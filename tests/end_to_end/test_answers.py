"""An answer that was accepted reaches its run, whatever is killed on the way, and counts once."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from temporalio.client import Client

from dev.guard import Guard
from dev.ports import free_port
from dev.stack import api_part, base_url, worker_part
from dev.temporal import Temporal
from gorax.settings import DatabaseSettings, Settings, TemporalSettings, WorkerSettings
from tests.api.test_approvals import waiting
from tests.api.test_executions import create, execute, finished
from tests.support.processes import Server
from tests.support.relay import Relay

TENANT = "tenant_answers"
ASKING = {
    "actions": [
        {"id": "ask", "type": "approval", "config": {"title": "Go on?"}},
        {"id": "paid", "type": "wait_for_signal", "config": {"name": "paid"}},
    ],
    "output": {"by": "{{steps.ask.output.by}}", "paid": "{{steps.paid.output}}"},
}


class Parts:
    """An API whose wire to Temporal can be cut, and a worker whose wire cannot."""

    def __init__(
        self, settings: Settings, relay: Relay, temporal: Temporal, path: Path, guard: Guard
    ) -> None:
        self.relay = relay
        self.settings = settings
        cut = TemporalSettings(address=f"127.0.0.1:{relay.port}", task_queue=settings.temporal.task_queue)
        near = settings.model_copy(update={"temporal": cut})
        self.worker = Server(worker_part(settings), path, guard)
        self.api = Server(api_part(near), path, guard)
        headers = {"X-Tenant-ID": TENANT, "X-User-ID": "ann"}
        self.client = httpx.AsyncClient(base_url=base_url(near), headers=headers, timeout=10, trust_env=False)

    async def close(self) -> None:
        """Stop both."""
        await self.client.aclose()
        self.api.stop()
        self.worker.stop()

    async def committed(self, query: str) -> None:
        """Return when a query of the database finds something."""
        url = self.settings.database_url.replace("+psycopg", "")
        async with (
            asyncio.timeout(10),
            await psycopg.AsyncConnection.connect(url, autocommit=True) as database,
        ):
            while await (await database.execute(query.encode())).fetchone() is None:
                await asyncio.sleep(0.01)

    async def signals(self, execution_id: str) -> int:
        """How many signals are in the run's history."""
        client = await Client.connect(self.settings.temporal.target)
        history = await client.get_workflow_handle(f"{TENANT}:{execution_id}").fetch_history()
        return sum(event.HasField("workflow_execution_signaled_event_attributes") for event in history.events)


@pytest.fixture
async def parts(
    fresh_database_url: str, temporal: Temporal, tmp_path: Path, guard: Guard
) -> AsyncIterator[Parts]:
    """An API and a worker that no other test uses."""
    host, _, port = temporal.address.partition(":")
    async with Relay(host, int(port)) as relay:
        settings = Settings(
            data_dir=tmp_path,
            port=free_port(),
            database=DatabaseSettings(url=fresh_database_url),
            temporal=TemporalSettings(address=temporal.address, task_queue=f"answers-{relay.port}"),
            worker=WorkerSettings(shutdown_grace=1),
        )
        parts = await asyncio.to_thread(Parts, settings, relay, temporal, tmp_path, guard)
        yield parts
        await asyncio.to_thread(parts.worker.stop)
        await parts.close()


async def _approval(parts: Parts) -> dict[str, Any]:
    execution = await execute(parts.client, await create(parts.client, ASKING))
    return await waiting(parts.client, execution["execution_id"])


async def test_the_api_dies_between_the_commit_and_the_word_to_the_run(parts: Parts) -> None:
    approval = await _approval(parts)
    execution_id = approval["execution_id"]
    for path, query in (
        (f"/api/v1/approvals/{approval['id']}/approve", "SELECT 1 FROM waits WHERE status = 'approved'"),
        (f"/api/v1/executions/{execution_id}/signals/paid", "SELECT 1 FROM waits WHERE status = 'answered'"),
    ):
        parts.relay.cut()
        asking = asyncio.create_task(parts.client.post(path))
        await parts.committed(query)
        parts.api.kill()
        with pytest.raises(httpx.TransportError):
            await asking
        parts.relay.mend()
        await asyncio.to_thread(parts.api.start)
        if path.endswith("approve"):
            async with asyncio.timeout(20):
                while not (await parts.client.get(f"/api/v1/executions/{execution_id}/waits")).json()["data"]:
                    await asyncio.sleep(0.05)
    ended = await finished(parts.client, execution_id)
    assert (ended["status"], ended["output"]) == ("completed", {"by": "ann", "paid": {}}), ended
    # The first answer to a repeated request is the one that holds.
    again = await parts.client.post(f"/api/v1/approvals/{approval['id']}/reject")
    assert again.status_code == 409


async def test_temporal_is_away_when_the_answer_comes(parts: Parts) -> None:
    approval = await _approval(parts)
    parts.relay.cut()
    began = time.monotonic()
    decided = await parts.client.post(f"/api/v1/approvals/{approval['id']}/approve")
    assert (decided.status_code, decided.json()["data"]["status"]) == (200, "approved")
    early = await parts.client.post(f"/api/v1/executions/{approval['execution_id']}/signals/paid", json=1)
    assert (early.status_code, early.json()["data"]["status"]) == (202, "queued")
    assert time.monotonic() - began < 6
    parts.relay.mend()
    ended = await finished(parts.client, approval["execution_id"])
    assert (ended["status"], ended["output"]) == ("completed", {"by": "ann", "paid": 1})


async def test_a_worker_that_comes_back_finds_one_answer_told_twice(parts: Parts) -> None:
    approval = await _approval(parts)
    execution_id = approval["execution_id"]
    parts.worker.kill()
    assert (await parts.client.post(f"/api/v1/approvals/{approval['id']}/approve")).status_code == 200
    async with asyncio.timeout(20):
        while await parts.signals(execution_id) < 2:
            await asyncio.sleep(0.2)
    await parts.client.post(f"/api/v1/executions/{execution_id}/signals/paid", json=1)
    await asyncio.to_thread(parts.worker.start)
    ended = await finished(parts.client, execution_id)
    assert (ended["status"], ended["output"]) == ("completed", {"by": "ann", "paid": 1})
    steps = (await parts.client.get(f"/api/v1/executions/{execution_id}/steps")).json()["data"]["steps"]
    assert [(step["id"], step["status"]) for step in steps] == [("ask", "completed"), ("paid", "completed")]
