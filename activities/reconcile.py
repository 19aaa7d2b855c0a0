"""Brings the index of executions into agreement with Temporal.

A run closes its own row as its last act. This covers the ends that it does not live to see: terminated or timed out,
cancelled before its first task, or gone with a Temporal server that lost its state.
"""

from datetime import UTC, datetime, timedelta

import structlog
from temporalio import activity
from temporalio.client import Client

from gorax.core.contracts import (
    INTERPRETER,
    RECONCILE,
    TERMINAL,
    Closing,
    MaintenanceActivities,
    ReconcileReport,
    ReconcileRequest,
)
from gorax.core.errors import ErrorInfo, ErrorType
from gorax.engine.runs import Runs
from gorax.store.execution_index import ExecutionIndex
from gorax.store.session import Database

LOOK_BACK = timedelta(minutes=5)
"""How far a first pass looks for ends; later ones go on from the last end seen."""
OVERLAP = timedelta(seconds=10)
"""Ends become visible out of order within this time."""
MAX_ENDS = 1_000
"""Ends taken in by one pass; the next goes on from there."""
UNCHECKED = timedelta(seconds=60)
"""How long a row may say `running` before it is compared, one by one, with its run."""
MAX_CHECKS = 25

log = structlog.get_logger(__name__)


class Reconciler(MaintenanceActivities):
    """The maintenance activities of a worker."""

    def __init__(self, client: Client, database: Database) -> None:
        self._client = client
        self._runs = Runs(client)
        self._database = database

    @activity.defn(name=RECONCILE)
    async def reconcile_executions(self, request: ReconcileRequest) -> ReconcileReport:
        """One pass. Raises `Unavailable` when Postgres or Temporal does not answer."""
        report = ReconcileReport(seen_until=request.since or datetime.now(UTC) - LOOK_BACK)
        await self._take_in_ends(report)
        await self._check_oldest(report)
        if report.closed:
            log.info("closed executions that ended without closing themselves", count=report.closed)
        return report

    async def _take_in_ends(self, report: ReconcileReport) -> None:
        since = (report.seen_until - OVERLAP).isoformat()
        query = (
            f"WorkflowType = '{INTERPRETER}' AND CloseTime > '{since}' "
            "AND ExecutionStatus IN ('Terminated', 'TimedOut', 'Canceled')"
        )
        ended: dict[str, str] = {}
        async for found in self._client.list_workflows(query, limit=MAX_ENDS):
            tenant_id, _, execution_id = found.id.partition(":")
            ended[execution_id] = tenant_id
            if found.close_time:
                report.seen_until = max(report.seen_until, found.close_time)
        if not ended:
            return
        async with self._database.session() as session:
            known = await ExecutionIndex(session).statuses(list(ended))
        for execution_id, tenant_id in ended.items():
            if execution_id in known:
                await self._compare(tenant_id, execution_id, known[execution_id], report)

    async def _check_oldest(self, report: ReconcileReport) -> None:
        now = datetime.now(UTC)
        async with self._database.session() as session:
            rows = await ExecutionIndex(session).unfinished(now - UNCHECKED, MAX_CHECKS)
        for row in rows:
            await self._compare(row.tenant_id, row.id, row.status, report)
        if rows:
            async with self._database.session() as session:
                await ExecutionIndex(session).mark_checked([row.id for row in rows], now)
                await session.commit()

    async def _compare(self, tenant_id: str, execution_id: str, status: str, report: ReconcileReport) -> None:
        report.checked += 1
        run = await self._runs.run(tenant_id, execution_id)
        now = datetime.now(UTC)
        if run is None:
            if status != "running":
                return  # not started yet: the dispatcher's business
            closing = Closing(
                tenant_id=tenant_id,
                execution_id=execution_id,
                status="failed",
                started_at=None,
                completed_at=now,
                error=ErrorInfo(type=ErrorType.INTERNAL, message="Temporal no longer knows this run"),
            )
        elif run.status == status or run.status not in TERMINAL:
            return
        else:
            closing = Closing(
                tenant_id=tenant_id,
                execution_id=execution_id,
                status=run.status,
                started_at=run.started_at,
                completed_at=run.completed_at or now,
                error=run.ending.error if run.ending else None,
            )
        async with self._database.session() as session:
            if await ExecutionIndex(session).close(closing, overrule=True):
                report.closed += 1
            await session.commit()
