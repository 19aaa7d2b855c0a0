"""A whole instance whose run data is encrypted: people see it over REST, and Temporal's state file has none of it."""

import asyncio
import json
import secrets
import shlex
from base64 import b64encode
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from pydantic import SecretStr

from api.app import create_app
from dev.guard import Guard
from dev.temporal import program
from gorax.settings import CodecSettings, DatabaseSettings, Settings, TemporalSettings, WorkerSettings
from tests.docs.fences import ROOT, fences
from tests.support.executions import ask, becomes, begin, get, is_waiting
from tests.support.processes import Stack
from tests.support.receiver import Receiver, Reply
from tests.support.servers import running_temporal

MARK = f"visa{secrets.token_hex(10)}"
"""In all that users send and get."""


@pytest.fixture
def settings(fresh_database_url: str, tmp_path: Path, guard: Guard) -> Iterator[Settings]:
    """Of an instance that encrypts, on a Temporal server of its own."""
    with running_temporal(tmp_path, guard) as (temporal, _):
        yield Settings(
            data_dir=tmp_path,
            database=DatabaseSettings(url=fresh_database_url),
            temporal=TemporalSettings(address=temporal.address),
            worker=WorkerSettings(sandbox=True, shutdown_grace=2),
            codec=CodecSettings(enabled=True),
        )


@pytest.fixture
async def private(
    settings: Settings, tmp_path: Path, guard: Guard, tenant: str
) -> AsyncIterator[httpx.AsyncClient]:
    """A client of that instance."""
    with Stack(settings, tmp_path, guard) as stack:
        async with stack.client(tenant) as client:
            yield client


def http(action_id: str, url: str, **rest: Any) -> dict[str, Any]:
    """An `http` action that is no read."""
    return {
        "id": action_id,
        "type": "http",
        "config": {"method": "POST", "url": url, "body": {"card": "{{trigger.body.card}}"}},
        **rest,
    }


async def test_run_data_is_seen_by_its_tenant_alone(
    private: httpx.AsyncClient, receiver: Receiver, settings: Settings, tmp_path: Path, tenant: str
) -> None:
    large = receiver.answer(
        "/large", Reply(body=MARK.encode() * 20_000, headers={"Content-Type": "text/plain"})
    )
    refused = receiver.answer("/refused", *[Reply(status=402, body=MARK.encode())] * 3, Reply())
    child = await begin_and_wait(
        private, {"id": "say", "type": "set", "config": {"variables": {"said": MARK}}}
    )
    workflow_id = (await get(private, child))["workflow_id"]
    execution_id = await begin_with(
        private,
        {"card": MARK},
        {"id": "copy", "type": "transform", "config": {"expression": "trigger.body.card"}},
        http("fetch", large),
        http("pay", refused, on_error=[{"id": "note", "type": "log", "config": {"message": "{{error}}"}}]),
        {
            "id": "each",
            "type": "for_each",
            "config": {"items": "1..3", "actions": [http("in", receiver.url)]},
        },
        {
            "id": "call",
            "type": "sub_workflow",
            "config": {"workflow_id": workflow_id, "input": {"card": MARK}},
        },
        {"id": "wait", "type": "wait_for_signal", "config": {"name": "go"}},
        http("last", refused),
        output={"seen": "{{steps.copy.output}}"},
    )
    await is_waiting(private, execution_id)
    await ask(private, execution_id, "signals/go", json={"card": MARK})
    await becomes(private, execution_id, "failed")
    # What it reuses of the run before, it reads from that one's history.
    again = (await ask(private, execution_id, "retry"))["execution_id"]
    await becomes(private, again, "completed")

    seen = {
        path: (await private.get(f"/api/v1/executions/{path}")).json()["data"]
        for path in (execution_id, f"{execution_id}/steps", again, f"{again}/steps")
    }
    assert seen[again]["output"] == {"seen": MARK}
    assert MARK in seen[execution_id]["error"]["details"]["body"]
    steps = {step["id"]: step for step in seen[f"{execution_id}/steps"]["steps"]}
    assert {"copy", "fetch", "pay", "each[2].in", "call", "wait", "last"} <= set(steps)
    assert steps["fetch"]["output"]["body"] == MARK * 20_000
    assert steps["pay"]["error"]["details"]["body"] == MARK
    assert steps["each[1].in"]["input"]["body"] == {"card": MARK}
    assert MARK in json.dumps(steps["wait"]["output"])

    assert MARK in await shown_by_temporals_command(private, settings, tenant, again)
    await nothing_is_read_without_the_key(settings, tenant, execution_id)
    state = b"".join(file.read_bytes() for file in sorted(tmp_path.glob("temporal.db*")))
    assert tenant.encode() in state, "the search finds what there is"
    assert MARK.encode() not in state
    assert b"Waits v1" not in state, "the summary that the Web UI shows"
    with psycopg.connect(settings.database_url.replace("+psycopg", "")) as connection:
        rows = connection.execute("SELECT data FROM payloads").fetchall()
    assert rows
    assert not any(MARK.encode() in data for (data,) in rows)
    await a_flipped_bit_spoils_one_value(settings, tenant, execution_id)


async def shown_by_temporals_command(
    private: httpx.AsyncClient, settings: Settings, tenant: str, execution_id: str
) -> str:
    """What the command prints that docs/privacy.md shows."""
    [shown] = [fence for fence in fences(ROOT / "docs" / "privacy.md", "console") if "codec" in fence.text]
    command = (
        shown.text.removeprefix("$ ")
        .replace("\\\n", " ")
        .replace("https://gorax.example.com", str(private.base_url).rstrip("/"))
    )
    _, *words = shlex.split(command.replace("acme", tenant).replace("exec_06brt7n2", execution_id))
    process = await asyncio.create_subprocess_exec(
        program(), *words, "--address", settings.temporal.target, stdout=asyncio.subprocess.PIPE
    )
    printed, _ = await process.communicate()
    assert process.returncode == 0
    return printed.decode()


@asynccontextmanager
async def reading(settings: Settings, tenant: str) -> AsyncIterator[httpx.AsyncClient]:
    """A client of one more API, which has read nothing yet."""
    app = create_app(settings)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(
            base_url="http://api", transport=httpx.ASGITransport(app), headers={"X-Tenant-ID": tenant}
        ) as client,
    ):
        yield client


async def nothing_is_read_without_the_key(settings: Settings, tenant: str, execution_id: str) -> None:
    """What an API says that has another key."""
    other = SecretStr(f"other:{b64encode(secrets.token_bytes(32)).decode()}")
    lost = "run data cannot be decrypted: the master key 'dev-1' is not in GORAX_MASTER_KEYS"
    async with reading(settings.model_copy(update={"master_keys": other}), tenant) as api:
        execution = await get(api, execution_id)
        assert (execution["status"], execution["output"]) == ("failed", None)
        assert (execution["error"]["type"], execution["error"]["message"]) == ("unreadable", lost)
        steps = await api.get(f"/api/v1/executions/{execution_id}/steps")
        assert (steps.status_code, steps.json()) == (503, {"error": lost})


async def a_flipped_bit_spoils_one_value(settings: Settings, tenant: str, execution_id: str) -> None:
    """What the steps show when a stored payload was changed."""
    flip = "UPDATE payloads SET data = set_byte(data, 9000, get_byte(data, 9000) # 1)"
    with psycopg.connect(settings.database_url.replace("+psycopg", "")) as connection:
        connection.execute(flip)
    async with reading(settings, tenant) as api:
        shown = (await api.get(f"/api/v1/executions/{execution_id}/steps")).json()["data"]["steps"]
    steps = {step["id"]: step for step in shown}
    assert steps["fetch"]["output"] == {
        "unreadable": "run data cannot be decrypted: it was changed, or it is not where it belongs"
    }
    assert steps["copy"]["output"] == MARK


async def begin_with(api: httpx.AsyncClient, body: Any, *actions: dict[str, Any], **frame: Any) -> str:
    """The id of a new execution with that trigger body."""
    definition = {"actions": list(actions), **frame}
    created = await api.post("/api/v1/workflows", json={"name": "Waits", "definition": definition})
    assert created.status_code == 201, created.text
    started = await api.post(f"/api/v1/workflows/{created.json()['data']['id']}/execute", json=body)
    execution_id: str = started.json()["data"]["execution_id"]
    return execution_id


async def begin_and_wait(api: httpx.AsyncClient, *actions: dict[str, Any]) -> str:
    """The id of an execution that has completed."""
    execution_id = await begin(api, *actions)
    await becomes(api, execution_id, "completed")
    return execution_id
