"""Entries of the audit log go when they are old, and not before."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import DBAPIError
from sqlmodel import col

from activities.purge import Purger
from gorax.core.ids import AUDIT_ENTRY, new_id
from gorax.store.audit_purge import purge_entries
from gorax.store.session import Database
from gorax.store.tables import AuditEntry

DAYS_AGO = (400, 390, 380, 370, 366, 364, 200, 29, 0)


@pytest.fixture
async def log(own_database: Database) -> Database:
    """A log with an entry of each of these days, whose ids sort as those of entries do."""
    now = datetime.now(UTC)
    async with own_database.platform() as session:
        for days in DAYS_AGO:
            entry = {
                "id": new_id(AUDIT_ENTRY),
                "at": now - timedelta(days=days),
                "operation": "createWorkflow",
                "path": "/",
                "outcome": "done",
                "user_id": "ann",
                "via": "headers",
                "request_id": f"req_{days}",
            }
            await session.execute(insert(AuditEntry).values(entry))
        await session.commit()
    return own_database


async def days_left(database: Database) -> list[int]:
    async with database.platform() as session:
        found = await session.scalars(select(col(AuditEntry.request_id)).order_by(col(AuditEntry.id)))
        return [int(name.removeprefix("req_")) for name in found]


async def test_old_entries_are_removed_batch_by_batch(log: Database) -> None:
    purger = Purger(log, timedelta(days=30), entries_kept=timedelta(days=365), batch=2)
    assert (await purger.purge_events()).entries == 5
    assert await days_left(log) == [364, 200, 29, 0]
    assert (await purger.purge_events()).entries == 0


async def test_the_database_keeps_what_is_young_whoever_asks(log: Database) -> None:
    with pytest.raises(DBAPIError, match="only ever added to"):
        async with log.platform() as session:
            await purge_entries(session, datetime.now(UTC), 100)
    assert len(await days_left(log)) == len(DAYS_AGO)
