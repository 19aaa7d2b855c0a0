"""The command as a process: signals, a terminal, completion, and what is missing."""

import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from dev.parts import ROOT
from gorax.cli.exits import Exit
from tests.cli.conftest import Command
from tests.docs.fences import ROOT as DOCS_ROOT
from tests.support.processes import Stack

WAITS = {
    "name": "Waits",
    "definition": {"actions": [{"id": "wait", "type": "delay", "config": {"duration": "1h"}}]},
}
GORAX = [sys.executable, "-m", "gorax.cli"]


@contextmanager
def terminal(*arguments: str, **environment: str) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """The command in a terminal of its own."""
    ours, theirs = pty.openpty()
    # What the background of a shell ignores, a process of it would ignore, too.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    process = subprocess.Popen(
        [*GORAX, *arguments],
        cwd=ROOT,
        env={**os.environ, "TERM": "xterm-256color", "COLUMNS": "100", "LINES": "30", **environment},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    try:
        yield process, ours
    finally:
        process.kill()
        process.wait()
        os.close(ours)


def shown(terminal: int, pattern: str, seconds: float = 20) -> str:
    """What stands in a terminal once it matches."""
    text = ""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if select.select([terminal], [], [], 0.1)[0]:
            try:
                text += os.read(terminal, 65536).decode(errors="replace")
            except OSError:
                break
        if re.search(pattern, text):
            return text
    raise AssertionError(text)


def test_ctrl_c_ends_the_watching_and_not_the_execution(gorax: Command, stack: Stack) -> None:
    gorax("workflows", "apply", "-f", "-", stdin=json.dumps(WAITS))
    with terminal("run", "Waits", "--watch") as (process, screen):
        seen = shown(screen, r"running.*\n.*wait.*delay")
        execution_id = re.search(r"exec_\w+", seen)
        assert execution_id
        process.send_signal(signal.SIGINT)
        shown(screen, f"it goes on: gorax executions watch {execution_id[0]}")
        assert process.wait(10) == Exit.INTERRUPTED
    assert gorax("executions", "show", execution_id[0], "--json").json()["execution"]["status"] == "running"
    gorax("executions", "terminate", execution_id[0])


def test_secrets_are_asked_for_unseen(gorax: Command) -> None:
    with terminal("credentials", "set", "Shop", "--type", "bearer_token") as (process, screen):
        shown(screen, "token: ")
        os.write(screen, b"s3cret-token\n")
        seen = shown(screen, "Shop is created")
        assert "s3cret" not in seen
        assert process.wait(10) == 0


def test_completion_is_offered() -> None:
    script = subprocess.run(
        [*GORAX, "--show-completion", "bash"],
        env={**os.environ, "_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "complete" in script.stdout


@pytest.mark.parametrize("missing", ["typer", "yaml", "re2"])
def test_what_is_missing_is_named(missing: str) -> None:
    program = (
        f"import sys; sys.modules[{missing!r}] = None; from gorax.cli.__main__ import main; sys.exit(main())"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program, "validate"], capture_output=True, text=True, check=False
    )
    if missing == "re2":
        # Wanted by the checks alone.
        assert "Missing argument" in ran.stderr
    else:
        assert (ran.returncode, "pip install 'gorax[cli]'" in ran.stderr) == (2, True)


def test_a_reader_that_goes_away_is_no_error() -> None:
    assert DOCS_ROOT == ROOT
    ran = subprocess.run(
        f"{sys.executable} -m gorax.cli validate examples/*.json --json | head -n 1",
        shell=True,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout == "[\n"
    assert "Traceback" not in ran.stderr
