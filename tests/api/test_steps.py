"""The steps of an execution over REST: pages, filters, totals, and what waits."""

import asyncio
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.api.test_executions import create, execute, finished
from tests.support.receiver import Receiver, Reply

SQUARE = {"id": "square", "type": "formula", "config": {"expression": "item * item"}}


async def steps_of(api: httpx.AsyncClient, execution_id: str, **query: Any) -> dict[str, Any]:
    """A page of steps, with what stands beside them."""
    response = await api.get(f"/api/v1/executions/{execution_id}/steps", params=query)
    assert response.status_code == 200, response.text
    body: dict[str, Any] = response.json()["data"]
    return body


async def until(
    api: httpx.AsyncClient, execution_id: str, ready: Callable[[dict[str, Any]], bool]
) -> dict[str, Any]:
    """The steps by id, once they are as they should be."""
    async with asyncio.timeout(20):
        while True:
            steps = {step["id"]: step for step in (await steps_of(api, execution_id))["steps"]}
            if ready(steps):
                return steps
            await asyncio.sleep(0.05)


async def test_pages_of_a_large_loop(api: httpx.AsyncClient) -> None:
    loop = {"id": "each", "type": "for_each", "config": {"items": 700, "actions": [SQUARE]}}
    execution_id = (await execute(api, await create(api, {"actions": [loop]})))["execution_id"]
    assert (await finished(api, execution_id))["status"] == "completed"
    page = await steps_of(api, execution_id)
    assert (page["total"], page["limit"], page["offset"]) == (701, 1000, 0)
    assert (page["has_more"], page["next_offset"], len(page["steps"])) == (False, None, 701)
    assert page["steps"][0]["progress"] == {
        "total": 700,
        "completed": 700,
        "succeeded": 700,
        "failed": 0,
        "steps": 700,
        "batches": 1,
    }
    assert page["steps"][1]["progress"] is None
    ids: list[str] = []
    offset = 0
    while offset is not None:
        part = await steps_of(api, execution_id, limit=150, offset=offset)
        assert part["has_more"] == (part["next_offset"] is not None)
        ids += [step["id"] for step in part["steps"]]
        offset = part["next_offset"]
    assert ids == [step["id"] for step in page["steps"]]
    inside = await steps_of(api, execution_id, parent="each[333]")
    assert [step["output"] for step in inside["steps"]] == [333 * 333]
    assert (await steps_of(api, execution_id, status="failed,running"))["total"] == 0
    assert (await steps_of(api, execution_id, parent="each", status="completed"))["total"] == 700
    assert not (await steps_of(api, execution_id, offset=701))["steps"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"),
        ("limit=1001", "limit"),
        ("limit=1e2", "limit"),
        ("offset=-1", "offset"),
        ("offset=99999999999", "offset"),
        ("parent=", "parent"),
        ("parent=each[", "parent"),
        ("parent=each[0-99]", "parent"),
        ("parent=each[12345678]", "parent"),
        ("parent=each..a", "parent"),
        ("parent=a%00", "parent"),
        ("parent=each[%D9%A1]", "parent"),
        (f"parent={'a.' * 500}a", "parent"),
        ("status=done", "status"),
        ("status=", "status"),
        ("page=2", "page"),
    ],
)
async def test_a_query_that_makes_no_sense(api: httpx.AsyncClient, query: str, field: str) -> None:
    execution_id = (await execute(api, await create(api)))["execution_id"]
    response = await api.get(f"/api/v1/executions/{execution_id}/steps?{query}")
    assert response.status_code == 400
    assert response.json()["error"].startswith(f"{field}: "), response.text


async def test_a_sub_workflow_is_seen_while_it_runs(api: httpx.AsyncClient) -> None:
    nap = {"id": "nap", "type": "delay", "config": {"duration": "1h"}}
    choice = {"id": "choice", "type": "if", "config": {"condition": "true", "then": [nap]}}
    inner = await create(api, {"actions": [choice]})
    call = {"id": "call", "type": "sub_workflow", "config": {"workflow_id": inner}}
    execution_id = (await execute(api, await create(api, {"actions": [call]})))["execution_id"]
    steps = await until(api, execution_id, lambda found: "call" in found)
    step = steps["call"]
    assert (step["type"], step["status"]) == ("sub_workflow", "running")
    # The other execution has loaded its definition itself, and is read like any.
    called = step["output"]["execution_id"]
    async with asyncio.timeout(20):
        while (await api.get(f"/api/v1/executions/{called}")).status_code == 404:
            await asyncio.sleep(0.05)  # it has not loaded its definition yet
    others = await until(api, called, lambda found: "choice.nap" in found)
    assert {path: (other["type"], other["status"]) for path, other in others.items()} == {
        "choice": ("if", "running"),
        "choice.nap": ("delay", "running"),
    }
    cancelled = await api.post(f"/api/v1/executions/{execution_id}/cancel")
    assert cancelled.status_code == 202, cancelled.text


async def test_an_open_wait_names_itself(api: httpx.AsyncClient) -> None:
    ask = {"id": "ask", "type": "approval", "config": {"title": "May we?", "timeout": "1h"}}
    choice = {"id": "choice", "type": "if", "config": {"condition": "true", "then": [ask]}}
    execution_id = (await execute(api, await create(api, {"actions": [choice]})))["execution_id"]
    steps = await until(api, execution_id, lambda found: "choice.ask" in found)
    assert steps["choice"]["status"] == "running"
    step = steps["choice.ask"]
    assert (step["type"], step["status"]) == ("approval", "running")
    approved = await api.post(f"/api/v1/approvals/{step['output']['wait_id']}/approve", json={})
    assert approved.status_code == 200, approved.text
    assert (await finished(api, execution_id))["status"] == "completed"
    steps = await until(api, execution_id, lambda found: found["choice.ask"]["status"] == "completed")
    assert steps["choice.ask"]["output"]["decision"] == "approved"


async def test_sensitive_steps_are_shown_to_administrators_who_ask(
    api: httpx.AsyncClient, receiver: Receiver
) -> None:
    url = receiver.answer("/no", Reply(status=400, body=b'{"echo": "swordfish"}'))
    config = {"method": "POST", "url": url, "body": {"word": "swordfish"}}
    definition = {
        "actions": [
            {"id": "say", "type": "log", "config": {"message": "swordfish"}, "sensitive": True},
            {"id": "send", "type": "http", "config": config, "sensitive": True, "depends_on": ["say"]},
        ]
    }
    execution_id = (await execute(api, await create(api, definition)))["execution_id"]
    assert (await finished(api, execution_id))["status"] == "failed"
    for path in ("", "/steps"):
        assert "swordfish" not in (await api.get(f"/api/v1/executions/{execution_id}{path}")).text
    shown = {step["id"]: step for step in (await steps_of(api, execution_id, reveal=True))["steps"]}
    assert shown["say"]["input"] == {"message": "swordfish"}
    assert shown["send"]["input"]["body"] == {"word": "swordfish"}
    refused = await api.get(
        f"/api/v1/executions/{execution_id}/steps?reveal=true", headers={"X-User-Role": "operator"}
    )
    assert (refused.status_code, refused.json()["error"][:7]) == (403, "reveal:")
