"""Tells twins of their schedules, and goes on telling until they know.

What somebody wants of a schedule is a committed row first. Whatever is killed before Temporal knows, any API process
finds the row. A twin is told under the row's lock, so that nobody tells it of anything older after something newer.
"""

import asyncio
import time
from datetime import UTC, datetime, timedelta

import structlog

from api.services.looking import look_for_ever
from gorax.core.errors import Invalid, Unavailable
from gorax.core.schedules import Timing
from gorax.core.twins import Backfill, Twin
from gorax.engine.client import Engine
from gorax.engine.schedules import TwinSchedules
from gorax.store.schedule_index import ScheduleIndex, Wanted
from gorax.store.session import Database
from gorax.store.tables import Schedule

LOOK_SECONDS = 1.0
"""Between two looks for twins to tell."""
PATIENCE = timedelta(seconds=3)
"""How long a change may be left to the request that brought it."""
AWAY_SECONDS = 1.0
"""After Temporal did not answer, telling is left to the loop for so long, and callers do not wait."""
PREPARE_SECONDS = 5.0
"""How soon a Temporal that lost its state is prepared again. Its maintenance then finds that the twins are gone."""
AT_ONCE = 4
"""Each holds one of the pool's connections while it calls Temporal."""
BATCH = 100

log = structlog.get_logger(__name__)


class ScheduleSync:
    """Tells twins, at once or later. One per API process."""

    def __init__(self, database: Database, engine: Engine, twins: TwinSchedules) -> None:
        self._database = database
        self._engine = engine
        self._twins = twins
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._away_until = 0.0
        self._prepare_at = 0.0

    async def tell(self, schedule_id: str) -> None:
        """Tell a twin now; what cannot be told is told later."""
        async with self._slots:
            if time.monotonic() < self._away_until:
                return
            try:
                await self._tell(schedule_id)
            except Unavailable as error:
                self._away_until = time.monotonic() + AWAY_SECONDS
                log.warning("a schedule is told later", schedule_id=schedule_id, reason=str(error))

    async def run(self) -> None:
        """Look for twins to tell until cancelled."""
        await look_for_ever(
            self._look,
            pause=LOOK_SECONDS,
            waiting="schedules wait to be told",
            failing="telling schedules failed and goes on",
        )

    async def _look(self) -> bool:
        """Tell those that are due; True when there may be more. Raises `Unavailable`."""
        if time.monotonic() >= self._prepare_at:
            self._prepare_at = time.monotonic() + PREPARE_SECONDS
            await self._engine.prepare()
        async with self._database.session() as session:
            due = await ScheduleIndex(session).next(datetime.now(UTC), BATCH)
        told = await asyncio.gather(*map(self.tell, due), return_exceptions=True)
        for schedule_id, error in zip(due, told, strict=True):
            if error is not None:
                log.error("a schedule could not be told", schedule_id=schedule_id, exc_info=error)
        return len(due) == BATCH and time.monotonic() >= self._away_until

    async def _tell(self, schedule_id: str) -> None:
        async with self._database.session() as session:
            index = ScheduleIndex(session)
            wanted = await index.take(schedule_id)
            if wanted is None:
                return
            try:
                if wanted.row.deleted_at is not None:
                    await self._twins.remove(wanted.row.tenant_id, schedule_id)
                    await index.gone(schedule_id)
                else:
                    twin = await asyncio.to_thread(_twin, wanted)
                    await self._put(wanted.row, twin)
                    await index.told(wanted.row, datetime.now(UTC), active=twin.active)
            except Invalid as error:
                log.error("Temporal refuses a schedule", schedule_id=schedule_id, reason=str(error))
                await index.refused(wanted.row, str(error))
            except Unavailable:
                # Behind the others, so that one that cannot be told does not hold them up.
                await index.postpone(wanted.row, datetime.now(UTC) + PATIENCE)
                await session.commit()
                raise
            await session.commit()

    async def _put(self, row: Schedule, twin: Twin) -> None:
        # A change makes Temporal forget what it has not caught up with yet: none is made without need.
        if row.twin_generation != row.generation:
            await self._twins.put(twin, known=row.twin_generation is not None)
        for backfill in map(Backfill.model_validate, row.backfills):
            if not await self._twins.backfill(row.tenant_id, row.id, backfill):
                await self._twins.put(twin, known=False)
                await self._twins.backfill(row.tenant_id, row.id, backfill)


def _twin(wanted: Wanted) -> Twin:
    row = wanted.row
    note = row.pause_reason
    if row.remaining_runs == 0:
        note = "no runs remain"
    if not wanted.workflow_enabled:
        note = "the workflow is disabled"
    return Twin.model_validate(
        {
            "tenant_id": row.tenant_id,
            "schedule_id": row.id,
            "workflow_id": row.workflow_id,
            "workflow_name": wanted.workflow_name,
            "timing": Timing.model_validate(row.timing),
            "active": row.enabled and wanted.workflow_enabled and row.remaining_runs != 0,
            "note": note,
            "overlap": row.overlap,
            "catchup_window": row.catchup_window,
            "pause_on_failure": row.pause_on_failure,
            "remaining_runs": row.remaining_runs,
            "generation": row.generation,
        }
    )
