"""One statement on one connection: made, bounded, read, and closed."""

import asyncio
import re
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Any, cast

import psycopg
from psycopg import errors
from psycopg.rows import TupleRow

from activities.egress import Egress
from activities.sql.config import SqlConfig
from activities.sql.failures import SQL, connection_failure, statement_failure
from activities.sql.relay import HOST, Relay
from activities.sql.target import Target
from activities.sql.values import as_json, as_params, prepare
from gorax.core.encoding import dumps
from gorax.core.errors import ErrorType, StepError

CONNECT_SECONDS = 10.0
FETCH = 500
"""Rows that are read at a time."""
WIRE = 3
"""How many bytes of the wire there may be for each byte of JSON: rows of many small values need more there."""

_GIVES_ROWS = re.compile(
    r"(?:\s|--[^\n]*(?:\n|$)|/\*(?:[^*]|\*(?!/))*\*/|\()*(?:SELECT|VALUES|TABLE|WITH|SHOW|EXPLAIN)\b",
    re.IGNORECASE,
)
"""Statements that give rows, unless they write."""


async def run_query(
    config: SqlConfig, target: Target, egress: Egress, seconds: float, limit: int
) -> dict[str, Any]:
    """`{rows, row_count, columns, truncated}`, with rows of at most `limit` bytes as JSON. Raises `StepError`."""
    async with Relay(egress, target.host, target.port, WIRE * limit) as relay:
        try:
            async with await _connect(target, relay.port) as connection:
                return await _query(connection, config, seconds, limit)
        except errors.QueryCanceled as error:
            raise StepError(
                ErrorType.TIMEOUT, f"the statement took longer than {seconds:g} s", retryable=True
            ) from error
        except psycopg.Error as error:
            raise _too_large(limit) if relay.exhausted else statement_failure(error) from error


async def _connect(target: Target, port: int) -> psycopg.AsyncConnection[TupleRow]:
    try:
        async with asyncio.timeout(CONNECT_SECONDS):
            # The host is the name in the certificate; the bytes go through the relay.
            connection = await psycopg.AsyncConnection.connect(
                host=target.host, hostaddr=HOST, port=port, **target.settings
            )
    except (TimeoutError, psycopg.OperationalError) as error:
        raise connection_failure(error) from error
    prepare(connection)
    return connection


async def _query(
    connection: psycopg.AsyncConnection[TupleRow], config: SqlConfig, seconds: float, limit: int
) -> dict[str, Any]:
    await connection.set_read_only(config.read_only)
    # In the transaction already: from here on its mode cannot be changed any more.
    milliseconds = max(1, int(seconds * 1000))
    await connection.execute("SELECT set_config('statement_timeout', %s, true)", [str(milliseconds)])
    async with connection.cursor() as cursor:
        try:
            output = await _answer(cursor, config, limit)
        except (TypeError, ValueError) as error:
            # Names where the params are a list or the other way around, half a character, and the like.
            raise StepError(ErrorType.VALIDATION, f"the statement cannot be sent: {error}") from error
    await connection.commit()
    return output


async def _answer(cursor: psycopg.AsyncCursor[TupleRow], config: SqlConfig, limit: int) -> dict[str, Any]:
    query, params = config.query.encode(), as_params(config.params) or None
    if config.read_only and _GIVES_ROWS.match(config.query):
        # Read as they come, so that rows which are not wanted are not even sent.
        size = min(FETCH, config.max_rows + 1)
        stream = cast(AsyncGenerator[TupleRow, None], cursor.stream(query, params, size=size))
        # Closed before anything else is asked of the connection: a stream that is left open holds its lock.
        async with aclosing(stream) as found:
            return await _rows(cursor, found, config.max_rows, limit)
    # Prepared: the server takes one statement, whatever stands in the text.
    await cursor.execute(query, params, prepare=True)
    if cursor.description is None:
        return {"rows": [], "row_count": max(cursor.rowcount, 0), "columns": [], "truncated": False}
    return await _rows(cursor, aiter(cursor), config.max_rows, limit)


async def _rows(
    cursor: psycopg.AsyncCursor[TupleRow], found: AsyncIterator[TupleRow], most: int, limit: int
) -> dict[str, Any]:
    """What a statement gives, as far as it is wanted."""
    columns: list[str] = []
    rows: list[dict[str, Any]] = []
    size = 0
    truncated = False
    async for row in found:
        if len(rows) == most:
            truncated = True
            break
        columns = columns or _columns(cursor)
        shown, length = _row(columns, row)
        size += length
        if size > limit:
            raise _too_large(limit)
        rows.append(shown)
    columns = columns or _columns(cursor)
    return {"rows": rows, "row_count": len(rows), "columns": columns, "truncated": truncated}


def _row(columns: list[str], row: TupleRow) -> tuple[dict[str, Any], int]:
    """A row as JSON, and its size there."""
    try:
        shown = dict(zip(columns, map(as_json, row), strict=True))
        return shown, len(dumps(shown))
    except (TypeError, RecursionError) as error:
        raise StepError(SQL, "a row holds JSON that is nested too deeply to be an output") from error


def _columns(cursor: psycopg.AsyncCursor[TupleRow]) -> list[str]:
    return [column.name for column in cursor.description or ()]


def _too_large(limit: int) -> StepError:
    return StepError(
        ErrorType.OUTPUT_TOO_LARGE, f"the rows have more than {limit} bytes: ask for less, or set max_rows"
    )
