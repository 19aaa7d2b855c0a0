"""Sessions with PostgreSQL: one pool per process, whose failures are quick and end with the outage.

Every session has a scope: one tenant, or the platform. It is what the database goes by, not the statements: where
a tenant's session forgets to ask for its own rows only, row-level security does not show it others, nor let it
write them.
"""

import asyncio
import select
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from contextvars import ContextVar
from typing import Any, Protocol

import psycopg
import structlog
from sqlalchemy import Connection, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError, DisconnectionError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.orm import Session, SessionTransaction
from sqlalchemy.sql import text

from gorax.core.encoding import dumps, loads
from gorax.core.errors import Unavailable
from gorax.core.ids import TENANT_ID
from gorax.settings import Settings

log = structlog.get_logger("gorax.store")

CONNECT_TIMEOUT = 1.5
"""Seconds that a server has to take a new connection, name look-up and authentication included."""
POOL_TIMEOUT = 5.0
"""Seconds that a session waits for one of the pool's connections to become free."""

PLATFORM_ROLE = "gorax_platform"
"""The database's role that sees all tenants: the one of connections, and so of statements on their own."""
TENANT_ROLE = "gorax_tenant"
"""The database's role that sees the tenant which the setting `gorax.tenant` names, and without it none."""

SERVER_SETTINGS = {
    # Whoever the process logs in as, perhaps the tables' owner or a superuser: this is what it may.
    "role": PLATFORM_ROLE,
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


class _ScopedSession(Session):
    scope: str | None = None
    """A tenant's id; None of the platform."""
    autocommit = False


class _Session(AsyncSession):
    sync_session_class = _ScopedSession

    def __init__(self, engine: AsyncEngine, scope: str | None, *, autocommit: bool) -> None:
        super().__init__(engine, expire_on_commit=False, autoflush=False)
        scoped = self.sync_session
        assert isinstance(scoped, _ScopedSession)
        scoped.scope, scoped.autocommit = scope, autocommit

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

    def session(self, tenant_id: str) -> AbstractAsyncContextManager[AsyncSession]:
        """A session in which there is one tenant, and nothing of any other.

        Its transaction ends with the block: rolled back, unless the caller commits.

        Raises `Unavailable` from whatever statement finds the database out of reach or overwhelmed. When that
        is the commit itself, the outcome is unknown: repeat only what is idempotent. `ValueError` at once when that
        is not the id of a tenant.
        """
        if not TENANT_ID.fullmatch(tenant_id):
            raise ValueError(f"not the id of a tenant: {tenant_id!r}")
        return self._session(tenant_id, autocommit=False)

    def platform(self, *, autocommit: bool = False) -> AbstractAsyncContextManager[AsyncSession]:
        """A session across tenants: for who somebody is, for what works through all tenants, and for administration.

        Like a tenant's otherwise. With `autocommit` each statement is a transaction of its own, and costs one round
        trip instead of three; such a statement names its tenant itself, as nothing does it in its place.
        """
        return self._session(None, autocommit=autocommit)

    @asynccontextmanager
    async def _session(self, scope: str | None, *, autocommit: bool) -> AsyncIterator[AsyncSession]:
        try:
            async with _Session(self._engine, scope, autocommit=autocommit) as session:
                yield session
        except PoolTimeout as error:
            raise Unavailable("the database is busy; try again") from error
        except DBAPIError as error:
            if error.connection_invalidated or isinstance(error.orig, OUTAGES):
                raise Unavailable("the database does not answer; try again") from error
            raise
        except OUTAGES as error:  # of the statement that begins a transaction
            raise Unavailable("the database does not answer; try again") from error

    async def ping(self, timeout: float) -> None:
        """Ask the database for an answer within `timeout` seconds. Raises `Unavailable`."""
        try:
            async with asyncio.timeout(timeout), self.platform(autocommit=True) as session:
                await session.execute(text("SELECT 1"))
        except TimeoutError as error:
            raise Unavailable(f"the database did not answer within {timeout:g} s") from error

    def connections_used(self) -> int:
        """Connections of the pool that are at work now."""
        pool: Any = self._engine.pool
        return int(pool.checkedout())

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
        # The driver leaves it to `_begin` to begin transactions.
        isolation_level="AUTOCOMMIT",
        connect_args={
            "async_creator_fn": connect,
            "options": server_options(url),
            "fallback_application_name": "gorax",
            **KEEPALIVE,
        },
    )
    event.listen(engine.sync_engine, "checkout", _refuse_dead)
    return engine


@event.listens_for(_ScopedSession, "after_begin")
def _begin(session: _ScopedSession, transaction: SessionTransaction, connection: Connection) -> None:
    """Begin the transaction and say what it may see: in one message, as the driver would have sent to begin alone."""
    if session.autocommit or transaction.nested:
        return
    begin = "BEGIN"
    if session.scope is not None:
        # Quoted by what ids of tenants are made of, which `Database.session` has seen to.
        begin += f"; SET LOCAL ROLE {TENANT_ROLE}; SET LOCAL gorax.tenant = '{session.scope}'"
    adapted: Any = connection.connection.dbapi_connection
    try:
        adapted.run_async(lambda driver: driver.execute(begin, prepare=False))
    except psycopg.Error as error:
        connection.invalidate(error)
        raise


def server_options(url: URL) -> str:
    """The `options` of a connection: the house's settings first, so that the URL's own can override them."""
    own = url.query.get("options", "")
    return " ".join([*(f"-c {name}={value}" for name, value in SERVER_SETTINGS.items()), str(own)]).strip()


async def connect(*args: Any, **kwargs: Any) -> psycopg.AsyncConnection[Any]:
    """A connection of the driver's own, within `CONNECT_TIMEOUT`. Raises `psycopg.OperationalError`."""
    # libpq's own limit starts at 2 s and again for each address that a name has.
    try:
        async with asyncio.timeout(CONNECT_TIMEOUT):
            return await psycopg.AsyncConnection.connect(*args, **kwargs)
    except TimeoutError as error:
        raise psycopg.OperationalError(f"no connection within {CONNECT_TIMEOUT:g} s") from error
    except psycopg.OperationalError as error:
        if PLATFORM_ROLE in str(error):
            # Waiting does not help here, as it does in an outage.
            log.error(
                "the database is not migrated, or its user was not granted the roles", reason=str(error)
            )
        raise


def _refuse_dead(dbapi_connection: Any, _record: object, _proxy: object) -> None:
    """Have the pool replace a connection that the server has closed while it lay idle."""
    if is_dead(dbapi_connection.driver_connection):
        raise DisconnectionError("the server closed an idle connection")


def is_dead(connection: psycopg.AsyncConnection[Any]) -> bool:
    """Whether the server has closed an idle connection.

    One with something to read is one that the server said goodbye on, so a restart of PostgreSQL costs no request.
    Asking the kernel takes microseconds, a ping before each use a round trip.
    """
    if connection.closed:
        return True
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    return bool(poll.poll(0))
