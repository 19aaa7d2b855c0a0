"""PostgreSQL dies, hangs and comes back: what a process that uses it lives through."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from dev.guard import Guard
from dev.postgres import Postgres
from dev.process import Process, wait_until_ready
from gorax.core.errors import Unavailable
from gorax.settings import DatabaseSettings, Settings
from gorax.store.migrate import migrate
from gorax.store.session import CONNECT_TIMEOUT, Database
from gorax.store.statements import Statements
from tests.support.servers import running_postgres

POOL = 5


class Server:
    """A PostgreSQL that can be killed and started again."""

    def __init__(self, server: Postgres, process: Process, guard: Guard) -> None:
        self.server = server
        self.process = process
        self._guard = guard

    def start(self) -> None:
        part = self.server.part()
        part.prepare()
        self.process = Process(part, self.process.log, self._guard)
        wait_until_ready(self.process, 30)


@pytest.fixture(scope="module")
def victim(tmp_path_factory: pytest.TempPathFactory, guard: Guard) -> Iterator[Server]:
    directory = tmp_path_factory.mktemp("victim")
    with running_postgres(directory, guard) as (postgres, process):
        migrate(postgres.url("postgres"), lambda _: None)
        server = Server(postgres, process, guard)
        yield server
        server.process.stop()


@pytest.fixture
async def database(victim: Server, directory: Path) -> AsyncIterator[Database]:
    url = DatabaseSettings(url=victim.server.url("postgres"), pool_size=POOL)
    database = Database(Settings(data_dir=directory, database=url))
    await use_all_connections(database)
    yield database
    await database.close()


async def use_all_connections(database: Database) -> None:
    """Run as many statements at once as the pool has connections; raises if one of them fails."""

    async def use() -> None:
        async with database.platform() as session:
            await session.execute(text("SELECT pg_sleep(0.05)"))

    await asyncio.gather(*(use() for _ in range(POOL)))


async def fails_within(seconds: float, database: Database) -> None:
    started = time.monotonic()
    with pytest.raises(Unavailable):
        async with database.platform() as session:
            await session.execute(text("SELECT 1"))
    assert time.monotonic() - started < seconds


async def test_a_killed_server_fails_fast_and_is_back_at_once(victim: Server, database: Database) -> None:
    victim.process.kill()
    await asyncio.gather(*(fails_within(2, database) for _ in range(4 * POOL)))
    await fails_within(0.5, database)
    victim.start()
    await use_all_connections(database)


async def test_a_restart_between_two_requests_is_not_noticed(victim: Server, database: Database) -> None:
    victim.process.stop()
    victim.start()
    await use_all_connections(database)
    victim.process.kill()
    victim.start()
    await use_all_connections(database)


async def test_a_statement_under_way_ends_with_the_server(victim: Server, database: Database) -> None:
    async def slow() -> None:
        async with database.platform() as session:
            await session.execute(text("SELECT pg_sleep(8)"))

    running = asyncio.gather(*(slow() for _ in range(POOL)), return_exceptions=True)
    await asyncio.sleep(0.2)
    victim.process.kill()
    started = time.monotonic()
    assert [type(error) for error in await running] == [Unavailable] * POOL
    assert time.monotonic() - started < 2
    victim.start()
    await use_all_connections(database)


async def test_a_commit_that_meets_a_dead_server_is_unavailable(victim: Server, database: Database) -> None:
    async def commit() -> None:
        async with database.platform() as session:
            await session.execute(text("CREATE TEMPORARY TABLE uncertain (n int)"))
            serving = await session.scalar(text("SELECT pg_backend_pid()"))
            victim.process.kill()
            # It goes by itself when it sees that the server is dead, which on a busy machine is after the commit.
            os.kill(serving, signal.SIGKILL)
            await session.commit()

    try:
        with pytest.raises(Unavailable):
            await commit()
    finally:
        victim.start()
    await use_all_connections(database)


async def test_a_server_that_takes_no_connection_is_given_up(victim: Server, directory: Path) -> None:
    url = DatabaseSettings(url=victim.server.url("postgres"), pool_size=POOL)
    database = Database(Settings(data_dir=directory, database=url))
    os.kill(victim.process.pid, signal.SIGSTOP)
    try:
        await fails_within(CONNECT_TIMEOUT + 0.4, database)
        started = time.monotonic()
        with pytest.raises(Unavailable, match=r"within 0\.3 s"):
            await database.ping(0.3)
        assert time.monotonic() - started < 0.6
    finally:
        os.kill(victim.process.pid, signal.SIGCONT)
    await use_all_connections(database)
    await database.close()


async def test_statements_past_the_sessions_live_through_it_too(victim: Server, directory: Path) -> None:
    settings = DatabaseSettings(url=victim.server.url("postgres"), intake_pool_size=2)
    statements = Statements(Settings(data_dir=directory, database=settings))
    await asyncio.gather(*(statements.run("SELECT 1", {}) for _ in range(2)))
    running = asyncio.create_task(statements.run("SELECT pg_sleep(8)", {}))
    await asyncio.sleep(0.2)
    victim.process.kill()
    for outcome in (running, statements.run("SELECT 1", {})):
        with pytest.raises(Unavailable):
            await outcome
    victim.start()
    # Of a restart between two requests nothing is noticed.
    for _ in range(2):
        assert await statements.run("SELECT 1", {}) == [(1,)]
        victim.process.stop()
        victim.start()
    await statements.close()
