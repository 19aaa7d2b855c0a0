"""Removes entries of the audit log that have been kept long enough."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from gorax.store.tables import AuditEntry


async def purge_entries(session: AsyncSession, before: datetime, limit: int) -> int:
    """Remove the oldest entries written before a time, at most `limit`; how many.

    Raises `DBAPIError` for a time within the last 30 days: the
    database itself keeps those.
    """
    # Ids sort by time, so that no others than the oldest are looked at.
    oldest = (
        select(col(AuditEntry.id), col(AuditEntry.at)).order_by(col(AuditEntry.id)).limit(limit).subquery()
    )
    removed = await session.execute(
        delete(AuditEntry)
        .where(col(AuditEntry.id).in_(select(oldest.c.id).where(oldest.c.at < before)))
        .returning(col(AuditEntry.id))
        .execution_options(synchronize_session=False)
    )
    return len(removed.all())
