"""A whole Gorax as a newcomer runs it: `python -m dev` with ports and a data directory of its own."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx
import psutil

from dev.ports import free_port
from tests.support.http import client_of

START_SECONDS = 90.0
STOP_SECONDS = 30.0


def command_of(process: psutil.Process) -> str:
    """The command line; empty when the process is gone."""
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""


PARTS: dict[str, Callable[[str], bool]] = {
    "api": lambda command: command.endswith("-m api"),
    "worker": lambda command: command.endswith("-m worker"),
    "temporal": lambda command: "start-dev" in command,
    "postgres": lambda command: "postgres" in command and " -D " in command,
}


class Instance:
    """A context manager that starts it and stops it, as Ctrl-C would."""

    def __init__(self, directory: Path) -> None:
        """Describe it; entering the context starts it."""
        self.directory = directory
        self.port, self.temporal_port, self.ui_port = free_port(), free_port(), free_port()
        self.metrics_port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = directory / "dev.log"

    def __enter__(self) -> Self:
        environment = {
            **os.environ,
            "GORAX_PORT": str(self.port),
            "GORAX_TEMPORAL_PORT": str(self.temporal_port),
            "GORAX_TEMPORAL_UI_PORT": str(self.ui_port),
            "GORAX_METRICS_PORT": str(self.metrics_port),
            "GORAX_DATA_DIR": str(self.directory / "data"),
        }
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "dev"], env=environment, stdout=log, stderr=subprocess.STDOUT
            )
        deadline = time.monotonic() + START_SECONDS
        while not self._ready():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self._process.kill()
                raise AssertionError(f"it did not start:\n{self.log.read_text()}")
            time.sleep(0.1)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(STOP_SECONDS)
        finally:
            self._process.kill()

    @property
    def pid(self) -> int:
        """Of the process whose children are all the others."""
        return self._process.pid

    def client(self, tenant: str) -> httpx.AsyncClient:
        """A client of the API that speaks as one tenant."""
        return client_of(self.url, {"X-Tenant-ID": tenant})

    def kill(self, part: str) -> None:
        """`kill -9` the process of a part, by its id."""
        children = psutil.Process(self._process.pid).children(recursive=True)
        process = next(child for child in children if PARTS[part](command_of(child)))
        process.kill()

    async def wait_until_ready(self) -> None:
        """Wait until every part works again."""
        async with asyncio.timeout(START_SECONDS):
            while not await asyncio.to_thread(self._ready):
                await asyncio.sleep(0.1)

    def _ready(self) -> bool:
        try:
            return httpx.get(f"{self.url}/ready", timeout=5, trust_env=False).status_code == 200
        except httpx.HTTPError:
            return False
