"""One shape for every error, with a message that names what is wrong."""

import time
from collections.abc import Mapping
from typing import Any

import httpx
import pytest

DEFINITION = '{"actions":[{"id":"note","type":"log","config":{"message":"hello"}}]}'


async def _refused(response: httpx.Response, status: int) -> dict[str, Any]:
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/json"
    body: dict[str, Any] = response.json()
    assert isinstance(body["error"], str)
    assert body["error"]
    return body


@pytest.mark.parametrize(
    ("method", "path", "status", "message"),
    [
        ("GET", "/", 404, "no such route: GET /"),
        ("GET", "/api/v1/nothing", 404, "no such route: GET /api/v1/nothing"),
        ("GET", "/api/v1/workflows/wf_1/nothing", 404, "no such route"),
        ("GET", "/api/docs/assets/%00", 404, "no such route"),
        ("GET", "/api/docs/assets/..%2f..%2fcore.py", 404, "no such route"),
        ("PATCH", "/api/v1/workflows", 405, "allowed: GET, HEAD, OPTIONS, POST"),
        ("POST", "/health", 405, "allowed: GET, HEAD, OPTIONS"),
        ("GET", "/api/v1/workflows/wf_1/execute", 405, "allowed: OPTIONS, POST"),
        ("BREW", "/api/v1/workflows", 400, "not valid HTTP"),
        ("GET", "/api/v1/workflows/wf_1", 404, "workflow not found"),
        ("GET", "/api/v1/workflows/%00", 404, "no such route"),
        ("GET", "/api/v1/workflows/..%2fexecutions", 404, "no such route"),
        ("GET", "/api/v1/workflows/wf_'%20OR%201=1--", 404, "workflow not found"),
        ("GET", "/api/v1/workflows/wf_%0a", 404, "workflow not found"),
        ("GET", "/api/v1/workflows/%ff%fe", 404, "workflow not found"),
        ("GET", "/api/v1/workflows/%F0%9F%92%A5", 404, "workflow not found"),
        ("GET", "/api/v1/workflows/" + "w" * 5000, 404, "workflow not found"),
        ("DELETE", "/api/v1/workflows/wf_1", 404, "workflow not found"),
        ("GET", "/api/v1/workflows/wf_1/versions", 404, "workflow not found"),
        ("GET", "/api/v1/workflows/wf_1/versions/1", 404, "version not found"),
        ("GET", "/api/v1/workflows/wf_1/versions/0", 404, "version not found"),
        ("GET", "/api/v1/workflows/wf_1/versions/-1", 404, "version not found"),
        ("GET", "/api/v1/workflows/wf_1/versions/x", 404, "version not found"),
        ("GET", "/api/v1/workflows/wf_1/versions/99999999999999999999", 404, "version not found"),
        ("POST", "/api/v1/workflows/wf_1/versions/1/restore", 404, "version not found"),
        ("POST", "/api/v1/workflows/wf_1/execute", 404, "workflow not found"),
        ("POST", "/api/v1/workflows/wf_1/dry-run", 404, "workflow not found"),
        ("GET", "/api/v1/executions/exec_1", 404, "execution not found"),
        ("GET", "/api/v1/executions/exec_1/steps", 404, "execution not found"),
        ("GET", "/api/v1/executions/%27;--", 404, "execution not found"),
    ],
)
async def test_what_is_not_there(
    api: httpx.AsyncClient, method: str, path: str, status: int, message: str
) -> None:
    body = await _refused(await api.request(method, path), status)
    assert message in body["error"]


@pytest.mark.parametrize(
    ("path", "query", "message"),
    [
        (path, query, message)
        for path in ("/api/v1/workflows", "/api/v1/executions", "/api/v1/workflows/wf_1/versions")
        for query, message in [
            ("limit=0", "limit: must be at least 1"),
            ("limit=101", "limit: must be at most 100"),
            ("limit=-1", "limit: must be at least 1"),
            ("limit=ten", "limit: must be a whole number"),
            ("limit=1.5", "limit: must be a whole number"),
            ("limit=1_0", "limit: must be a whole number"),
            ("limit=", "limit: must be a whole number"),
            ("limit=%00", "limit: must be a whole number"),
            ("offset=-1", "offset: must be at least 0"),
            ("offset=2147483648", "offset: must be at most 2147483647"),
            ("offset=" + "9" * 1000, "offset: must be a whole number"),
            ("lmit=1", "lmit: is unknown; did you mean 'limit'?"),
            ("%00=1", "is unknown"),
        ]
    ]
    + [
        ("/api/v1/executions", query, message)
        for query, message in [
            ("status=done", "status: 'done' is not a status, known are pending, running"),
            ("status=failed,%20nope", "status: 'nope' is not a status"),
            ("status=", "status: '' is not a status"),
            ("trigger_type=cron", "trigger_type: must be one of 'manual', 'webhook', 'schedule'"),
            ("from=yesterday", "from: must be a date such as"),
            ("to=2024-02-30", "to: must be a date such as"),
            ("from=2024-02-02&to=2024-02-01", "to: must be later than from"),
            ("workflow_id=", "workflow_id: must not be empty"),
            ("state=failed", "state: is unknown; did you mean 'status'?"),
        ]
    ],
)
async def test_wrong_queries_name_the_parameter(
    api: httpx.AsyncClient, path: str, query: str, message: str
) -> None:
    body = await _refused(await api.get(f"{path}?{query}"), 400)
    assert message in body["error"]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("", "body: is required"),
        ("   ", "body: is required"),
        ("{", "body: is not valid JSON"),
        ("[]", "body: must be an object"),
        ("null", "body: must be an object"),
        ('"text"', "body: must be an object"),
        ("{}", "name: is required"),
        ('{"name":"x"}', "definition: is required"),
        (f'{{"name":5,"definition":{DEFINITION}}}', "name: must be a string"),
        (f'{{"name":null,"definition":{DEFINITION}}}', "name: must be a string"),
        (f'{{"name":"","definition":{DEFINITION}}}', "name: must not be empty"),
        (f'{{"name":"  ","definition":{DEFINITION}}}', "name: must not be blank"),
        (f'{{"name":"{"x" * 256}","definition":{DEFINITION}}}', "name: must be at most 255 characters"),
        (f'{{"name":"a\\u0000b","definition":{DEFINITION}}}', "name: must not contain line breaks"),
        (f'{{"name":"a\\nb","definition":{DEFINITION}}}', "name: must not contain line breaks"),
        (f'{{"name":"\\ud800","definition":{DEFINITION}}}', "body: is not valid JSON"),
        (f'{{"name":"x","description":"a\\u0000","definition":{DEFINITION}}}', "description: must not"),
        (
            f'{{"name":"x","description":"{"x" * 5001}","definition":{DEFINITION}}}',
            "description: must be at most 5000 characters",
        ),
        (f'{{"name":"x","enabled":"yes","definition":{DEFINITION}}}', "enabled: must be true or false"),
        (f'{{"name":"x","enabled":1,"definition":{DEFINITION}}}', "enabled: must be true or false"),
        (f'{{"name":"x","enabld":true,"definition":{DEFINITION}}}', "did you mean 'enabled'?"),
        (f'{{"name":"x","name":"y","definition":{DEFINITION}}}', "the name 'name' is given twice"),
        (f'{{"name":"x","changes":"{"x" * 1001}","definition":{DEFINITION}}}', "changes: must be at most"),
        ('{"name":"x","definition":[]}', "definition"),
        ('{"name":"x","definition":null}', "definition"),
        ('{"name":"x","definition":"{}"}', "definition"),
        ('{"name":"x","definition":{}}', "definition"),
        ('{"name":"x","definition":{"actions":[]}}', "definition/actions"),
        ('{"name":"x","definition":{"actions":[{"id":"a\\"b","type":"log"}]}}', "definition/actions/0/id"),
        ('{"name":"x","definition":{"actions":[{"id":"a\\nb","type":"log"}]}}', "definition/actions/0/id"),
        ('{"name":"x","definition":{"actions":[{"id":"a","type":"nope"}]}}', "definition/actions/0/type"),
        (
            '{"name":"x","definition":{"actions":[{"id":"a","type":"log","config":{"message":"\\u0000"}}]}}',
            "definition/actions/0/config/message",
        ),
        ('{"name":"x","definition":' + '{"a":' * 1000 + "1" + "}" * 1000 + "}", "nested"),
        ('{"name":"x","definition":' + "[" * 100_000 + "]" * 100_000 + "}", "depth"),
        ('{"name":"x","definition":{"variables":{"n":' + "9" * 100 + "}}}", "too large"),
        ('{"name":"x","definition":{"variables":{"n":NaN}}}', "not valid JSON"),
    ],
)
async def test_wrong_workflows_are_refused_at_once(api: httpx.AsyncClient, body: str, message: str) -> None:
    started = time.perf_counter()
    response = await api.post("/api/v1/workflows", content=body)
    assert time.perf_counter() - started < 1
    assert message in (await _refused(response, 400))["error"]


async def test_ten_thousand_actions_are_refused_at_once(api: httpx.AsyncClient) -> None:
    actions = [{"id": f"a{n}", "type": "log", "config": {"message": "x"}} for n in range(10_000)]
    started = time.perf_counter()
    response = await api.post("/api/v1/workflows", json={"name": "x", "definition": {"actions": actions}})
    assert time.perf_counter() - started < 1
    assert "definition" in (await _refused(response, 400))["error"]


async def test_all_problems_of_a_body_and_of_a_definition_are_told(api: httpx.AsyncClient) -> None:
    body = await _refused(await api.post("/api/v1/workflows", json={"name": 1, "enabled": 2}), 400)
    assert [detail["field"] for detail in body["details"]] == ["name", "enabled", "definition"]
    actions = [{"id": "a", "type": "nope"}, {"id": "a", "type": "log", "config": {}}]
    response = await api.post("/api/v1/workflows", json={"name": "x", "definition": {"actions": actions}})
    details = (await _refused(response, 400))["details"]
    assert "/actions/0/type" in {detail["pointer"] for detail in details}
    assert all(detail["message"] for detail in details)


@pytest.mark.parametrize(
    ("headers", "status", "message"),
    [
        ({}, 401, "authentication required: send the header X-Tenant-ID"),
        ({"X-Tenant-ID": ""}, 401, "authentication required"),
        ({"X-Tenant-ID": "a:b"}, 400, "X-Tenant-ID: must be"),
        ({"X-Tenant-ID": "x" * 65}, 400, "X-Tenant-ID: must be"),
        ({"X-Tenant-ID": "-x"}, 400, "X-Tenant-ID: must be"),
        ({"X-Tenant-ID": "t", "X-User-ID": "x" * 256}, 400, "X-User-ID: must be at most 255"),
        ({"X-Tenant-ID": "t", "X-User-Role": "root"}, 400, "X-User-Role: must be one of viewer"),
    ],
)
async def test_who_sends_a_request_must_be_clear(
    api: httpx.AsyncClient, headers: Mapping[str, str], status: int, message: str
) -> None:
    async with httpx.AsyncClient(base_url=api.base_url, trust_env=False) as client:
        for method, path in [
            ("GET", "/api/v1/workflows"),
            ("POST", "/api/v1/workflows"),
            ("POST", "/api/v1/workflows/bulk-delete"),
            ("POST", "/api/v1/workflows/wf_1/execute"),
            ("GET", "/api/v1/executions"),
            ("GET", "/api/v1/executions/exec_1/steps"),
        ]:
            body = await _refused(await client.request(method, path, headers=headers), status)
            assert message in body["error"]
