"""The schedules of all tenants, as they are kept in agreement with their twins in Temporal."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import and_, bindparam, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from gorax.store.tables import INSTANT, Schedule, Workflow

_ROWS = Schedule.__table__  # type: ignore[attr-defined]
_ONE = _ROWS.c.id == bindparam("schedule")
_NEXT = (
    select(_ROWS.c.id)
    .where(_ROWS.c.sync_due_at.is_not(None), _ROWS.c.sync_due_at <= bindparam("now", type_=INSTANT))
    .order_by(_ROWS.c.sync_due_at)
    .limit(bindparam("most"))
)
_TWIN_IS_THERE = and_(_ROWS.c.twin_generation.is_not(None), _ROWS.c.deleted_at.is_(None))


class Wanted(NamedTuple):
    """A schedule whose twin is to be told of it, and the workflow that it runs."""

    row: Schedule
    workflow_name: str
    workflow_enabled: bool


class Known(NamedTuple):
    """A schedule as the maintenance compares it with its twin."""

    id: str
    tenant_id: str
    generation: int
    synced_at: datetime | None


class ScheduleIndex:
    """Who has to be told what. The twin is told under the row's lock, so never of anything older afterwards."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def next(self, now: datetime, limit: int) -> list[str]:
        """The ids of schedules whose twins are due to be told, those that wait longest first."""
        return list(await self._session.scalars(_NEXT, {"now": now, "most": limit}))

    async def take(self, schedule_id: str) -> Wanted | None:
        """A schedule that is due, locked until the transaction ends.

        None when there is nothing to tell, or somebody else is telling it.
        """
        statement = select(Schedule).where(
            col(Schedule.id) == schedule_id, col(Schedule.sync_due_at).is_not(None)
        )
        locked = statement.with_for_update(skip_locked=True, key_share=True)
        row = (await self._session.scalars(locked)).one_or_none()
        if row is None:
            return None
        # Read after the lock was got: what changes the workflow has the schedule told again.
        workflow = select(col(Workflow.name), col(Workflow.enabled)).where(
            col(Workflow.id) == row.workflow_id
        )
        name, enabled = (await self._session.execute(workflow)).one()
        return Wanted(row, name, enabled)

    async def told(self, row: Schedule, at: datetime, *, active: bool) -> None:
        """The twin knows all that the row says, and begins runs if it is `active`."""
        row.sync_due_at = None
        row.sync_error = None
        row.twin_generation = row.generation
        row.twin_active = active
        row.synced_at = at
        row.backfills = []
        await self._session.flush()

    async def refused(self, row: Schedule, error: str) -> None:
        """Temporal never will take what the row says."""
        row.sync_due_at = None
        row.sync_error = error
        await self._session.flush()

    async def postpone(self, schedule_id: str, due: datetime) -> None:
        """Tell it (again) later."""
        await self._session.execute(
            update(_ROWS).where(_ONE).values(sync_due_at=due), {"schedule": schedule_id}
        )

    async def gone(self, schedule_id: str) -> None:
        """The twin of a deleted schedule is no more, and so is the row."""
        await self._session.execute(delete(_ROWS).where(_ONE), {"schedule": schedule_id})

    async def count_twins(self) -> int:
        """How many twins there should be."""
        counted = select(func.count()).select_from(_ROWS).where(_TWIN_IS_THERE)
        return (await self._session.execute(counted)).scalar_one()

    async def known(self, ids: Collection[str]) -> dict[str, Known]:
        """Those of the schedules that there are, deleted ones included."""
        statement = select(_ROWS.c.id, _ROWS.c.tenant_id, _ROWS.c.generation, _ROWS.c.synced_at).where(
            _ROWS.c.id.in_(ids)
        )
        return {row.id: Known(*row) for row in await self._session.execute(statement)}

    async def with_twins(self, after: str, synced_before: datetime, limit: int) -> list[str]:
        """The next ids after `after` of schedules whose twins should be there for all to see."""
        statement = (
            select(_ROWS.c.id)
            .where(_TWIN_IS_THERE, _ROWS.c.id > after, _ROWS.c.synced_at < synced_before)
            .order_by(_ROWS.c.id)
            .limit(limit)
        )
        return list(await self._session.scalars(statement))

    async def retell(self, ids: Collection[str], now: datetime) -> int:
        """Have these twins told all anew, which are lost or know something else; how many there were."""
        changed = await self._session.execute(
            update(_ROWS)
            .where(
                _ROWS.c.id.in_(
                    select(_ROWS.c.id)
                    .where(_ROWS.c.id.in_(ids), _ROWS.c.sync_due_at.is_(None))
                    .order_by(_ROWS.c.id)
                    .with_for_update(key_share=True)
                )
            )
            .values(sync_due_at=now, twin_generation=None)
            .returning(_ROWS.c.id)
        )
        return len(changed.all())

    async def take_in(
        self, schedule_id: str, generation: int, now: datetime, *, paused: bool, reason: str | None
    ) -> bool:
        """Note that somebody paused or resumed a twin that knew all of this generation; False when it did not.

        The twin is told either way: what it was last told must be what it does.
        """
        changed = await self._session.execute(
            update(_ROWS)
            .where(_ONE, _ROWS.c.generation == generation, _ROWS.c.sync_due_at.is_(None))
            .values(
                enabled=not paused,
                twin_active=not paused,
                pause_reason=reason if paused else None,
                generation=_ROWS.c.generation + 1,
                sync_due_at=now,
                updated_at=func.clock_timestamp(),
                updated_by="temporal",
            )
            .returning(_ROWS.c.id),
            {"schedule": schedule_id},
        )
        return changed.one_or_none() is not None
