"""Schedules as their tenant sees them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, func, literal, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer
from sqlmodel import col

from gorax.store.paging import Page, addressable, page
from gorax.store.quotas import check_room
from gorax.store.tables import Execution, Schedule, Workflow

_LAST_RUN = (
    select(col(Execution.started_at))
    .where(
        col(Execution.tenant_id) == col(Schedule.tenant_id), col(Execution.schedule_id) == col(Schedule.id)
    )
    .order_by(col(Execution.started_at).desc(), col(Execution.id).desc())
    .limit(1)
    .correlate(Schedule)
    .scalar_subquery()
)
_CLOCK = func.clock_timestamp()


class Listed(NamedTuple):
    """A schedule, and what others know of it."""

    schedule: Schedule
    workflow_name: str
    workflow_enabled: bool
    last_run: datetime | None
    """When the newest of its executions started."""


Listing = list[Listed]


class Schedules:
    """The schedules of one tenant. Deleted ones are not there.

    Whatever changes what a twin has to know counts the row's generation on, and has the twin told at `due` at the
    latest.
    """

    def __init__(self, session: AsyncSession, tenant_id: str) -> None:
        self._session = session
        self._tenant_id = tenant_id
        self._there = and_(col(Schedule.tenant_id) == tenant_id, col(Schedule.deleted_at).is_(None))

    async def list(
        self, limit: int, offset: int, *, workflow_id: str | None = None, enabled: bool | None = None
    ) -> Page[Listed]:
        """A page of schedules, newest first, and how many there are; what is None does not restrict.

        Their payloads are not loaded (a hundred of them may be 100 MB) and raise when touched.
        """
        statement = select(Schedule).where(self._there)
        if workflow_id is not None:
            statement = statement.where(col(Schedule.workflow_id) == workflow_id)
        if enabled is not None:
            statement = statement.where(col(Schedule.enabled) == enabled)
        newest = statement.order_by(col(Schedule.created_at).desc(), col(Schedule.id).desc()).options(
            defer(Schedule.payload, raiseload=True)
        )
        rows, total = await page(self._session, newest, limit, offset)
        return await self._listed(rows), total

    async def get(self, schedule_id: str) -> Listed | None:
        """The schedule."""
        row = await self._row(schedule_id)
        return None if row is None else (await self._listed([row]))[0]

    async def lock(self, schedule_id: str) -> Schedule | None:
        """The schedule, which nobody else changes until the transaction ends."""
        return await self._row(schedule_id, lock=True)

    async def of_definition(self, workflow_id: str) -> Schedule | None:
        """The schedule that is the trigger of a workflow's definition, locked."""
        statement = select(Schedule).where(
            self._there, col(Schedule.workflow_id) == workflow_id, col(Schedule.of_definition)
        )
        return (await self._session.scalars(statement.with_for_update(key_share=True))).one_or_none()

    async def create(
        self,
        *,
        id: str,  # noqa: A002 - the column's name
        workflow_id: str,
        of_definition: bool,
        values: Mapping[str, Any],
        created_by: str,
        due: datetime,
    ) -> Schedule | None:
        """A new schedule with `values` for the columns that people choose; None when there is no such workflow.

        Raises `QuotaExceeded`.
        """
        if not await self._has_workflow(workflow_id):
            return None
        await check_room(self._session, self._tenant_id, "max_schedules")
        now = (await self._session.execute(select(_CLOCK))).scalar_one()
        row = Schedule(
            id=id,
            tenant_id=self._tenant_id,
            workflow_id=workflow_id,
            of_definition=of_definition,
            backfills=[],
            generation=1,
            sync_due_at=due,
            created_at=now,
            created_by=created_by,
            updated_at=now,
            updated_by=created_by,
            **values,
        )
        self._session.add(row)
        await self._session.flush()
        return row

    async def change(self, row: Schedule, values: Mapping[str, Any], *, by: str, due: datetime) -> None:
        """Change a schedule that is locked."""
        for name, value in values.items():
            setattr(row, name, value)
        row.generation += 1
        row.sync_due_at = due
        row.sync_error = None
        row.updated_at = (await self._session.execute(select(_CLOCK))).scalar_one()
        row.updated_by = by
        await self._session.flush()

    async def add_backfill(self, row: Schedule, backfill: dict[str, Any], *, due: datetime) -> None:
        """Have Temporal told of a backfill of a schedule that is locked."""
        row.backfills = [*row.backfills, backfill]
        row.sync_due_at = due
        await self._session.flush()

    async def delete(self, row: Schedule, *, by: str, due: datetime) -> None:
        """Delete a schedule that is locked."""
        await self.change(row, {"deleted_at": due}, by=by, due=due)

    async def delete_of(self, workflow_ids: Collection[str] | None = None, *, by: str, due: datetime) -> None:
        """Delete all schedules of these workflows, by default of the whole tenant."""
        values = {"deleted_at": func.now(), "updated_at": func.now(), "updated_by": by}
        await self._change_all(workflow_ids, values, due)

    async def follow(self, workflow: Workflow, *, due: datetime) -> None:
        """Have the twins told that begin runs though the workflow is disabled, or the other way round."""
        wanted = and_(col(Schedule.enabled), literal(workflow.enabled))
        differs = col(Schedule.twin_active).is_distinct_from(wanted)
        # Of one that is just being told it is not known yet what it will have been told: that is waited for.
        await self._change_all([workflow.id], {}, due, or_(differs, col(Schedule.sync_due_at).is_not(None)))

    async def _change_all(
        self, workflow_ids: Collection[str] | None, values: Mapping[str, Any], due: datetime, *more: Any
    ) -> None:
        if workflow_ids is not None:
            more = (*more, col(Schedule.workflow_id).in_(sorted(workflow_ids)))
        # In the order of ids, as all who lock several of them do.
        locked = (
            select(col(Schedule.id))
            .where(self._there, *more)
            .order_by(col(Schedule.id))
            .with_for_update(key_share=True)
        )
        await self._session.execute(
            update(Schedule)
            .where(col(Schedule.id).in_(locked))
            .values(generation=col(Schedule.generation) + 1, sync_due_at=due, **values)
            .execution_options(synchronize_session=False)
        )

    async def _row(self, schedule_id: str, *, lock: bool = False) -> Schedule | None:
        if not addressable(schedule_id):
            return None
        statement = select(Schedule).where(self._there, col(Schedule.id) == schedule_id)
        if lock:
            statement = statement.with_for_update(key_share=True)
        return (await self._session.scalars(statement)).one_or_none()

    async def _has_workflow(self, workflow_id: str) -> bool:
        # Locked, or it could be deleted while this schedule is made, and the schedule would stay.
        statement = (
            select(col(Workflow.id))
            .where(
                col(Workflow.id) == workflow_id,
                col(Workflow.tenant_id) == self._tenant_id,
                col(Workflow.deleted_at).is_(None),
            )
            .with_for_update(read=True)
        )
        if not addressable(workflow_id):
            return False
        return (await self._session.scalars(statement)).one_or_none() is not None

    async def _listed(self, rows: Sequence[Schedule]) -> Listing:
        statement = (
            select(col(Schedule.id), col(Workflow.name), col(Workflow.enabled), _LAST_RUN)
            .join(Workflow, col(Workflow.id) == col(Schedule.workflow_id))
            .where(col(Schedule.id).in_([row.id for row in rows]))
        )
        known = {row[0]: row[1:] for row in await self._session.execute(statement)} if rows else {}
        return [Listed(row, *known[row.id]) for row in rows if row.id in known]
