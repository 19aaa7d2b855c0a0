"""What the payloads of sub-workflows live for."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import text
from temporalio.api.common.v1 import Payload
from temporalio.client import Client
from temporalio.converter import StorageDriverStoreContext, StorageDriverWorkflowInfo

from activities.sweep import Sweeper
from dev.temporal import Temporal
from gorax.core.ids import EXECUTION, new_id, temporal_workflow_id
from gorax.settings import DatabaseSettings, Settings
from gorax.store.archive import Archive
from gorax.store.executions import Executions
from gorax.store.payloads import PostgresPayloads
from gorax.store.session import Database
from tests.store.rows import NOON, add_execution, add_workflow


@pytest.fixture
async def database(fresh_database_url: str) -> AsyncIterator[Database]:
    database = Database(Settings(database=DatabaseSettings(url=fresh_database_url)))
    yield database
    await database.close()


async def _child(database: Database, tenant: str, workflow_id: str, parent: str) -> str:
    execution_id = new_id(EXECUTION)
    async with database.platform() as session:
        await Executions(session, tenant).begin(
            id=execution_id,
            workflow_id=workflow_id,
            workflow_name="Orders",
            version=1,
            trigger={"type": "sub_workflow", "body": {}},
            priority=1,
            accepted_at=NOON,
            parent_execution_id=parent,
            parent_path="call",
        )
        await session.commit()
    return execution_id


async def _store(database: Database, workflow_id: str) -> None:
    target = StorageDriverWorkflowInfo(namespace="default", id=workflow_id)
    await PostgresPayloads(database).store(StorageDriverStoreContext(target), [Payload(data=b"x" * 1_000)])


async def _scopes(database: Database) -> set[str]:
    async with database.platform() as session:
        return set((await session.scalars(text("SELECT scope FROM payloads"))).all())


@pytest.mark.parametrize("known", ["outer", "inner"])
async def test_payloads_live_as_long_as_the_run_around_or_inside_theirs(
    database: Database, temporal: Temporal, tenant: str, known: str
) -> None:
    client = await Client.connect(temporal.address)
    workflow_id = await add_workflow(database, tenant)
    outer = (await add_execution(database, tenant, workflow_id)).id
    for _ in range(120):
        inner = await _child(database, tenant, workflow_id, outer)
    running = temporal_workflow_id(tenant, outer if known == "outer" else inner)
    forgotten = temporal_workflow_id(tenant, inner if known == "outer" else outer)
    await _store(database, forgotten)
    handle = await client.start_workflow("Nothing", id=running, task_queue="nobody")
    query = f"WorkflowId = '{running}'"
    while not (await client.count_workflows(query)).count:  # what visibility knows comes a little later
        await asyncio.sleep(0.05)
    report = await Sweeper(client, database, unchecked=timedelta(0)).sweep_payloads()
    assert (report.checked, report.dropped) == (1, 0)
    assert await _scopes(database) == {forgotten}
    await handle.terminate()


async def test_with_nothing_around_it_a_forgotten_sub_workflow_loses_its_payloads(
    database: Database, temporal: Temporal, tenant: str
) -> None:
    client = await Client.connect(temporal.address)
    workflow_id = await add_workflow(database, tenant)
    outer = await add_execution(database, tenant, workflow_id)
    inner = temporal_workflow_id(tenant, await _child(database, tenant, workflow_id, outer.id))
    await _store(database, inner)
    sweeper = Sweeper(client, database, unchecked=timedelta(0))
    assert (await sweeper.sweep_payloads()).dropped == 0
    assert (await sweeper.sweep_payloads()).dropped == 1
    assert await _scopes(database) == set()


async def test_what_the_archive_refers_to_stays_as_long_as_the_execution(
    database: Database, temporal: Temporal, tenant: str
) -> None:
    client = await Client.connect(temporal.address)
    workflow_id = await add_workflow(database, tenant)
    outer = await add_execution(database, tenant, workflow_id)
    inner = temporal_workflow_id(tenant, await _child(database, tenant, workflow_id, outer.id))
    own = temporal_workflow_id(tenant, outer.id)
    for scope in (own, inner):
        await _store(database, scope)
    async with database.platform() as session:
        await Archive(session).keep((own, "run"), NOON, b"", [])
        await session.commit()
    sweeper = Sweeper(client, database, unchecked=timedelta(0))
    for _ in range(3):
        await sweeper.sweep_payloads()
    assert await _scopes(database) == {own, inner}
    async with database.platform() as session:
        await session.execute(text("DELETE FROM archived_runs"))
        await session.commit()
    for _ in range(2):
        await sweeper.sweep_payloads()
    assert await _scopes(database) == set()


async def test_payloads_that_are_missed_once_stay_for_an_hour(
    database: Database, temporal: Temporal, tenant: str
) -> None:
    client = await Client.connect(temporal.address)
    workflow_id = temporal_workflow_id(tenant, new_id(EXECUTION))
    await _store(database, workflow_id)

    async def swept(**since: float) -> tuple[int, int]:
        """What a sweep does after so long: the rows are made older instead."""
        async with database.platform() as session:
            ages = {"age": timedelta(**since)}
            await session.execute(
                text("UPDATE payloads SET checked_at = checked_at - :age, missed_at = missed_at - :age"), ages
            )
            await session.commit()
        report = await Sweeper(client, database).sweep_payloads()
        return report.checked, report.dropped

    assert await swept(hours=30) == (1, 0)
    assert await swept(minutes=50) == (0, 0)
    # A server that was restored meanwhile has it: then it counts as missed for the first time again.
    handle = await client.start_workflow("Nothing", id=workflow_id, task_queue="nobody")
    assert await swept(minutes=20) == (1, 0)
    await handle.terminate()
    gone = temporal_workflow_id(tenant, new_id(EXECUTION))
    async with database.platform() as session:
        await session.execute(text("UPDATE payloads SET scope = :gone"), {"gone": gone})
        await session.commit()
    assert await swept(hours=2) == (1, 0)
    # So it does when it is stored again.
    await _store(database, gone)
    assert await swept(hours=2) == (1, 0)
    assert await swept(hours=2) == (1, 1)
    assert await _scopes(database) == set()
