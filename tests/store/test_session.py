import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import ProgrammingError

from gorax.core.errors import Unavailable
from gorax.settings import DatabaseSettings, Settings
from gorax.store import session as sessions
from gorax.store.session import SERVER_SETTINGS, Database, server_options
from gorax.store.tenants import Tenants


@asynccontextmanager
async def connected(url: str, directory: Path, pool_size: int = 5) -> AsyncIterator[Database]:
    settings = Settings(data_dir=directory, database=DatabaseSettings(url=url, pool_size=pool_size))
    database = Database(settings)
    yield database
    await database.close()


async def test_the_server_is_told_the_houses_settings(database: Database) -> None:
    async with database.platform() as session:
        found = {name: (await session.scalars(text(f"SHOW {name}"))).one() for name in SERVER_SETTINGS}
        now = (await session.scalars(text("SELECT now()"))).one()
    expected = {**SERVER_SETTINGS, "idle_in_transaction_session_timeout": "1min"}
    assert found == expected
    assert now.utcoffset() == timedelta(0)


async def test_a_url_may_bring_its_own_options(database_url: str, directory: Path) -> None:
    url = f"{database_url}&options=-c%20statement_timeout%3D150ms"
    assert server_options(make_url(url)).endswith("-c jit=off -c statement_timeout=150ms")
    async with connected(url, directory) as database:
        started = time.monotonic()
        with pytest.raises(Unavailable):
            async with database.platform() as session:
                await session.execute(text("SELECT pg_sleep(5)"))
        assert time.monotonic() - started < 2
        await database.ping(1)  # the connection is as good as before


async def test_an_error_of_ours_is_not_an_outage(database: Database) -> None:
    with pytest.raises(ProgrammingError):
        async with database.platform() as session:
            await session.execute(text("SELECT nothing"))
    await database.ping(1)


async def test_an_error_of_the_caller_rolls_back(database: Database, tenant: str) -> None:
    async def give_up() -> None:
        async with database.platform() as session:
            await Tenants(session).ensure(tenant)
            raise LookupError

    with pytest.raises(LookupError):
        await give_up()
    async with database.platform() as session:
        assert await Tenants(session).get(tenant) is None


async def test_more_sessions_than_connections_wait_for_their_turn(database_url: str, directory: Path) -> None:
    async with connected(database_url, directory, pool_size=2) as database:
        await asyncio.gather(*(database.ping(3) for _ in range(50)))


async def test_a_pool_that_is_used_up_for_long_is_unavailable(
    database_url: str, directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "POOL_TIMEOUT", 0.1)
    async with connected(database_url, directory, pool_size=1) as database:
        async with database.platform() as holding:
            await holding.execute(text("SELECT 1"))
            with pytest.raises(Unavailable, match="busy"):
                async with database.platform() as session:
                    await session.execute(text("SELECT 1"))
        await database.ping(1)


async def test_a_cancelled_request_gives_its_connection_back(database_url: str, directory: Path) -> None:
    async with connected(database_url, directory, pool_size=1) as database:

        async def slow() -> None:
            async with database.platform() as session:
                await session.execute(text("SELECT pg_sleep(5)"))

        for _ in range(3):
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.1):
                    await slow()
        await database.ping(1)


async def test_nobody_there_is_unavailable_at_once(directory: Path) -> None:
    async with connected("postgresql://gorax@127.0.0.1:1/gorax", directory) as database:
        started = time.monotonic()
        with pytest.raises(Unavailable, match="the database does not answer"):
            await database.ping(5)
        assert time.monotonic() - started < 1
