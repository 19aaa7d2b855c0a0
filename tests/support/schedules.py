"""Schedules over REST, as tests make them and watch them."""

from typing import Any

import httpx

SAY = {"id": "say", "type": "log", "config": {"message": "{{trigger.body}}"}}
NEVER = {"run_at": "2099-01-01T00:00:00Z"}
"""The times of a schedule that begins nothing while a test runs."""


async def add_workflow(api: httpx.AsyncClient, *actions: dict[str, Any], **frame: Any) -> str:
    """The id of a new workflow."""
    enabled = frame.pop("enabled", True)
    definition = {"actions": list(actions) or [SAY], **frame}
    created = await api.post(
        "/api/v1/workflows", json={"name": "Daily Report", "definition": definition, "enabled": enabled}
    )
    assert created.status_code == 201, created.text
    workflow_id: str = created.json()["data"]["id"]
    return workflow_id


async def add_schedule(api: httpx.AsyncClient, workflow_id: str, **body: Any) -> dict[str, Any]:
    """A new schedule, as the API shows it."""
    created = await api.post(f"/api/v1/workflows/{workflow_id}/schedules", json=body or NEVER)
    assert created.status_code == 201, created.text
    schedule: dict[str, Any] = created.json()["data"]
    assert created.headers["location"] == f"/api/v1/schedules/{schedule['id']}"
    return schedule


async def get_schedule(api: httpx.AsyncClient, schedule_id: str) -> dict[str, Any]:
    """The schedule as it is now."""
    shown = await api.get(f"/api/v1/schedules/{schedule_id}")
    assert shown.status_code == 200, shown.text
    schedule: dict[str, Any] = shown.json()["data"]
    return schedule


async def executions_of(api: httpx.AsyncClient, schedule_id: str) -> list[dict[str, Any]]:
    """The newest hundred executions that it began."""
    shown = await api.get(f"/api/v1/schedules/{schedule_id}/executions?limit=100")
    assert shown.status_code == 200, shown.text
    rows: list[dict[str, Any]] = shown.json()["data"]
    return rows
