"""The statements of the hot path: one round trip each, and never two executions for one key."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Any

import pytest
from psycopg.errors import ForeignKeyViolation
from sqlalchemy import select, text

from dev.postgres import PORT, Postgres
from gorax.core.encoding import dumps
from gorax.core.ids import EXECUTION, WEBHOOK_EVENT, new_id
from gorax.settings import DatabaseSettings, Settings
from gorax.store.intake import Begun, Event, Intake, Recipient, Taken
from gorax.store.session import Database
from gorax.store.statements import Statements
from gorax.store.tables import Execution, Webhook, WebhookEvent
from tests.store.rows import DEFINITION, NOON, add_webhook, add_workflow


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
async def intake(store_settings: Settings) -> AsyncIterator[Intake]:
    """The statements, on the tests' own database."""
    statements = Statements(store_settings)
    yield Intake(statements)
    await statements.close()


@pytest.fixture
async def wired(
    postgres: Postgres, fresh_database_url: str, directory: Path
) -> AsyncIterator[tuple[Database, Intake, Wire]]:
    """A database of its own, and the statements behind a wire to it."""
    wire = Wire(postgres.socket_directory)
    # Sockets have short names.
    with tempfile.TemporaryDirectory(prefix="wire-") as short:
        server = await wire.listen(short)
        url = fresh_database_url.partition("?")[0] + f"?host={short}&port={PORT}"
        settings = DatabaseSettings(url=url, pool_size=1, intake_pool_size=1)
        database = Database(Settings(data_dir=directory, database=settings))
        statements = Statements(Settings(data_dir=directory, database=settings))
        yield database, Intake(statements), wire
        await statements.close()
        await database.close()
        server.close()


def an_event(webhook: Webhook, key: str | None = None) -> Event:
    """A request, as it was received."""
    return Event(
        id=new_id(WEBHOOK_EVENT), tenant_id=webhook.tenant_id, webhook_id=webhook.id, received_at=NOON,
        source="request", method="POST", path="/webhooks/a/b", query={"a": "\0"}, headers={}, content_type=None,
        remote_address=None, body={"n": [1, None]}, body_bytes=3, replayable=True, response_status=202,
        response_time_ms=1, dedupe_key=key, execution_id=new_id(EXECUTION),
    )  # fmt: skip


def begun_by(event: Event, workflow_id: str, version: int = 1) -> Begun:
    """What it is to begin."""
    assert event.execution_id is not None
    return Begun(
        id=event.execution_id, workflow_id=workflow_id, workflow_name="Orders", version=version,
        trigger=dumps({"type": "webhook", "body": event.body}), priority=2, created_by="webhook",
    )  # fmt: skip


async def take(intake: Intake, webhook: Webhook, key: str | None = None, seconds: int = 60) -> Taken:
    """Receive an event."""
    event = an_event(webhook, key)
    return await intake.accept(event, begun_by(event, webhook.workflow_id), seconds)


async def count(database: Database, table: str, tenant: str) -> int:
    """How many rows the tenant has."""
    async with database.platform() as session:
        counted = text(f"SELECT count(*) FROM {table} WHERE tenant_id = :tenant")
        return int((await session.execute(counted, {"tenant": tenant})).scalar_one())


def test_an_event_is_a_row() -> None:
    assert {field.name for field in fields(Event)} == WebhookEvent.model_fields.keys()
    assert set(Recipient._fields) < Webhook.model_fields.keys()


async def test_an_event_costs_two_round_trips(wired: tuple[Database, Intake, Wire]) -> None:
    database, intake, wire = wired
    await add_webhook(database, "one", await add_workflow(database, "one"), None, path="/orders")
    async with database.platform() as session:
        [webhook] = (await session.scalars(select(Webhook))).all()

    async def receive(**take_with: Any) -> int:
        before = wire.round_trips
        assert await intake.by_path("one", "/orders") is not None
        await take(intake, webhook, **take_with)
        return wire.round_trips - before

    # Statements are prepared when they first run, which is a round trip once.
    for _ in range(2):
        await receive()
        await receive(key="k")
    assert [await receive(), await receive(key="k"), await receive(key="another")] == [2, 2, 2]


async def test_what_is_found(database: Database, intake: Intake, tenant: str, workflow_id: str) -> None:
    webhook = await add_webhook(database, tenant, workflow_id, None, path="/orders")
    for found in (await intake.by_id(workflow_id, webhook.id), await intake.by_path(tenant, "/orders")):
        assert found is not None
        assert (found.workflow_name, found.workflow_enabled, found.version, found.tenant_status) == (
            "Orders",
            True,
            1,
            "active",
        )
        assert found.webhook._asdict() == {name: getattr(webhook, name) for name in Recipient._fields}
    assert await intake.by_id("wf_other", webhook.id) is None
    assert await intake.by_path("other", "/orders") is None
    assert await intake.by_path(tenant, "/\0ä") is None
    assert await intake.definition(workflow_id, 1) == DEFINITION


async def test_what_is_kept(database: Database, intake: Intake, tenant: str, workflow_id: str) -> None:
    webhook = await add_webhook(database, tenant, workflow_id, None)
    event = an_event(webhook)
    await intake.accept(event, begun_by(event, workflow_id), 0)
    refused = replace(event, id=new_id(WEBHOOK_EVENT), status="rejected", reason="a\0b", body=None)
    await intake.record(refused)
    await intake.answered(refused.id, 401, 12)
    async with database.platform() as session:
        kept = await session.get_one(WebhookEvent, event.id)
        row = await session.get_one(Execution, event.execution_id)
        other = await session.get_one(WebhookEvent, refused.id)
    assert kept.model_dump() == asdict(event)
    assert other.model_dump() == {
        **asdict(refused),
        "reason": "ab",
        "response_status": 401,
        "response_time_ms": 12,
    }
    assert (
        row.model_dump().items()
        >= {
            "tenant_id": tenant,
            "workflow_id": workflow_id,
            "workflow_name": "Orders",
            "version": 1,
            "status": "pending",
            "trigger_type": "webhook",
            "priority": 2,
            "created_by": "webhook",
            "trigger": {"type": "webhook", "body": event.body},
            "has_waits": False,
            "steps_total": 0,
            "accepted_at": NOON,
            "started_at": NOON,
            "checked_at": NOON,
        }.items()
    )


async def test_of_one_key_one_begins(
    database: Database, intake: Intake, tenant: str, workflow_id: str
) -> None:
    webhook, other = [await add_webhook(database, tenant, workflow_id, None) for _ in range(2)]
    taken = await asyncio.gather(*(take(intake, webhook, "k") for _ in range(25)))
    [first] = [one for one in taken if one.duplicate_of is None]
    assert {one.execution_id for one in taken} == {first.execution_id}
    assert len({one.duplicate_of for one in taken}) == 2
    assert (await take(intake, other, "k")).duplicate_of is None
    assert await count(database, "executions", tenant) == 2
    assert await count(database, "webhook_events", tenant) == 26


async def test_a_key_that_has_expired_is_free(
    database: Database, intake: Intake, tenant: str, workflow_id: str
) -> None:
    webhook = await add_webhook(database, tenant, workflow_id, None)
    first = await take(intake, webhook, "k", seconds=0)
    taken = await asyncio.gather(*(take(intake, webhook, "k") for _ in range(10)))
    assert len({one.execution_id for one in taken} | {first.execution_id}) == 2
    assert sum(one.duplicate_of is None for one in taken) == 1


async def test_all_or_nothing(database: Database, intake: Intake, tenant: str, workflow_id: str) -> None:
    webhook = await add_webhook(database, tenant, workflow_id, None)
    event = an_event(webhook, "k")
    with pytest.raises(ForeignKeyViolation):
        # Of that version no execution could find its definition.
        await intake.accept(event, begun_by(event, workflow_id, version=99), 60)
    assert await count(database, "webhook_events", tenant) == 0
    assert (await take(intake, webhook, "k")).duplicate_of is None
