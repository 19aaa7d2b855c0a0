"""Executions: begun, listed, read step by step."""

import asyncio
import re
import secrets
from datetime import datetime
from typing import Any

import httpx
import pytest

from tests.support.processes import Stack

TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z")
ECHO = {
    "actions": [{"id": "echo", "type": "transform", "config": {"expression": "trigger.body"}}],
    "output": "{{steps.echo.output}}",
}


async def create(api: httpx.AsyncClient, definition: dict[str, Any] | None = None, **fields: Any) -> str:
    """The id of a new workflow, which by default answers with what it is sent."""
    body = {"name": "Echo", "definition": definition or ECHO, **fields}
    response = await api.post("/api/v1/workflows", json=body)
    assert response.status_code == 201, response.text
    workflow_id: str = response.json()["data"]["id"]
    return workflow_id


async def execute(api: httpx.AsyncClient, workflow_id: str, **request: Any) -> dict[str, Any]:
    """A new execution, as the API shows it when it accepts it."""
    response = await api.post(f"/api/v1/workflows/{workflow_id}/execute", **request)
    assert response.status_code == 202, response.text
    accepted: dict[str, Any] = response.json()["data"]
    assert response.headers["location"] == f"/api/v1/executions/{accepted['execution_id']}"
    return accepted


async def finished(api: httpx.AsyncClient, execution_id: str) -> dict[str, Any]:
    """The execution, once it has ended."""
    async with asyncio.timeout(30):
        while True:
            execution: dict[str, Any] = (await api.get(f"/api/v1/executions/{execution_id}")).json()["data"]
            if execution["status"] not in {"pending", "running"}:
                return execution
            await asyncio.sleep(0.05)


async def indexed(api: httpx.AsyncClient, count: int, query: str) -> list[dict[str, Any]]:
    """The list for a query, once its total is `count`: the index follows the run by a moment."""
    async with asyncio.timeout(15):
        while True:
            listed = (await api.get(f"/api/v1/executions?{query}")).json()
            if listed["total"] == count:
                items: list[dict[str, Any]] = listed["data"]
                return items
            await asyncio.sleep(0.05)


@pytest.mark.parametrize(
    ("request_", "body"),
    [
        ({}, {}),
        ({"content": b""}, {}),
        ({"content": b"  \n"}, {}),
        ({"json": {"id": "cust_123", "total": 99.99}}, {"id": "cust_123", "total": 99.99}),
        ({"content": b'{"a":1}'}, {"a": 1}),
        ({"content": b'{"a":1}', "headers": {"Content-Type": "application/x-www-form-urlencoded"}}, {"a": 1}),
        ({"content": b"[1,2]"}, [1, 2]),
        ({"content": b'"text"'}, "text"),
        ({"content": b"17"}, 17),
        ({"content": b"null"}, None),
        ({"content": b'"nul \\u0000 inside"'}, "nul \0 inside"),
        ({"content": '{"Grüße":"💥"}'.encode()}, {"Grüße": "💥"}),
    ],
)  # fmt: skip
async def test_any_json_may_be_sent_and_none(
    api: httpx.AsyncClient, request_: dict[str, Any], body: Any
) -> None:
    workflow_id = await create(api)
    accepted = await execute(api, workflow_id, **request_)
    assert re.fullmatch(r"exec_[0-9a-z]{26}", accepted["execution_id"])
    assert accepted["workflow_id"] == workflow_id
    assert accepted["status"] == "running"
    assert TIMESTAMP.fullmatch(accepted["started_at"])
    execution = await finished(api, accepted["execution_id"])
    assert execution["status"] == "completed", execution
    assert execution["trigger_type"] == "manual"
    assert execution["trigger_data"] == body
    assert execution["output"] == body
    assert execution["error"] is None
    assert isinstance(execution["duration_ms"], int)
    assert TIMESTAMP.fullmatch(execution["completed_at"])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"{", "body: is not valid JSON"),
        (b"a=1", "body: is not valid JSON"),
        (b"\xff", "body: is not valid JSON"),
        (b'{"a":1,"a":2}', "body: is not valid JSON: the name 'a' is given twice"),
        (b"[NaN]", "body: is not valid JSON"),
        (b"[" * 1000 + b"]" * 1000, "body: must not be nested deeper"),
    ],
)
async def test_what_is_not_json_starts_nothing(api: httpx.AsyncClient, content: bytes, message: str) -> None:
    workflow_id = await create(api)
    response = await api.post(f"/api/v1/workflows/{workflow_id}/execute", content=content)
    assert response.status_code == 400
    assert response.json()["error"].startswith(message)
    assert (await api.get("/api/v1/executions")).json()["total"] == 0


async def test_a_body_over_the_bound_starts_nothing(api: httpx.AsyncClient, stack: Stack) -> None:
    workflow_id = await create(api)
    bound = stack.settings.limits.trigger_bytes
    response = await api.post(f"/api/v1/workflows/{workflow_id}/execute", json="x" * bound)
    assert response.status_code == 400
    assert response.json() == {"error": f"body: must be at most {bound} bytes"}
    accepted = await execute(api, workflow_id, json="x" * (bound - 2))
    assert (await finished(api, accepted["execution_id"]))["status"] == "completed"


async def test_a_disabled_workflow_is_not_executed(api: httpx.AsyncClient) -> None:
    workflow_id = await create(api, enabled=False)
    response = await api.post(f"/api/v1/workflows/{workflow_id}/execute")
    assert response.status_code == 409
    assert "disabled" in response.json()["error"]
    assert (await api.get("/api/v1/executions")).json()["total"] == 0


async def test_the_input_schema_is_held(api: httpx.AsyncClient) -> None:
    schema = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}
    workflow_id = await create(api, {**ECHO, "input_schema": schema})
    response = await api.post(f"/api/v1/workflows/{workflow_id}/execute", json={"n": "one"})
    assert response.status_code == 400
    body = response.json()
    assert body["error"] == "body/n: must be a whole number"
    assert body["details"] == [{"field": "body/n", "message": "must be a whole number"}]
    missing = await api.post(f"/api/v1/workflows/{workflow_id}/execute")
    assert missing.status_code == 400
    assert (await api.get("/api/v1/executions")).json()["total"] == 0
    await execute(api, workflow_id, json={"n": 1})


async def test_a_repeated_request_begins_nothing_new(api: httpx.AsyncClient) -> None:
    workflow_id, other_id = await create(api), await create(api)
    headers = {"Idempotency-Key": "order-17"}
    path = f"/api/v1/workflows/{workflow_id}/execute"
    responses = await asyncio.gather(*(api.post(path, json={"n": 1}, headers=headers) for _ in range(5)))
    assert {response.status_code for response in responses} == {202}
    assert len({response.json()["data"]["execution_id"] for response in responses}) == 1
    assert (await api.get("/api/v1/executions")).json()["total"] == 1
    elsewhere = await api.post(f"/api/v1/workflows/{other_id}/execute", headers=headers)
    assert elsewhere.status_code == 409
    assert elsewhere.json()["error"].startswith("Idempotency-Key: ")


@pytest.mark.parametrize("key", [b"", b"x" * 256, b"caf\xc3\xa9", b"tab\there"])
async def test_an_idempotency_key_has_bounds(api: httpx.AsyncClient, key: bytes) -> None:
    workflow_id = await create(api)
    response = await api.post(f"/api/v1/workflows/{workflow_id}/execute", headers=[(b"Idempotency-Key", key)])
    assert response.status_code == 400
    assert response.json()["error"].startswith("Idempotency-Key: must be")


async def test_steps_are_told_one_by_one(api: httpx.AsyncClient) -> None:
    workflow_id = await create(
        api,
        {
            "actions": [
                {"id": "first", "type": "transform", "config": {"expression": "trigger.body.n + 1"}},
                {"id": "second", "type": "fail", "config": {"message": "n is {{steps.first.output}}"}},
            ]
        },
    )
    execution_id = (await execute(api, workflow_id, json={"n": 1}))["execution_id"]
    execution = await finished(api, execution_id)
    assert execution["status"] == "failed"
    assert execution["error"]["message"] == "n is 2"
    response = await api.get(f"/api/v1/executions/{execution_id}/steps")
    assert response.status_code == 200
    told = response.json()["data"]
    assert told["execution_id"] == execution_id
    first, second = told["steps"]
    assert (first["action_id"], first["status"], first["output"]) == ("first", "completed", 2)
    assert (second["action_id"], second["status"]) == ("second", "failed")
    assert second["error"]["message"] == "n is 2"
    for step in told["steps"]:
        assert {"id", "started_at", "completed_at", "duration_ms", "input", "output", "error"} <= step.keys()
        assert TIMESTAMP.fullmatch(step["started_at"])


async def test_the_list_is_filtered_and_paged(api: httpx.AsyncClient) -> None:
    echo = await create(api)
    failing = await create(api, {"actions": [{"id": "no", "type": "fail", "config": {"message": "no"}}]})
    started = [(await execute(api, workflow))["execution_id"] for workflow in (echo, echo, failing)]
    completed = await indexed(api, 2, "status=completed")
    [failed] = await indexed(api, 1, "status=failed")
    assert {item["id"] for item in completed} == set(started[:2])
    assert failed["id"] == started[2]
    # Newest first: by the time that Temporal began them, which need not be the order in which they were accepted.
    began = {item["id"]: datetime.fromisoformat(item["started_at"]) for item in (*completed, failed)}
    started.sort(key=lambda execution: (began[execution], execution))
    assert failed["workflow_id"] == failing
    assert failed["workflow_name"] == "Echo"
    assert failed["error"]["message"] == "no"
    assert (completed[0]["steps_completed"], completed[0]["steps_total"]) == (1, 1)
    assert isinstance(completed[0]["duration_ms"], int)

    async def ids(query: str) -> list[str]:
        response = await api.get(f"/api/v1/executions?{query}")
        assert response.status_code == 200, response.text
        return [item["id"] for item in response.json()["data"]]

    assert await ids("") == started[::-1]
    assert (
        await ids("status=failed,completed") == await ids("status=failed&status=completed") == started[::-1]
    )
    assert (
        await ids(f"workflow_id={failing}")
        == await ids(f"status=failed&workflow_id={failing}")
        == [failed["id"]]
    )
    assert await ids("workflow_id=wf_1") == await ids("workflow_id=%00") == []
    assert await ids("status=running,pending,cancelled,terminated,timed_out") == []
    assert await ids("trigger_type=manual") == started[::-1]
    assert await ids("trigger_type=webhook") == []
    moment = completed[0]["started_at"]
    day = moment[:10]
    newer = [execution for execution in started[::-1] if began[execution] >= began[completed[0]["id"]]]
    assert await ids(f"from={moment}") == newer
    assert await ids(f"to={moment}") == started[::-1][len(newer) :]
    assert await ids(f"from={day}&to={day}") == started[::-1]
    assert await ids("to=2024-01-01") == await ids("from=2124-01-01") == []
    page = (await api.get("/api/v1/executions?limit=1&offset=1")).json()
    assert [item["id"] for item in page["data"]] == [started[1]]
    assert (page["limit"], page["offset"], page["total"]) == (1, 1, 3)


async def test_a_tenant_sees_its_own(api: httpx.AsyncClient, stack: Stack) -> None:
    execution_id = (await execute(api, await create(api), json={"secret": "mine"}))["execution_id"]
    async with stack.client(f"other_{secrets.token_hex(6)}") as other:
        for path in (f"/api/v1/executions/{execution_id}", f"/api/v1/executions/{execution_id}/steps"):
            response = await other.get(path)
            assert response.status_code == 404
            assert response.json() == {"error": "execution not found"}
        assert (await other.get("/api/v1/executions")).json()["total"] == 0
    assert (await finished(api, execution_id))["status"] == "completed"


async def test_executions_outlive_their_workflow(api: httpx.AsyncClient) -> None:
    workflow_id = await create(api)
    execution_id = (await execute(api, workflow_id))["execution_id"]
    assert (await api.delete(f"/api/v1/workflows/{workflow_id}")).status_code == 204
    assert (await finished(api, execution_id))["status"] == "completed"
    assert (await api.get(f"/api/v1/executions/{execution_id}/steps")).status_code == 200
