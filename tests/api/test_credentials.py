"""Credentials over REST: as the reference has them, without a value anywhere but where it is asked for."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from tests.support.processes import Stack

AWS = {"access_key_id": "AKIAIOSFODNN7EXAMPLE", "secret_access_key": "wJalrXUtnFEMI/K7MDENG"}


async def create(api: httpx.AsyncClient, name: str = "Stripe API Key", **fields: Any) -> dict[str, Any]:
    """A new credential, as the API shows it."""
    body = {"name": name, "type": "custom", "value": {"secret": "s3cret-value"}, **fields}
    response = await api.post("/api/v1/credentials", json=body)
    assert response.status_code == 201, response.text
    created: dict[str, Any] = response.json()["data"]
    return created


async def value_of(api: httpx.AsyncClient, credential_id: str) -> Any:
    """The value, which the access log will tell of."""
    response = await api.get(f"/api/v1/credentials/{credential_id}/value")
    assert response.status_code == 200, response.text
    return response.json()["data"]["value"]


async def test_the_reference(api: httpx.AsyncClient) -> None:
    response = await api.post(
        "/api/v1/credentials",
        json={
            "name": "AWS Access Key",
            "type": "aws",
            "description": "Production AWS credentials",
            "value": AWS,
            "expires_at": "2099-01-01T00:00:00Z",
        },
    )
    assert response.status_code == 201
    created = response.json()["data"]
    assert created["id"].startswith("cred_")
    assert (created["name"], created["type"]) == ("AWS Access Key", "aws")
    assert response.headers["location"] == f"/api/v1/credentials/{created['id']}"
    listed = (await api.get("/api/v1/credentials")).json()
    assert listed["data"] == [created]
    assert listed["total"] == 1
    assert created["expires_at"] == "2099-01-01T00:00:00Z"
    assert created["last_rotated"] == created["created_at"]
    assert "value" not in created
    read = await api.get(f"/api/v1/credentials/{created['id']}/value")
    assert read.json() == {"data": {"id": created["id"], "version": 1, "value": AWS}}
    assert read.headers["cache-control"] == "no-store"
    new = {"access_key_id": "AKIA2", "secret_access_key": "another"}
    rotated = await api.post(f"/api/v1/credentials/{created['id']}/rotate", json={"new_value": new})
    assert rotated.status_code == 200
    assert rotated.json()["data"].keys() == {"id", "version", "rotated_at"}
    assert rotated.json()["data"]["version"] == 2
    assert await value_of(api, created["id"]) == new
    now = (await api.get(response.headers["location"])).json()["data"]
    assert now["version"] == 2
    assert now["last_rotated"] == rotated.json()["data"]["rotated_at"]
    assert now["expires_at"] is None


async def test_names_are_unique_in_a_tenant(api: httpx.AsyncClient, stack: Stack, tenant: str) -> None:
    first = await create(api, "Key")
    again = await api.post("/api/v1/credentials", json={"name": "Key", "type": "custom", "value": {"a": "b"}})
    assert again.status_code == 409
    assert again.json()["error"] == "name: there is a credential named 'Key' already"
    second = await create(api, "Other")
    renamed = await api.put(f"/api/v1/credentials/{second['id']}", json={"name": "Key"})
    assert renamed.status_code == 409
    async with stack.client(f"{tenant}_b") as stranger:
        await create(stranger, "Key")
        for method, path in [
            ("GET", ""), ("GET", "/value"), ("GET", "/versions"), ("GET", "/access-log"), ("DELETE", "")
        ]:  # fmt: skip
            answer = await stranger.request(method, f"/api/v1/credentials/{first['id']}{path}")
            assert (answer.status_code, answer.json()) == (404, {"error": "credential not found"})
        rotate = await stranger.post(
            f"/api/v1/credentials/{first['id']}/rotate", json={"new_value": {"a": "b"}}
        )
        assert rotate.status_code == 404
    assert await value_of(api, first["id"]) == {"secret": "s3cret-value"}


async def test_what_may_change(api: httpx.AsyncClient) -> None:
    created = await create(api, description="old", expires_at="2099-01-01T00:00:00+02:00")
    assert created["expires_at"] == "2098-12-31T22:00:00Z"
    path = f"/api/v1/credentials/{created['id']}"
    changed = (await api.put(path, json={"name": "Grüße", "expires_at": None})).json()["data"]
    assert (changed["name"], changed["description"], changed["expires_at"]) == ("Grüße", "old", None)
    assert changed["version"] == 1
    assert (await api.put(path, json={"description": None})).json()["data"]["description"] == ""
    assert (await api.put(path, json={})).status_code == 400
    assert (await api.put(path, json={"value": {"a": "b"}})).json()["error"].startswith("value: is unknown")
    assert (await api.put("/api/v1/credentials/cred_none", json={"name": "x"})).status_code == 404


async def test_expiry_is_announced(api: httpx.AsyncClient) -> None:
    now = datetime.now(UTC)
    for name, delta in [
        ("far", timedelta(days=100)),
        ("soon", timedelta(days=5, hours=1)),
        ("gone", -timedelta(1)),
    ]:
        await create(api, name, expires_at=(now + delta).isoformat())
    await create(api, "never")
    listed = (await api.get("/api/v1/credentials")).json()["data"]
    assert {row["name"]: (row["status"], row["warning"]) for row in listed} == {
        "never": ("active", None),
        "far": ("active", None),
        "soon": ("expiring", "expires in 5 days: rotate it before"),
        "gone": ("expired", "has expired: steps that use it fail until it is rotated"),
    }


@pytest.mark.parametrize(
    ("type_name", "value", "message"),
    [
        ("api_key", {"ky": "x"}, "value/ky: is unknown; did you mean 'key'?"),
        ("api_key", {"header": "X-Key"}, "value: must have either key or api_key"),
        ("api_key", {"key": "a", "api_key": "b"}, "value: must have either key or api_key"),
        ("api_key", {"key": "a", "header": "h", "query": "q"}, "value: must have at most one of header and query"),
        ("api_key", {"key": "secret\r\nX-Evil: 1"}, "value/key: must not contain line breaks"),
        ("bearer_token", {}, "value: must"),
        ("bearer_token", {"token": 5}, "value/token: must be a string"),
        ("basic_auth", {"username": "a:b", "password": "x"}, "value/username: string should match pattern"),
        ("basic_auth", {"username": "a"}, "value/password: is required"),
        ("oauth2", {"token_url": "ftp://x", "client_id": "a", "client_secret": "b"}, "value/token_url: must be an"),
        ("aws", {"access_key_id": "AKIA"}, "value/secret_access_key: is required"),
        ("aws", {**AWS, "region": "EU West"}, "value/region: string should match pattern"),
        ("smtp", {"host": "mail", "port": 70_000}, "value/port: must be at most 65535"),
        ("smtp", {"host": "mail", "tls": "ssl"}, "value/tls: must be one of 'starttls', 'tls' or 'none'"),
        ("smtp", {"host": "mail", "password": "x"}, "value: must have a username with the password"),
        ("postgres", {"host": "db"}, "value: must have url, or database, username, password as well"),
        ("postgres", {"url": "mysql://secret@x"}, "value/url: must begin with postgresql://"),
        ("postgres", {"url": "postgresql://x", "host": "y"}, "value: must have either url or parts of it"),
        ("slack", {}, "value: must"),
        ("slack", {"token": "a", "webhook_url": "https://x"}, "value: must have either token or webhook_url"),
        ("custom", {}, "value: must"),
        ("custom", {str(n): n for n in range(101)}, "value: "),
        ("custom", {"a": "x" * 70_000}, "value: has more than 65536 bytes"),
        ("custom", [], "value: must be an object"),
        ("", {"a": 1}, "type: must not be empty"),
        ("my\ttype", {"a": 1}, "type: string should match pattern"),
    ],
)  # fmt: skip
async def test_a_value_has_the_form_of_its_type(
    api: httpx.AsyncClient, type_name: str, value: Any, message: str
) -> None:
    response = await api.post("/api/v1/credentials", json={"name": "n", "type": type_name, "value": value})
    assert response.status_code == 400, response.text
    assert response.json()["error"].startswith(message)
    assert "secret@x" not in response.text
    assert "X-Evil" not in response.text


@pytest.mark.parametrize(
    ("type_name", "value"),
    [
        ("api_key", {"api_key": "k", "query": "key"}),
        ("bearer_token", {"token": "t"}),
        ("basic_auth", {"username": "", "password": ""}),
        ("oauth2", {"token_url": "https://x/t", "client_id": "a", "client_secret": "b", "scope": "r w"}),
        ("aws", {**AWS, "session_token": "t", "region": "eu-west-1"}),
        ("smtp", {"host": "mail.example.com", "username": "u", "password": "p", "tls": "none"}),
        ("postgres", {"host": "db", "database": "d", "username": "u", "password": "p", "sslmode": "require"}),
        ("postgres", {"url": "postgresql://u:p@db/d"}),
        ("slack", {"webhook_url": "https://hooks.slack.com/services/T/B/X"}),
        ("github", {"deep": [{"any": None}], "nul\0": "\0", "n": 1.5}),
    ],
)
async def test_a_value_comes_back_as_it_was_sent(api: httpx.AsyncClient, type_name: str, value: Any) -> None:
    created = await create(api, type=type_name, value=value)
    assert await value_of(api, created["id"]) == value


async def test_a_rotation_is_checked_by_the_type(api: httpx.AsyncClient) -> None:
    created = await create(api, type="bearer_token", value={"token": "a"})
    path = f"/api/v1/credentials/{created['id']}/rotate"
    for body, message in [
        ({"new_value": {"tokn": "b"}}, "new_value/tokn: is unknown"),
        ({}, "new_value: is required"),
        ({"new_value": {"token": "b"}, "grace_period": "31d"}, "grace_period: must be at most 30 days"),
        ({"new_value": {"token": "b"}, "grace_period": "soon"}, "grace_period: not a duration"),
        ({"new_value": {"token": "b"}, "expires_at": "tomorrow"}, "expires_at: must be a time with its zone"),
        (
            {"new_value": {"token": "b"}, "expires_at": "2027-01-01"},
            "expires_at: must be a time with its zone",
        ),
    ]:
        response = await api.post(path, json=body)
        assert response.status_code == 400
        found = [f"{detail['field']}: {detail['message']}" for detail in response.json()["details"]]
        assert any(line.startswith(message) for line in found), found
    assert await value_of(api, created["id"]) == {"token": "a"}


async def test_versions(api: httpx.AsyncClient) -> None:
    created = await create(api)
    path = f"/api/v1/credentials/{created['id']}"
    for number, grace in [(2, "1h"), (3, 0)]:
        body = {"new_value": {"secret": f"value-{number}"}, "grace_period": grace}
        assert (await api.post(f"{path}/rotate", json=body)).status_code == 200
    versions = (await api.get(f"{path}/versions")).json()
    assert versions["total"] == 3
    assert [(row["version"], row["status"]) for row in versions["data"]] == [
        (3, "current"), (2, "ended"), (1, "grace")
    ]  # fmt: skip
    first = versions["data"][2]
    superseded = datetime.fromisoformat(first["superseded_at"])
    assert datetime.fromisoformat(first["valid_until"]) - superseded == pytest.approx(
        timedelta(hours=1), abs=timedelta(seconds=1)
    )
    assert "s3cret-value" not in json.dumps(versions)


async def test_rotations_at_once_make_one_version_each(api: httpx.AsyncClient) -> None:
    created = await create(api)
    path = f"/api/v1/credentials/{created['id']}/rotate"
    answers = await asyncio.gather(*(api.post(path, json={"new_value": {"n": n}}) for n in range(8)))
    versions = {answer.json()["data"]["version"]: n for n, answer in enumerate(answers)}
    assert sorted(versions) == list(range(2, 10))
    assert await value_of(api, created["id"]) == {"n": versions[9]}


async def test_reads_are_logged(api: httpx.AsyncClient, stack: Stack, tenant: str) -> None:
    created = await create(api)
    path = f"/api/v1/credentials/{created['id']}"
    read = await api.get(f"{path}/value", headers={"X-User-ID": "ann", "X-Request-ID": "req-7"})
    assert read.status_code == 200
    async with stack.client(f"{tenant}_b") as stranger:
        assert (await stranger.get(f"{path}/value")).status_code == 404
        exported = (await stranger.get("/api/v1/credentials/access-log")).text
    refused = json.loads(exported)
    assert (refused["outcome"], refused["reason"]) == ("refused", "credential not found")
    assert (refused["name"], refused["credential_id"]) == (created["id"], None)
    log = (await api.get(f"{path}/access-log")).json()
    assert log["total"] == 1
    [entry] = log["data"]
    assert entry | {"id": "", "at": ""} == {
        "id": "", "credential_id": created["id"], "name": "Stripe API Key", "version": 1, "at": "",
        "outcome": "granted", "reason": None, "via": "api", "user_id": "ann", "address": "127.0.0.1",
        "request_id": "req-7", "execution_id": None, "path": None, "attempt": None,
    }  # fmt: skip
    # What only lists, or describes, is no read.
    for other in ("", "/versions", "/access-log"):
        await api.get(path + other)
    assert (await api.get(f"{path}/access-log")).json()["total"] == 1


async def test_the_log_is_exported_whole_and_outlives_the_credential(api: httpx.AsyncClient) -> None:
    assert (await api.get("/api/v1/credentials/access-log")).text == ""
    first, second = await create(api, "a"), await create(api, "b")
    for credential in (first, second, first):
        await value_of(api, credential["id"])
    assert (await api.delete(f"/api/v1/credentials/{first['id']}")).status_code == 204
    assert (await api.get(f"/api/v1/credentials/{first['id']}/access-log")).status_code == 404
    response = await api.get("/api/v1/credentials/access-log")
    assert response.headers["content-type"] == "application/x-ndjson"
    entries = [json.loads(line) for line in response.text.splitlines()]
    assert [entry["name"] for entry in entries] == ["a", "b", "a"]
    since = await api.get("/api/v1/credentials/access-log", params={"from": entries[1]["at"]})
    assert len(since.text.splitlines()) == 2
    until = await api.get("/api/v1/credentials/access-log", params={"to": entries[1]["at"]})
    assert len(until.text.splitlines()) == 1
    assert (await api.get("/api/v1/credentials/access-log", params={"form": "x"})).status_code == 400


async def _workflow(api: httpx.AsyncClient, name: str, config: dict[str, Any], **rest: Any) -> dict[str, Any]:
    action = {"id": "call", "type": "http", "config": {"url": "https://api.example.com/", **config}}
    response = await api.post(
        "/api/v1/workflows", json={"name": name, "definition": {"actions": [action]}, **rest}
    )
    assert response.status_code == 201, response.text
    created: dict[str, Any] = response.json()["data"]
    return created


async def test_what_is_used_is_not_deleted(api: httpx.AsyncClient) -> None:
    created = await create(api, "My Key")
    path = f"/api/v1/credentials/{created['id']}"
    by_text = await _workflow(api, "By text", {"headers": {"X": "k {{credentials['My Key'].secret}}"}})
    by_name = await _workflow(api, "By name", {"auth": {"credential": "My Key"}})
    by_id = await _workflow(api, "By id", {"auth": {"credential": created["id"]}})
    # Naming it without using it, and having used it once.
    await _workflow(api, "My Key", {"body": {"credential": "My Key"}})
    gone = await _workflow(api, "Gone", {"auth": {"credential": "My Key"}})
    assert (await api.delete(f"/api/v1/workflows/{gone['id']}")).status_code == 204
    refused = await api.delete(path)
    assert refused.status_code == 409
    error = refused.json()["error"]
    assert error.startswith("3 workflows use the credential: 'By text' (wf_")
    for workflow in (by_text, by_name, by_id):
        assert f"'{workflow['name']}' ({workflow['id']})" in error
    assert (await api.delete(path, params={"force": "maybe"})).status_code == 400
    assert (await api.delete(path, params={"force": "true"})).status_code == 204
    assert (await api.get(path)).status_code == 404
    assert (await api.delete(path)).status_code == 404


async def test_a_save_warns_of_names_that_there_are_not(api: httpx.AsyncClient) -> None:
    await create(api, "My Key")
    config = {
        "headers": {"A": "{{credentials['My Key'].secret}}", "B": "x {{credentials.mykey}}"},
        "auth": {"credential": "My Kez"},
    }
    saved = await _workflow(api, "w", config)
    expected = [
        {
            "pointer": "/actions/0/config/headers/B",
            "message": 'there is no credential "mykey" yet; there is only My Key',
        },
        {
            "pointer": "/actions/0/config/auth/credential",
            "message": "there is no credential \"My Kez\" yet; did you mean 'My Key'?",
        },
    ]
    assert saved["warnings"] == expected
    path = f"/api/v1/workflows/{saved['id']}"
    dry = (await api.post(f"{path}/dry-run", json={})).json()["data"]
    told = [{"pointer": warning["pointer"], "message": warning["message"]} for warning in dry["warnings"]]
    assert told == expected
    await create(api, "mykey")
    await create(api, "My Kez")
    again = (await api.put(path, json={"definition": saved["definition"]})).json()["data"]
    assert again["warnings"] == []


async def test_who_is_refused_for_the_role_is_in_the_log(api: httpx.AsyncClient) -> None:
    created = await api.post(
        "/api/v1/credentials", json={"name": "k", "type": "my own type", "value": {"a": "bcdefg"}}
    )
    assert created.status_code == 201, created.text
    path = f"/api/v1/credentials/{created.json()['data']['id']}"
    refused = await api.get(f"{path}/value", headers={"X-User-Role": "editor", "X-User-ID": "eve"})
    assert refused.status_code == 403
    [entry] = (await api.get(f"{path}/access-log")).json()["data"]
    assert (entry["outcome"], entry["user_id"]) == ("refused", "eve")
    assert "needs the role admin" in entry["reason"]
    rotated = await api.post(f"{path}/rotate", json={"new_value": {"a": "hijklm"}, "grace_period": "0"})
    assert rotated.status_code == 200, rotated.text
