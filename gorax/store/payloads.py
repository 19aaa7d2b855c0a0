"""Payloads that are too large for a history, kept in PostgreSQL: a driver for Temporal's external storage.

A payload is stored before the task that refers to it is reported, under its own digest: a process that dies between
the two leaves a row that the repeated task finds again.
"""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import TypeVar

import psycopg
from sqlalchemy.dialects.postgresql import insert
from temporalio.api.common.v1 import Payload
from temporalio.converter import (
    StorageDriver,
    StorageDriverClaim,
    StorageDriverRetrieveContext,
    StorageDriverStoreContext,
    StorageDriverWorkflowInfo,
)

from gorax.core.cache import Cache
from gorax.core.errors import Unavailable
from gorax.core.ids import execution_part
from gorax.store.session import OUTAGES, Database
from gorax.store.tables import StoredPayload

CACHED_BYTES = 64_000_000
"""Payloads that a process keeps: those that it stored or read last, since a run's next task needs them again."""
WRITES = 4
"""Payloads that a process writes at a time: more are not written any sooner, and hold connections that others need."""
PATIENCE = 5.0
"""Seconds that an outage of the database may last before a task or an activity fails for it, and is tried again."""

_ROWS = StoredPayload.__table__  # type: ignore[attr-defined]
# A payload that is stored again is needed again, whatever sweeps have found out about its execution before.
_KEEP = insert(_ROWS)
_KEEP = _KEEP.on_conflict_do_update(
    index_elements=["scope", "digest"], set_={"checked_at": _KEEP.excluded.checked_at, "missed_at": None}
)
_FIND = "SELECT data FROM payloads WHERE scope = %s AND digest = %s"
T = TypeVar("T")


class PayloadLostError(Unavailable):
    """A history refers to a payload that is not there."""


class PostgresPayloads(StorageDriver):
    """Keeps payloads in the database; one per process, for its cache."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._cache: Cache[bytes] = Cache(CACHED_BYTES, largest=CACHED_BYTES)
        self._slots = asyncio.Semaphore(WRITES)

    @property
    def cached_bytes(self) -> int:
        """Bytes of the payloads that this process keeps."""
        return self._cache.bytes

    def name(self) -> str:
        """The name in the references: it must stay what it is for as long as histories live."""
        return "gorax.postgres"

    async def store(
        self, context: StorageDriverStoreContext, payloads: Sequence[Payload]
    ) -> list[StorageDriverClaim]:
        """Keep payloads; again is the same as once. Raises `Unavailable`."""
        scope = _scope_of(context)
        return [await self._store(scope, payload) for payload in payloads]

    async def retrieve(
        self, context: StorageDriverRetrieveContext, claims: Sequence[StorageDriverClaim]
    ) -> list[Payload]:
        """The payloads. Raises `Unavailable` and `PayloadLostError`."""
        del context
        return [Payload.FromString(await self._data(claim)) for claim in claims]

    async def _store(self, scope: str, payload: Payload) -> StorageDriverClaim:
        data = payload.SerializeToString(deterministic=True)
        digest = await asyncio.to_thread(_digest, data)
        # Whoever waits here waits for the other writes of this process, which is no outage.
        async with self._slots:
            await self._patiently(lambda: self._write(scope, digest, data))
        self._cache.keep(digest, data, len(data))
        return StorageDriverClaim({"scope": scope, "digest": digest})

    async def _data(self, claim: StorageDriverClaim) -> bytes:
        scope, digest = claim.claim_data["scope"], claim.claim_data["digest"]
        if (cached := self._cache.get(digest)) is not None:
            return cached
        data = await self._patiently(lambda: self._read(scope, digest))
        if data is None:
            raise PayloadLostError(f"payload {digest} of {scope} is not in the database")
        self._cache.keep(digest, data, len(data))
        return data

    async def _write(self, scope: str, digest: str, data: bytes) -> None:
        now = datetime.now(UTC)
        row = {"scope": scope, "digest": digest, "data": data, "stored_at": now, "checked_at": now}
        async with self._database.platform() as session:
            await session.execute(_KEEP, row)
            await session.commit()

    async def _read(self, scope: str, digest: str) -> bytes | None:
        """The payload as it is on the wire: as text it would take five times as long to read."""
        async with self._database.platform(autocommit=True) as session:
            connection = await (await session.connection()).get_raw_connection()
            driver: psycopg.AsyncConnection[tuple[bytes]] | None = connection.driver_connection
            assert driver is not None
            try:
                async with driver.cursor(binary=True) as cursor:
                    await cursor.execute(_FIND, (scope, digest))
                    found = await cursor.fetchone()
            except OUTAGES as error:
                raise Unavailable("the database does not answer; try again") from error
        return None if found is None else found[0]

    async def _patiently(self, attempt: Callable[[], Awaitable[T]]) -> T:
        deadline = asyncio.get_running_loop().time() + PATIENCE
        pause = 0.1
        while True:
            try:
                return await attempt()
            except Unavailable:
                if asyncio.get_running_loop().time() + pause > deadline:
                    raise
            await asyncio.sleep(pause)
            pause *= 2


def _scope_of(context: StorageDriverStoreContext) -> str:
    target = context.target
    if not isinstance(target, StorageDriverWorkflowInfo) or not target.id:
        raise TypeError("a payload that belongs to no workflow cannot be kept")
    # The batches of a loop share what their execution has stored.
    return execution_part(target.id)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
