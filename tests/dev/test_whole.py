"""`python -m dev`, which README.md and quickstart.md begin with, as a newcomer and as a disaster meet it."""

import os
import re
import signal
import sys
import time
from pathlib import Path

import httpx
import pytest

from dev.ports import answers, free_port
from dev.postgres import Postgres
from dev.temporal import Temporal
from tests.support.command import Command, processes_of, wait_until_gone
from tests.support.instance import command_of

DEV = [sys.executable, "-m", "dev"]
HEADERS = {"X-Tenant-ID": "tenant_dev"}
WORKFLOW = {
    "name": "kept",
    "definition": {"actions": [{"id": "a", "type": "log", "config": {"message": "hi"}}]},
}

PARTS = {
    "postgres": r"postgres -D",
    "temporal": r"server start-dev",
    "api": r"-m api$",
    "worker": r"-m worker$",
}
"""What the command line of each part looks like."""


def _environment(directory: Path, **more: str) -> dict[str, str]:
    return {
        "GORAX_DATA_DIR": str(directory),
        "GORAX_PORT": str(free_port()),
        "GORAX_TEMPORAL_PORT": str(free_port()),
        "GORAX_TEMPORAL_UI_PORT": str(free_port()),
        **more,
    }


def _expect_ready(instance: Command) -> dict[str, str]:
    """Wait for the links at the end of the start; returns them."""
    links = {}
    for title in ("API", "Interactive docs", "Temporal(?: Web UI)?", "Logs"):
        match = instance.expect(rf"^  ({title}) +(\S+)$", seconds=60)
        links[match[1]] = match[2]
    return links


def _kill_every_part(instance: Command) -> None:
    for name, pattern in PARTS.items():
        (pid,) = [child.pid for child in instance.children() if re.search(pattern, command_of(child))]
        os.kill(pid, signal.SIGKILL)
        instance.expect(rf"{name} +died \(killed by SIGKILL.*restarting")


def _wait_until_ready(api: str) -> None:
    end = time.monotonic() + 30
    while True:
        try:
            ready = httpx.get(f"{api}/ready", timeout=10, trust_env=False)
        except httpx.TransportError:
            ready = None
        if ready is not None and ready.status_code == 200:
            return
        assert time.monotonic() < end, ready and ready.text
        time.sleep(0.1)


@pytest.mark.soak
def test_state_survives_the_death_of_everything(tmp_path: Path) -> None:
    environment = _environment(tmp_path)
    with Command(DEV, environment) as first:
        links = _expect_ready(first)
        api = f"{links['API']}/api/v1/workflows"
        assert links["API"] == f"http://127.0.0.1:{environment['GORAX_PORT']}"
        for page in (links["Interactive docs"], links["Temporal Web UI"]):
            assert httpx.get(page, trust_env=False).status_code == 200
        created = httpx.post(api, headers=HEADERS, json=WORKFLOW, trust_env=False)
        assert created.status_code == 201, created.text
        with Command(DEV, _environment(tmp_path)) as second:
            second.expect(r"is in use by another `make dev`")
            assert second.end() == 1
        with Command(DEV, {**environment, "GORAX_DATA_DIR": str(tmp_path / "other")}) as third:
            for name in ("GORAX_PORT", "GORAX_TEMPORAL_PORT", "GORAX_TEMPORAL_UI_PORT"):
                third.expect(rf"port {environment[name]} on 127.0.0.1 is taken.*with {name}")
            assert third.end() == 1
        first.send(signal.SIGKILL)
        wait_until_gone(tmp_path, seconds=8)
        wait_until_gone(tmp_path / "postgres", seconds=0)
        assert not any(answers("127.0.0.1", int(environment[name])) for name in environment if "PORT" in name)
    with Command(DEV, environment) as again:
        _expect_ready(again)
        (workflow,) = httpx.get(api, headers=HEADERS, trust_env=False).json()["data"]
        assert workflow["id"] == created.json()["data"]["id"]
        _kill_every_part(again)
        again.expect("worker +ready", seconds=60)
        _wait_until_ready(links["API"])
        asked = time.monotonic()
        again.send(signal.SIGINT)
        assert again.end() == 0
        assert time.monotonic() - asked < 10
        assert not (tmp_path / "database-url").exists()
    assert processes_of(tmp_path) == []


def test_servers_that_the_settings_name_are_used(
    tmp_path: Path, postgres: Postgres, temporal: Temporal
) -> None:
    url = postgres.create_database("named").replace("+psycopg", "")
    environment = _environment(tmp_path, GORAX_DATABASE_URL=url, GORAX_TEMPORAL_ADDRESS=temporal.address)
    with Command(DEV, environment) as instance:
        links = _expect_ready(instance)
        assert links["Temporal"] == temporal.address
        assert httpx.get(f"{links['API']}/ready", timeout=10, trust_env=False).status_code == 200
        assert not (tmp_path / "database-url").exists()
        assert not (tmp_path / "postgres").exists()
        assert not answers("127.0.0.1", int(environment["GORAX_TEMPORAL_PORT"]))
        instance.send(signal.SIGINT)
        assert instance.end() == 0


def test_a_namespace_that_the_server_lacks_is_named(tmp_path: Path, temporal: Temporal) -> None:
    more = {"GORAX_TEMPORAL_ADDRESS": temporal.address, "GORAX_TEMPORAL_NAMESPACE": "elsewhere"}
    with Command(DEV, _environment(tmp_path, **more)) as instance:
        instance.expect(r"has no namespace 'elsewhere' \(GORAX_TEMPORAL_NAMESPACE\)")
        assert instance.end() == 1


@pytest.mark.parametrize(
    ("variable", "value", "message"),
    [
        (
            "GORAX_TEMPORAL_ADDRESS",
            "127.0.0.1:1",
            r"nobody answers at 127\.0\.0\.1:1 \(GORAX_TEMPORAL_ADDRESS\)",
        ),
        ("GORAX_TEMPORAL_ADDRESS", "localhost", r"GORAX_TEMPORAL_ADDRESS must be host:port"),
        (
            "GORAX_DATABASE_URL",
            "postgresql://127.0.0.1:1/x",
            r"database of GORAX_DATABASE_URL cannot be used",
        ),
        ("GORAX_DATABASE_URL", "mysql://x", r"GORAX_DATABASE_URL must start with postgresql://"),
        ("GORAX_PORT", "http", r"GORAX_PORT: Input should be a valid integer"),
        ("GORAX_DATA_DIR", "/dev/null/x", r"/dev/null/x: Not a directory\. .*GORAX_DATA_DIR"),
    ],
)
def test_what_cannot_work_is_said_before_anything_starts(
    tmp_path: Path, variable: str, value: str, message: str
) -> None:
    with Command(DEV, _environment(tmp_path, **{variable: value})) as instance:
        instance.expect(message)
        assert instance.end() in (1, 2)
    assert processes_of(tmp_path) == []


def test_an_env_file_is_read_and_the_environment_wins_over_it(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(
        "GORAX_TEMPORAL_PORT=from-the-file\nGORAX_TEMPORAL_UI_PORT=from-the-file\n"
    )
    with Command(DEV, {"GORAX_TEMPORAL_UI_PORT": "8233"}, tmp_path) as instance:
        instance.expect("^GORAX_TEMPORAL_PORT: Input should be a valid integer")
        assert instance.end() == 2
    assert len(instance.lines) == 1
