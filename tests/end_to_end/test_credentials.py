"""Secrets in use: they reach the other side, and nothing that is stored, logged or answered has them."""

import base64
import json
import mmap
import secrets
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

import httpx
import psycopg
import pytest

from tests.support.executions import ended
from tests.support.processes import Stack
from tests.support.receiver import Receiver, Reply, Request

RUNS = 20


class Echo(Receiver):
    """Gives back all that it is sent, in every form it can think of; to `/fail` with an error."""

    def _reply_to(self, request: Request) -> Reply:
        body = request.body.decode()
        told = {
            "headers": dict(request.headers),
            "body": body,
            "query": request.query,
            "all": [form for text in (*request.headers.values(), body) for form in forms(text)],
        }
        status = 503 if request.path == "/fail" else 200
        head = {"X-Echo": request.headers.get("x-key", "none"), "Content-Type": "application/json"}
        return Reply(status=status, json=told, headers=head)


def forms(secret: str) -> list[str]:
    """What a secret looks like on its way."""
    raw = secret.encode()
    return [
        secret,
        quote(secret, safe=""),
        quote_plus(secret),
        json.dumps(secret)[1:-1],
        base64.b64encode(raw).decode(),
        base64.urlsafe_b64encode(raw).decode(),
    ]


@pytest.fixture
async def echo() -> AsyncIterator[Echo]:
    """An echo of the test's own."""
    async with Echo() as echo:
        yield echo


async def store(api: httpx.AsyncClient, name: str, type_name: str, value: dict[str, Any]) -> str:
    """A new credential; its id."""
    response = await api.post("/api/v1/credentials", json={"name": name, "type": type_name, "value": value})
    assert response.status_code == 201, response.text
    credential_id: str = response.json()["data"]["id"]
    return credential_id


async def save(api: httpx.AsyncClient, *actions: dict[str, Any], **rest: Any) -> str:
    """A new workflow; its id."""
    body = {"name": "w", "definition": {"actions": list(actions), **rest}}
    response = await api.post("/api/v1/workflows", json=body)
    assert response.status_code == 201, response.text
    workflow_id: str = response.json()["data"]["id"]
    return workflow_id


async def execute(api: httpx.AsyncClient, workflow_id: str, body: Any = None) -> str:
    """A new execution; its id."""
    response = await api.post(f"/api/v1/workflows/{workflow_id}/execute", json=body)
    assert response.status_code == 202, response.text
    execution_id: str = response.json()["data"]["execution_id"]
    return execution_id


def http(action_id: str, url: str, **config: Any) -> dict[str, Any]:
    """An `http` action."""
    return {"id": action_id, "type": "http", "config": {"url": url, **config}}


def _found(directory: Path, needles: list[bytes]) -> Iterator[str]:
    for file in sorted(path for path in directory.rglob("*") if path.is_file() and path.stat().st_size):
        try:
            with file.open("rb") as opened, mmap.mmap(opened.fileno(), 0, prot=mmap.PROT_READ) as content:
                yield from (f"{file}: {needle!r}" for needle in needles if content.find(needle) >= 0)
        except (FileNotFoundError, ValueError):
            continue  # it went away, or became empty, as files of a running server do


async def test_nothing_but_the_value_endpoint_shows_a_secret(
    api: httpx.AsyncClient, stack: Stack, echo: Echo, directory: Path, database_url: str, tenant: str
) -> None:
    unique = secrets.token_hex(6)
    key, password = f"sk_example/{unique}+key=", f'pa"ss {unique}/word'
    await store(api, "Stripe API Key", "api_key", {"key": key})
    login_id = await store(api, "login", "basic_auth", {"username": "ann", "password": password})
    workflow_id = await save(
        api,
        http("by_text", f"{echo.url}/ok?raw={{{{credentials['Stripe API Key'].key}}}}", method="POST",
             headers={"X-Key": "k {{credentials['Stripe API Key']}}"},
             query={"k": "{{credentials['Stripe API Key'].key}}"},
             body={"login": "{{credentials.login}}", "n": "{{trigger.body.n}}"}),
        http("by_name", f"{echo.url}/ok", auth={"credential": "login"}),
        {"id": "each", "type": "for_each", "config": {"items": "1..3", "actions": [
            http("inside", f"{echo.url}/ok", headers={"X-Key": "{{credentials.login.password}}"})]}},
        {"id": "script", "type": "code", "config": {"script": "return context.input", "input": "{{steps}}"}},
        {**http("fails", f"{echo.url}/fail", method="POST", body="pw={{credentials.login.password}}",
                auth={"credential": "Stripe API Key"}),
         "retry": {"max_attempts": 2, "initial_interval": "50ms"},
         "on_error": [{"id": "note", "type": "log", "config": {"message": "{{error}}"}}]},
        output={"all": "{{steps}}"},
    )  # fmt: skip
    runs = [await execute(api, workflow_id, {"n": number}) for number in range(RUNS)]
    executions = [await ended(api, run, 40) for run in runs]
    assert {execution["status"] for execution in executions} == {"completed"}, executions[0]
    by_text = echo.received("/ok")[0]
    assert by_text.headers["x-key"] == f"k {key}"
    assert by_text.query == {"raw": [key], "k": [key]}
    assert by_text.json()["login"] == {"username": "ann", "password": password}
    pair = base64.b64encode(f"ann:{password}".encode()).decode()
    assert any(request.headers.get("authorization") == f"Basic {pair}" for request in echo.requests)
    assert len(echo.received("/fail")) == 2 * RUNS
    paths = [
        *(f"executions/{run}/steps" for run in runs),
        *("executions", "credentials", "credentials/access-log", f"workflows/{workflow_id}"),
        *(f"credentials/{login_id}{rest}" for rest in ("", "/access-log", "/versions")),
    ]
    answers = [json.dumps(executions), *[(await api.get(f"/api/v1/{path}")).text for path in paths]]
    seen = "\n".join(answers)
    assert "***" in seen
    needles = [form for secret in (key, password, unique) for form in forms(secret)]
    assert [needle for needle in needles if needle in seen] == []
    # All state of PostgreSQL and Temporal, and all logs.
    with psycopg.connect(database_url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("CHECKPOINT")
    assert list(_found(directory, [needle.encode() for needle in needles])) == []
    assert list(_found(directory, [runs[0].encode()])), "the search finds what there is"
    log = (await api.get(f"/api/v1/credentials/{login_id}/access-log")).json()
    exported = (await api.get("/api/v1/credentials/access-log")).text.splitlines()
    entries = [json.loads(line) for line in exported]
    of_login = [entry for entry in entries if entry["credential_id"] == login_id]
    assert len(of_login) == log["total"]
    # Of each run: by text, by name, three in the loop, two attempts that fail. On a slow machine what was to be
    # fast is tried once more, with an entry of its own.
    assert len({(entry["execution_id"], entry["path"], entry["attempt"]) for entry in of_login}) == RUNS * 7
    of_one = [entry for entry in of_login if entry["execution_id"] == runs[-1]]
    assert {(entry["path"], entry["attempt"]) for entry in of_one} == {
        ("by_text", 1), ("by_name", 1), ("each[0].inside", 1), ("each[1].inside", 1), ("each[2].inside", 1),
        ("fails", 1), ("fails", 2),
    }  # fmt: skip
    value = await api.get(f"/api/v1/credentials/{login_id}/value")
    assert value.json()["data"]["value"] == {"username": "ann", "password": password}


async def test_data_cannot_ask_for_a_secret(api: httpx.AsyncClient, echo: Echo) -> None:
    await store(api, "mine", "custom", {"key": "the secret of mine"})
    await store(api, "used", "custom", {"key": "the one in use"})
    workflow_id = await save(
        api,
        http("send", f"{echo.url}/ok", method="POST",
             headers={"X-Key": "{{credentials.used.key}} {{trigger.body.text}}"},
             body={"text": "{{trigger.body.text}}", "tree": "{{trigger.body}}"}),
        {"id": "script", "type": "code",
         "config": {"script": "return context.input", "input": "{{trigger.body.text}}"}},
    )  # fmt: skip
    text = "{{credentials.mine.key}}"
    execution = await ended(api, await execute(api, workflow_id, {"text": text}), 40)
    assert execution["status"] == "completed", execution
    [request] = echo.requests
    assert request.headers["x-key"] == f"the one in use {text}"
    assert request.json() == {"text": text, "tree": {"text": text}}
    used = (await api.get("/api/v1/credentials/access-log")).text
    assert [json.loads(line)["name"] for line in used.splitlines()] == ["used"]


async def test_a_rotation_does_not_touch_what_has_begun(api: httpx.AsyncClient, receiver: Receiver) -> None:
    credential_id = await store(api, "k", "bearer_token", {"token": "the old token"})
    workflow_id = await save(
        api,
        {"id": "wait", "type": "wait_for_signal", "config": {"name": "go", "timeout": "60s"}},
        http("call", f"{receiver.url}/x", auth={"credential": "k"}, headers={"X-Run": "{{trigger.body}}"}),
    )
    path = f"/api/v1/credentials/{credential_id}"
    before = [await execute(api, workflow_id, f"before {number}") for number in range(RUNS)]
    rotated = await api.post(f"{path}/rotate", json={"new_value": {"token": "the new token"}})
    assert rotated.status_code == 200
    after = [await execute(api, workflow_id, f"after {number}") for number in range(3)]
    for run in (*before, *after):
        assert (await api.post(f"/api/v1/executions/{run}/signals/go", json={})).status_code < 300
    for run in (*before, *after):
        assert (await ended(api, run, 40))["status"] == "completed"
    used = {request.headers["x-run"]: request.headers["authorization"] for request in receiver.requests}
    assert used == {
        **{f"before {number}": "Bearer the old token" for number in range(RUNS)},
        **{f"after {number}": "Bearer the new token" for number in range(3)},
    }
    log = (await api.get(f"{path}/access-log", params={"limit": 100})).json()["data"]
    assert {entry["execution_id"]: entry["version"] for entry in log} == {
        **dict.fromkeys(before, 1),
        **dict.fromkeys(after, 2),
    }


async def test_what_cannot_be_used_fails_the_step(api: httpx.AsyncClient, receiver: Receiver) -> None:
    expired = {
        "name": "old",
        "type": "bearer_token",
        "value": {"token": "x"},
        "expires_at": "2026-01-01T00:00:00Z",
    }
    assert (await api.post("/api/v1/credentials", json=expired)).status_code == 201
    for config, message in [
        ({"auth": {"credential": "old"}}, "the credential 'old' expired at 2026-01-01T00:00:00Z: rotate it"),
        ({"auth": {"credential": "none"}}, "no credential named 'none'"),
        ({"headers": {"X": "{{credentials.none}}"}}, "no credential named 'none'"),
        ({"headers": {"X": "{{credentials.old.key}}"}}, "the credential 'old' expired"),
    ]:
        execution = await ended(
            api, await execute(api, await save(api, http("call", receiver.url, **config))), 40
        )
        assert execution["status"] == "failed"
        assert execution["error"]["type"] == "credential"
        assert execution["error"]["message"].startswith(message)
    assert not receiver.requests


async def test_scripts_are_refused_credentials_when_they_are_saved(api: httpx.AsyncClient) -> None:
    script = {"script": "return 1", "input": {"deep": ["{{credentials.k}}"]}}
    definition = {"actions": [{"id": "s", "type": "code", "config": script}]}
    response = await api.post("/api/v1/workflows", json={"name": "w", "definition": definition})
    assert response.status_code == 400
    assert "credentials can only be used in the config of an action that connects" in response.json()["error"]
