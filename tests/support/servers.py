"""Real servers for tests: each on a directory and ports of its own, ended with the run however it ends."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dev.guard import Guard
from dev.parts import PartFailed
from dev.ports import free_port
from dev.postgres import TEST_SETTINGS, Postgres
from dev.process import Process, running
from dev.stack import migrations_part
from dev.temporal import Temporal
from gorax.settings import Settings


@contextmanager
def running_postgres(directory: Path, guard: Guard) -> Iterator[tuple[Postgres, Process]]:
    """A PostgreSQL server with its cluster in `directory`, and its process for tests that kill it."""
    server = Postgres(directory / "postgres", TEST_SETTINGS)
    with running(server.part(), directory / "postgres.log", guard) as process:
        yield server, process


@contextmanager
def running_temporal(
    directory: Path, guard: Guard, *, namespace: str = "default", port: int | None = None
) -> Iterator[tuple[Temporal, Process]]:
    """A Temporal dev server with its state in `directory`, so that the next one there finds it again."""
    server = Temporal(directory / "temporal.db", port or free_port(), None, namespace)
    with running(server.part(), directory / "temporal.log", guard) as process:
        yield server, process


def migrate(settings: Settings, directory: Path, guard: Guard, *, seconds: float = 60.0) -> None:
    """Bring the database of `settings` to the newest schema with the command that `make dev` uses.

    Raises `PartFailed` with its last line when it fails.
    """
    process = Process(migrations_part(settings), directory / "migrations.log", guard)
    if not process.wait(seconds):
        process.stop()
    if process.poll() != 0:
        raise PartFailed(f"migrations: {process.death()}\n{process.log.read_text()}")
