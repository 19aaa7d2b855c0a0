"""Executions after Temporal has forgotten them, and after their tenant has kept them long enough."""

import json
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import select, text, update
from sqlmodel import col
from temporalio.api.workflowservice.v1 import RegisterNamespaceRequest
from temporalio.client import Client, WorkflowFailureError
from temporalio.service import RPCError

from activities.archive import Archiver
from activities.retention import Expirer
from api.services.history import History
from api.services.streams.reader import Message, Reader
from api.services.streams.watcher import Watcher
from gorax.archive import RunArchive
from gorax.core.actions.catalogue import full_catalogue
from gorax.core.maintenance import ArchiveReport
from gorax.engine.converter import data_converter
from gorax.engine.earlier import EarlierRuns
from gorax.engine.history import StepQuery
from gorax.engine.runs import Runs
from gorax.engine.s3 import AT_WORK
from gorax.payloads import external_storage
from gorax.settings import ArchiveSettings, PayloadSettings, S3Settings, Settings
from gorax.store.session import Database
from gorax.store.tables import ArchivedRun, Execution
from tests.store.rows import add_execution, add_workflow
from tests.support.executions import becomes, begin, until
from tests.support.interpreter import TENANT, running_interpreter
from tests.support.object_store import BUCKET, ObjectStore, running_object_store

LOOP: dict[str, Any] = {
    "id": "each",
    "type": "for_each",
    "config": {
        "items": "1..1001",
        "actions": [{"id": "square", "type": "formula", "config": {"expression": "item * item"}}],
    },
}
LARGE = {"id": "large", "type": "formula", "config": {"expression": "map(1..200, repeat('x', 1000))"}}
BROKEN = {"id": "broken", "type": "formula", "config": {"expression": "[1][trigger.body.at]"}}
AT_ONCE = ArchiveSettings(after=0)


@pytest.fixture
async def client(settings: Settings, database: Database) -> Client:
    """A client of the run's Temporal."""
    converter = data_converter(external_storage(settings, database, AT_WORK))
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
    return await Archiver(
        client, database, RunArchive(database, settings, AT_WORK), settings.archive
    ).archive_runs()


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
    archive = RunArchive(database, settings, AT_WORK)
    assert await Runs(forgetful).run(tenant, execution_id) is None
    there, kept_only = Runs(client), Runs(forgetful, archive)
    assert await kept_only.run(tenant, execution_id) == await there.run(tenant, execution_id)
    for offset in (0, 200):
        query = StepQuery(limit=100, offset=offset)
        page = await kept_only.steps(tenant, execution_id, query)
        assert page is not None
        assert (page.total, page) == (1004, await there.steps(tenant, execution_id, query))
    assert await kept_only.tallies(tenant, execution_id) == await there.tallies(tenant, execution_id)
    definition = {"actions": [LARGE, LOOP, BROKEN]}
    results = [
        await EarlierRuns(from_, runs, full_catalogue()).results(tenant, execution_id, definition)
        for from_, runs in ((forgetful, kept_only), (client, there))
    ]
    assert results[0] == results[1]
    assert "each[1000].square" in results[0]
    async with database.session(tenant) as session:
        row = await session.get(Execution, execution_id)
    assert row is not None
    watcher, reader = Watcher(database, forgetful, History(kept_only), row, lambda: 0.2), Reader()
    watcher.join(reader, None)
    await watcher.run()
    told: list[str] = []
    while isinstance(message := await reader.next(), Message):
        told += [step["id"] for step in json.loads(message.text).get("steps", ())]
    assert len(set(told)) == len(told) == 1004


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
    archive = RunArchive(database, in_objects, AT_WORK)
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


async def test_its_payloads_go_from_the_object_store_with_it(
    client: Client, database: Database, settings: Settings, objects: tuple[ObjectStore, S3Settings]
) -> None:
    store, s3 = objects
    in_objects = settings.model_copy(
        update={
            "payloads": PayloadSettings(store="s3", inline_bytes=10_000),
            "s3": s3,
            "archive": AT_ONCE,
            "temporal": settings.temporal.model_copy(update={"task_queue": "payload-objects"}),
        }
    )
    loop = {**LOOP, "config": {"items": "1..300", "actions": [{**LARGE, "id": "one"}]}}
    workflow_id = await add_workflow(database, TENANT)
    async with running_interpreter(client, in_objects) as interpreter:
        handles = [
            await interpreter.start({"actions": [LARGE, step]}, "x" * 20_000) for step in (loop, BROKEN)
        ]
        for handle in handles:
            with suppress(WorkflowFailureError):
                await handle.result()
        ended = datetime.now(UTC)
        ids = [handle.id.partition(":")[2] for handle in handles]
        for number, execution_id in enumerate(ids):
            await add_execution(database, TENANT, workflow_id, id=execution_id)
            async with database.platform() as session:
                at = ended - timedelta(days=4 - 2 * number)
                row = update(Execution).where(col(Execution.id) == execution_id)
                await session.execute(row.values(status="completed", started_at=at, completed_at=at))
                await session.commit()

        async def complete() -> bool:
            await archived(interpreter.client, database, in_objects)
            return len(await kept(database, ids[0])) > 1 and bool(await kept(database, ids[1]))

        await until(complete)
    runs = [run for execution_id in ids for run in await kept(database, execution_id)]
    assert all(run.data is not None for run in runs)
    names = sorted({name for run in runs for name in run.payloads})
    assert names == sorted(path.removeprefix(f"/{BUCKET}/") for path in store.objects)
    assert sum("each%5B" in name for name in names) > 3
    async with database.platform() as session:
        await session.execute(
            text("""UPDATE tenants SET quotas = '{"retention_days": 3}' WHERE id = :id"""), {"id": TENANT}
        )
        await session.commit()
    archive = RunArchive(database, in_objects, AT_WORK)
    assert (await Expirer(database, archive).expire_executions()).executions >= 1
    assert await kept(database, ids[0]) == []
    [young] = await kept(database, ids[1])
    assert sorted(path.removeprefix(f"/{BUCKET}/") for path in store.objects) == young.payloads != []
