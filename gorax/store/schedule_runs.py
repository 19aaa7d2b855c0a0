"""Schedules at the moment when a run of theirs begins."""

from datetime import datetime
from typing import Any

from sqlalchemy import case, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from gorax.store.paging import addressable
from gorax.store.tables import Schedule

MAX_REASON = 500


class ScheduleRuns:
    """The schedules of one tenant, for the worker that begins their executions."""

    def __init__(self, session: AsyncSession, tenant_id: str) -> None:
        self._session = session
        self._tenant_id = tenant_id

    async def get(self, schedule_id: str) -> Schedule | None:
        """The schedule, unless it was deleted."""
        if not addressable(schedule_id):
            return None
        statement = select(Schedule).where(self._is(schedule_id), col(Schedule.deleted_at).is_(None))
        return (await self._session.scalars(statement)).one_or_none()

    async def count_down(self, schedule_id: str) -> bool:
        """Use up one of the schedule's runs, where they are counted; False when none remains.

        After the last one the twin is told: a backfill may have used up some that it would still begin.
        """
        # NULL, for any number, stays NULL: such a row is only looked at.
        limited = select(col(Schedule.remaining_runs)).where(self._is(schedule_id))
        if (await self._session.scalars(limited)).one_or_none() is None:
            return True
        is_last = col(Schedule.remaining_runs) == 1
        counted = await self._session.execute(
            update(Schedule)
            .where(self._is(schedule_id), col(Schedule.remaining_runs) > 0)
            .values(
                remaining_runs=col(Schedule.remaining_runs) - 1,
                **_told_if(is_last),
            )
            .returning(col(Schedule.id))
            .execution_options(synchronize_session=False)
        )
        return counted.one_or_none() is not None

    async def skipped(self, schedule_id: str, at: datetime, reason: str) -> None:
        """Note why a run was passed over.

        Where runs are counted the twin is told: it has counted this one, and would end too soon.
        """
        remain = col(Schedule.remaining_runs) > 0
        await self._session.execute(
            update(Schedule)
            .where(self._is(schedule_id))
            .values(
                skipped_at=at,
                skip_reason=reason[:MAX_REASON],
                **_told_if(remain),
            )
            .execution_options(synchronize_session=False)
        )

    def _is(self, schedule_id: str) -> Any:
        return (col(Schedule.id) == schedule_id) & (col(Schedule.tenant_id) == self._tenant_id)


def _told_if(condition: Any) -> dict[str, Any]:
    """The columns by which the twin of a row is told, where the condition holds for the row."""
    return {
        "generation": case((condition, col(Schedule.generation) + 1), else_=col(Schedule.generation)),
        "sync_due_at": case((condition, func.now()), else_=col(Schedule.sync_due_at)),
    }
