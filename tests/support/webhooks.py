"""Webhooks to test with."""

from typing import Any

import httpx

NOTE = {"actions": [{"id": "note", "type": "log", "config": {"message": "{{trigger.body}}"}}]}


async def workflow(api: httpx.AsyncClient, definition: dict[str, Any] | None = None) -> str:
    """A workflow; its id."""
    response = await api.post("/api/v1/workflows", json={"name": "Orders", "definition": definition or NOTE})
    assert response.status_code == 201, response.text
    workflow_id: str = response.json()["data"]["id"]
    return workflow_id


async def create(
    api: httpx.AsyncClient, *, workflow_id: str | None = None, **settings: Any
) -> dict[str, Any]:
    """A new webhook, of a workflow of its own unless one is given, as its creation shows it."""
    body = {"name": "Orders", "workflow_id": workflow_id or await workflow(api), **settings}
    response = await api.post("/api/v1/webhooks", json=body)
    assert response.status_code == 201, response.text
    created: dict[str, Any] = response.json()["data"]
    return created
