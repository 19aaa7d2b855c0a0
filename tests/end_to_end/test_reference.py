"""The reference as its clients see it: the JSON type of every field, and addresses as Postman's runner sends them."""

import asyncio
import re
from collections.abc import Mapping
from typing import Any

import httpx

NOTE = {
    "trigger": {"type": "webhook", "config": {}},
    "actions": [{"id": "log_event", "type": "log", "config": {"message": "Event received"}}],
}
TEXT, WHOLE, YES, ANY = str, int, bool, object
"""What the reference's examples hold; a client of a typed language has compiled these types in."""

WORKFLOW = {
    "id": TEXT, "tenant_id": TEXT, "name": TEXT, "description": TEXT, "enabled": YES, "version": WHOLE,
    "created_at": TEXT, "updated_at": TEXT, "definition": dict,
}  # fmt: skip
ACCEPTED = {"execution_id": TEXT, "workflow_id": TEXT, "status": TEXT, "started_at": TEXT}
DRY_RUN = {"valid": YES, "steps": list, "execution_time_ms": WHOLE}
VERSION = {"version": WHOLE, "created_at": TEXT}
RESTORED = {"id": TEXT, "version": WHOLE, "restored_from": WHOLE, "updated_at": TEXT}
LISTED = {
    "id": TEXT, "workflow_id": TEXT, "workflow_name": TEXT, "status": TEXT, "trigger_type": TEXT, "started_at": TEXT,
    "completed_at": TEXT, "duration_ms": WHOLE, "steps_completed": WHOLE, "steps_total": WHOLE,
}  # fmt: skip
EXECUTION = {
    "id": TEXT, "workflow_id": TEXT, "status": TEXT, "trigger_type": TEXT, "trigger_data": dict, "started_at": TEXT,
    "completed_at": TEXT, "duration_ms": WHOLE, "error": ANY,
}  # fmt: skip
STEP = {
    "id": TEXT, "action_id": TEXT, "status": TEXT, "started_at": TEXT, "completed_at": TEXT, "duration_ms": WHOLE,
    "input": dict, "output": ANY, "error": ANY,
}  # fmt: skip
PAGE = {"data": list, "limit": WHOLE, "offset": WHOLE, "total": WHOLE}
TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")


def like(shape: Mapping[str, type], actual: dict[str, Any]) -> None:
    """Fails unless every field of `shape` is there with its type, and every time is in UTC with `Z`."""
    assert shape.keys() <= actual.keys()
    # `type`, not `isinstance`: for Python a boolean is an integer, for JSON it is not.
    wrong = {
        name: actual[name]
        for name, kind in shape.items()
        if kind is not ANY and type(actual[name]) is not kind
    }
    assert not wrong
    for name in shape.keys() & {"created_at", "updated_at", "started_at", "completed_at"}:
        assert TIMESTAMP.fullmatch(actual[name]), f"{name}: {actual[name]}"


async def _ended(api: httpx.AsyncClient, execution_id: str) -> dict[str, Any]:
    async with asyncio.timeout(10):
        while True:
            execution: dict[str, Any] = (await api.get(f"/api/v1/executions/{execution_id}")).json()["data"]
            if execution["status"] != "running":
                return execution
            await asyncio.sleep(0.05)


async def test_every_field_has_the_type_of_the_reference(api: httpx.AsyncClient) -> None:
    created = await api.post("/api/v1/workflows", json={"name": "Order Processing", "definition": NOTE})
    like(WORKFLOW, created.json()["data"])
    path = f"/api/v1/workflows/{created.json()['data']['id']}"
    like(WORKFLOW, (await api.get(path)).json()["data"])
    like(WORKFLOW, (await api.put(path, json={"name": "Order Processing v2"})).json()["data"])
    like(RESTORED, (await api.post(f"{path}/versions/1/restore")).json()["data"])
    like(VERSION, (await api.get(f"{path}/versions")).json()["data"][0])
    like({**VERSION, "definition": dict}, (await api.get(f"{path}/versions/2")).json()["data"])
    like(DRY_RUN, (await api.post(f"{path}/dry-run", json={"test_data": {}})).json()["data"])

    accepted = (await api.post(f"{path}/execute", json={"customer_id": "cust_123"})).json()["data"]
    like(ACCEPTED, accepted)
    execution = await _ended(api, accepted["execution_id"])
    like(EXECUTION, execution)
    assert (execution["status"], execution["error"]) == ("completed", None)
    steps = (await api.get(f"/api/v1/executions/{accepted['execution_id']}/steps")).json()["data"]
    like({"execution_id": TEXT, "steps": list}, steps)
    like(STEP, steps["steps"][0])
    for where, shape in (("workflows", WORKFLOW), ("executions", LISTED)):
        page = (await api.get(f"/api/v1/{where}?limit=20&offset=0")).json()
        like(PAGE, page)
        like(shape, page["data"][0])


async def test_a_dry_run_says_success_in_the_words_of_the_reference(api: httpx.AsyncClient) -> None:
    created = await api.post("/api/v1/workflows", json={"name": "Order Processing", "definition": NOTE})
    path = f"/api/v1/workflows/{created.json()['data']['id']}"
    dry = (await api.post(f"{path}/dry-run", json={"test_data": {"customer_id": "test_123"}})).json()["data"]
    assert (dry["valid"], dry["steps"][0]["action_id"], dry["steps"][0]["result"]) == (
        True,
        "log_event",
        "success",
    )


async def test_postmans_runner_doubles_the_slash_after_the_host(api: httpx.AsyncClient) -> None:
    # The collection's `apiBasePath` begins with a slash, and the runner puts one more before it.
    base = f"{api.base_url}".rstrip("/") + "//api/v1"
    created = await api.post(f"{base}/workflows", json={"name": "Test Workflow", "definition": NOTE})
    assert created.status_code == 201, created.text
    path = f"{base}/workflows/{created.json()['data']['id']}"
    accepted = await api.post(f"{path}/execute", json={"test_key": "test_value"})
    assert accepted.status_code == 202
    execution_id = accepted.json()["data"]["execution_id"]
    requests = [
        ("GET", f"{base}/workflows?limit=20&offset=0", None, 200),
        ("GET", path, None, 200),
        ("PUT", path, {"name": "Updated Test Workflow", "enabled": True, "definition": NOTE}, 200),
        ("POST", f"{path}/dry-run", {"test_data": {"test_key": "test_value"}}, 200),
        ("GET", f"{path}/versions", None, 200),
        ("DELETE", path, None, 204),
        ("GET", f"{base}/executions?limit=20&offset=0", None, 200),
        ("GET", f"{base}/executions/{execution_id}", None, 200),
        ("GET", f"{base}/executions/{execution_id}/steps", None, 200),
    ]
    answers = [(await api.request(method, url, json=body)).status_code for method, url, body, _ in requests]
    assert answers == [status for *_, status in requests]
