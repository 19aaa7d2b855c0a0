"""Compares schedules with their twins in Temporal.

A twin is told of its row, so the two differ only where something else was at work: an operator paused a twin or deleted
it, Temporal paused one after a failed execution, or it lost its state. What is to be told again is marked in the row;
the API processes tell it.
"""

from datetime import UTC, datetime, timedelta

import structlog
from temporalio import activity

from gorax.core.maintenance import COMPARE, CompareReport, CompareRequest, TwinActivities
from gorax.core.twins import Sighting
from gorax.engine.schedules import TwinSchedules
from gorax.store.schedule_index import ScheduleIndex
from gorax.store.session import Database

LAG = timedelta(seconds=10)
"""So long after it was told, a twin may be listed as it was before."""
MAX_OTHERWISE = 100
"""Twins that one pass takes in as paused or resumed; the next goes on with the rest."""
BATCH = 1_000
MAX_REASON = 1_000
"""Of what somebody noted when pausing a twin, that is kept."""

log = structlog.get_logger(__name__)


class TwinKeeper(TwinActivities):
    """The activity of a worker that compares schedules."""

    def __init__(self, twins: TwinSchedules, database: Database, lag: timedelta = LAG) -> None:
        self._twins = twins
        self._database = database
        self._lag = lag

    @activity.defn(name=COMPARE)
    async def compare_schedules(self, request: CompareRequest) -> CompareReport:
        """One pass. Raises `Unavailable` when Postgres or Temporal does not answer."""
        report = CompareReport()
        for sighting in await self._twins.otherwise(MAX_OTHERWISE):
            await self._take_in(sighting, report)
        if request.thoroughly or await self._counts_differ():
            await self._compare_all(report)
        if report != CompareReport():
            log.info("schedules differed from their twins", **report.model_dump())
        return report

    async def _take_in(self, sighting: Sighting, report: CompareReport) -> None:
        async with self._database.platform() as session:
            report.taken_in += await ScheduleIndex(session).take_in(
                sighting.schedule_id,
                sighting.generation,
                datetime.now(UTC),
                paused=sighting.paused,
                reason=_reason(sighting.note),
            )
            await session.commit()

    async def _counts_differ(self) -> bool:
        async with self._database.platform() as session:
            expected = await ScheduleIndex(session).count_twins()
        return expected != await self._twins.count()

    async def _compare_all(self, report: CompareReport) -> None:
        began = datetime.now(UTC)
        seen: set[str] = set()
        async for sightings in self._twins.all():
            seen.update(sighting.schedule_id for sighting in sightings)
            await self._compare({sighting.schedule_id: sighting for sighting in sightings}, report)
        after = ""
        while True:
            async with self._database.platform() as session:
                index = ScheduleIndex(session)
                expected = await index.with_twins(after, began - self._lag, BATCH)
                lost = [schedule_id for schedule_id in expected if schedule_id not in seen]
                report.lost += await index.retell(lost, datetime.now(UTC))
                await session.commit()
            if len(expected) < BATCH:
                return
            after = expected[-1]

    async def _compare(self, sightings: dict[str, Sighting], report: CompareReport) -> None:
        async with self._database.platform() as session:
            index = ScheduleIndex(session)
            known = await index.known(sightings)
            behind = [
                row.id
                for row in known.values()
                if row.generation != sightings[row.id].generation
                and (row.synced_at is None or row.synced_at < datetime.now(UTC) - self._lag)
            ]
            report.behind += await index.retell(behind, datetime.now(UTC))
            await session.commit()
        for sighting in sightings.values():
            row = known.get(sighting.schedule_id)
            # A schedule is a committed row before it has a twin: there is none that this twin could wait for.
            if row is None or row.tenant_id != sighting.tenant_id:
                await self._twins.remove(sighting.tenant_id, sighting.schedule_id)
                report.orphans += 1


def _reason(note: str | None) -> str:
    # It may quote what an execution failed with.
    return (note or "").replace("\0", "")[:MAX_REASON] or "paused in Temporal"
