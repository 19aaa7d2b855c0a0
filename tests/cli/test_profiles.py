"""Logging in, and the file that it leaves."""

import json
import os
import stat
from pathlib import Path

import pytest

from gorax import Gorax
from tests.cli.conftest import Command
from tests.support.processes import Stack
from tests.support.receiver import Receiver, Reply


@pytest.fixture
def file(home: Path) -> Path:
    """Where profiles are kept."""
    return home / "config" / "gorax" / "profiles.json"


def key_of(stack: Stack, tenant: str) -> str:
    """A new API key of the tenant."""
    with Gorax(stack.url, tenant=tenant, trust_env=False) as gorax:
        return gorax.api_keys.create(name="Terminal", role="editor").key


def test_a_token_is_tried_and_kept_where_nobody_else_reads_it(
    command: Command, stack: Stack, tenant: str, file: Path
) -> None:
    key = key_of(stack, tenant)
    told = command("login", "--url", f"{stack.url}/", stdin=f"{key}\n")
    assert key not in told.out + told.err
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert list(file.parent.iterdir()) == [file]
    command("workflows", "list")
    [listed] = command("profiles", "list", "--json").json()
    assert listed == {"profile": "default", "current": True, "url": stack.url, "tenant": None, "token": True}
    assert key not in command("profiles", "list").out
    command("logout")
    assert "gx_" not in file.read_text()
    assert "there is no profile 'default'" in command("logout", code=2).err


def test_a_token_that_opens_nothing_is_not_kept(command: Command, stack: Stack, file: Path) -> None:
    command("login", "--url", stack.url, stdin="gx_wrong", code=3)
    assert not file.exists()
    assert "--tenant is needed" in command("login", "--url", stack.url, code=2).err


def test_several_places(command: Command, stack: Stack, tenant: str) -> None:
    command("login", "--url", stack.url, "--tenant", tenant, "--profile", "one")
    command("login", "--url", stack.url, "--tenant", f"{tenant}b", "--role", "viewer", "--profile", "two")
    refused = command(
        "workflows", "apply", "-f", "-", stdin='{"name": "x", "definition": {"actions": []}}', code=3
    )
    assert "needs the role editor" in refused.err
    assert command("profiles", "use", "one", "--json").json() == {"profile": "one"}
    command("--profile", "two", "workflows", "list")
    assert "there is no profile 'three'" in command("--profile", "three", "workflows", "list", code=2).err
    assert "there is no profile" in command("profiles", "use", "three", code=2).err


async def test_a_token_is_for_its_own_server(command: Command, receiver: Receiver, file: Path) -> None:
    file.parent.mkdir(parents=True)
    place = {"url": "http://127.0.0.1:9", "tenant": "acme", "token": "gx_of_another_server"}
    file.write_text(json.dumps({"current": "a", "profiles": {"a": place}}))
    file.chmod(0o600)
    import asyncio

    receiver.answer("/api/v1/workflows", Reply(json={"data": [], "limit": 1, "offset": 0, "total": 0}))
    await asyncio.to_thread(command, "--url", receiver.url, "--tenant", "acme", "workflows", "list")
    [sent] = receiver.received("/api/v1/workflows")
    assert "authorization" not in sent.headers


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_a_file_that_others_may_read_is_not_used(command: Command, file: Path) -> None:
    file.parent.mkdir(parents=True)
    file.write_text('{"profiles": {}}')
    file.chmod(0o644)
    assert "others may read it: chmod 600" in command("workflows", "list", code=2).err


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"profiles": {"a": {"token": "gx_hidden"}}}', '{"more": 1}']
)
def test_a_broken_file_is_told_of_without_its_tokens(command: Command, file: Path, text: str) -> None:
    file.parent.mkdir(parents=True)
    file.write_text(text)
    file.chmod(0o600)
    told = command("workflows", "list", code=2)
    assert "profiles.json cannot be read" in told.err
    assert "gx_hidden" not in told.err
