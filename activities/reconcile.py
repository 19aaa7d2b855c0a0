"""Brings the index of executions into agreement with Temporal.

A run closes its own row as its last act. This covers the ends that it does not live to see: terminated or timed out,
cancelled before its first task, or gone with a Temporal server that lost its state. A schedule's execution writes its
own row, too: one that ended before it could gets it here.
"""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import structlog
from temporalio import activity
from temporalio.client import Client, WorkflowExecution
from temporalio.common import SearchAttributeKey

from activities.fold import fold_changes
from gorax.core.contracts import (
    INTERPRETER,
    TERMINAL,
    Closing,
    ExecutionStatus,
)
from gorax.core.errors import ErrorInfo, ErrorType, QuotaExceeded
from gorax.core.maintenance import RECONCILE, MaintenanceActivities, ReconcileReport, ReconcileRequest
from gorax.engine.client import WORKFLOW
from gorax.engine.control import closing_of
from gorax.engine.runs import Runs, status_of
from gorax.store.execution_index import ExecutionIndex
from gorax.store.executions import Executions
from gorax.store.session import Database
from gorax.store.workflows import Workflows

LOOK_BACK = timedelta(minutes=5)
"""How far a first pass looks for ends; later ones go on from the last end seen."""
OVERLAP = timedelta(seconds=10)
"""Ends become visible out of order within this time."""
MAX_ENDS = 1_000
"""Rows that one pass puts right; the next goes on with the rest."""
CONCURRENT = 8
UNCHECKED = timedelta(seconds=60)
"""How long a row may say `running` before it is compared, one by one, with its run."""
MAX_CHECKS = 25

_SCHEDULED_BY = SearchAttributeKey.for_keyword("TemporalScheduledById")
"""The schedule of Temporal's that began a run."""


class _End(NamedTuple):
    tenant_id: str
    status: ExecutionStatus
    run: WorkflowExecution


log = structlog.get_logger(__name__)


class Reconciler(MaintenanceActivities):
    """The maintenance activities of a worker."""

    def __init__(self, client: Client, database: Database, runs: Runs) -> None:
        self._client = client
        self._runs = runs
        self._database = database

    @activity.defn(name=RECONCILE)
    async def reconcile_executions(self, request: ReconcileRequest) -> ReconcileReport:
        """One pass. Raises `Unavailable` when Postgres or Temporal does not answer."""
        report = ReconcileReport(seen_until=request.since or datetime.now(UTC) - LOOK_BACK)
        await self._take_in_ends(report)
        await self._check_oldest(report)
        if report.closed:
            log.info("closed executions that ended without closing themselves", count=report.closed)
        # Last: what is not folded is counted all the same, and an end that nobody has written is not.
        await fold_changes(self._database)
        return report

    async def _take_in_ends(self, report: ReconcileReport) -> None:
        since = (report.seen_until - OVERLAP).isoformat()
        query = (
            f"WorkflowType = '{INTERPRETER}' AND CloseTime > '{since}' "
            "AND ExecutionStatus IN ('Terminated', 'TimedOut', 'Canceled')"
        )
        ended: dict[str, _End] = {}
        last = report.seen_until
        async for found in self._client.list_workflows(query):
            tenant_id, _, execution_id = found.id.partition(":")
            if found.status is not None and found.close_time is not None:
                ended[execution_id] = _End(tenant_id, status_of(found.status), found)
                last = max(last, found.close_time)
        if not ended:
            return
        async with self._database.platform() as session:
            known = await ExecutionIndex(session).statuses(list(ended))
        for execution_id, end in ended.items():
            if execution_id not in known and await self._enlist(execution_id, end):
                known[execution_id] = "running"
        differing = [
            (end.tenant_id, execution_id, known[execution_id])
            for execution_id, end in ended.items()
            if execution_id in known and known[execution_id] != end.status
        ]
        await self._compare_all(differing[:MAX_ENDS], report)
        if len(differing) <= MAX_ENDS:
            report.seen_until = last

    async def _enlist(self, execution_id: str, end: _End) -> bool:
        """Give a schedule's execution its row, which ended before it could write that itself; False for others."""
        attributes = end.run.typed_search_attributes
        workflow_id, schedule = attributes.get(WORKFLOW), attributes.get(_SCHEDULED_BY)
        if workflow_id is None or schedule is None:
            return False
        async with self._database.platform() as session:
            workflow = await Workflows(session, end.tenant_id).get(workflow_id)
            if workflow is None:
                return False
            _, _, schedule_id = schedule.partition(":")
            try:
                await Executions(session, end.tenant_id).begin(
                    id=execution_id,
                    workflow_id=workflow.id,
                    workflow_name=workflow.name,
                    version=workflow.version,
                    trigger={"type": "schedule", "schedule_id": schedule_id},
                    priority=1,
                    accepted_at=end.run.start_time,
                    schedule_id=schedule_id,
                )
            except QuotaExceeded:
                return False  # it would have been passed over
            await session.commit()
        return True

    async def _check_oldest(self, report: ReconcileReport) -> None:
        now = datetime.now(UTC)
        async with self._database.platform() as session:
            rows = await ExecutionIndex(session).unfinished(now - UNCHECKED, MAX_CHECKS)
        await self._compare_all([(row.tenant_id, row.id, row.status) for row in rows], report)
        if rows:
            async with self._database.platform() as session:
                await ExecutionIndex(session).mark_checked([row.id for row in rows], now)
                await session.commit()

    async def _compare_all(self, executions: Sequence[tuple[str, str, str]], report: ReconcileReport) -> None:
        slots = asyncio.Semaphore(CONCURRENT)

        async def compare(tenant_id: str, execution_id: str, status: str) -> None:
            async with slots:
                await self._compare(tenant_id, execution_id, status, report)

        await asyncio.gather(*(compare(*execution) for execution in executions))

    async def _compare(self, tenant_id: str, execution_id: str, status: str, report: ReconcileReport) -> None:
        report.checked += 1
        run = await self._runs.run(tenant_id, execution_id)
        if run is None:
            if status != "running":
                return  # not started yet: the dispatcher's business
            closing = Closing(
                tenant_id=tenant_id,
                execution_id=execution_id,
                status="failed",
                started_at=None,
                completed_at=datetime.now(UTC),
                error=ErrorInfo(type=ErrorType.INTERNAL, message="Temporal no longer knows this run"),
            )
        elif run.status == status or run.status not in TERMINAL:
            return
        else:
            closing = closing_of(tenant_id, execution_id, run)
        async with self._database.platform() as session:
            if await ExecutionIndex(session).close(closing, overrule=True):
                report.closed += 1
            await session.commit()
