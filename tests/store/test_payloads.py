"""Payloads in the database: kept once, found again, removed when nothing refers to them."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from temporalio.api.common.v1 import Payload
from temporalio.client import Client
from temporalio.converter import (
    StorageDriverRetrieveContext,
    StorageDriverStoreContext,
    StorageDriverWorkflowInfo,
)

from activities.sweep import Sweeper
from dev.temporal import Temporal
from gorax.settings import DatabaseSettings, Settings
from gorax.store import payloads
from gorax.store.payloads import PayloadLostError, PostgresPayloads
from gorax.store.session import Database

RETRIEVE = StorageDriverRetrieveContext()


def _of(workflow_id: str) -> StorageDriverStoreContext:
    return StorageDriverStoreContext(StorageDriverWorkflowInfo(namespace="default", id=workflow_id))


def _payload(data: bytes) -> Payload:
    return Payload(metadata={"encoding": b"json/plain"}, data=data)


@pytest.fixture
async def database(fresh_database_url: str) -> AsyncIterator[Database]:
    database = Database(Settings(database=DatabaseSettings(url=fresh_database_url)))
    yield database
    await database.close()


async def _rows(database: Database) -> int:
    async with database.platform() as session:
        return int((await session.execute(text("SELECT count(*) FROM payloads"))).scalar_one())


async def test_what_is_stored_is_found_by_another_process(database: Database) -> None:
    stored = [_payload(b"a" * 300_000), _payload(b"b" * 300_000)]
    claims = await PostgresPayloads(database).store(_of("t:exec_1"), stored)
    assert await PostgresPayloads(database).retrieve(RETRIEVE, claims) == stored


async def test_the_same_payload_of_an_execution_is_kept_once(database: Database) -> None:
    driver = PostgresPayloads(database)
    claims = await asyncio.gather(
        *(driver.store(_of(f"t:exec_1/each[{n}-{n}]"), [_payload(b"frame" * 9_000)]) for n in range(20))
    )
    assert len({claim.claim_data["digest"] for [claim] in claims}) == 1
    assert await _rows(database) == 1
    await driver.store(_of("t:exec_2"), [_payload(b"frame" * 9_000)])
    assert await _rows(database) == 2


async def test_a_process_keeps_no_more_than_it_may(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(payloads, "CACHED_BYTES", 1_000_000)
    driver = PostgresPayloads(database)
    stored = [_payload(bytes([number]) * 400_000) for number in range(5)]
    claims = await driver.store(_of("t:exec_1"), stored)
    assert await driver.retrieve(RETRIEVE, claims) == stored
    assert driver.cached_bytes <= 1_000_000


async def test_a_payload_that_is_gone_is_a_clear_error(database: Database) -> None:
    [claim] = await PostgresPayloads(database).store(_of("t:exec_1"), [_payload(b"x")])
    async with database.platform() as session:
        await session.execute(text("DELETE FROM payloads"))
        await session.commit()
    with pytest.raises(PayloadLostError, match="of t:exec_1 is not in the database"):
        await PostgresPayloads(database).retrieve(RETRIEVE, [claim])


async def test_a_sweep_removes_what_temporal_has_forgotten(database: Database, temporal: Temporal) -> None:
    client = await Client.connect(temporal.address)
    await client.start_workflow("Nothing", id="t:exec_known", task_queue="nobody")
    driver = PostgresPayloads(database)
    for workflow_id in ("t:exec_known", "t:exec_forgotten"):
        await driver.store(_of(workflow_id), [_payload(b"x" * 1_000)])
    assert (await Sweeper(client, database).sweep_payloads()).checked == 0
    sweeper = Sweeper(client, database, unchecked=timedelta(0))
    first, second = await sweeper.sweep_payloads(), await sweeper.sweep_payloads()
    assert (first.checked, first.dropped) == (2, 0)
    assert (second.checked, second.dropped) == (2, 1)
    async with database.platform() as session:
        rows = (await session.execute(text("SELECT scope, checked_at FROM payloads"))).all()
    assert [row.scope for row in rows] == ["t:exec_known"]
    assert rows[0].checked_at > datetime.now(UTC) - timedelta(minutes=1)
    await client.get_workflow_handle("t:exec_known").terminate()
