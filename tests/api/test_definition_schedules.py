"""Schedules that are the trigger of a definition."""

from typing import Any

import httpx
import pytest
from sqlalchemy import update
from sqlmodel import col
from temporalio.client import Client

from gorax.settings import Settings
from gorax.store.session import Database
from gorax.store.tables import Schedule
from tests.support.executions import until
from tests.support.schedules import add_schedule, add_workflow, get_schedule


def trigger(**config: Any) -> dict[str, Any]:
    """The trigger of a definition."""
    return {"type": "schedule", "config": config}


async def of_workflow(api: httpx.AsyncClient, workflow_id: str) -> list[dict[str, Any]]:
    """The workflow's schedules."""
    rows: list[dict[str, Any]] = (await api.get(f"/api/v1/workflows/{workflow_id}/schedules")).json()["data"]
    return rows


async def save(api: httpx.AsyncClient, workflow_id: str, **body: Any) -> httpx.Response:
    """Save another version of it."""
    if "trigger" in body:
        actions = [{"id": "say", "type": "log", "config": {"message": "m"}}]
        body["definition"] = {"actions": actions, "trigger": body.pop("trigger")}
    return await api.put(f"/api/v1/workflows/{workflow_id}", json=body)


async def test_it_comes_changes_and_goes_with_the_definition(
    api: httpx.AsyncClient, settings: Settings, tenant: str
) -> None:
    workflow_id = await add_workflow(
        api, trigger=trigger(cron="0 9 * * *", timezone="Asia/Kolkata", payload={"n": 1}, remaining_runs=5)
    )
    by_hand = await add_schedule(api, workflow_id)
    [_, made] = await of_workflow(api, workflow_id)
    assert (made["managed_by"], made["cron_expression"]) == ("definition", "0 9 * * *")
    assert (made["next_run"][10:], made["timezone"]) == ("T03:30:00Z", "Asia/Kolkata")

    async def told() -> bool:
        return bool((await get_schedule(api, made["id"]))["synced"])

    await until(told)
    before = await get_schedule(api, made["id"])
    assert (before["payload"], before["remaining_runs"]) == ({"n": 1}, 5)
    # Saved again as it was, or renamed: the schedule is left alone.
    same = trigger(cron="0 9 * * *", timezone="Asia/Kolkata", payload={"n": 1}, remaining_runs=5)
    assert (await save(api, workflow_id, trigger=same)).status_code == 200
    await save(api, workflow_id, name="Renamed")
    assert await get_schedule(api, made["id"]) == {**before, "workflow_name": "Renamed"}
    await save(api, workflow_id, trigger=trigger(every="2h"))
    [_, changed] = await of_workflow(api, workflow_id)
    assert (changed["id"], changed["every"], changed["cron_expression"]) == (made["id"], 7200, None)
    assert (await get_schedule(api, made["id"]))["remaining_runs"] is None
    await save(api, workflow_id, trigger={"type": "manual"})
    assert [row["id"] for row in await of_workflow(api, workflow_id)] == [by_hand["id"]]
    restored = await api.post(f"/api/v1/workflows/{workflow_id}/versions/1/restore")
    assert restored.status_code == 200
    [again, _] = await of_workflow(api, workflow_id)
    assert (again["managed_by"], again["cron_expression"]) == ("definition", "0 9 * * *")

    async def twins() -> set[str]:
        client = await Client.connect(settings.temporal.target)
        return {one.id async for one in await client.list_schedules(f"GoraxTenant = '{tenant}'")}

    async def agree() -> bool:
        return await twins() == {f"{tenant}:{one['id']}" for one in (again, by_hand)}

    await until(agree)


async def test_only_the_definition_changes_it(api: httpx.AsyncClient) -> None:
    workflow_id = await add_workflow(api, trigger=trigger(cron="@daily"))
    [made] = await of_workflow(api, workflow_id)
    one = f"/api/v1/schedules/{made['id']}"
    for refused in (
        await api.put(one, json={"every": "1h"}),
        await api.put(one, json={"enabled": False, "payload": 1}),
        await api.delete(one),
    ):
        assert refused.status_code == 409
        assert "trigger.config" in refused.json()["error"]
    paused = await api.put(one, json={"enabled": False})
    assert paused.json()["data"]["enabled"] is False
    await save(api, workflow_id, trigger=trigger(cron="@hourly"))
    [changed] = await of_workflow(api, workflow_id)
    assert (changed["enabled"], changed["cron_expression"]) == (False, "@hourly")


@pytest.mark.parametrize(
    ("config", "pointer", "message"),
    [
        ({"cron": "0 9 * *"}, "/trigger/config/cron", "must have five fields"),
        ({"cron_expression": "61 * * * *"}, "/trigger/config/cron_expression", "minute"),
        ({"cron": "@daily", "cron_expression": "@daily"}, "/trigger/config/cron", "leave one out"),
        ({"cron": "@daily", "every": "1h"}, "/trigger/config", "give exactly one of"),
        ({"cron": "@daily", "timezon": "UTC"}, "/trigger/config/timezon", "unknown field"),
        ({"every": "1h", "overlap": "never"}, "/trigger/config/overlap", "must be"),
        ({"every": "1h", "remaining_runs": "2"}, "/trigger/config/remaining_runs", "must be"),
        ({"run_at": "2020-01-01T00:00:00Z"}, "/trigger/config/run_at", "no time that is still to come"),
        ({"cron": "@daily", "end_at": "2020-01-01T00:00:00Z"}, "/trigger/config/end_at", "no time that is"),
    ],
)
async def test_what_is_wrong_is_told_where_it_stands(
    api: httpx.AsyncClient, config: dict[str, Any], pointer: str, message: str
) -> None:
    actions = [{"id": "say", "type": "log", "config": {"message": "m"}}]
    body = {"name": "wrong", "definition": {"actions": actions, "trigger": trigger(**config)}}
    refused = await api.post("/api/v1/workflows", json=body)
    assert refused.status_code == 400, refused.text
    [detail, *_] = refused.json()["details"]
    assert detail["pointer"] == pointer
    assert message in detail["message"]
    assert (await api.get("/api/v1/workflows")).json()["total"] == 0


async def test_times_that_are_over_by_now_stay(api: httpx.AsyncClient, database: Database) -> None:
    workflow_id = await add_workflow(api, trigger=trigger(run_at="2099-01-01T00:00:00Z"))
    over = {"run_at": "2020-01-01T00:00:00Z"}
    async with database.platform() as session:
        changed = update(Schedule).where(col(Schedule.workflow_id) == workflow_id)
        await session.execute(
            changed.values(timing={**over, "timezone": "UTC", "offset": 0, "jitter": 0, "exclude": []})
        )
        await session.commit()
    assert (await save(api, workflow_id, trigger=trigger(**over), name="Renamed")).status_code == 200
    assert (await save(api, workflow_id, trigger=trigger(run_at="2020-01-02T00:00:00Z"))).status_code == 400


async def test_a_trigger_without_times_has_no_schedule_yet(api: httpx.AsyncClient) -> None:
    assert await of_workflow(api, await add_workflow(api, trigger=trigger())) == []


async def test_a_builders_trigger_is_one_too(api: httpx.AsyncClient) -> None:
    nodes = [
        {
            "id": "trigger-1",
            "type": "trigger",
            "data": {"nodeType": "schedule", "config": {"cron": "*/5 * * * *"}},
        },
        {
            "id": "action-1",
            "type": "action",
            "data": {"nodeType": "formula", "config": {"expression": "1 + 1"}},
        },
    ]
    edges = [{"id": "e1", "source": "trigger-1", "target": "action-1"}]
    body = {"name": "built", "definition": {"nodes": nodes, "edges": edges}}
    created = await api.post("/api/v1/workflows", json=body)
    assert created.status_code == 201, created.text
    [made] = await of_workflow(api, created.json()["data"]["id"])
    assert (made["cron_expression"], made["managed_by"]) == ("*/5 * * * *", "definition")
    nodes[0]["data"]["config"] = {"cron": "every day"}  # type: ignore[index]
    refused = await api.post("/api/v1/workflows", json=body)
    assert refused.status_code == 400
    assert refused.json()["details"][0]["pointer"].startswith("/nodes/0")
