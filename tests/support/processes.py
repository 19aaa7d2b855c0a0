"""Gorax's own processes for tests: `python -m api` and `python -m worker`, which tests may kill."""

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx

from dev.guard import Guard
from dev.parts import Part
from dev.ports import free_port
from dev.process import Process, wait_until_ready
from dev.stack import api_part, base_url, worker_part
from gorax.settings import Settings
from tests.support.http import client_of

READY_SECONDS = 60.0


class Server:
    """One process that can be killed and started again under the same settings."""

    def __init__(self, part: Part, directory: Path, guard: Guard) -> None:
        """Start it, writing its output to `<directory>/<part>.log`, and wait until it works."""
        self._part = part
        self._guard = guard
        self.log = directory / f"{part.name}.log"
        self.process = self.start()

    @property
    def pid(self) -> int:
        """The process id of the current start."""
        return self.process.pid

    def start(self) -> Process:
        """Start it (again) and wait until it works; raises `dev.parts.PartFailed` if it does not."""
        self._part.prepare()
        self.process = Process(self._part, self.log, self._guard)
        wait_until_ready(self.process, READY_SECONDS)
        return self.process

    def kill(self) -> None:
        """`kill -9`, and wait until it is gone."""
        self.process.kill()

    def stop(self) -> None:
        """End it as an operator would."""
        self.process.stop()


class Stack:
    """One API and one worker on one database and one Temporal server; a context manager that stops both.

    `settings` must name the database and Temporal; the API and the worker's metrics get free ports.
    """

    def __init__(self, settings: Settings, directory: Path, guard: Guard) -> None:
        """Describe the stack; entering the context starts it."""
        metrics = settings.metrics.model_copy(update={"port": free_port()})
        self.settings = settings.model_copy(update={"port": free_port(), "metrics": metrics})
        self.directory = directory
        self.url = base_url(self.settings)
        self._guard = guard
        self._started = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as starting:
            self.api = self._start(api_part, starting)
            self.worker = self._start(worker_part, starting)
            self._started = starting.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._started.close()

    def client(self, tenant: str) -> httpx.AsyncClient:
        """A client that speaks as one tenant; close it, or use it as a context manager."""
        headers = {"X-Tenant-ID": tenant, "X-User-ID": "user_test"}
        return client_of(self.url, headers)

    def _start(self, part: Callable[[Settings], Part], starting: ExitStack) -> Server:
        server = Server(part(self.settings), self.directory, self._guard)
        starting.callback(server.stop)
        return server
