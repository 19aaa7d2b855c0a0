"""Archives closed runs before Temporal forgets them: those of executions, and of the batches of their loops.

Temporal's own list says which there are, window of time after window. How far it is, is noted when a window is done; a
worker that dies before that leaves runs that the next one finds kept.
"""

import asyncio
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import structlog
from temporalio import activity
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
from temporalio.client import Client, WorkflowExecution

from gorax.archive import RunArchive
from gorax.core.contracts import INTERPRETER, LOOP
from gorax.core.maintenance import ARCHIVE, ArchiveActivities, ArchiveReport
from gorax.engine.calling import events
from gorax.settings import ArchiveSettings
from gorax.store.archive import Archive, RunKey
from gorax.store.session import Database

WINDOW = timedelta(minutes=10)
"""Of ends that are listed at a time."""
OVERLAP = timedelta(seconds=30)
"""Ends become visible out of order within this time."""
SECONDS = 40.0
"""How long one pass goes on; the next one begins within a minute."""
CHUNK = 200
CONCURRENT = 8
LATEST = timedelta(hours=12)
"""After its end, when a run is archived at the latest: before the shortest retention is over."""
RPC_TIMEOUT = timedelta(seconds=5)

log = structlog.get_logger(__name__)


class Archiver(ArchiveActivities):
    """The archiving activity of a worker."""

    def __init__(
        self, client: Client, database: Database, archive: RunArchive, settings: ArchiveSettings
    ) -> None:
        self._client = client
        self._database = database
        self._archive = archive
        self._settings = settings

    @activity.defn(name=ARCHIVE)
    async def archive_runs(self) -> ArchiveReport:
        """One pass. Raises `Unavailable` and `RPCError`."""
        report = ArchiveReport()
        if self._settings.store == "off":
            return report
        stop, now, retention = time.monotonic() + SECONDS, datetime.now(UTC), await self._retention()
        due = now - self._delay(retention)
        async with self._database.platform() as session:
            done = await Archive(session).until(self._client.namespace)
        # What Temporal has forgotten by now is not to be had any more.
        position = max(done or now - retention, now - retention)
        while position < due:
            end = min(position + WINDOW, due)
            if not await self._archive_window(position - OVERLAP, end, report, stop):
                break
            position = end
            async with self._database.platform() as session:
                await Archive(session).advance(self._client.namespace, position)
                await session.commit()
        report.behind_seconds = max((due - position).total_seconds(), 0)
        if report.archived:
            log.info("archived runs", count=report.archived, behind_seconds=round(report.behind_seconds))
        if report.behind_seconds > retention.total_seconds() / 2:
            log.warning("the archive is behind: Temporal may forget runs before they are in it")
        return report

    def _delay(self, retention: timedelta) -> timedelta:
        if self._settings.after is not None:
            return timedelta(seconds=self._settings.after)
        return min(retention / 4, LATEST)

    async def _retention(self) -> timedelta:
        described = await self._client.workflow_service.describe_namespace(
            DescribeNamespaceRequest(namespace=self._client.namespace), timeout=RPC_TIMEOUT
        )
        return described.config.workflow_execution_retention_ttl.ToTimedelta()

    async def _archive_window(
        self, begin: datetime, end: datetime, report: ArchiveReport, stop: float
    ) -> bool:
        """Archive what closed within a window; False when there was no time for all of it."""
        query = (
            f"WorkflowType IN ('{INTERPRETER}', '{LOOP}') "
            f"AND CloseTime > '{begin.isoformat()}' AND CloseTime <= '{end.isoformat()}'"
        )
        chunk: list[WorkflowExecution] = []
        async for found in self._client.list_workflows(query, page_size=CHUNK):
            chunk.append(found)
            if len(chunk) == CHUNK:
                await self._archive_all(chunk, report)
                chunk = []
                if time.monotonic() > stop:
                    return False
        await self._archive_all(chunk, report)
        return time.monotonic() <= stop or not chunk

    async def _archive_all(self, runs: Sequence[WorkflowExecution], report: ArchiveReport) -> None:
        closed = {(run.id, run.run_id): run.close_time for run in runs if run.close_time is not None}
        async with self._database.platform() as session:
            wanted = await Archive(session).wanted(list(closed))
        slots = asyncio.Semaphore(CONCURRENT)

        async def archive(key: RunKey, closed_at: datetime) -> None:
            async with slots:
                await self._archive_one(key, closed_at, report)

        await asyncio.gather(*(archive(key, closed[key]) for key in wanted))

    async def _archive_one(self, key: RunKey, closed_at: datetime, report: ArchiveReport) -> None:
        handle = self._client.get_workflow_handle(key[0], run_id=key[1])
        found = [event async for event in events(handle)]
        if found:  # or somebody has deleted it at Temporal since it was listed
            await self._archive.keep(key, closed_at, found)
            report.archived += 1
