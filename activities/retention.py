"""Removes executions once their tenants have kept them long enough."""

import time
from datetime import UTC, datetime

import structlog
from temporalio import activity

from gorax.archive import RunArchive
from gorax.core.maintenance import EXPIRE, ExpireReport, RetentionActivities
from gorax.store.retention import Retention
from gorax.store.session import Database

BATCH = 200
"""Executions that one transaction removes: their archived runs may be megabytes each."""
SECONDS = 10.0
"""How long one pass goes on; the next one begins within a minute."""

log = structlog.get_logger(__name__)


class Expirer(RetentionActivities):
    """The activity of a worker that removes executions."""

    def __init__(self, database: Database, archive: RunArchive, batch: int = BATCH) -> None:
        self._database = database
        self._archive = archive
        self._batch = batch

    @activity.defn(name=EXPIRE)
    async def expire_executions(self) -> ExpireReport:
        """Remove what is too old, oldest first, for some seconds at most. Raises `Unavailable`."""
        report, stop, now = ExpireReport(), time.monotonic() + SECONDS, datetime.now(UTC)
        async with self._database.platform() as session:
            periods = await Retention(session).periods()
        for tenant_id, period in periods.items():
            while time.monotonic() < stop:
                removed = await self._expire(tenant_id, now - period)
                report.executions += removed
                if removed < self._batch:
                    break
        if report.executions:
            log.info("removed old executions", count=report.executions)
        return report

    async def _expire(self, tenant_id: str, before: datetime) -> int:
        async with self._database.platform() as session:
            retention = Retention(session)
            expired = await retention.expired(tenant_id, before, self._batch)
            # Objects first: without its row nobody would find one again.
            await self._archive.forget_objects(
                await retention.objects(expired), await retention.payloads(expired)
            )
            await retention.remove(expired)
            await session.commit()
        return len(expired)
