"""The real servers of one run, each a process of its own on free ports, with their state in a directory."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.handwritten import TASK_QUEUE
from dev.guard import Guard
from dev.parts import Part
from dev.ports import free_port
from dev.postgres import Postgres
from dev.process import running
from dev.stack import api_part, base_url, worker_part
from dev.temporal import Temporal, polled_by
from gorax.settings import DatabaseSettings, Settings, TemporalSettings
from gorax.store.migrate import migrate

READY_SECONDS = 60.0
NAMESPACE = "default"


@dataclass(frozen=True)
class Gorax:
    """A running Gorax."""

    url: str
    processes: dict[str, int]


class Servers:
    """PostgreSQL and Temporal, started as `make dev` starts them, and what runs on them."""

    def __init__(self, directory: Path, guard: Guard) -> None:
        self._directory = directory
        self._guard = guard
        self._postgres = Postgres(directory / "postgres")
        self._temporal = Temporal(directory / "temporal.db", free_port(), None, NAMESPACE)

    @property
    def temporal_address(self) -> str:
        """Where Temporal listens."""
        return self._temporal.address

    @contextmanager
    def databases(self) -> Iterator[dict[str, int]]:
        """PostgreSQL, migrated, and Temporal; their pids."""
        with (
            self._run(self._postgres.part()) as postgres,
            self._run(self._temporal.part().in_background()) as temporal,
        ):
            migrate(self._postgres.create_database("gorax"), lambda _: None)
            yield {"temporal": temporal, "postgres": postgres}

    @contextmanager
    def gorax(self) -> Iterator[Gorax]:
        """The API and a worker."""
        settings = Settings(
            port=free_port(),
            data_dir=self._directory,
            log_level="WARNING",
            database=DatabaseSettings(url=self._postgres.url()),
            temporal=TemporalSettings(address=self._temporal.address, namespace=NAMESPACE),
        )
        with self._run(worker_part(settings).in_background()) as worker, self._run(api_part(settings)) as api:
            yield Gorax(base_url(settings), {"api": api, "worker": worker})

    @contextmanager
    def handwritten(self) -> Iterator[dict[str, int]]:
        """The worker of the hand-written workflow; its pid."""
        address = self._temporal.address
        part = Part(
            name="handwritten",
            command=(sys.executable, "-m", "bench.handwritten", address),
            ready=lambda pid: polled_by(address, NAMESPACE, TASK_QUEUE, pid),
        )
        with self._run(part.in_background()) as pid:
            yield {"worker": pid}

    @contextmanager
    def _run(self, part: Part) -> Iterator[int]:
        log = self._directory / f"{part.name}.log"
        with running(part, log, self._guard, seconds=READY_SECONDS) as process:
            yield process.pid
