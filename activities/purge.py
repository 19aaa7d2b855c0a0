"""Removes the events of webhooks, and entries of the audit log, once they are older than they are kept."""

import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import structlog
from sqlalchemy.ext.asyncio import AsyncSession
from temporalio import activity

from gorax.core.maintenance import PURGE, PurgeActivities, PurgeReport
from gorax.store.audit_purge import purge_entries
from gorax.store.session import Database
from gorax.store.webhook_purge import WebhookPurge

BATCH = 200
"""Rows that one transaction removes: their bodies may be megabytes each."""
SECONDS = 10.0
"""How long one purge goes on; the next one comes within a minute or two."""

log = structlog.get_logger(__name__)

Remove = Callable[[AsyncSession], Awaitable[int]]
"""Removes one batch; how many rows it had."""


class Purger(PurgeActivities):
    """The purging activity of a worker."""

    def __init__(
        self, database: Database, kept: timedelta, *, entries_kept: timedelta, batch: int = BATCH
    ) -> None:
        self._database = database
        self._kept = kept
        self._entries_kept = entries_kept
        self._batch = batch

    @activity.defn(name=PURGE)
    async def purge_events(self) -> PurgeReport:
        """Remove what is too old, oldest first, for some seconds at most. Raises `Unavailable`."""
        until = time.monotonic() + SECONDS
        before = datetime.now(UTC) - self._kept
        written_before = datetime.now(UTC) - self._entries_kept
        report = PurgeReport(
            events=await self._remove(lambda it: WebhookPurge(it).events(before, self._batch), until),
            keys=await self._remove(lambda it: WebhookPurge(it).keys(self._batch), until),
            entries=await self._remove(lambda it: purge_entries(it, written_before, self._batch), until),
        )
        if report.events:
            log.info("removed old events of webhooks", count=report.events)
        return report

    async def _remove(self, remove: Remove, until: float) -> int:
        """Batch after batch, each in a transaction of its own, while they are full and there is time."""
        removed = 0
        while True:
            async with self._database.platform() as session:
                batch = await remove(session)
                await session.commit()
            removed += batch
            if batch < self._batch or time.monotonic() > until:
                return removed
