"""Statements past the sessions: what their connections live through."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import psycopg
import pytest

from gorax.core.errors import Unavailable
from gorax.settings import DatabaseSettings, Settings
from gorax.store import statements as module
from gorax.store.session import SERVER_SETTINGS
from gorax.store.statements import Statements


@asynccontextmanager
async def connected(url: str, directory: Path, connections: int = 2) -> AsyncIterator[Statements]:
    settings = DatabaseSettings(url=url, intake_pool_size=connections)
    statements = Statements(Settings(data_dir=directory, database=settings))
    yield statements
    await statements.close()


async def pid(statements: Statements) -> int:
    """Of the server's process that answers."""
    [(number,)] = await statements.run("SELECT pg_backend_pid()", {})
    return int(number)


async def test_rows_and_none(fresh_database_url: str, directory: Path) -> None:
    async with connected(fresh_database_url, directory) as statements:
        rows = await statements.run("SELECT n, %(a)s::json FROM generate_series(1, 2) n", {"a": '{"b":1}'})
        assert rows == [(1, {"b": 1}), (2, {"b": 1})]
        assert await statements.run("CREATE TEMPORARY TABLE t (n int)", {}) == []
        [(role,)] = await statements.run("SELECT current_setting('role')", {})
        assert role == SERVER_SETTINGS["role"]


async def test_more_statements_than_connections_wait_for_their_turn(
    database_url: str, directory: Path
) -> None:
    async with connected(database_url, directory) as statements:
        pids = await asyncio.gather(*(pid(statements) for _ in range(50)))
    assert len(set(pids)) == 2


async def test_statements_that_wait_for_too_long_are_unavailable(
    database_url: str, directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "POOL_TIMEOUT", 0.1)
    async with connected(database_url, directory, connections=1) as statements:
        holding = asyncio.create_task(statements.run("SELECT pg_sleep(0.5)", {}))
        await asyncio.sleep(0)
        with pytest.raises(Unavailable, match="busy"):
            await statements.run("SELECT 1", {})
        await holding
        assert await statements.run("SELECT 1", {}) == [(1,)]


async def test_an_error_leaves_the_connection_as_good_as_before(database_url: str, directory: Path) -> None:
    async with connected(database_url, directory, connections=1) as statements:
        before = await pid(statements)
        with pytest.raises(psycopg.errors.UndefinedColumn):
            await statements.run("SELECT nothing", {})
        assert await pid(statements) == before


async def test_who_gives_up_in_the_middle_spoils_nothing(database_url: str, directory: Path) -> None:
    async with connected(database_url, directory, connections=1) as statements:
        await pid(statements)
        sleeping = asyncio.create_task(statements.run("SELECT pg_sleep(5)", {}))
        await asyncio.sleep(0.1)
        sleeping.cancel()
        with pytest.raises(asyncio.CancelledError):
            await sleeping
        assert await asyncio.wait_for(statements.run("SELECT 1", {}), 2) == [(1,)]
