"""Schedules and their twins, after somebody else was at work in Temporal."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from temporalio.client import Client, ScheduleHandle, ScheduleUpdate
from temporalio.common import SearchAttributeKey, SearchAttributePair, TypedSearchAttributes
from temporalio.service import RPCError

from activities.reconcile import Reconciler
from activities.twins import TwinKeeper
from gorax.core.maintenance import CompareRequest, ReconcileRequest
from gorax.core.schedules import Timing
from gorax.core.twins import Twin
from gorax.engine.converter import data_converter
from gorax.engine.runs import Runs
from gorax.engine.schedules import TwinSchedules
from gorax.settings import Settings
from gorax.store.session import Database
from tests.support.executions import until
from tests.support.schedules import add_schedule, add_workflow, executions_of, get_schedule

THOROUGHLY = CompareRequest(thoroughly=True)
TOLD = SearchAttributeKey.for_keyword("GoraxSchedule")


@pytest.fixture
async def client(settings: Settings) -> Client:
    """A client of the run's Temporal."""
    return await Client.connect(settings.temporal.target, data_converter=data_converter())


@pytest.fixture
async def database(settings: Settings) -> AsyncIterator[Database]:
    """The API's own database."""
    database = Database(settings)
    yield database
    await database.close()


@pytest.fixture
def keeper(client: Client, database: Database) -> TwinKeeper:
    """The activity of a worker, which waits for nothing."""
    return TwinKeeper(TwinSchedules(client, "gorax"), database, lag=timedelta())


def handle_of(client: Client, tenant: str, schedule_id: str) -> ScheduleHandle:
    """The twin."""
    return client.get_schedule_handle(f"{tenant}:{schedule_id}")


async def is_listed(client: Client, schedule_id: str, told: str | None) -> None:
    """Wait until Temporal lists the twin as one that was told this, or lists it no more."""

    async def so() -> bool:
        found = [one async for one in await client.list_schedules(f"ScheduleId = '{schedule_id}'")]
        return [one.typed_search_attributes.get(TOLD) for one in found] == ([told] if told else [])

    await until(so)


async def test_a_lost_twin_comes_back(
    api: httpx.AsyncClient, keeper: TwinKeeper, client: Client, tenant: str
) -> None:
    schedule = await add_schedule(api, await add_workflow(api), every="1d", payload=[1], remaining_runs=3)
    handle = handle_of(client, tenant, schedule["id"])
    await handle.delete()
    await is_listed(client, handle.id, None)
    await keeper.compare_schedules(CompareRequest())  # their number is enough to tell

    async def back() -> bool:
        try:
            state = (await handle.describe()).schedule.state
        except RPCError:
            return False
        return (state.limited_actions, state.remaining_actions) == (True, 3)

    await until(back)


async def test_a_twin_that_knows_something_else_is_told(
    api: httpx.AsyncClient, keeper: TwinKeeper, client: Client, tenant: str
) -> None:
    schedule = await add_schedule(api, await add_workflow(api), every="1d")
    handle = handle_of(client, tenant, schedule["id"])

    def meddle(found: object) -> ScheduleUpdate:
        changed = found.description.schedule  # type: ignore[attr-defined]
        changed.policy.pause_on_failure = True
        return ScheduleUpdate(changed, TypedSearchAttributes([SearchAttributePair(TOLD, "active.77")]))

    await handle.update(meddle)
    await is_listed(client, handle.id, "active.77")
    await keeper.compare_schedules(THOROUGHLY)

    async def right() -> bool:
        described = await handle.describe()
        return not described.schedule.policy.pause_on_failure

    await until(right)
    await is_listed(client, handle.id, "active.1")


async def test_a_twin_of_no_schedule_is_removed(keeper: TwinKeeper, client: Client, tenant: str) -> None:
    twin = Twin(
        tenant_id=tenant,
        schedule_id="sch_nobodys",
        workflow_id="wf_none",
        workflow_name="Nobody's",
        timing=Timing(every=86_400),
        active=True,
        note=None,
        overlap="skip",
        catchup_window=600,
        pause_on_failure=False,
        remaining_runs=None,
        generation=1,
    )
    twins = TwinSchedules(client, "gorax")
    for known in (False, True, False):  # whatever is expected
        await twins.put(twin, known=known)
    handle = handle_of(client, tenant, "sch_nobodys")
    await is_listed(client, handle.id, "active.1")
    await keeper.compare_schedules(THOROUGHLY)
    with pytest.raises(RPCError, match="not found"):
        await handle.describe()
    await twins.remove(tenant, "sch_nobodys")


async def test_what_an_operator_pauses_or_resumes_shows(
    api: httpx.AsyncClient, keeper: TwinKeeper, client: Client, tenant: str
) -> None:
    workflow_id = await add_workflow(api)
    schedule = await add_schedule(api, workflow_id, every="1d")
    handle = handle_of(client, tenant, schedule["id"])
    await is_listed(client, handle.id, "active.1")
    await handle.pause(note="maintenance window")

    async def shows(enabled: bool, told: str) -> None:
        async def so() -> bool:
            await keeper.compare_schedules(CompareRequest())
            shown = await get_schedule(api, schedule["id"])
            return bool(shown["enabled"] is enabled and shown["synced"])

        await until(so)
        await is_listed(client, handle.id, told)

    await shows(False, "paused.2")
    assert (await get_schedule(api, schedule["id"]))["pause_reason"] == "maintenance window"
    assert (await handle.describe()).schedule.state.note == "maintenance window"
    await handle.unpause()
    await shows(True, "active.3")
    assert (await get_schedule(api, schedule["id"]))["pause_reason"] is None
    # Of a disabled workflow it stays paused, whatever anybody does there.
    await api.put(f"/api/v1/workflows/{workflow_id}", json={"enabled": False})
    await is_listed(client, handle.id, "paused.4")
    await handle.unpause()
    await shows(True, "paused.5")
    assert (await handle.describe()).schedule.state.paused


async def test_an_execution_that_ends_before_it_begins_is_listed(
    api: httpx.AsyncClient, client: Client, database: Database, tenant: str
) -> None:
    # On a queue that nobody works on, it never writes its row.
    schedule = await add_schedule(api, await add_workflow(api), run_at="2099-01-01T00:00:00Z")
    handle = handle_of(client, tenant, schedule["id"])

    def elsewhere(found: object) -> ScheduleUpdate:
        changed = found.description.schedule  # type: ignore[attr-defined]
        changed.action.task_queue = "nobody"
        return ScheduleUpdate(changed)

    await handle.update(elsewhere)
    await handle.trigger()
    started: list[str] = []

    async def runs() -> bool:
        started[:] = [
            action.action.workflow_id  # type: ignore[attr-defined]
            for action in (await handle.describe()).info.recent_actions
        ]
        return bool(started)

    await until(runs)
    await client.get_workflow_handle(started[0]).terminate(reason="by hand")

    async def listed() -> bool:
        await Reconciler(client, database, Runs(client)).reconcile_executions(ReconcileRequest())
        rows = await executions_of(api, schedule["id"])
        return [row["status"] for row in rows] == ["terminated"]

    await until(listed)
    [row] = await executions_of(api, schedule["id"])
    assert f"{tenant}:{row['id']}" == started[0]
    assert row["error"]["message"] == "by hand"
    assert datetime.fromisoformat(row["completed_at"]) <= datetime.now(UTC)
