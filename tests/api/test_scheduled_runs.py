"""Executions that schedules begin by themselves."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from temporalio.client import Client

from activities.twins import TwinKeeper
from gorax.core.maintenance import CompareRequest
from gorax.engine.schedules import TwinSchedules
from gorax.settings import Settings
from gorax.store.session import Database
from tests.support.executions import WAIT, get, statuses, until
from tests.support.schedules import add_schedule, add_workflow, executions_of, get_schedule

FAIL = {"id": "fail", "type": "fail", "config": {"message": "as asked"}}


async def runs_of(
    api: httpx.AsyncClient, schedule: dict[str, Any], count: int, seconds: float = 15
) -> list[dict[str, Any]]:
    """Wait for so many executions of the schedule; the oldest first."""

    async def there() -> bool:
        return len(await executions_of(api, schedule["id"])) >= count

    await until(there, seconds)
    return (await executions_of(api, schedule["id"]))[::-1]


def nominal(execution: dict[str, Any]) -> datetime:
    """The time that is in an execution's id."""
    _, _, moment = execution["id"].partition("-")
    return datetime.fromisoformat(moment)


async def test_a_schedule_begins_executions_in_time(
    api: httpx.AsyncClient, settings: Settings, tenant: str
) -> None:
    workflow_id = await add_workflow(api, output="{{trigger}}")
    schedule = await add_schedule(api, workflow_id, every="1s", payload={"n": 1}, remaining_runs=3)
    rows = await runs_of(api, schedule, 3)
    times = [nominal(row) for row in rows]
    assert times == [times[0] + timedelta(seconds=number) for number in range(3)]

    async def used_up() -> bool:
        return bool((await get_schedule(api, schedule["id"]))["remaining_runs"] == 0)

    await until(used_up)
    shown = await get_schedule(api, schedule["id"])
    assert (shown["next_run"], shown["last_run"]) == (None, rows[-1]["started_at"])

    async def completed() -> bool:
        return bool((await get(api, rows[0]["id"]))["status"] == "completed")

    await until(completed)
    first = await get(api, rows[0]["id"])
    assert first["output"] == {
        "type": "schedule",
        "body": {"n": 1},
        "schedule_id": schedule["id"],
        "scheduled_at": times[0].isoformat().replace("+00:00", "Z"),
    }
    assert (first["trigger_type"], first["created_by"]) == ("schedule", "schedule")
    assert datetime.fromisoformat(first["started_at"]) - times[0] < timedelta(seconds=3)
    assert await statuses(api, rows[0]["id"]) == {"say": "completed"}
    listed = (await api.get("/api/v1/executions?trigger_type=schedule")).json()
    assert listed["total"] == 3
    client = await Client.connect(settings.temporal.target)
    described = await client.get_workflow_handle(f"{tenant}:{rows[0]['id']}").describe()
    attributes = {pair.key.name: pair.value for pair in described.typed_search_attributes}
    assert (attributes["GoraxTenant"], attributes["GoraxWorkflow"]) == (tenant, workflow_id)
    assert attributes["GoraxTrigger"] == "schedule"
    assert await described.static_summary() == "Daily Report"
    priority = described.raw_description.workflow_execution_info.priority
    assert (priority.priority_key, priority.fairness_key) == (3, tenant)
    # The id, with its colons, is one like others.
    rerun = await api.post(f"/api/v1/executions/{rows[0]['id']}/rerun", json={})
    assert rerun.status_code == 202, rerun.text
    assert (await api.post(f"/api/v1/executions/{rows[0]['id']}/cancel")).status_code == 409


@pytest.fixture
async def keeper(settings: Settings) -> AsyncIterator[TwinKeeper]:
    """What the maintenance does every seven seconds, for who does not want to wait."""
    database = Database(settings)
    client = await Client.connect(settings.temporal.target)
    yield TwinKeeper(TwinSchedules(client, settings.temporal.task_queue), database)
    await database.close()


async def test_a_single_run(api: httpx.AsyncClient) -> None:
    at = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=2)
    schedule = await add_schedule(api, await add_workflow(api), run_at=at.isoformat())
    [row] = await runs_of(api, schedule, 1)
    assert nominal(row) == at
    assert (await get_schedule(api, schedule["id"]))["next_run"] is None


async def test_a_change_of_something_else_does_not_resume_it(
    api: httpx.AsyncClient, keeper: TwinKeeper, settings: Settings, tenant: str
) -> None:
    """Temporal pauses it; then, before anybody has seen that, its payload is changed."""
    client = await Client.connect(settings.temporal.target)
    schedule = await add_schedule(
        api, await add_workflow(api, FAIL), every="1s", pause_on_failure=True, enabled=False
    )
    url = f"/api/v1/schedules/{schedule['id']}"
    twin = client.get_schedule_handle(f"{tenant}:{schedule['id']}")
    assert (await api.put(url, json={"enabled": True})).status_code == 200

    async def paused() -> bool:
        return (await twin.describe()).schedule.state.paused

    async def known() -> bool:
        await keeper.compare_schedules(CompareRequest())
        return not (await get_schedule(api, schedule["id"]))["enabled"]

    await until(paused)
    assert (await api.put(url, json={"payload": {"other": 1}})).status_code == 200
    assert await paused()
    await until(known)
    assert (await api.put(url, json={"enabled": True})).status_code == 200
    count = len(await executions_of(api, schedule["id"]))
    assert len(await runs_of(api, schedule, count + 1)) > count


async def test_a_failed_execution_pauses_the_schedule(api: httpx.AsyncClient, keeper: TwinKeeper) -> None:
    workflow_id = await add_workflow(api, FAIL)
    schedule = await add_schedule(api, workflow_id, every="1s", pause_on_failure=True)

    async def paused() -> bool:
        await keeper.compare_schedules(CompareRequest())
        return not (await get_schedule(api, schedule["id"]))["enabled"]

    await until(paused)
    shown = await get_schedule(api, schedule["id"])
    assert "fail" in shown["pause_reason"]
    assert shown["next_run"] is None
    count = len(await executions_of(api, schedule["id"]))
    resumed = await api.put(f"/api/v1/schedules/{schedule['id']}", json={"enabled": True})
    assert (resumed.json()["data"]["enabled"], resumed.json()["data"]["pause_reason"]) == (True, None)
    await runs_of(api, schedule, count + 1)
    await api.delete(f"/api/v1/schedules/{schedule['id']}")


async def test_cancelling_the_other_runs_its_handlers(api: httpx.AsyncClient) -> None:
    guarded = {
        "id": "guard",
        "type": "try",
        "config": {
            "actions": [WAIT],
            "finally": [{"id": "tidy", "type": "log", "config": {"message": "tidied"}}],
        },
    }
    workflow_id = await add_workflow(api, guarded)
    schedule = await add_schedule(api, workflow_id, every="1s", overlap="cancel_other", remaining_runs=2)
    first, second = await runs_of(api, schedule, 2)

    async def cancelled() -> bool:
        return [row["status"] for row in await executions_of(api, schedule["id"])][1:] == ["cancelled"]

    await until(cancelled)
    assert (await statuses(api, first["id"]))["guard.tidy"] == "completed"
    await api.post(f"/api/v1/executions/{second['id']}/terminate")


async def test_backfilled_runs_are_neither_lost_nor_doubled(api: httpx.AsyncClient) -> None:
    schedule = await add_schedule(api, await add_workflow(api), every="1h", enabled=False, remaining_runs=50)
    path = f"/api/v1/schedules/{schedule['id']}/backfill"
    begin = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) - timedelta(hours=10)
    body = {"from": begin.isoformat(), "to": (begin + timedelta(hours=4)).isoformat()}
    for overlap in ("allow_all", "buffer_all"):
        asked = await api.post(path, json={**body, "overlap": overlap})
        assert asked.status_code == 202, asked.text
        assert asked.json()["data"]["count"] == 5
    rows = await runs_of(api, schedule, 5)
    await asyncio.sleep(1)
    rows = await executions_of(api, schedule["id"])
    assert sorted(map(nominal, rows)) == [begin + timedelta(hours=number) for number in range(5)]
    assert (await get_schedule(api, schedule["id"]))["remaining_runs"] == 45
    for wrong, message in (
        ({"from": body["to"], "to": body["from"]}, "to: must not be before from"),
        ({"from": "2026-01-01T00:00:00Z", "to": "2099-01-01T00:00:00Z"}, "to: must not be in the future"),
        ({"from": "2026-01-01", "to": body["to"]}, "from: must be a time with its zone"),
        ({"from": "2020-01-01T00:00:00Z", "to": "2026-01-01T00:00:00Z"}, "to: more than 500 runs"),
        ({"from": "2026-01-01T00:00:01Z", "to": "2026-01-01T00:59:00Z"}, "from: no run was due"),
        ({**body, "overlap": "never"}, "overlap: must be one of"),
        ({"to": body["to"]}, "from: is required"),
    ):
        refused = await api.post(path, json=wrong)
        assert (refused.status_code, message in refused.json()["error"]) == (400, True), refused.text
    many = {"from": (begin - timedelta(hours=100)).isoformat(), "to": body["to"]}
    refused = await api.post(path, json=many)
    assert (refused.status_code, "only 45 remain" in refused.json()["error"]) == (409, True)
