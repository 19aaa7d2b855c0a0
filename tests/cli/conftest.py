"""The command, run in this process against the running API."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from gorax.cli.app import app
from tests.support.processes import Stack


@dataclass(frozen=True)
class Ran:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str

    def json(self) -> Any:
        """What it printed as JSON."""
        return json.loads(self.out)

    def lines(self) -> list[Any]:
        """Each line that it printed as JSON."""
        return [json.loads(line) for line in self.out.splitlines()]


Command = Callable[..., Ran]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of the test's own, in which nobody has logged in to anything."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("NO_PROXY", "*")
    for name in ("GORAX_URL", "GORAX_TENANT", "GORAX_TOKEN", "GORAX_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def command() -> Command:
    """Runs `gorax` with arguments, and with a text on standard input."""

    def run(*arguments: str | Path, stdin: str | bytes = "", code: int | None = 0) -> Ran:
        result = CliRunner().invoke(app, [str(one) for one in arguments], input=stdin)
        ran = Ran(result.exit_code, result.stdout, result.stderr)
        assert code is None or ran.code == code, (ran, result.exception)
        return ran

    return run


@pytest.fixture
def gorax(command: Command, stack: Stack, tenant: str, monkeypatch: pytest.MonkeyPatch) -> Command:
    """The same for the test's tenant at the running API."""
    monkeypatch.setenv("GORAX_URL", stack.url)
    monkeypatch.setenv("GORAX_TENANT", tenant)
    return command
