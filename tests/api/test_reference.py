"""The examples of the API reference, and the requests of the original's Postman collection."""

import json
import re
import subprocess
from typing import Any

import httpx
import pytest

from tests.support.processes import Stack

HEADERS = {"X-User-ID": "user_123", "X-Tenant-ID": "tenant_xyz"}
ORDER_PROCESSING = {
    "name": "Order Processing",
    "description": "Automated order processing workflow",
    "enabled": True,
    "definition": {
        "trigger": {"type": "webhook", "config": {}},
        "actions": [
            {
                "id": "validate_order",
                "type": "http",
                "config": {"url": "https://api.example.com/validate", "method": "POST"},
            }
        ],
    },
}
POSTMAN = {
    "name": "Test Workflow",
    "description": "A test workflow created from Postman",
    "enabled": True,
    "definition": {
        "trigger": {"type": "webhook", "config": {}},
        "actions": [{"id": "log_event", "type": "log", "config": {"message": "Event received"}}],
    },
}


def curl(stack: Stack, *arguments: str) -> tuple[int, Any]:
    """Status and body that curl gets: the client of the reference, with its own headers."""
    command = ["curl", "-s", "--noproxy", "*", "-w", "\n%{http_code}", *arguments]
    command = [part.replace("http://localhost:8080", stack.url) for part in command]
    done = subprocess.run(command, capture_output=True, check=True, timeout=20)
    body, _, status = done.stdout.decode().rpartition("\n")
    return int(status), json.loads(body) if body else None


def test_the_examples_for_curl(stack: Stack) -> None:
    user = ("-H", "X-User-ID: user_123")
    tenant = ("-H", "X-Tenant-ID: tenant_xyz")
    base = "http://localhost:8080/api/v1"
    status, health = curl(stack, "http://localhost:8080/health")
    assert (status, health["status"]) == (200, "ok")
    status, listed = curl(stack, "-X", "GET", f"{base}/workflows", *user, *tenant)
    assert status == 200
    assert {"data", "limit", "offset", "total"} <= listed.keys()
    status, created = curl(
        stack, "-X", "POST", f"{base}/workflows", *user, *tenant, "-H", "Content-Type: application/json",
        "-d", json.dumps(ORDER_PROCESSING),
    )  # fmt: skip
    assert status == 201
    assert {"id", "tenant_id", "name", "enabled", "version", "created_at"} <= created["data"].keys()
    workflow = f"{base}/workflows/{created['data']['id']}"
    status, read = curl(stack, "-X", "GET", workflow, *user, *tenant)
    assert status == 200
    assert {"description", "updated_at", "definition"} <= read["data"].keys()
    status, accepted = curl(
        stack, "-X", "POST", f"{workflow}/execute", *user, *tenant, "-H", "Content-Type: application/json",
        "-d", '{"customer_id": "cust_123"}',
    )  # fmt: skip
    assert status == 202
    assert {"execution_id", "workflow_id", "status", "started_at"} <= accepted["data"].keys()
    # The polling example sends neither a body nor a user.
    status, accepted = curl(stack, "-X", "POST", f"{workflow}/execute", *tenant)
    assert status == 202
    status, execution = curl(stack, "-s", f"{base}/executions/{accepted['data']['execution_id']}", *tenant)
    assert status == 200
    assert {
        "id", "workflow_id", "status", "trigger_type", "trigger_data", "started_at", "completed_at",
        "duration_ms", "error",
    } <= execution["data"].keys()  # fmt: skip
    status, _ = curl(stack, "-X", "GET", f"{base}/executions?status=failed&from=2024-01-01", *user, *tenant)
    assert status == 200
    status, outcome = curl(
        stack, "-X", "POST", f"{base}/workflows/bulk-delete", *tenant, "-H", "Content-Type: application/json",
        "-d", '{\n    "workflow_ids": ["wf_1", "wf_2", "wf_3"]\n  }',
    )  # fmt: skip
    assert status == 200
    assert [item["id"] for item in outcome["data"]["failed"]] == ["wf_1", "wf_2", "wf_3"]
    assert curl(stack, "-X", "DELETE", workflow, *user, *tenant) == (204, None)


def test_curl_that_forgets_the_content_type(stack: Stack) -> None:
    status, created = curl(
        stack, f"{stack.url}/api/v1/workflows", "-H", "X-Tenant-ID: tenant_xyz", "-d", json.dumps(POSTMAN)
    )
    assert status == 201, created


@pytest.mark.parametrize("headers", [HEADERS, {"X-Tenant-ID": "tenant_xyz"}])
async def test_every_field_of_the_reference_is_there(stack: Stack, headers: dict[str, str]) -> None:
    async with httpx.AsyncClient(base_url=f"{stack.url}/api/v1", headers=headers, trust_env=False) as api:
        workflow_id = (await api.post("/workflows", json=POSTMAN)).json()["data"]["id"]
        path = f"/workflows/{workflow_id}"
        updated = (await api.put(path, json={**POSTMAN, "name": "Updated Test Workflow"})).json()["data"]
        assert {"id", "version", "updated_at"} <= updated.keys()
        dry = await api.post(f"{path}/dry-run", json={"test_data": {"test_key": "test_value"}})
        assert {"valid", "steps", "execution_time_ms"} <= dry.json()["data"].keys()
        assert {"action_id", "result"} <= dry.json()["data"]["steps"][0].keys()
        versions = (await api.get(f"{path}/versions")).json()["data"]
        assert {"version", "created_at", "created_by"} <= versions[0].keys()
        version = (await api.get(f"{path}/versions/1")).json()["data"]
        assert {"version", "definition", "created_at"} <= version.keys()
        restored = (await api.post(f"{path}/versions/1/restore")).json()["data"]
        assert {"id", "version", "restored_from", "updated_at"} <= restored.keys()
        accepted = await api.post(
            f"{path}/execute", json={"test_key": "test_value", "timestamp": "1732000000"}
        )
        execution_id = accepted.json()["data"]["execution_id"]
        [item] = (await api.get(f"/executions?workflow_id={workflow_id}&limit=20&offset=0")).json()["data"]
        assert {
            "id", "workflow_id", "workflow_name", "status", "trigger_type", "started_at", "completed_at",
            "duration_ms", "steps_completed", "steps_total",
        } <= item.keys()  # fmt: skip
        steps = (await api.get(f"/executions/{execution_id}/steps")).json()["data"]
        assert steps.keys() >= {"execution_id", "steps"}
        assert re.fullmatch(r"exec_[0-9a-z]{26}", steps["execution_id"])
        assert (await api.delete(path)).status_code == 204
