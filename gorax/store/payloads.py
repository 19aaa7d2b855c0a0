"""Payloads that are too large for a history, kept in PostgreSQL: a driver for Temporal's external storage.

A payload is stored before the task that refers to it is reported, under its own digest: a process that dies between
the two leaves a row that the repeated task finds again.
"""

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import UTC, datetime
from typing import TypeVar

from sqlalchemy import ARRAY, any_, bindparam, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col
from temporalio.api.common.v1 import Payload
from temporalio.converter import (
    StorageDriver,
    StorageDriverClaim,
    StorageDriverRetrieveContext,
    StorageDriverStoreContext,
    StorageDriverWorkflowInfo,
)

from gorax.core.errors import GoraxError, Unavailable
from gorax.store.session import Database
from gorax.store.tables import IDENTIFIER, INSTANT, StoredPayload

CACHED_BYTES = 64_000_000
"""Payloads that a process keeps: those that it stored or read last, since a run's next task needs them again."""
PATIENCE = 5.0
"""Seconds that an outage of the database may last before a task or an activity fails for it, and is tried again."""

_SCOPE_END = "/"
_ROWS = StoredPayload.__table__  # type: ignore[attr-defined]
# A payload that is stored again is needed again, whatever a sweep has found out about its execution before.
_KEEP = insert(_ROWS)
_KEEP = _KEEP.on_conflict_do_update(
    index_elements=["scope", "digest"], set_={"checked_at": _KEEP.excluded.checked_at}
)
_FIND = select(col(StoredPayload.data)).where(
    col(StoredPayload.scope) == bindparam("wanted_scope"), col(StoredPayload.digest) == bindparam("wanted")
)
_SCOPES = any_(bindparam("scopes", type_=ARRAY(IDENTIFIER)))
_SEEN = update(_ROWS).where(_ROWS.c.scope == _SCOPES).values(checked_at=bindparam("at", type_=INSTANT))
_DROP = delete(_ROWS).where(_ROWS.c.scope == _SCOPES, _ROWS.c.checked_at < bindparam("before", type_=INSTANT))

T = TypeVar("T")


class PayloadLostError(GoraxError):
    """A history refers to a payload that is not there."""


class PostgresPayloads(StorageDriver):
    """Keeps payloads in the database; one per process, for its cache."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._cache: OrderedDict[str, bytes] = OrderedDict()
        self._cached = 0

    @property
    def cached_bytes(self) -> int:
        """Bytes of the payloads that this process keeps."""
        return self._cached

    def name(self) -> str:
        """The name in the references: it must stay what it is for as long as histories live."""
        return "gorax.postgres"

    async def store(
        self, context: StorageDriverStoreContext, payloads: Sequence[Payload]
    ) -> list[StorageDriverClaim]:
        """Keep payloads; again is the same as once. Raises `Unavailable`."""
        scope = _scope_of(context)
        encoded = [payload.SerializeToString() for payload in payloads]
        digests = [hashlib.sha256(data).hexdigest() for data in encoded]
        now = datetime.now(UTC)
        rows = [
            {"scope": scope, "digest": digest, "data": data, "stored_at": now, "checked_at": now}
            for digest, data in zip(digests, encoded, strict=True)
        ]
        await self._patiently(lambda: self._write(rows))
        for digest, data in zip(digests, encoded, strict=True):
            self._remember(digest, data)
        return [StorageDriverClaim({"scope": scope, "digest": digest}) for digest in digests]

    async def retrieve(
        self, context: StorageDriverRetrieveContext, claims: Sequence[StorageDriverClaim]
    ) -> list[Payload]:
        """The payloads. Raises `Unavailable` and `PayloadLostError`."""
        del context
        return [Payload.FromString(await self._data(claim)) for claim in claims]

    async def _data(self, claim: StorageDriverClaim) -> bytes:
        scope, digest = claim.claim_data["scope"], claim.claim_data["digest"]
        if (data := self._cache.get(digest)) is None:
            data = await self._patiently(lambda: self._read(scope, digest))
        self._remember(digest, data)
        return data

    async def _write(self, rows: list[dict[str, object]]) -> None:
        async with self._database.session() as session:
            await session.execute(_KEEP, rows)
            await session.commit()

    async def _read(self, scope: str, digest: str) -> bytes:
        async with self._database.session() as session:
            found = await session.scalar(_FIND, {"wanted_scope": scope, "wanted": digest})
        if found is None:
            raise PayloadLostError(f"payload {digest} of {scope} is not in the database")
        return bytes(found)

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

    def _remember(self, digest: str, data: bytes) -> None:
        if digest in self._cache:
            self._cache.move_to_end(digest)
            return
        self._cache[digest] = data
        self._cached += len(data)
        while self._cached > CACHED_BYTES:
            _, dropped = self._cache.popitem(last=False)
            self._cached -= len(dropped)


class PayloadSweep:
    """Finds the payloads that no history refers to any more, for maintenance."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def unchecked(self, before: datetime, limit: int) -> list[str]:
        """Executions with payloads that were neither stored nor checked since a time, longest unchecked first."""
        rows = _ROWS.c
        statement = (
            select(rows.scope)
            .where(rows.checked_at < before)
            .group_by(rows.scope)
            .order_by(func.min(rows.checked_at))
            .limit(limit)
        )
        return list((await self._session.scalars(statement)).all())

    async def keep(self, scopes: Collection[str], at: datetime) -> None:
        """Note that these executions were seen in Temporal."""
        await self._session.execute(_SEEN, {"scopes": list(scopes), "at": at})

    async def drop(self, scopes: Collection[str], before: datetime) -> None:
        """Remove the payloads of executions that Temporal has no more, except what was stored since a time."""
        await self._session.execute(_DROP, {"scopes": list(scopes), "before": before})


def _scope_of(context: StorageDriverStoreContext) -> str:
    target = context.target
    if not isinstance(target, StorageDriverWorkflowInfo) or not target.id:
        raise TypeError("a payload that belongs to no workflow cannot be kept")
    # The batches of a loop have ids within their execution's, and share what it has stored.
    return target.id.partition(_SCOPE_END)[0]
