"""One statement on one connection: made, bounded, read, and closed."""

import asyncio
import re
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing
from typing import Any, cast
from urllib.parse import urlsplit

import psycopg
from psycopg import errors
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import TupleRow

from activities.egress import Egress
from activities.sql.config import SqlConfig
from activities.sql.values import as_json, as_params
from gorax.core.encoding import dumps
from gorax.core.errors import ErrorType, StepError

SQL = "sql"
"""Type of the errors that the database gives, with its code in the details."""
CONNECT_SECONDS = 10.0
FETCH = 500
"""Rows that are read at a time."""

_GIVES_ROWS = re.compile(
    r"(?:\s|--[^\n]*(?:\n|$)|/\*(?:[^*]|\*(?!/))*\*/|\()*(?:SELECT|VALUES|TABLE|WITH|SHOW|EXPLAIN)\b",
    re.IGNORECASE,
)
"""Statements whose rows are read as they come: what is not wanted does not fill the worker's memory."""
_AGAIN = (errors.SerializationFailure, errors.DeadlockDetected, errors.LockNotAvailable)
_ALLOWED = frozenset(
    {"host", "port", "dbname", "user", "password", "sslmode", "sslrootcert", "options", "application_name"}
)
"""What the address of a credential may set: the rest could read files of this machine or reach other hosts."""


async def run_query(
    config: SqlConfig, credential: Mapping[str, Any], egress: Egress, seconds: float, limit: int
) -> dict[str, Any]:
    """`{rows, row_count, columns, truncated}`, with rows of at most `limit` bytes as JSON. Raises `StepError`."""
    try:
        async with await _connect(credential, egress) as connection:
            return await _query(connection, config, seconds, limit)
    except errors.QueryCanceled as error:
        raise StepError(
            ErrorType.TIMEOUT, f"the statement took longer than {seconds:g} s", retryable=True
        ) from error
    except psycopg.Error as error:
        raise _failure(error) from error


async def _connect(credential: Mapping[str, Any], egress: Egress) -> psycopg.AsyncConnection[TupleRow]:
    target = _target(credential)
    addresses = await egress.addresses(str(target["host"]), int(target["port"]))
    try:
        async with asyncio.timeout(CONNECT_SECONDS):
            # The name is for TLS; the connection goes to the address that was looked at.
            return await psycopg.AsyncConnection.connect(
                **target,
                hostaddr=addresses[0],
                application_name="gorax",
                autocommit=False,
                connect_timeout=10,
            )
    except (TimeoutError, psycopg.OperationalError) as error:
        reason = "no answer" if isinstance(error, TimeoutError) else _words(error)
        # A refused login comes back here too, and no other attempt will help it.
        refused = "authentication" in reason or "does not exist" in reason
        raise StepError(
            ErrorType.CREDENTIAL if refused else ErrorType.NETWORK,
            f"could not connect to the database: {reason}",
            retryable=not refused,
        ) from error


def _target(credential: Mapping[str, Any]) -> dict[str, Any]:
    if url := credential.get("url"):
        try:
            given = conninfo_to_dict(str(url))
        except psycopg.ProgrammingError as error:
            raise StepError(
                ErrorType.CREDENTIAL, "the credential's url is none that PostgreSQL reads"
            ) from error
        target = {
            name: value for name, value in given.items() if name in _ALLOWED - {"sslrootcert", "options"}
        }
        target.setdefault("host", urlsplit(str(url)).hostname or "")
    else:
        names = {"host": "host", "port": "port", "database": "dbname", "username": "user"}
        names |= {"password": "password", "sslmode": "sslmode"}
        target = {ours: credential[name] for name, ours in names.items() if credential.get(name) is not None}
    if not target.get("host"):
        raise StepError(ErrorType.CREDENTIAL, "the credential names no host: it must be of type postgres")
    target.setdefault("port", 5432)
    if "," in str(target["host"]) or str(target["host"]).startswith(("/", "@")):
        raise StepError(ErrorType.CREDENTIAL, "the credential must name one host, and no socket")
    return target


async def _query(
    connection: psycopg.AsyncConnection[TupleRow], config: SqlConfig, seconds: float, limit: int
) -> dict[str, Any]:
    await connection.set_read_only(config.read_only)
    # In the transaction already: from here on its mode cannot be changed any more.
    await connection.execute("SELECT set_config('statement_timeout', %s, true)", [str(int(seconds * 1000))])
    async with connection.cursor() as cursor:
        query, params = config.query.encode(), as_params(config.params) or None
        if _GIVES_ROWS.match(config.query):
            # Closed before anything else is asked of the connection: a stream that is left open holds its lock.
            stream = cast(AsyncGenerator[TupleRow, None], cursor.stream(query, params, size=FETCH))
            async with aclosing(stream) as found:
                output = await _rows(cursor, found, config.max_rows, limit)
        else:
            # Prepared: the server takes one statement, whatever stands in the text.
            await cursor.execute(query, params, prepare=True)
            if cursor.description is None:
                output = {"rows": [], "row_count": cursor.rowcount, "columns": [], "truncated": False}
            else:
                output = await _rows(cursor, aiter(cursor), config.max_rows, limit)
    await connection.commit()
    return output


async def _rows(
    cursor: psycopg.AsyncCursor[TupleRow], found: AsyncIterator[TupleRow], most: int, limit: int
) -> dict[str, Any]:
    """What a statement gives, as far as it is wanted: the rest is not even read."""
    columns: list[str] = []
    rows: list[dict[str, Any]] = []
    size = 0
    truncated = False
    async for row in found:
        if len(rows) == most:
            truncated = True
            break
        columns = columns or [column.name for column in cursor.description or ()]
        rows.append(dict(zip(columns, map(as_json, row), strict=False)))
        size += len(dumps(rows[-1]))
        if size > limit:
            raise StepError(
                ErrorType.OUTPUT_TOO_LARGE,
                f"the rows have more than {limit} bytes: ask for less, or set max_rows",
            )
    columns = columns or [column.name for column in cursor.description or ()]
    return {"rows": rows, "row_count": len(rows), "columns": columns, "truncated": truncated}


def _failure(error: psycopg.Error) -> StepError:
    code = error.sqlstate
    lost = code is None or code.startswith(("08", "57P", "53"))
    return StepError(
        ErrorType.NETWORK if lost and code is None else SQL,
        _words(error),
        details={} if code is None else {"sqlstate": code, "class": type(error).__name__},
        retryable=lost or isinstance(error, _AGAIN),
    )


def _words(error: psycopg.Error) -> str:
    return (error.diag.message_primary or str(error).strip().splitlines()[-1] if str(error) else "no answer")[
        :1_000
    ]
