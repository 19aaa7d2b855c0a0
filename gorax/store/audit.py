"""The audit log: who asked for which change, and whether it came about."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
from typing import Literal

from sqlalchemy import Select, func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from gorax.core.ids import AUDIT_ENTRY, new_id
from gorax.store.paging import PIECE, Page, addressable, in_pieces, page
from gorax.store.session import Database
from gorax.store.tables import AuditEntry

MAX_PATH = 500
"""Characters that are kept of a path."""

Outcome = Literal["done", "refused", "failed"]

# Built once: every change brings an entry, and building one anew costs a fifth of running it.
_NOTE = insert(AuditEntry.__table__).values(at=func.now())  # type: ignore[attr-defined]


@dataclass(frozen=True, kw_only=True, slots=True)
class Action:
    """Who asks for what."""

    tenant_id: str | None
    operation: str
    path: str
    user_id: str
    via: str
    via_id: str | None
    address: str | None
    request_id: str


@dataclass(frozen=True, kw_only=True, slots=True)
class AuditFilter:
    """Which entries are meant; what is not given does not restrict."""

    user_id: str | None = None
    operation: str | None = None
    from_: datetime | None = None
    """Written at this time or later."""
    to: datetime | None = None
    """Written before this time."""


async def note(session: AsyncSession, action: Action, outcome: Outcome, status: int | None = None) -> None:
    """Add what was asked for, and what became of it."""
    entry = {
        **asdict(action),
        "id": new_id(AUDIT_ENTRY),
        "path": action.path[:MAX_PATH],
        "outcome": outcome,
        "status": status,
    }
    await session.execute(_NOTE, entry)


class AuditLog:
    """The log of one tenant, or, without one, of the platform: all entries. It is only ever added to."""

    def __init__(self, session: AsyncSession, tenant_id: str | None) -> None:
        self._session = session
        self._tenant_id = tenant_id

    async def list(self, chosen: AuditFilter, limit: int, offset: int) -> Page[AuditEntry]:
        """A page of entries, newest first, and how many match."""
        if not self._possible(chosen):
            return [], 0
        statement = self._matching(chosen).order_by(col(AuditEntry.id).desc())
        return await page(self._session, statement, limit, offset)

    async def after(self, last: str, chosen: AuditFilter) -> Sequence[AuditEntry]:
        """The next piece after the entry with the id `last`, oldest first."""
        if not self._possible(chosen):
            return []
        statement = self._matching(chosen).where(col(AuditEntry.id) > last).order_by(col(AuditEntry.id))
        return (await self._session.scalars(statement.limit(PIECE))).all()

    def _possible(self, chosen: AuditFilter) -> bool:
        return all(addressable(text) for text in (self._tenant_id, chosen.user_id, chosen.operation) if text)

    def _matching(self, chosen: AuditFilter) -> Select[AuditEntry]:
        statement = select(AuditEntry)
        for column, value in (
            (AuditEntry.tenant_id, self._tenant_id),
            (AuditEntry.user_id, chosen.user_id),
            (AuditEntry.operation, chosen.operation),
        ):
            if value is not None:
                statement = statement.where(col(column) == value)
        if chosen.from_ is not None:
            statement = statement.where(col(AuditEntry.at) >= chosen.from_)
        if chosen.to is not None:
            statement = statement.where(col(AuditEntry.at) < chosen.to)
        return statement


def whole_log(
    database: Database, tenant_id: str | None, chosen: AuditFilter
) -> AsyncIterator[Sequence[AuditEntry]]:
    """All entries that match, oldest first, however many: in pieces, at least one."""
    scope = database.platform if tenant_id is None else partial(database.session, tenant_id)
    return in_pieces(scope, lambda session, last: AuditLog(session, tenant_id).after(last, chosen))
