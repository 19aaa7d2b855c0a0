"""What docs/streams.md says is so."""

import asyncio
import json
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.services.streams import feed, messages, reader, tickets, watcher
from api.sockets import MAX_RECEIVED
from gorax.engine.live import VALUE_BYTES, following
from gorax.settings import StreamSettings
from tests.docs.fences import fences
from tests.support.executions import begin
from tests.support.processes import Stack

FILE = Path(__file__).parents[2] / "docs" / "streams.md"
TEXT = FILE.read_text()
LOG = {"id": "step_2", "type": "log", "config": {"message": "hello"}}


def block(language: str) -> str:
    """The first code block of this language."""
    return fences(FILE, language)[0].text


def here(text: str, stack: Stack, tenant: str, execution_id: str) -> str:
    """A snippet for the running API."""
    text = text.replace("localhost:8080", stack.url.removeprefix("http://")).replace("acme", tenant)
    return text.replace("exec_xyz789", execution_id).replace("$EXECUTION_ID", execution_id)


async def run(*command: str) -> str:
    """What a command prints."""
    done = await asyncio.to_thread(
        subprocess.run, command, capture_output=True, text=True, timeout=30, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
async def execution_id(api: httpx.AsyncClient) -> str:
    """An execution that takes a moment."""
    return await begin(api, {"id": "pause", "type": "delay", "config": {"duration": "4s"}}, LOG)


async def test_the_client_in_python_works(
    stack: Stack, tenant: str, execution_id: str, tmp_path: Path
) -> None:
    program = tmp_path / "listen.py"
    program.write_text(here(block("python"), stack, tenant, execution_id))
    printed = await run(sys.executable, str(program), execution_id)
    assert printed.splitlines()[-2:] == ["step_2 completed", "completed"]


@pytest.mark.skipif(shutil.which("node") is None, reason="a JavaScript client needs Node")
async def test_the_client_of_the_reference_works(stack: Stack, tenant: str, execution_id: str) -> None:
    version = await run("node", "--version")
    flag = ["--experimental-websocket"] if int(version[1:].split(".")[0]) < 22 else []
    printed = await run("node", *flag, "-e", here(block("javascript"), stack, tenant, execution_id))
    assert printed.count("Execution update:") >= 3
    assert "event: 'end'" in printed


async def test_the_command_works(stack: Stack, tenant: str, execution_id: str) -> None:
    printed = await run(*shlex.split(here(block("bash"), stack, tenant, execution_id)), "--noproxy", "*")
    updates: list[dict[str, Any]] = [
        json.loads(line[6:]) for line in printed.splitlines() if line[:6] == "data: "
    ]
    assert updates[0]["event"] == "snapshot"
    assert updates[-1]["event"] == "end"
    told = next(
        update for update in updates if update["event"] == "step" and update["step"]["id"] == "step_2"
    )
    assert told.keys() == json.loads(block("json")).keys()


def test_figures_are_those_of_the_code() -> None:
    settings = StreamSettings()
    assert f"over {VALUE_BYTES // 1000} KB are" in TEXT
    assert f"beyond {watcher.KEPT_BYTES // 1_000_000} MB of steps" in TEXT
    assert f"newest {feed.LATEST} `executions`" in TEXT
    assert f"after {settings.heartbeat_seconds:g} seconds" in TEXT
    assert f"checked every {settings.recheck_seconds:g} seconds" in TEXT
    assert f"{settings.max_open:,} streams open" in TEXT
    assert f"{settings.max_per_tenant:,} of one tenant" in TEXT
    assert f"beyond {reader.MAX_BACKLOG_BYTES // 1_000_000} MB or {reader.MAX_BACKLOG:,} messages" in TEXT
    assert f"within {tickets.TICKET_SECONDS} seconds" in TEXT
    assert f"{MAX_RECEIVED} messages of it" in TEXT
    assert following.MAX_BATCHES == 10
    assert following.MAX_ENDED == 20
    assert "ten batches at a time" in TEXT
    assert "the last twenty" in TEXT
    assert feed.MAX_AWAY.total_seconds() == 600
    assert "A feed remembers ten minutes" in TEXT
    assert messages.PART_BYTES == 256_000
