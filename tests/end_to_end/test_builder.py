"""A definition of the visual builder is saved, run and given back."""

import asyncio
from typing import Any

import httpx

from tests.support.receiver import Receiver, Reply


def _drawn(url: str) -> dict[str, Any]:
    return {
        "nodes": [
            {
                "id": "trigger-1",
                "type": "trigger:manual",
                "position": {"x": 0, "y": 0},
                "data": {"config": {}},
            },
            {
                "id": "http-1",
                "type": "action:http",
                "position": {"x": 9, "y": 0},
                "data": {"name": "Customer", "config": {"method": "GET", "url": url}},
            },
            {
                "id": "vip",
                "type": "control:if",
                "data": {"config": {"condition": "steps.http-1.body.tier == 'gold'"}},
            },
            {
                "id": "gold",
                "type": "action:transform",
                "data": {"config": {"mapping": {"gift": "steps.http-1.body.tier"}}},
            },
            {
                "id": "rest",
                "type": "action:transform",
                "data": {"config": {"mapping": {"gift": "trigger.body"}}},
            },
        ],
        "edges": [
            {"id": "e1", "source": "trigger-1", "target": "http-1"},
            {"id": "e2", "source": "http-1", "target": "vip"},
            {"id": "e3", "source": "vip", "target": "gold", "label": "true"},
            {"id": "e4", "source": "vip", "target": "rest", "label": "false"},
        ],
    }


async def test_it_runs_and_comes_back_as_it_was_drawn(api: httpx.AsyncClient, receiver: Receiver) -> None:
    drawn = _drawn(receiver.answer("/customer", Reply(json={"tier": "gold"})))
    created = await api.post("/api/v1/workflows", json={"name": "drawn", "definition": drawn})
    assert created.status_code == 201, created.text
    path = f"/api/v1/workflows/{created.json()['data']['id']}"
    assert (await api.get(path)).json()["data"]["definition"] == drawn
    dry = (await api.post(f"{path}/dry-run", json={"test_data": {}})).json()["data"]
    assert dry["valid"]
    execution = (await api.post(f"{path}/execute")).json()["data"]["execution_id"]
    async with asyncio.timeout(20):
        while (shown := (await api.get(f"/api/v1/executions/{execution}")).json()["data"])[
            "status"
        ] != "completed":
            assert shown["status"] in {"running", "pending"}, shown
            await asyncio.sleep(0.1)
    steps = (await api.get(f"/api/v1/executions/{execution}/steps")).json()["data"]["steps"]
    assert {step["id"]: step["output"] for step in steps}["vip.gold"] == {"gift": "gold"}


async def test_what_cannot_run_is_refused_at_its_node(api: httpx.AsyncClient) -> None:
    drawn = _drawn("http://127.0.0.1/")
    drawn["nodes"][3]["type"] = "control:circuit_breaker"
    drawn["nodes"][3]["data"]["config"] = {}
    refused = await api.post("/api/v1/workflows", json={"name": "drawn", "definition": drawn})
    assert refused.status_code == 400
    assert "nodes/3" in refused.json()["error"]
