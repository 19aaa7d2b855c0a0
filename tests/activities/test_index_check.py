"""Checking the whole index: what differs from Temporal is found, told and put right, and then there is nothing left."""

import asyncio
import os
import shlex
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from google.protobuf.duration_pb2 import Duration
from sqlalchemy import text
from temporalio.api.workflowservice.v1 import RegisterNamespaceRequest
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from activities import index_check
from activities.index_check import CheckReport, IndexCheck
from dev.environment import environment
from gorax.core.contracts import INTERPRETER
from gorax.core.errors import Conflict, ErrorInfo
from gorax.core.ids import temporal_workflow_id
from gorax.engine.converter import data_converter
from gorax.settings import DatabaseSettings, Settings
from gorax.store.execution_index import ExecutionIndex
from gorax.store.execution_rollup import ExecutionRollup
from gorax.store.executions import Executions
from gorax.store.session import Database
from gorax.store.tables import Execution
from tests.docs.fences import ROOT, fences
from tests.store.rows import NOON, add_execution, add_workflow, closing


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look at what has just begun, too, and name everything: other tests' runs have no rows here."""
    monkeypatch.setattr(index_check, "SETTLED", timedelta(seconds=-60))
    monkeypatch.setattr(index_check, "MAX_TOLD", 1_000_000)
    monkeypatch.setattr(index_check, "PIECE", 2)


@pytest.mark.usefixtures("at_once")
async def test_what_differs_is_found_and_put_right(
    fresh_database_url: str, settings: Settings, tenant: str
) -> None:
    database = Database(Settings(database=DatabaseSettings(url=fresh_database_url)))
    client = await Client.connect(settings.temporal.target, data_converter=data_converter())
    workflow_id = await add_workflow(database, tenant)
    rows = [await add_execution(database, tenant, workflow_id, accepted_at=NOON) for _ in range(6)]
    right, terminated, lost, reopened, late, unstarted = rows
    nobody = rows[0].model_copy(update={"id": f"{right.id}x"})
    started = [right, terminated, reopened, late, nobody]
    # Nobody works on this queue: what was started stays as it is.
    handles = {
        row.id: await client.start_workflow(
            INTERPRETER, id=temporal_workflow_id(tenant, row.id), task_queue=f"nobody-{tenant}"
        )
        for row in started
    }
    await handles[terminated.id].terminate(reason="by hand")
    wrong_end = closing(reopened, status="failed", error=ErrorInfo(type="internal", message="a mistake"))
    async with database.platform() as session:
        await ExecutionIndex(session).mark_started([right.id, terminated.id, lost.id])
        await ExecutionIndex(session).close(wrong_end)
        await ExecutionRollup(session).fold(100)
        await session.execute(
            text("UPDATE execution_totals SET executions = executions + 1 WHERE span = 1440")
        )
        await session.commit()

    async def check(*, repair: bool) -> CheckReport:
        return await IndexCheck(client, database, repair=repair).run()

    async def are_listed() -> bool:
        """Whether Temporal's lists have these: they follow by a moment."""
        query = f"TaskQueue = 'nobody-{tenant}' AND ExecutionStatus = "
        counts = [
            (await client.count_workflows(f"{query}'{one}'")).count for one in ("Running", "Terminated")
        ]
        return counts == [4, 1]

    async with asyncio.timeout(10):
        while not await are_listed():
            await asyncio.sleep(0.1)
    own = f"{tenant}:"
    expected = {
        f"{own}{terminated.id} is terminated in Temporal and running in the index",
        f"{own}{lost.id} is unknown in Temporal and running in the index",
        f"{own}{reopened.id} is running in Temporal and failed in the index",
        f"{own}{late.id} is running in Temporal and pending in the index",
        f"{own}{nobody.id} is running in Temporal and has no row",
        f"6 totals of {tenant} on 2026-05-04 are not those of its rows",
    }
    found = await check(repair=False)
    told = {line for line in found.differences if tenant in line}
    assert told == expected
    assert (found.differing, found.totals) == (4, 6)
    before = {row.id: row.status for row in await _rows(database, rows)}
    assert (await check(repair=False)).differing == found.differing
    assert {row.id: row.status for row in await _rows(database, rows)} == before

    await check(repair=True)
    after = {row.id: row for row in await _rows(database, rows)}
    assert {row.id: after[row.id].status for row in rows} == {
        right.id: "running",
        terminated.id: "terminated",
        lost.id: "failed",
        reopened.id: "running",
        late.id: "running",
        unstarted.id: "pending",
    }
    assert (after[reopened.id].completed_at, after[reopened.id].error) == (None, None)
    assert (after[terminated.id].error or {})["message"] == "by hand"
    again = await check(repair=True)
    assert (again.differing, again.totals) == (0, 0)
    for row in started:
        if row.id != terminated.id:
            await handles[row.id].terminate()
    await database.close()


@pytest.mark.usefixtures("at_once")
async def test_a_temporal_that_has_nothing_ends_nothing_unless_told(
    fresh_database_url: str, settings: Settings, tenant: str
) -> None:
    database = Database(Settings(database=DatabaseSettings(url=fresh_database_url)))
    workflow_id = await add_workflow(database, tenant)
    row = await add_execution(database, tenant, workflow_id, accepted_at=NOON)
    async with database.platform() as session:
        await ExecutionIndex(session).mark_started([row.id])
        await session.commit()
    client = await _other_namespace(settings, tenant)

    with pytest.raises(Conflict, match=f"not one execution in its namespace '{tenant}'"):
        await IndexCheck(client, database, repair=True).run()
    assert [one.status for one in await _rows(database, [row])] == ["running"]
    assert (await IndexCheck(client, database, repair=True, lost=True).run()).differing == 1
    assert [one.status for one in await _rows(database, [row])] == ["failed"]
    await database.close()


def test_the_command_says_how_far_it_is_and_what_it_found(
    fresh_database_url: str, settings: Settings
) -> None:
    own = settings.model_copy(update={"database": DatabaseSettings(url=fresh_database_url)})
    page = ROOT / "docs" / "operating.md"
    shown = next(fence for fence in fences(page, "bash") if "check_index" in fence.text)
    python, *words = shlex.split(shown.text.splitlines()[0], comments=True)
    assert Path(python).parts == (".venv", "bin", "python")
    command = [sys.executable, *words]
    done = subprocess.run(
        command, env={**os.environ, **environment(own)}, capture_output=True, text=True, timeout=60
    )
    lines = done.stdout.splitlines()
    assert lines[-1] == "check: 0 days of totals: 0 differences found", done.stderr
    # Runs of other tests have no rows here.
    assert done.returncode == (1 if "runs have no row" in done.stdout else 0)


async def _other_namespace(settings: Settings, name: str) -> Client:
    """A client of a namespace that has nothing yet."""
    client = await Client.connect(settings.temporal.target, namespace=name, data_converter=data_converter())
    kept = Duration(seconds=86_400)
    await client.workflow_service.register_namespace(
        RegisterNamespaceRequest(namespace=name, workflow_execution_retention_period=kept)
    )
    async with asyncio.timeout(20):
        while True:
            try:
                await client.count_workflows()
            except RPCError as error:
                if error.status is not RPCStatusCode.NOT_FOUND:
                    raise
                await asyncio.sleep(0.2)
            else:
                return client


async def _rows(database: Database, rows: list[Execution]) -> list[Execution]:
    found = []
    for row in rows:
        async with database.session(row.tenant_id) as session:
            read = await Executions(session, row.tenant_id).get(row.id)
        assert read is not None
        found.append(read)
    return found
