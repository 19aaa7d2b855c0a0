"""Sessions with PostgreSQL: one pool per process, whose failures are quick and end with the outage."""

import asyncio
import select
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import Any, Protocol

import psycopg
from sqlalchemy import event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError, DisconnectionError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.sql import text

from gorax.core.encoding import dumps, loads
from gorax.core.errors import Unavailable
from gorax.settings import Settings

CONNECT_TIMEOUT = 1.5
"""Seconds that a server has to take a new connection, name look-up and authentication included."""
POOL_TIMEOUT = 5.0
"""Seconds that a session waits for one of the pool's connections to become free."""

SERVER_SETTINGS = {
    "timezone": "UTC",
    "statement_timeout": "10s",
    # A process that hangs in the middle of a transaction must not hold its row locks for ever.
    "idle_in_transaction_session_timeout": "60s",
    # Statements here are short; compiling one costs more than running it.
    "jit": "off",
}
KEEPALIVE = {
    # A server that vanished without a word (power, network) is noticed after 10 s. Unix sockets ignore these.
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}

# Connection trouble and a server that gives up arrive as `OperationalError`; a connection that psycopg itself
# found closed as `InterfaceError`. Everything else is an error of ours.
OUTAGES = (psycopg.OperationalError, psycopg.InterfaceError)
"""What the driver raises when the server is out of reach or gives up; `Database.session` makes it `Unavailable`."""


class Companion(Protocol):
    """What is committed together with the first change that a task makes, such as its entry in a log."""

    committed: bool
    """Whether it is, or is about to be: it goes along once."""

    async def write(self, session: AsyncSession) -> None:
        """Write it in this session's transaction."""


COMPANION: ContextVar[Companion | None] = ContextVar("companion", default=None)
"""The companion of the task that is running, if it has one."""


class _Session(AsyncSession):
    async def commit(self) -> None:
        companion = COMPANION.get()
        if companion is None or companion.committed:
            await super().commit()
            return
        companion.committed = True
        try:
            await companion.write(self)
            await super().commit()
        except BaseException:
            companion.committed = False
            raise


class Database:
    """The pool of connections of one process. Connects when first used; safe to build without a server."""

    def __init__(self, settings: Settings) -> None:
        self._engine = _engine(make_url(settings.database_url), settings.database.pool_size)
        self._autocommit = self._engine.execution_options(isolation_level="AUTOCOMMIT")

    @asynccontextmanager
    async def session(self, *, autocommit: bool = False) -> AsyncIterator[AsyncSession]:
        """A session whose transaction ends with the block: rolled back, unless the caller commits.

        With `autocommit` each statement is a transaction of its own, and costs one round trip instead of three.

        Raises `Unavailable` from whatever statement finds the database out of reach or overwhelmed. When that
        is the commit itself, the outcome is unknown: repeat only what is idempotent.
        """
        try:
            engine = self._autocommit if autocommit else self._engine
            async with _Session(engine, expire_on_commit=False, autoflush=False) as session:
                yield session
        except PoolTimeout as error:
            raise Unavailable("the database is busy; try again") from error
        except DBAPIError as error:
            if error.connection_invalidated or isinstance(error.orig, OUTAGES):
                raise Unavailable("the database does not answer; try again") from error
            raise

    async def ping(self, timeout: float) -> None:
        """Ask the database for an answer within `timeout` seconds. Raises `Unavailable`."""
        try:
            async with asyncio.timeout(timeout), self.session() as session:
                await session.execute(text("SELECT 1"))
        except TimeoutError as error:
            raise Unavailable(f"the database did not answer within {timeout:g} s") from error

    async def close(self) -> None:
        """Close all connections."""
        await self._engine.dispose()


def _engine(url: URL, pool_size: int) -> AsyncEngine:
    engine = create_async_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=POOL_TIMEOUT,
        # The most recently used connection first: idle ones stay idle, and statements stay prepared.
        pool_use_lifo=True,
        json_serializer=dumps,
        json_deserializer=loads,
        # Looking for a type that nothing here uses costs every process a query when it starts.
        use_native_hstore=False,
        connect_args={
            "async_creator_fn": _connect,
            "options": server_options(url),
            "fallback_application_name": "gorax",
            **KEEPALIVE,
        },
    )
    event.listen(engine.sync_engine, "checkout", _refuse_dead)
    return engine


def server_options(url: URL) -> str:
    """The `options` of a connection: the house's settings first, so that the URL's own can override them."""
    own = url.query.get("options", "")
    return " ".join([*(f"-c {name}={value}" for name, value in SERVER_SETTINGS.items()), str(own)]).strip()


async def _connect(*args: Any, **kwargs: Any) -> psycopg.AsyncConnection[Any]:
    # libpq's own limit starts at 2 s and again for each address that a name has.
    try:
        async with asyncio.timeout(CONNECT_TIMEOUT):
            return await psycopg.AsyncConnection.connect(*args, **kwargs)
    except TimeoutError as error:
        raise psycopg.OperationalError(f"no connection within {CONNECT_TIMEOUT:g} s") from error


def _refuse_dead(dbapi_connection: Any, _record: object, _proxy: object) -> None:
    """Have the pool replace a connection that the server has closed while it lay idle.

    An idle connection with something to read is one that the server said goodbye on, so a restart of
    PostgreSQL costs no request. Asking the kernel takes microseconds, a ping before each use a round trip.
    """
    connection: psycopg.AsyncConnection[Any] = dbapi_connection.driver_connection
    poll = select.poll()
    if not connection.closed:
        poll.register(connection.fileno(), select.POLLIN)
    if connection.closed or poll.poll(0):
        raise DisconnectionError("the server closed an idle connection")
