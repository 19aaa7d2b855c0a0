"""Tells twins of their schedules, and goes on telling until they know."""

import asyncio
import time
from collections.abc import Sequence
from datetime import UTC, datetime

import structlog

from api.services.due_rows import BATCH, PATIENCE, DueRows
from gorax.core.errors import Invalid, Unavailable
from gorax.core.schedules import Timing
from gorax.core.twins import Backfill, Twin
from gorax.engine.client import Engine
from gorax.engine.schedules import TwinSchedules
from gorax.store.schedule_index import ScheduleIndex, Wanted
from gorax.store.session import Database
from gorax.store.tables import Schedule

PREPARE_SECONDS = 5.0
"""How soon a Temporal that lost its state is prepared again. Its maintenance then finds that the twins are gone."""

log = structlog.get_logger(__name__)


class ScheduleSync(DueRows):
    """Tells twins."""

    def __init__(self, database: Database, engine: Engine, twins: TwinSchedules) -> None:
        super().__init__("a schedule")
        self._database = database
        self._engine = engine
        self._twins = twins
        self._prepare_at = 0.0

    async def _due(self, now: datetime) -> Sequence[str]:
        if time.monotonic() >= self._prepare_at:
            self._prepare_at = time.monotonic() + PREPARE_SECONDS
            await self._engine.prepare()
        async with self._database.platform() as session:
            return await ScheduleIndex(session).next(now, BATCH)

    async def _postpone(self, row_id: str, due: datetime) -> None:
        async with self._database.platform() as session:
            await ScheduleIndex(session).postpone(row_id, due)
            await session.commit()

    async def _tell(self, row_id: str) -> None:
        async with self._database.platform() as session:
            index = ScheduleIndex(session)
            wanted = await index.take(row_id)
            if wanted is None:
                return
            try:
                if wanted.row.deleted_at is not None:
                    await self._twins.remove(wanted.row.tenant_id, row_id)
                    await index.gone(row_id)
                else:
                    twin = await asyncio.to_thread(_twin, wanted)
                    await self._put(wanted.row, twin)
                    await index.told(wanted.row, datetime.now(UTC), active=twin.active)
            except Invalid as error:
                log.error("Temporal refuses a schedule", schedule_id=row_id, reason=str(error))
                await index.refused(wanted.row, str(error))
            except Unavailable:
                # Behind the others, so that one that cannot be told does not hold them up.
                await index.postpone(row_id, datetime.now(UTC) + PATIENCE)
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
            "was_active": bool(row.twin_active),
        }
    )
