"""The statements of the hot path: one round trip each, and never two executions for one key."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from dev.postgres import PORT, Postgres
from gorax.core.contracts import TriggerType
from gorax.core.ids import EXECUTION, WEBHOOK_EVENT, new_id
from gorax.settings import DatabaseSettings, Settings
from gorax.store.intake import Intake, Taken
from gorax.store.session import Database
from gorax.store.tables import Execution, Webhook, WebhookEvent
from tests.store.rows import NOON, add_webhook, add_workflow


class Wire:
    """Between the driver and PostgreSQL: counts how often one waits for the other."""

    def __init__(self, directory: Path) -> None:
        """Before the server whose socket is in this directory."""
        self.round_trips = 0
        self._server = directory / f".s.PGSQL.{PORT}"
        self._asked = False

    async def listen(self, directory: str) -> asyncio.Server:
        """Be the server, for those who look for its socket here."""
        return await asyncio.start_unix_server(self._accept, f"{directory}/.s.PGSQL.{PORT}")

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_unix_connection(self._server)
        await asyncio.gather(self._pump(reader, back, asks=True), self._pump(there, writer, asks=False))

    async def _pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, *, asks: bool) -> None:
        while data := await source.read(65_536):
            self.round_trips += asks and not self._asked
            self._asked = asks
            sink.write(data)
            await sink.drain()
        sink.close()


@pytest.fixture
async def wired(
    postgres: Postgres, fresh_database_url: str, directory: Path
) -> AsyncIterator[tuple[Database, Wire]]:
    """A database behind a wire."""
    wire = Wire(postgres.socket_directory)
    # Sockets have short names.
    with tempfile.TemporaryDirectory(prefix="wire-") as short:
        server = await wire.listen(short)
        url = fresh_database_url.partition("?")[0] + f"?host={short}&port={PORT}"
        database = Database(Settings(data_dir=directory, database=DatabaseSettings(url=url, pool_size=1)))
        yield database, wire
        await database.close()
        server.close()


def an_event(webhook: Webhook, key: str | None = None) -> WebhookEvent:
    """A request, as it was received."""
    return WebhookEvent(
        id=new_id(WEBHOOK_EVENT), tenant_id=webhook.tenant_id, webhook_id=webhook.id, received_at=NOON,
        source="request", method="POST", path="/webhooks/a/b", query={"a": "\0"}, headers={}, body={"n": [1, None]},
        body_bytes=3, replayable=True, status="processed", response_status=202, response_time_ms=1,
        dedupe_key=key, execution_id=new_id(EXECUTION),
    )  # fmt: skip


def an_execution(event: WebhookEvent, workflow_id: str) -> Execution:
    """What it is to begin."""
    kind: TriggerType = "webhook"
    assert event.execution_id is not None
    return Execution(
        id=event.execution_id, tenant_id=event.tenant_id, workflow_id=workflow_id, workflow_name="Orders",
        version=1, status="pending", trigger_type=kind, trigger={"type": kind, "body": event.body}, priority=2,
        accepted_at=NOON, started_at=NOON, checked_at=NOON, created_by="webhook",
    )  # fmt: skip


async def take(database: Database, webhook: Webhook, key: str | None = None, seconds: int = 60) -> Taken:
    """Receive an event."""
    event = an_event(webhook, key)
    async with database.session(autocommit=True) as session:
        return await Intake(session).accept(event, an_execution(event, webhook.workflow_id), seconds)


async def count(database: Database, table: str, tenant: str) -> int:
    """How many rows the tenant has."""
    async with database.session() as session:
        counted = text(f"SELECT count(*) FROM {table} WHERE tenant_id = :tenant")
        return int((await session.execute(counted, {"tenant": tenant})).scalar_one())


async def test_an_event_costs_two_round_trips(wired: tuple[Database, Wire]) -> None:
    database, wire = wired
    await add_webhook(database, "one", await add_workflow(database, "one"), None, path="/orders")

    async def receive(**take_with: Any) -> int:
        before = wire.round_trips
        async with database.session(autocommit=True) as session:
            found = await Intake(session).by_path("one", "/orders")
        assert found is not None
        await take(database, found.webhook, **take_with)
        return wire.round_trips - before

    # The driver prepares a statement that it meets again and again, which is a round trip once.
    for _ in range(8):
        await receive()
        await receive(key="k")
    assert [await receive(), await receive(key="k"), await receive(key="another")] == [2, 2, 2]


async def test_what_is_found(database: Database, tenant: str, workflow_id: str) -> None:
    webhook = await add_webhook(database, tenant, workflow_id, None, path="/orders")
    async with database.session(autocommit=True) as session:
        intake = Intake(session)
        for found in (await intake.by_id(workflow_id, webhook.id), await intake.by_path(tenant, "/orders")):
            assert found is not None
            assert (found.webhook.id, found.workflow.id, found.tenant_status) == (
                webhook.id,
                workflow_id,
                "active",
            )
        assert await intake.by_id("wf_other", webhook.id) is None
        assert await intake.by_path("other", "/orders") is None
        assert await intake.by_path(tenant, "/\0ä") is None


async def test_of_one_key_one_begins(database: Database, tenant: str, workflow_id: str) -> None:
    webhook, other = [await add_webhook(database, tenant, workflow_id, None) for _ in range(2)]
    taken = await asyncio.gather(*(take(database, webhook, "k") for _ in range(25)))
    [first] = [one for one in taken if one.duplicate_of is None]
    assert {one.execution_id for one in taken} == {first.execution_id}
    assert len({one.duplicate_of for one in taken}) == 2
    assert (await take(database, other, "k")).duplicate_of is None
    assert await count(database, "executions", tenant) == 2
    assert await count(database, "webhook_events", tenant) == 26


async def test_a_key_that_has_expired_is_free(database: Database, tenant: str, workflow_id: str) -> None:
    webhook = await add_webhook(database, tenant, workflow_id, None)
    first = await take(database, webhook, "k", seconds=0)
    taken = await asyncio.gather(*(take(database, webhook, "k") for _ in range(10)))
    assert len({one.execution_id for one in taken} | {first.execution_id}) == 2
    assert sum(one.duplicate_of is None for one in taken) == 1


async def test_all_or_nothing(database: Database, tenant: str, workflow_id: str) -> None:
    webhook = await add_webhook(database, tenant, workflow_id, None)
    event = an_event(webhook, "k")
    execution = an_execution(event, workflow_id)
    execution.version = 99  # which there is not: no execution can find its definition
    with pytest.raises(Exception, match="foreign key"):
        async with database.session(autocommit=True) as session:
            await Intake(session).accept(event, execution, 60)
    assert await count(database, "webhook_events", tenant) == 0
    assert (await take(database, webhook, "k")).duplicate_of is None
