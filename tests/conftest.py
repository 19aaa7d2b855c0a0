"""What every test may ask for. Nothing starts before a test asks: unit tests run without any server."""

import os
import secrets
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
from temporalio.testing import WorkflowEnvironment

from dev.guard import Guard
from dev.postgres import Postgres
from dev.temporal import Temporal
from gorax.settings import DatabaseSettings, Settings, TemporalSettings, WorkerSettings
from tests.support.processes import Stack
from tests.support.receiver import Receiver
from tests.support.servers import migrate, running_postgres, running_temporal
from tests.support.time_skipping import time_skipping_environment

# The tests' settings are their own, whatever the developer has set.
for _name in [name for name in os.environ if name.startswith(("GORAX_", "TEMPORAL_", "PG"))]:
    del os.environ[_name]

TEMPLATE = "gorax_template"
"""A migrated database that nobody connects to: new ones are copies of it."""


@pytest.fixture(scope="session")
def guard() -> Iterator[Guard]:
    """Ends the servers of this run, also when the run itself is killed."""
    guard = Guard()
    yield guard
    guard.close()


@pytest.fixture(scope="session")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the run's servers keep their state and logs."""
    return tmp_path_factory.mktemp("servers")


@pytest.fixture(scope="session")
def postgres(directory: Path, guard: Guard) -> Iterator[Postgres]:
    """The run's PostgreSQL server."""
    with running_postgres(directory, guard) as (server, _):
        yield server


@pytest.fixture(scope="session")
def temporal(directory: Path, guard: Guard) -> Iterator[Temporal]:
    """The run's Temporal dev server."""
    with running_temporal(directory, guard) as (server, _):
        yield server


@pytest.fixture(scope="session")
async def time_skipping() -> AsyncIterator[WorkflowEnvironment]:
    """Temporal's test server, on which a 30-day delay takes a second; without visibility or schedules."""
    async with await time_skipping_environment() as environment:
        yield environment


@pytest.fixture
def empty_database_url(postgres: Postgres) -> Iterator[str]:
    """A database without any table, dropped after the test."""
    name = f"empty_{secrets.token_hex(6)}"
    yield postgres.create_database(name)
    postgres.drop_database(name)


@pytest.fixture(scope="session")
def migrated_template(postgres: Postgres, directory: Path, guard: Guard) -> str:
    """The name of a migrated database to copy."""
    settings = Settings(data_dir=directory, database=DatabaseSettings(url=postgres.create_database(TEMPLATE)))
    migrate(settings, directory, guard)
    return TEMPLATE


@pytest.fixture(scope="session")
def database_url(postgres: Postgres, migrated_template: str) -> str:
    """The run's migrated database; tests share it and keep apart by tenant."""
    return postgres.create_database("gorax", template=migrated_template)


@pytest.fixture
def fresh_database_url(postgres: Postgres, migrated_template: str) -> Iterator[str]:
    """A migrated database of the test's own, for what looks across tenants; dropped after the test."""
    name = f"fresh_{secrets.token_hex(6)}"
    yield postgres.create_database(name, template=migrated_template)
    postgres.drop_database(name)


@pytest.fixture(scope="session")
def settings(database_url: str, temporal: Temporal, directory: Path) -> Settings:
    """Development settings on the run's servers, with workflow code in Temporal's sandbox."""
    return Settings(
        data_dir=directory,
        database=DatabaseSettings(url=database_url),
        temporal=TemporalSettings(address=temporal.address),
        worker=WorkerSettings(sandbox=True, shutdown_grace=2),
    )


@pytest.fixture(scope="session")
def stack(settings: Settings, directory: Path, guard: Guard) -> Iterator[Stack]:
    """The run's API and worker, as processes; a test that kills one makes a `Stack` of its own."""
    with Stack(settings, directory, guard) as stack:
        yield stack


@pytest.fixture
def tenant() -> str:
    """A tenant that no other test has."""
    return f"tenant_{secrets.token_hex(8)}"


@pytest.fixture
async def api(stack: Stack, tenant: str) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the running API that speaks as the test's own tenant."""
    async with stack.client(tenant) as client:
        yield client


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """An HTTP server for the test alone."""
    async with Receiver() as receiver:
        yield receiver
