"""Statements without sessions, for the few that run so often that each microsecond of them counts.

They have connections of their own, on which the driver is asked directly: of what a short statement costs a process, a
session takes nine tenths. Whatever else keeps the sessions busy does not keep these waiting.
"""

import asyncio
from collections.abc import Mapping
from typing import Any, LiteralString

import psycopg
from psycopg.pq import ExecStatus, TransactionStatus
from psycopg.types.json import set_json_loads
from sqlalchemy.engine import make_url

from gorax.core.encoding import loads
from gorax.core.errors import Unavailable
from gorax.settings import Settings
from gorax.store.session import KEEPALIVE, OUTAGES, POOL_TIMEOUT, connect, is_dead, server_options
from gorax.telemetry.instruments import POOL_SIZE, POOL_USED

Row = tuple[Any, ...]
"""Of a result, in the order of its columns."""

_POOL = "intake"
_USED = POOL_USED.labels(_POOL)


class Statements:
    """Runs statements, each of them a transaction of its own. Connects when first used; safe to build without a server.

    They see all tenants, like `Database.platform`.
    """

    def __init__(self, settings: Settings) -> None:
        url = make_url(settings.database_url)
        _, arguments = url.get_dialect()().create_connect_args(url)
        self._arguments: Mapping[str, Any] = {
            "fallback_application_name": "gorax",
            **KEEPALIVE,
            **arguments,
            "options": server_options(url),
            "autocommit": True,
        }
        self._places = asyncio.Semaphore(settings.database.intake_pool_size)
        POOL_SIZE.labels(_POOL).set(settings.database.intake_pool_size)
        self._idle: list[psycopg.AsyncConnection[Row]] = []

    async def run(self, statement: LiteralString, values: Mapping[str, Any]) -> list[Row]:
        """The rows that a statement returns, with `%(name)s` for each of the values.

        It is prepared where that has not been done, so it must be one of a few that never change. Raises
        `Unavailable` when the database is out of reach or overwhelmed, after which nobody knows whether it was done,
        and `psycopg.Error` for everything else.
        """
        await self._wait_for_a_place()
        _USED.inc()
        try:
            return await self._run(statement, values)
        except OUTAGES as error:
            raise Unavailable("the database does not answer; try again") from error
        finally:
            _USED.dec()
            self._places.release()

    async def close(self) -> None:
        """Close all connections."""
        while self._idle:
            await self._idle.pop().close()

    async def _wait_for_a_place(self) -> None:
        if not self._places.locked():
            await self._places.acquire()  # at once
            return
        try:
            async with asyncio.timeout(POOL_TIMEOUT):
                await self._places.acquire()
        except TimeoutError as error:
            raise Unavailable("the database is busy; try again") from error

    async def _run(self, statement: LiteralString, values: Mapping[str, Any]) -> list[Row]:
        connection = await self._connection()
        try:
            cursor = await connection.execute(statement, values, prepare=True)
            result = cursor.pgresult
            return await cursor.fetchall() if result and result.status == ExecStatus.TUPLES_OK else []
        finally:
            # One that was left in the middle of a statement is of no use to the next.
            if connection.pgconn.transaction_status == TransactionStatus.IDLE:
                self._idle.append(connection)
            else:
                await connection.close()

    async def _connection(self) -> psycopg.AsyncConnection[Row]:
        while self._idle:
            # The one that was used last: on it the statements are prepared, and the others stay idle.
            connection = self._idle.pop()
            if not is_dead(connection):
                return connection
            await connection.close()
        connection = await connect(**self._arguments)
        set_json_loads(loads, connection)
        return connection
