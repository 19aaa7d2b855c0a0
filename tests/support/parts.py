"""An API and a worker that no other test uses, with a wire to Temporal that a test may cut or slow down."""

import asyncio
from pathlib import Path

import httpx
import psycopg
from temporalio.client import Client

from dev.guard import Guard
from dev.stack import api_part, base_url, worker_part
from gorax.settings import Settings, TemporalSettings
from tests.support.processes import Server
from tests.support.relay import Relay

TENANT = "tenant_parts"


class Parts:
    """An API whose wire to Temporal can be cut, and a worker whose wire cannot."""

    def __init__(self, settings: Settings, relay: Relay, path: Path, guard: Guard) -> None:
        """Start both."""
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
        await asyncio.to_thread(self.worker.stop)
        await self.client.aclose()
        await asyncio.to_thread(self.api.stop)

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
