"""Compares the whole index of executions with Temporal, and its totals with its rows.

The reconciler looks at what may have changed; this looks at everything, in pieces, while all else goes on. What is
found to differ is read once more, from Temporal itself and not from its lists, before it counts or is put right.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from temporalio.client import Client

from gorax.core.contracts import INTERPRETER, TERMINAL, Closing
from gorax.core.errors import Conflict, ErrorInfo, ErrorType
from gorax.engine.control import closing_of
from gorax.engine.runs import Run, Runs, status_of
from gorax.store.execution_index import ExecutionIndex
from gorax.store.execution_rollup import ExecutionRollup
from gorax.store.session import Database

PIECE = 500
"""Executions that are compared at once."""
CONCURRENT = 8
SETTLED = timedelta(seconds=15)
"""For so long the index may be behind Temporal: what is younger is not looked at."""
MAX_TOLD = 100
"""Differences that a report names."""

_LISTS = (
    "ExecutionStatus IN ('Completed', 'Failed', 'Canceled', 'Terminated', 'TimedOut')",
    "ExecutionStatus = 'Running'",
)

Progress = Callable[[str], None]


@dataclass
class CheckReport:
    """What was compared, and what differed."""

    executions: int = 0
    """Comparisons of a row with Temporal; one that is running is in both directions."""
    differing: int = 0
    unlisted: int = 0
    """Runs that the index has no row of. Only the run itself can write it."""
    days: int = 0
    """Days of tenants whose totals were computed anew."""
    totals: int = 0
    """Totals that were not what the rows make them."""
    differences: list[str] = field(default_factory=list)
    """The first of those differences, in words."""

    def tell(self, difference: str) -> None:
        """Name a difference, if there is place for it."""
        if len(self.differences) < MAX_TOLD:
            self.differences.append(difference)


class IndexCheck:
    """One check of everything; with `repair` what differs is put right."""

    def __init__(
        self,
        client: Client,
        database: Database,
        *,
        repair: bool,
        lost: bool = False,
        progress: Progress = lambda _: None,
    ) -> None:
        """`lost` says that Temporal lost its state: executions that it does not know are over."""
        self._client = client
        self._runs = Runs(client)
        self._database = database
        self._repair = repair
        self._lost = lost
        self._progress = progress
        self._report = CheckReport()
        self._differing: set[str] = set()

    async def run(self) -> CheckReport:
        """Check everything.

        Raises `Unavailable` and `RPCError` when Postgres or Temporal does not answer, and `Conflict` rather than end
        executions because Temporal has none at all: it may be the wrong one.
        """
        async for rows in self._unfinished():
            await self._compare_all(rows)
            self._progress(f"{self._report.executions} executions compared")
        for condition in _LISTS:
            async for runs in self._listed(condition):
                await self._compare_all(await self._suspects(runs))
                self._report.executions += len(runs)
                self._progress(f"{self._report.executions} executions compared")
        await self._check_totals()
        return self._report

    async def _unfinished(self) -> AsyncIterator[Mapping[str, tuple[str, str]]]:
        """Rows that say they have not ended, by id: their tenants and statuses."""
        last, before = "", datetime.now(UTC) - SETTLED
        while True:
            async with self._database.platform() as session:
                rows = await ExecutionIndex(session).all_unfinished(before, last, PIECE)
            if not rows:
                return
            self._report.executions += len(rows)
            yield {row.id: (row.tenant_id, row.status) for row in rows}
            last = rows[-1].id

    async def _listed(self, condition: str) -> AsyncIterator[dict[str, tuple[str, str]]]:
        """Runs as Temporal lists them, by execution: their tenants and statuses."""
        piece: dict[str, tuple[str, str]] = {}
        before = datetime.now(UTC) - SETTLED
        async for found in self._client.list_workflows(f"WorkflowType = '{INTERPRETER}' AND {condition}"):
            tenant_id, _, execution_id = found.id.partition(":")
            if found.status is None or (found.close_time or found.start_time) > before:
                continue
            piece[execution_id] = tenant_id, status_of(found.status)
            if len(piece) == PIECE:
                yield piece
                piece = {}
        if piece:
            yield piece

    async def _suspects(self, runs: Mapping[str, tuple[str, str]]) -> dict[str, tuple[str, str]]:
        """Those whose rows have another status, with that."""
        async with self._database.platform() as session:
            known = await ExecutionIndex(session).statuses(list(runs))
        for execution_id in runs.keys() - known.keys():
            tenant_id, status = runs[execution_id]
            self._report.unlisted += 1
            self._report.tell(f"{tenant_id}:{execution_id} is {status} in Temporal and has no row")
        return {
            execution_id: (tenant_id, known[execution_id])
            for execution_id, (tenant_id, status) in runs.items()
            if execution_id in known and known[execution_id] != status
        }

    async def _compare_all(self, rows: Mapping[str, tuple[str, str]]) -> None:
        slots = asyncio.Semaphore(CONCURRENT)

        async def compare(tenant_id: str, execution_id: str, status: str) -> None:
            async with slots:
                await self._compare(tenant_id, execution_id, status)

        await asyncio.gather(
            *(compare(tenant_id, execution_id, status) for execution_id, (tenant_id, status) in rows.items())
        )

    async def _compare(self, tenant_id: str, execution_id: str, status: str) -> None:
        if execution_id in self._differing:
            return  # found from the other side
        run = await self._runs.run(tenant_id, execution_id)
        if run is None and status != "running":
            # Not started yet, which is the dispatcher's business, or ended so long ago that Temporal forgot it.
            return
        if run is not None and run.status == status:
            return
        if run is None and self._repair and not self._lost:
            await self._check_temporal()
        async with self._database.platform() as session:
            index = ExecutionIndex(session)
            if (await index.statuses([execution_id])).get(execution_id) != status:
                return  # it has just changed
            self._differing.add(execution_id)
            self._report.differing += 1
            truth = "unknown" if run is None else run.status
            self._report.tell(f"{tenant_id}:{execution_id} is {truth} in Temporal and {status} in the index")
            if self._repair:
                await _put_right(index, tenant_id, execution_id, status, run)
                await session.commit()

    async def _check_temporal(self) -> None:
        if not (await self._client.count_workflows(f"WorkflowType = '{INTERPRETER}'")).count:
            raise Conflict(
                f"Temporal has not one execution in its namespace {self._client.namespace!r}. If it lost its state, "
                "say --lost: then executions that it should be running are over. If not, it is another Temporal: "
                "look at GORAX_TEMPORAL_ADDRESS and GORAX_TEMPORAL_NAMESPACE"
            )

    async def _check_totals(self) -> None:
        async with self._database.platform() as session:
            tenants = await ExecutionRollup(session).tenants()
        for tenant_id in tenants:
            async with self._database.platform() as session:
                days = await ExecutionRollup(session).days(tenant_id)
            for day in days:
                async with self._database.platform() as session:
                    wrong = await ExecutionRollup(session).check(tenant_id, day, repair=self._repair)
                    await session.commit()
                self._report.days += 1
                self._report.totals += wrong
                if wrong:
                    self._report.tell(
                        f"{wrong} totals of {tenant_id} on {day:%Y-%m-%d} are not those of its rows"
                    )
            self._progress(f"{self._report.days} days of totals computed")


async def _put_right(
    index: ExecutionIndex, tenant_id: str, execution_id: str, status: str, run: Run | None
) -> None:
    if run is None:
        lost = Closing(
            tenant_id=tenant_id,
            execution_id=execution_id,
            status="failed",
            started_at=None,
            completed_at=datetime.now(UTC),
            error=ErrorInfo(type=ErrorType.INTERNAL, message="Temporal no longer knows this run"),
        )
        await index.close(lost, overrule=True)
    elif run.status in TERMINAL:
        await index.close(closing_of(tenant_id, execution_id, run), overrule=True)
    else:
        await index.reopen(execution_id, status)
