"""Executions after Temporal has forgotten them, and after their tenant has kept them long enough."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import select, text, update
from sqlmodel import col
from temporalio.api.workflowservice.v1 import RegisterNamespaceRequest
from temporalio.client import Client
from temporalio.service import RPCError

from activities.archive import Archiver
from activities.retention import Expirer
from gorax.archive import RunArchive
from gorax.core.actions.catalogue import full_catalogue
from gorax.core.maintenance import ArchiveReport
from gorax.engine.converter import data_converter
from gorax.engine.earlier import EarlierRuns
from gorax.engine.history import StepQuery
from gorax.engine.runs import Runs
from gorax.payloads import external_storage
from gorax.settings import ArchiveSettings, S3Settings, Settings
from gorax.store.session import Database
from gorax.store.tables import ArchivedRun, Execution
from tests.support.executions import becomes, begin, until
from tests.support.object_store import ObjectStore, running_object_store

LOOP: dict[str, Any] = {
    "id": "each",
    "type": "for_each",
    "config": {
        "items": "1..300",
        "actions": [{"id": "square", "type": "formula", "config": {"expression": "item * item"}}],
    },
}
LARGE = {"id": "large", "type": "formula", "config": {"expression": "map(1..200, repeat('x', 1000))"}}
BROKEN = {"id": "broken", "type": "formula", "config": {"expression": "[1][trigger.body.at]"}}
AT_ONCE = ArchiveSettings(after=0)


@pytest.fixture
async def client(settings: Settings, database: Database) -> Client:
    """A client of the run's Temporal."""
    converter = data_converter(external_storage(settings, database))
    return await Client.connect(settings.temporal.target, data_converter=converter)


@pytest.fixture
async def forgetful(client: Client) -> Client:
    """A client of a Temporal that knows of no run at all: of a namespace that is empty."""
    request = RegisterNamespaceRequest(namespace="empty")
    request.workflow_execution_retention_period.FromTimedelta(timedelta(days=1))
    with suppress(RPCError):  # it is there already
        await client.workflow_service.register_namespace(request)
    config = client.config()
    config["namespace"] = "empty"
    return Client(**config)


@pytest.fixture
def objects() -> Iterator[tuple[ObjectStore, S3Settings]]:
    """A store of objects."""
    with running_object_store() as running:
        yield running


async def archived(client: Client, database: Database, settings: Settings) -> ArchiveReport:
    """What a pass did, over all that has ended."""
    async with database.platform() as session:
        await session.execute(text("DELETE FROM archive_progress"))
        await session.commit()
    return await Archiver(client, database, RunArchive(database, settings), settings.archive).archive_runs()


async def kept(database: Database, execution_id: str) -> list[ArchivedRun]:
    """The execution's archived runs."""
    async with database.platform() as session:
        found = select(ArchivedRun).where(col(ArchivedRun.execution_id) == execution_id)
        return list((await session.scalars(found)).all())


async def test_it_is_read_as_before(
    api: httpx.AsyncClient,
    client: Client,
    forgetful: Client,
    database: Database,
    settings: Settings,
    tenant: str,
) -> None:
    execution_id = await begin(api, LARGE, LOOP, BROKEN)
    await becomes(api, execution_id, "failed")
    at_once = settings.model_copy(update={"archive": AT_ONCE})

    async def complete() -> bool:  # visibility is a moment late
        await archived(client, database, at_once)
        return len(await kept(database, execution_id)) > 1

    await until(complete)
    runs = await kept(database, execution_id)
    assert {run.workflow_id.partition("/")[0] for run in runs} == {f"{tenant}:{execution_id}"}
    assert (await archived(client, database, at_once)).archived == 0  # again is the same as once
    archive = RunArchive(database, settings)
    assert await Runs(forgetful).run(tenant, execution_id) is None
    there, kept_only = Runs(client), Runs(forgetful, archive)
    assert await kept_only.run(tenant, execution_id) == await there.run(tenant, execution_id)
    for offset in (0, 200):
        query = StepQuery(limit=100, offset=offset)
        page = await kept_only.steps(tenant, execution_id, query)
        assert page is not None
        assert (page.total, page) == (303, await there.steps(tenant, execution_id, query))
    assert await kept_only.tallies(tenant, execution_id) == await there.tallies(tenant, execution_id)
    definition = {"actions": [LARGE, LOOP, BROKEN]}
    results = [
        await EarlierRuns(from_, runs, full_catalogue()).results(tenant, execution_id, definition)
        for from_, runs in ((forgetful, kept_only), (client, there))
    ]
    assert results[0] == results[1]
    assert "each[299].square" in results[0]


async def test_the_object_store_has_it_until_it_is_too_old(
    api: httpx.AsyncClient,
    client: Client,
    forgetful: Client,
    database: Database,
    settings: Settings,
    tenant: str,
    objects: tuple[ObjectStore, S3Settings],
) -> None:
    store, s3 = objects
    in_objects = settings.model_copy(update={"archive": ArchiveSettings(store="s3", after=0), "s3": s3})
    execution_id, young = [await begin(api, {**LARGE, "id": name}) for name in ("old", "young")]
    for each in (execution_id, young):
        await becomes(api, each, "completed")

    async def complete() -> bool:
        await archived(client, database, in_objects)
        return bool(await kept(database, execution_id) and await kept(database, young))

    await until(complete)
    runs = await kept(database, execution_id)
    assert [run.data for run in runs] == [None]
    name = f"/archive/{runs[0].workflow_id}/{runs[0].run_id}"
    assert sum(path.endswith(name) for path in store.objects) == 1
    archive = RunArchive(database, in_objects)
    page = await Runs(forgetful, archive).steps(tenant, execution_id)
    assert page is not None
    assert [step.status for step in page.steps] == ["completed"]

    async with database.platform() as session:
        await session.execute(
            text("""UPDATE tenants SET quotas = '{"retention_days": 3}' WHERE id = :id"""), {"id": tenant}
        )
        long_ago = text("started_at - interval '4 days'")
        aged = update(Execution).where(col(Execution.id) == execution_id)
        await session.execute(aged.values(started_at=long_ago, completed_at=long_ago))
        await session.commit()
    assert (await Expirer(database, archive, batch=1).expire_executions()).executions == 1
    assert (await api.get(f"/api/v1/executions/{execution_id}")).status_code == 404
    assert (await api.get(f"/api/v1/executions/{young}")).status_code == 200
    assert await kept(database, execution_id) == []
    assert [path for path in store.objects if path.endswith(name)] == []
    assert len(store.objects) > 0
