"""Workflows: saved in versions, seen by their tenant alone."""

import asyncio
import re
import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from tests.support.processes import Stack

DEFINITION: dict[str, Any] = {
    "trigger": {"type": "webhook", "config": {}},
    "actions": [{"id": "note", "type": "log", "config": {"message": "Event received"}}],
}
TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z")


def definition(message: str) -> dict[str, Any]:
    """A definition that can be told from others."""
    return {"actions": [{"id": "note", "type": "log", "config": {"message": message}}]}


async def create(api: httpx.AsyncClient, name: str = "Order Processing", **fields: Any) -> dict[str, Any]:
    """A new workflow, as the API shows it."""
    response = await api.post("/api/v1/workflows", json={"name": name, "definition": DEFINITION, **fields})
    assert response.status_code == 201, response.text
    created: dict[str, Any] = response.json()["data"]
    return created


async def test_a_workflow_is_created_as_sent(api: httpx.AsyncClient, tenant: str) -> None:
    response = await api.post(
        "/api/v1/workflows",
        json={"name": "Grüße 💥", "description": "Two\nlines", "enabled": False, "definition": DEFINITION},
    )
    assert response.status_code == 201
    created = response.json()["data"]
    assert re.fullmatch(r"wf_[0-9a-z]{26}", created["id"])
    assert created["tenant_id"] == tenant
    assert created["name"] == "Grüße 💥"
    assert created["description"] == "Two\nlines"
    assert created["enabled"] is False
    assert created["version"] == 1
    assert created["definition"] == DEFINITION
    assert created["created_by"] == created["updated_by"] == "user_test"
    assert TIMESTAMP.fullmatch(created["created_at"])
    assert abs(datetime.fromisoformat(created["created_at"]) - datetime.now(UTC)) < timedelta(minutes=1)
    assert response.headers["location"] == f"/api/v1/workflows/{created['id']}"
    read = (await api.get(response.headers["location"])).json()["data"]
    assert read == {name: value for name, value in created.items() if name != "warnings"}


async def test_what_is_not_said_has_defaults(api: httpx.AsyncClient) -> None:
    created = await create(api, description=None)
    assert created["description"] == ""
    assert created["enabled"] is True


async def test_the_body_decides_not_its_content_type(api: httpx.AsyncClient) -> None:
    for content_type in (
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/json; charset=utf-8",
    ):
        response = await api.post(
            "/api/v1/workflows",
            content=b'{"name":"x","definition":{"actions":[{"id":"a","type":"log","config":{"message":"x"}}]}}',
            headers={"Content-Type": content_type},
        )
        assert response.status_code == 201, response.text


async def test_the_list_is_paged_newest_first(api: httpx.AsyncClient) -> None:
    assert (await api.get("/api/v1/workflows")).json() == {"data": [], "limit": 20, "offset": 0, "total": 0}
    ids = [(await create(api, f"Workflow {n}"))["id"] for n in range(5)]
    whole = (await api.get("/api/v1/workflows")).json()
    assert [item["id"] for item in whole["data"]] == ids[::-1]
    assert whole["total"] == 5
    assert whole["data"][0]["definition"] == DEFINITION
    page = (await api.get("/api/v1/workflows?limit=2&offset=3")).json()
    assert [item["id"] for item in page.pop("data")] == [ids[1], ids[0]]
    assert page == {"limit": 2, "offset": 3, "total": 5}
    beyond = (await api.get("/api/v1/workflows?offset=2147483647")).json()
    assert (beyond["data"], beyond["total"]) == ([], 5)


async def test_an_update_is_partial_and_a_new_version(api: httpx.AsyncClient) -> None:
    created = await create(api, description="first")
    path = f"/api/v1/workflows/{created['id']}"
    renamed = (await api.put(path, json={"name": "Renamed"})).json()["data"]
    assert (renamed["name"], renamed["description"], renamed["version"]) == ("Renamed", "first", 2)
    assert renamed["definition"] == DEFINITION
    assert renamed["created_at"] == created["created_at"]
    assert renamed["updated_at"] > created["updated_at"]
    changed = (
        await api.put(
            path,
            json={"definition": definition("new"), "enabled": False, "description": None},
            headers={"X-User-ID": "user_456"},
        )
    ).json()["data"]
    assert (changed["version"], changed["enabled"], changed["description"]) == (3, False, "")
    assert changed["definition"] == definition("new")
    assert (changed["created_by"], changed["updated_by"]) == ("user_test", "user_456")


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, "body: must have at least one of name, description, enabled, definition"),
        ({"changes": "why"}, "body: must have at least one of"),
        ({"name": None}, "name: must be a string"),
        ({"name": ""}, "name: must not be empty"),
        ({"enabled": None}, "enabled: must be true or false"),
        ({"definition": None}, "definition"),
        ({"definition": {}}, "definition"),
        ({"version": 7}, "version: is unknown"),
    ],
)
async def test_a_wrong_update_changes_nothing(
    api: httpx.AsyncClient, body: dict[str, Any], message: str
) -> None:
    created = await create(api)
    response = await api.put(f"/api/v1/workflows/{created['id']}", json=body)
    assert response.status_code == 400
    assert message in response.json()["error"]
    assert (await api.get(f"/api/v1/workflows/{created['id']}")).json()["data"]["version"] == 1


async def test_updates_at_the_same_time_make_versions_without_gaps(api: httpx.AsyncClient) -> None:
    path = f"/api/v1/workflows/{(await create(api))['id']}"
    responses = await asyncio.gather(*(api.put(path, json={"name": f"Name {n}"}) for n in range(10)))
    assert sorted(response.json()["data"]["version"] for response in responses) == list(range(2, 12))
    assert (await api.get(f"{path}/versions")).json()["total"] == 11


async def test_versions_tell_who_when_and_why(api: httpx.AsyncClient) -> None:
    created = await create(api, changes="The first")
    path = f"/api/v1/workflows/{created['id']}"
    await api.put(path, json={"definition": definition("two"), "changes": "Updated validation step"})
    await api.put(path, json={"enabled": False}, headers={"X-User-ID": "user_456"})
    listed = (await api.get(f"{path}/versions")).json()
    assert {name: listed[name] for name in ("limit", "offset", "total")} == {
        "limit": 20,
        "offset": 0,
        "total": 3,
    }
    assert [(item["version"], item["created_by"], item.get("changes")) for item in listed["data"]] == [
        (3, "user_456", None),
        (2, "user_test", "Updated validation step"),
        (1, "user_test", "The first"),
    ]
    assert all(TIMESTAMP.fullmatch(item["created_at"]) for item in listed["data"])
    page = (await api.get(f"{path}/versions?limit=1&offset=1")).json()
    assert [item["version"] for item in page["data"]] == [2]
    second = (await api.get(f"{path}/versions/2")).json()["data"]
    assert second["version"] == 2
    assert second["definition"] == definition("two")
    assert (await api.get(f"{path}/versions/4")).status_code == 404


async def test_restoring_makes_a_new_version_and_starts_nothing_that_was_stopped(
    api: httpx.AsyncClient,
) -> None:
    created = await create(api, description="old")
    path = f"/api/v1/workflows/{created['id']}"
    await api.put(
        path, json={"name": "New", "description": "new", "definition": definition("two"), "enabled": False}
    )
    response = await api.post(f"{path}/versions/1/restore")
    assert response.status_code == 200
    restored = response.json()["data"]
    assert (restored["id"], restored["version"], restored["restored_from"]) == (created["id"], 3, 1)
    assert (restored["name"], restored["description"]) == ("Order Processing", "old")
    assert restored["definition"] == DEFINITION
    assert restored["enabled"] is False
    newest = (await api.get(f"{path}/versions")).json()["data"][0]
    assert (newest["version"], newest["restored_from"]) == (3, 1)
    assert (await api.post(f"{path}/versions/9/restore")).status_code == 404


async def test_a_deleted_workflow_is_gone(api: httpx.AsyncClient) -> None:
    path = f"/api/v1/workflows/{(await create(api))['id']}"
    response = await api.delete(path)
    assert (response.status_code, response.content) == (204, b"")
    for method, rest in [
        ("GET", ""),
        ("PUT", ""),
        ("DELETE", ""),
        ("GET", "/versions"),
        ("GET", "/versions/1"),
        ("POST", "/versions/1/restore"),
        ("POST", "/execute"),
        ("POST", "/dry-run"),
    ]:
        body = {"name": "Again"} if method == "PUT" else None
        assert (await api.request(method, path + rest, json=body)).status_code == 404, (method, rest)
    assert (await api.get("/api/v1/workflows")).json()["total"] == 0


async def test_bulk_delete_says_of_each_id_what_became_of_it(api: httpx.AsyncClient) -> None:
    first, second = (await create(api))["id"], (await create(api))["id"]
    wanted = [first, "wf_1", second, first, "\u0000", "💥"]
    response = await api.post("/api/v1/workflows/bulk-delete", json={"workflow_ids": wanted})
    assert response.status_code == 200
    outcome = response.json()["data"]
    assert outcome["deleted"] == [first, second]
    assert outcome["failed"] == [
        {"id": name, "error": "workflow not found"} for name in ("wf_1", "\u0000", "💥")
    ]
    assert (outcome["deleted_count"], outcome["failed_count"]) == (2, 3)
    assert (await api.get("/api/v1/workflows")).json()["total"] == 0


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, "workflow_ids: is required"),
        ({"workflow_ids": []}, "workflow_ids: must not be empty"),
        ({"workflow_ids": "wf_1"}, "workflow_ids: must be a list"),
        ({"workflow_ids": ["wf_1", 2]}, "workflow_ids/1: must be a string"),
        ({"workflow_ids": ["wf_1"] * 101}, "workflow_ids: must have at most 100 items"),
        ({"ids": ["wf_1"]}, "workflow_ids: is required"),
    ],
)
async def test_bulk_delete_has_bounds(api: httpx.AsyncClient, body: dict[str, Any], message: str) -> None:
    response = await api.post("/api/v1/workflows/bulk-delete", json=body)
    assert response.status_code == 400
    assert message in response.json()["error"]


async def test_a_tenant_sees_its_own(api: httpx.AsyncClient, stack: Stack) -> None:
    workflow_id = (await create(api))["id"]
    path = f"/api/v1/workflows/{workflow_id}"
    async with stack.client(f"other_{secrets.token_hex(6)}") as other:
        for method, rest, body in [
            ("GET", "", None),
            ("PUT", "", {"name": "Mine now"}),
            ("DELETE", "", None),
            ("GET", "/versions", None),
            ("GET", "/versions/1", None),
            ("POST", "/versions/1/restore", None),
            ("POST", "/execute", {}),
            ("POST", "/dry-run", {}),
        ]:
            response = await other.request(method, path + rest, json=body)
            assert response.status_code == 404, (method, rest)
            assert DEFINITION["actions"][0]["config"]["message"] not in response.text
        outcome = await other.post("/api/v1/workflows/bulk-delete", json={"workflow_ids": [workflow_id]})
        assert outcome.json()["data"]["deleted"] == []
        assert (await other.get("/api/v1/workflows")).json()["total"] == 0
    assert (await api.get(path)).json()["data"]["version"] == 1


async def test_a_dry_run_has_no_effect_and_tells_what_would_happen(api: httpx.AsyncClient) -> None:
    created = await create(
        api,
        definition={
            "actions": [
                {
                    "id": "sum",
                    "type": "transform",
                    "config": {"expression": "trigger.body.a + trigger.body.b"},
                },
                {"id": "call", "type": "http", "config": {"method": "POST", "url": "http://127.0.0.1:9/"}},
            ]
        },
    )
    path = f"/api/v1/workflows/{created['id']}/dry-run"
    response = await api.post(path, json={"test_data": {"a": 2, "b": 3}})
    assert response.status_code == 200
    result = response.json()["data"]
    assert result["valid"] is True
    assert isinstance(result["execution_time_ms"], int | float)
    steps = {step["action_id"]: step for step in result["steps"]}
    assert (steps["sum"]["result"], steps["sum"]["output"]) == ("success", 5)
    assert steps["call"]["result"] != "success"
    assert (await api.get("/api/v1/executions")).json()["total"] == 0
    assert (await api.post(path)).status_code == 200, "a body is optional"
    refused = await api.post(path, json={"data": {}})
    assert refused.status_code == 400
    assert "data: is unknown; did you mean 'test_data'?" in refused.json()["error"]
