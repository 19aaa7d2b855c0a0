"""What people do with schedules. What is to change is committed first; then the twin in Temporal is told."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import islice, takewhile
from typing import Any, NamedTuple

from pydantic import ValidationError

from api.errors import InvalidFields
from api.identity import Identity
from api.problems import details_of
from api.schemas.schedule_settings import ScheduleSettings, columns_of, settings_of, timing_of
from api.schemas.schedules import (
    BackfillRequest,
    CreateSchedule,
    SchedulesQuery,
    Shown,
    UpdateSchedule,
    runs_view,
)
from api.services.due_rows import PATIENCE
from api.services.input import check_input
from api.services.launch import Launch, Launcher, check_enabled
from api.services.schedule_sync import ScheduleSync
from api.services.workflows import NO_WORKFLOW
from gorax.core import ids
from gorax.core.encoding import dumps
from gorax.core.errors import Conflict, NotFound, TooLarge
from gorax.core.schedules import KINDS, SPENT, Timing
from gorax.core.steering import Steerings
from gorax.core.times import rfc3339
from gorax.core.twins import Backfill
from gorax.settings import LimitSettings
from gorax.store.execution_filter import ExecutionFilter
from gorax.store.executions import Executions
from gorax.store.paging import Page
from gorax.store.schedules import Listed, Schedules
from gorax.store.session import Database
from gorax.store.tables import Execution, Schedule, Workflow
from gorax.store.workflows import Workflows

MAX_BACKFILL = 500
"""Runs that one backfill makes up for."""
MAX_BACKFILLS = 20
"""Backfills that may wait for Temporal."""
NO_SCHEDULE = "schedule not found"
OF_DEFINITION = (
    "the schedule is the trigger of its workflow's definition: change the definition's trigger.config"
)


class Backfilled(NamedTuple):
    """A backfill that will be made."""

    runs: int
    first: datetime
    last: datetime


class ScheduleService:
    """Schedules of all tenants; every method takes the tenant it works for."""

    def __init__(
        self,
        database: Database,
        sync: ScheduleSync,
        launcher: Launcher,
        steerings: Steerings,
        limits: LimitSettings,
    ) -> None:
        self._database = database
        self._sync = sync
        self._launcher = launcher
        self._steerings = steerings
        self._limits = limits

    async def page(
        self, tenant_id: str, query: SchedulesQuery, *, workflow_id: str | None = None
    ) -> Page[Shown]:
        """A page of schedules, newest first, and their total. Raises `NotFound` without the workflow."""
        async with self._database.session(tenant_id) as session:
            if workflow_id is not None and await Workflows(session, tenant_id).get(workflow_id) is None:
                raise NotFound(NO_WORKFLOW)
            enabled = None if query.enabled is None else query.enabled == "true"
            rows, total = await Schedules(session, tenant_id).list(
                query.limit, query.offset, workflow_id=workflow_id, enabled=enabled
            )
        # Times that people wrote may take milliseconds to work out: other requests go on meanwhile.
        return await asyncio.to_thread(lambda: [_shown(row) for row in rows]), total

    async def get(self, tenant_id: str, schedule_id: str) -> Shown:
        """The schedule. Raises `NotFound`."""
        return await asyncio.to_thread(_shown, await self._listed(tenant_id, schedule_id))

    async def runs(self, tenant_id: str, schedule_id: str, count: int) -> list[str]:
        """When it is due next, in the offset of its zone. Raises `NotFound`."""
        row = (await self._listed(tenant_id, schedule_id)).schedule
        return await asyncio.to_thread(lambda: runs_view(timing_of(row), datetime.now(UTC), count))

    async def create(self, identity: Identity, workflow_id: str, body: CreateSchedule) -> Shown:
        """Save a new schedule. Raises `NotFound` without the workflow, and `QuotaExceeded`."""
        self._check_size(body.payload)
        await asyncio.to_thread(_check_to_come, body)
        schedule_id = ids.new_id(ids.SCHEDULE)
        async with self._database.session(identity.tenant_id) as session:
            schedules = Schedules(session, identity.tenant_id)
            row = await schedules.create(
                id=schedule_id,
                workflow_id=workflow_id,
                of_definition=False,
                values={**columns_of(body), "enabled": body.enabled},
                created_by=identity.user_id,
                due=_soon(),
            )
            if row is None:
                raise NotFound(NO_WORKFLOW)
            # From here on it comes to Temporal, whatever becomes of this process.
            await session.commit()
        await self._sync.tell(schedule_id)
        return await self.get(identity.tenant_id, schedule_id)

    async def update(self, identity: Identity, schedule_id: str, body: UpdateSchedule) -> Shown:
        """Change what is given. Raises `NotFound`, `InvalidFields`, and `Conflict` for a definition's trigger."""
        given = body.model_dump(mode="json", include=body.model_fields_set)
        self._check_size(given.get("payload"))
        async with self._database.session(identity.tenant_id) as session:
            schedules = Schedules(session, identity.tenant_id)
            row = _there(await schedules.lock(schedule_id))
            if row.of_definition and set(given) != {"enabled"}:
                raise Conflict(f"{OF_DEFINITION}; only enabled can be changed here")
            values = await asyncio.to_thread(_changed, row, given)
            if values:
                await schedules.change(row, values, by=identity.user_id, due=_soon())
            await session.commit()
        await self._sync.tell(schedule_id)
        return await self.get(identity.tenant_id, schedule_id)

    async def delete(self, identity: Identity, schedule_id: str) -> None:
        """Delete the schedule; executions that it began go on. Raises `NotFound`, `Conflict`."""
        async with self._database.session(identity.tenant_id) as session:
            schedules = Schedules(session, identity.tenant_id)
            row = _there(await schedules.lock(schedule_id))
            if row.of_definition:
                raise Conflict(f"{OF_DEFINITION}, or disable the schedule")
            await schedules.delete(row, by=identity.user_id, due=_soon())
            await session.commit()
        await self._sync.tell(schedule_id)

    async def trigger(
        self, identity: Identity, schedule_id: str, *, idempotency_key: str | None = None
    ) -> Execution:
        """Begin an execution now, whatever else runs; neither `overlap` nor `remaining_runs` is about it.

        Raises `NotFound`, `Conflict` when the workflow is disabled, `Invalid` for a payload that it does not take.
        """
        row = (await self._listed(identity.tenant_id, schedule_id)).schedule
        workflow = await self._workflow(row)
        check_enabled(workflow)
        await check_input(self._steerings, workflow, row.payload)
        return await self._launcher.launch(
            Launch(
                tenant_id=identity.tenant_id,
                workflow_id=workflow.id,
                workflow_name=workflow.name,
                version=workflow.version,
                definition=workflow.definition,
                trigger_type="schedule",
                trigger={
                    "type": "schedule",
                    "body": row.payload,
                    "schedule_id": row.id,
                    "scheduled_at": rfc3339(datetime.now(UTC)),
                },
                user_id=identity.user_id,
                idempotency_key=idempotency_key,
                links={"schedule_id": row.id},
            )
        )

    async def backfill(self, identity: Identity, schedule_id: str, body: BackfillRequest) -> Backfilled:
        """Have the runs made up for that were due in a range of the past.

        Raises `NotFound`, `Conflict` when they could not run now, and `InvalidFields` for too many.
        """
        async with self._database.session(identity.tenant_id) as session:
            schedules = Schedules(session, identity.tenant_id)
            row = _there(await schedules.lock(schedule_id))
            workflow = await Workflows(session, row.tenant_id).get(row.workflow_id)
            if workflow is None or not workflow.enabled:
                raise Conflict(f"workflow {row.workflow_id} is disabled: set enabled to true to execute it")
            if len(row.backfills) >= MAX_BACKFILLS:
                raise Conflict("too many backfills wait for Temporal already: try again later")
            runs = await asyncio.to_thread(_runs_within, row, body.from_, body.to)
            if row.remaining_runs is not None and len(runs) > row.remaining_runs:
                raise Conflict(f"{len(runs)} runs were due, and only {row.remaining_runs} remain")
            backfill = Backfill(begin=runs[0], end=runs[-1], overlap=body.overlap)
            await schedules.add_backfill(row, backfill.model_dump(mode="json"), due=_soon())
            await session.commit()
        await self._sync.tell(schedule_id)
        return Backfilled(len(runs), runs[0], runs[-1])

    async def executions(self, tenant_id: str, schedule_id: str, limit: int, offset: int) -> Page[Execution]:
        """A page of the executions that the schedule began, newest first, and their total. Raises `NotFound`."""
        await self._listed(tenant_id, schedule_id)
        async with self._database.session(tenant_id) as session:
            chosen = ExecutionFilter(schedule_id=schedule_id)
            return await Executions(session, tenant_id).list(chosen, limit, offset)

    async def _listed(self, tenant_id: str, schedule_id: str) -> Listed:
        async with self._database.session(tenant_id) as session:
            listed = await Schedules(session, tenant_id).get(schedule_id)
        if listed is None:
            raise NotFound(NO_SCHEDULE)
        return listed

    async def _workflow(self, row: Schedule) -> Workflow:
        async with self._database.session(row.tenant_id) as session:
            workflow = await Workflows(session, row.tenant_id).get(row.workflow_id)
        if workflow is None:
            raise NotFound(NO_SCHEDULE)  # its workflow was deleted at this moment, and it with it
        return workflow

    def _check_size(self, payload: Any) -> None:
        if len(dumps(payload)) > self._limits.trigger_bytes:
            raise TooLarge(f"payload: must be at most {self._limits.trigger_bytes} bytes")


def _soon() -> datetime:
    return datetime.now(UTC) + PATIENCE


def _shown(listed: Listed) -> Shown:
    row = listed.schedule
    if not (row.enabled and listed.workflow_enabled) or row.remaining_runs == 0:
        return Shown(listed, None)
    return Shown(listed, next(timing_of(row).runs_after(datetime.now(UTC)), None))


def _there(row: Schedule | None) -> Schedule:
    if row is None:
        raise NotFound(NO_SCHEDULE)
    return row


def _changed(row: Schedule, given: Mapping[str, Any]) -> dict[str, Any]:
    """The columns that have to change. Raises `InvalidFields` when what is given does not fit the rest."""
    kept = settings_of(row)
    kept.pop("remaining_runs")  # it may be 0 by now, which nobody could write
    if any(given.get(kind) is not None for kind in KINDS):
        kept = {name: value for name, value in kept.items() if name not in {*KINDS, "offset"}}
    merged = {**kept, **{name: value for name, value in given.items() if name != "enabled"}}
    # A default takes the place of what was taken away; null is a payload like others.
    wanted = {name: value for name, value in merged.items() if value is not None or name == "payload"}
    try:
        columns = columns_of(ScheduleSettings.model_validate(wanted))
    except ValidationError as error:
        raise InvalidFields(details_of(error.errors(include_url=False))) from None
    if columns["timing"] != row.timing:
        _check_to_come(Timing.model_validate(columns["timing"]))
    if "remaining_runs" not in given:
        del columns["remaining_runs"], columns["runs_limit"]
    if "enabled" in given:
        columns |= {"enabled": given["enabled"], "pause_reason": None}
    return {name: value for name, value in columns.items() if getattr(row, name) != value}


def _check_to_come(timing: Timing) -> None:
    """Raises `InvalidFields` for times that are all over."""
    if (field := timing.spent(datetime.now(UTC))) is not None:
        raise InvalidFields([{"field": field, "message": SPENT}])


def _runs_within(row: Schedule, begin: datetime, end: datetime) -> list[datetime]:
    """The times that were due, both ends included. Raises `InvalidFields` for none, or too many."""
    runs = timing_of(row).runs_after(begin - timedelta(microseconds=1))
    due = list(islice(takewhile(lambda run: run <= end, runs), MAX_BACKFILL + 1))
    if not due:
        raise InvalidFields([{"field": "from", "message": "no run was due between from and to"}])
    if len(due) > MAX_BACKFILL:
        message = f"more than {MAX_BACKFILL} runs were due since from: choose a shorter range"
        raise InvalidFields([{"field": "to", "message": message}])
    return due
