"""Schedules over REST."""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import insert
from temporalio.client import Client, ScheduleHandle

from gorax.core.ids import SCHEDULE, new_id
from gorax.settings import Settings
from gorax.store.session import Database
from gorax.store.tables import Schedule
from tests.support.executions import get, until
from tests.support.schedules import (
    NEVER,
    add_schedule,
    add_workflow,
    executions_of,
    get_schedule,
)


@pytest.fixture
async def temporal_client(settings: Settings) -> Client:
    """A client of the run's Temporal, as an operator would have one."""
    return await Client.connect(settings.temporal.target)


def twin(client: Client, tenant: str, schedule: dict[str, Any]) -> ScheduleHandle:
    """The schedule of Temporal's."""
    return client.get_schedule_handle(f"{tenant}:{schedule['id']}")


async def change(api: httpx.AsyncClient, schedule: dict[str, Any], status: int = 200, **body: Any) -> Any:
    """What the API answers to a change."""
    answer = await api.put(f"/api/v1/schedules/{schedule['id']}", json=body)
    assert answer.status_code == status, answer.text
    return answer.json()["data"] if status == 200 else answer.json()["error"]


async def test_what_was_created_is_shown_and_told_to_temporal(
    api: httpx.AsyncClient, temporal_client: Client, tenant: str
) -> None:
    workflow_id = await add_workflow(api)
    schedule = await add_schedule(
        api,
        workflow_id,
        cron_expression="0 9 * * *",
        timezone="America/New_York",
        payload={"report_type": "daily"},
        overlap="buffer_one",
        catchup_window="1h",
        pause_on_failure=True,
        jitter="30s",
        exclude=["2030-12-25"],
    )
    assert schedule["workflow_name"] == "Daily Report"
    assert (schedule["enabled"], schedule["synced"], schedule["managed_by"]) == (True, True, "api")
    assert (schedule["catchup_window"], schedule["jitter"]) == (3600, 30)
    assert schedule["last_run"] is None
    described = await twin(temporal_client, tenant, schedule).describe()
    first, second, *_ = described.info.next_action_times
    due = datetime.fromisoformat(schedule["next_run"])
    assert timedelta() <= first - due <= timedelta(seconds=30)
    runs = (await api.get(f"/api/v1/schedules/{schedule['id']}/runs?count=2")).json()["data"]
    assert runs[0].endswith(("T09:00:00-05:00", "T09:00:00-04:00"))
    assert datetime.fromisoformat(runs[0]) == due
    assert timedelta() <= second - datetime.fromisoformat(runs[1]) <= timedelta(seconds=30)
    policy = described.schedule.policy
    assert (policy.overlap.name, policy.catchup_window, policy.pause_on_failure) == (
        "BUFFER_ONE",
        timedelta(hours=1),
        True,
    )
    assert await get_schedule(api, schedule["id"]) == schedule
    [listed] = (await api.get("/api/v1/schedules")).json()["data"]
    assert listed == {name: schedule[name] for name in listed}
    assert (await api.get(f"/api/v1/workflows/{workflow_id}/schedules")).json()["total"] == 1


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, "give exactly one of cron_expression, every and run_at"),
        ({"cron_expression": "0 9 * *"}, "cron_expression: must have five fields"),
        ({"cron_expression": "0 0 30 2 *"}, "cron_expression: there is no such day"),
        ({"cron_expression": "* * * * *", "every": "1h"}, "give exactly one of"),
        ({"every": "1h", "timezone": "Mars/Olympus"}, "timezone: there is no time zone"),
        ({"every": "1h", "overlap": "sometimes"}, "overlap: must be one of"),
        ({"every": "1h", "catchup_window": "1s"}, "catchup_window: must be at least 10"),
        ({"every": "1h", "remaining_runs": 0}, "remaining_runs: must be at least 1"),
        ({"every": "1h", "overlap": "allow_all", "pause_on_failure": True}, "pause_on_failure: not possible"),
        ({"every": "1h", "enabled": "yes"}, "enabled: must be true or false"),
        ({"every": "1h", "pause_on_failure": 1}, "pause_on_failure: must be true or false"),
        ({"every": "1h", "cron": "* * * * *"}, "cron: is unknown"),
        ({"every": "1h", "payload": "x" * 1_000_001}, "payload: must be at most 1000000 bytes"),
        ({"every": []}, "every: "),
        ({"run_at": 17}, "run_at: must be a date-time"),
        ({"run_at": "2020-01-01T00:00:00Z"}, "run_at: leaves no time that is still to come"),
        ({"cron_expression": "@daily", "end_at": "2020-01-01T00:00:00Z"}, "end_at: leaves no time"),
    ],
)
async def test_what_cannot_be_is_refused(api: httpx.AsyncClient, body: Any, message: str) -> None:
    workflow_id = await add_workflow(api)
    answer = await api.post(f"/api/v1/workflows/{workflow_id}/schedules", json=body)
    assert answer.status_code == 400, answer.text
    assert message in answer.json()["error"]
    schedule = await add_schedule(api, workflow_id, every="1d")
    if body:
        kinds = {"cron_expression", "every", "run_at"}
        both = {**body, "every": "1d"} if not kinds & set(body) else body
        assert message in await change(api, schedule, 400, **both)
    assert (await api.get("/api/v1/schedules")).json()["total"] == 1


async def test_a_change_keeps_what_it_does_not_name(
    api: httpx.AsyncClient, temporal_client: Client, tenant: str
) -> None:
    schedule = await add_schedule(
        api, await add_workflow(api), every="1d", offset="1h", payload=[1], end_at="2099-01-01T00:00:00Z"
    )
    changed = await change(api, schedule, cron_expression="30 4 * * MON", timezone="Asia/Kolkata")
    assert (changed["every"], changed["offset"], changed["cron_expression"]) == (None, 0, "30 4 * * MON")
    assert (changed["payload"], changed["end_at"]) == ([1], "2099-01-01T00:00:00Z")
    assert changed["next_run"].endswith("T23:00:00Z")
    assert "enabled" in await change(api, schedule, 400, enabled=None)
    changed = await change(api, schedule, end_at=None, overlap="allow_all", payload=None)
    assert (changed["end_at"], changed["overlap"], changed["payload"]) == (None, "allow_all", None)
    described = await twin(temporal_client, tenant, schedule).describe()
    assert described.schedule.policy.overlap.name == "ALLOW_ALL"
    assert described.info.next_action_times[0] == datetime.fromisoformat(changed["next_run"])
    assert "must have at least one field" in await change(api, schedule, 400)


async def test_pausing_and_going_on(api: httpx.AsyncClient, temporal_client: Client, tenant: str) -> None:
    schedule = await add_schedule(api, await add_workflow(api), every="1d", enabled=False)
    handle = twin(temporal_client, tenant, schedule)
    assert (schedule["enabled"], schedule["next_run"]) == (False, None)
    assert (await handle.describe()).schedule.state.paused
    assert (await change(api, schedule, enabled=True))["next_run"]
    assert not (await handle.describe()).schedule.state.paused
    assert (await change(api, schedule, enabled=False))["enabled"] is False
    assert (await handle.describe()).schedule.state.paused
    for enabled, listed in (("true", []), ("false", [schedule["id"]])):
        page = (await api.get(f"/api/v1/schedules?enabled={enabled}")).json()
        assert ([row["id"] for row in page["data"]], page["total"]) == (listed, len(listed))
    assert (await api.get("/api/v1/schedules?enabled=yes")).status_code == 400


async def test_what_is_deleted_is_gone_here_and_there(
    api: httpx.AsyncClient, temporal_client: Client, tenant: str
) -> None:
    schedule = await add_schedule(api, await add_workflow(api))
    assert (await api.delete(f"/api/v1/schedules/{schedule['id']}")).status_code == 204
    for path in ("", "/executions", "/runs"):
        assert (await api.get(f"/api/v1/schedules/{schedule['id']}{path}")).status_code == 404
    assert (await api.delete(f"/api/v1/schedules/{schedule['id']}")).status_code == 404
    with pytest.raises(Exception, match="not found"):
        await twin(temporal_client, tenant, schedule).describe()


async def test_other_tenants_have_no_part_in_it(api: httpx.AsyncClient) -> None:
    workflow_id = await add_workflow(api)
    schedule = await add_schedule(api, workflow_id)
    other = {"X-Tenant-ID": "tenant_other"}
    one = f"/api/v1/schedules/{schedule['id']}"
    for method, path, body in (
        ("GET", one, None),
        ("PUT", one, {"enabled": False}),
        ("DELETE", one, None),
        ("POST", f"{one}/trigger", None),
        ("POST", f"{one}/backfill", {"from": "2026-01-01T00:00:00Z", "to": "2026-01-02T00:00:00Z"}),
        ("GET", f"{one}/executions", None),
        ("GET", f"{one}/runs", None),
        ("GET", f"/api/v1/workflows/{workflow_id}/schedules", None),
        ("POST", f"/api/v1/workflows/{workflow_id}/schedules", NEVER),
        ("GET", "/api/v1/schedules/sch_%00", None),
    ):
        answer = await api.request(method, path, json=body, headers=other)
        assert answer.status_code == 404, (method, path, answer.text)
    assert (await api.get("/api/v1/schedules", headers=other)).json()["total"] == 0
    assert await get_schedule(api, schedule["id"]) == schedule


async def test_triggering_begins_one_execution_each_time(api: httpx.AsyncClient) -> None:
    schedule = await add_schedule(
        api, await add_workflow(api, output="{{trigger}}"), **NEVER, payload={"n": 1}, enabled=False
    )
    path = f"/api/v1/schedules/{schedule['id']}/trigger"
    answers = await asyncio.gather(*(api.post(path) for _ in range(3)))
    answers += [
        await api.post(path, headers={"Idempotency-Key": f"again {schedule['id']}"}) for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [202] * 5
    ids = [answer.json()["data"]["execution_id"] for answer in answers]
    assert len(set(ids)) == 4

    async def all_done() -> bool:
        rows = await executions_of(api, schedule["id"])
        return [row["status"] for row in rows] == ["completed"] * 4

    await until(all_done)
    shown = await get(api, ids[0])
    assert shown["trigger_type"] == "schedule"
    assert shown["output"]["body"] == {"n": 1}
    assert shown["output"]["schedule_id"] == schedule["id"]
    assert (await get_schedule(api, schedule["id"]))["last_run"] is not None


async def test_a_disabled_workflow_pauses_its_schedules(
    api: httpx.AsyncClient, temporal_client: Client, tenant: str
) -> None:
    workflow_id = await add_workflow(api)
    active = await add_schedule(api, workflow_id)
    paused = await add_schedule(api, workflow_id, **NEVER, enabled=False)

    async def are_paused(*wanted: bool) -> None:
        async def so() -> bool:
            shown = [await twin(temporal_client, tenant, one).describe() for one in (active, paused)]
            return tuple(one.schedule.state.paused for one in shown) == wanted

        await until(so)

    await api.put(f"/api/v1/workflows/{workflow_id}", json={"enabled": False})
    await are_paused(True, True)
    shown = await get_schedule(api, active["id"])
    assert (shown["enabled"], shown["next_run"]) == (True, None)
    refused = await api.post(f"/api/v1/schedules/{active['id']}/trigger")
    assert (refused.status_code, "is disabled" in refused.json()["error"]) == (409, True)
    await api.put(f"/api/v1/workflows/{workflow_id}", json={"enabled": True})
    await are_paused(False, True)


async def test_a_deleted_workflow_takes_its_schedules_along(
    api: httpx.AsyncClient, temporal_client: Client, tenant: str
) -> None:
    workflow_id, other = await add_workflow(api), await add_workflow(api)
    schedules = [await add_schedule(api, of) for of in (workflow_id, other)]
    await api.delete(f"/api/v1/workflows/{workflow_id}")
    await api.post("/api/v1/workflows/bulk-delete", json={"workflow_ids": [other]})
    assert (await api.get("/api/v1/schedules")).json()["total"] == 0

    async def gone() -> bool:
        found = [one.id async for one in await temporal_client.list_schedules(f"GoraxTenant = '{tenant}'")]
        return found == []

    await until(gone)
    assert (await api.get(f"/api/v1/schedules/{schedules[0]['id']}")).status_code == 404


async def test_a_page_of_thousands_is_quick(api: httpx.AsyncClient, database: Database, tenant: str) -> None:
    workflow_id = await add_workflow(api)
    await add_schedule(api, workflow_id)
    now = datetime.now(UTC)
    row = {
        "tenant_id": tenant,
        "workflow_id": workflow_id,
        "of_definition": False,
        "timing": {"cron_expression": "0 0 29 2 *", "timezone": "Europe/Berlin"},
        "enabled": True,
        "overlap": "skip",
        "catchup_window": 600,
        "pause_on_failure": False,
        "backfills": [],
        "generation": 1,
        "created_at": now,
        "created_by": "ann",
        "updated_at": now,
        "updated_by": "ann",
    }
    async with database.platform() as session:
        await session.execute(insert(Schedule), [{**row, "id": new_id(SCHEDULE)} for _ in range(5_000)])
        await session.commit()
    for offset in (0, 2_000, 4_900):
        taken: list[float] = []
        for _ in range(3):  # other tests may be at work beside this one
            began = time.perf_counter()
            shown = await api.get(f"/api/v1/schedules?limit=100&offset={offset}")
            taken.append(time.perf_counter() - began)
        assert (len(shown.json()["data"]), shown.json()["total"]) == (100, 5_001)
        assert all(one["next_run"] for one in shown.json()["data"])
        assert min(taken) < 0.2
