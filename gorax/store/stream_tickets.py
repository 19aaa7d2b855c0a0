"""Tickets for streams: that one was used is an entry in the audit log, and there can be one."""

from dataclasses import asdict

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from gorax.store.audit import MAX_PATH, Action
from gorax.store.tables import AuditEntry

_USE = (
    insert(AuditEntry.__table__)  # type: ignore[attr-defined]
    .values(at=func.now())
    .on_conflict_do_nothing(index_elements=["id"])
    .returning(col(AuditEntry.id))
)


async def use_ticket(session: AsyncSession, ticket_id: str, action: Action) -> bool:
    """Write down that a ticket opens what `action` says; false when it has opened something before.

    Of two processes at the same moment one is told so. `ticket_id` has the form of an entry's id.
    """
    entry = {
        **asdict(action),
        "id": ticket_id,
        "path": action.path[:MAX_PATH],
        "outcome": "done",
        "status": None,
    }
    return (await session.execute(_USE, entry)).one_or_none() is not None
