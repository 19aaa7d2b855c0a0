"""Loads what an execution runs that a schedule or another execution began."""

import asyncio
from datetime import UTC, datetime
from typing import Any, NamedTuple

from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession
from temporalio import activity

from activities.refusals import refusal
from gorax.core.contracts import (
    BEGIN,
    TERMINAL,
    BeginActivities,
    BeginRequest,
    Begun,
    Bounds,
    Closing,
    ExecutionRequest,
)
from gorax.core.definition import InvalidDefinition
from gorax.core.encoding import dumps, shown
from gorax.core.errors import MAX_DETAILS, ErrorInfo, ErrorType, QuotaExceeded, StepError
from gorax.core.steering import Steering, Steerings
from gorax.store.execution_index import ExecutionIndex
from gorax.store.executions import Executions
from gorax.store.places import Places
from gorax.store.schedule_runs import ScheduleRuns
from gorax.store.session import Database
from gorax.store.tenants import ACTIVE, Tenants
from gorax.store.workflows import Workflows
from gorax.telemetry.instruments import ACCEPTED

MAX_DEPTH = 10
"""Executions that may be around another one."""
MAX_PROBLEMS = 20
"""Of an input, that its error tells of."""


class _Loaded(NamedTuple):
    name: str
    version: int
    barred: str | None
    """Why nothing of it may begin now."""
    definition: dict[str, Any]
    """As it was authored."""


class Skipped(Exception):
    """A run of a schedule that does not begin now; the message says why."""


class Beginnings(BeginActivities):
    """The activity of a worker that begins executions which no API accepted."""

    def __init__(self, database: Database, steerings: Steerings, bounds: Bounds) -> None:
        self._database = database
        self._steerings = steerings
        self._bounds = bounds

    @activity.defn(name=BEGIN)
    async def begin_execution(self, request: BeginRequest) -> Begun:
        """What the execution runs, its index row written. Raises `Unavailable`, and `ApplicationError` for good."""
        try:
            return await self._begin(request)
        except StepError as error:
            raise refusal(_info(error)) from None

    async def _begin(self, request: BeginRequest) -> Begun:
        if (schedule_id := request.trigger.get("schedule_id")) is not None:
            return await self._begin_scheduled(request, schedule_id)
        loaded = await self._load(request)
        if loaded is None:
            raise StepError(ErrorType.SUB_WORKFLOW, _missing(request))
        try:
            return await self._begin_loaded(request, loaded)
        except QuotaExceeded as error:
            details = {"retry_after": error.retry_after}
            raise StepError(ErrorType.QUOTA_EXCEEDED, str(error), details=details) from None

    async def _begin_scheduled(self, request: BeginRequest, schedule_id: str) -> Begun:
        """Begin it, or pass it over and tell the schedule why."""
        async with self._database.session(request.tenant_id) as session:
            schedule = await ScheduleRuns(session, request.tenant_id).get(schedule_id)
        if schedule is None:
            return Begun(reason=f"there is no schedule {schedule_id}")
        request = request.model_copy(update={"trigger": {**request.trigger, "body": schedule.payload}})
        try:
            loaded = await self._load(request)
            if loaded is None:
                raise Skipped(_missing(request))
            if loaded.barred is not None:
                raise Skipped(loaded.barred)
            return await self._begin_loaded(request, loaded)
        except (Skipped, QuotaExceeded) as skipped:
            async with self._database.session(request.tenant_id) as session:
                runs = ScheduleRuns(session, request.tenant_id)
                await runs.skipped(schedule_id, request.accepted_at, str(skipped))
                await session.commit()
            return Begun(reason=str(skipped))

    async def _begin_loaded(self, request: BeginRequest, loaded: _Loaded) -> Begun:
        try:
            steering = await self._check(request, loaded)
        except StepError as error:
            await self._write(request, loaded, error)
            raise
        waits = await self._write(request, loaded)
        return Begun(
            held=waits and not await self._enter(request),
            request=ExecutionRequest(
                tenant_id=request.tenant_id,
                execution_id=request.execution_id,
                workflow_id=request.workflow_id,
                workflow_name=loaded.name,
                version=loaded.version,
                definition=steering.definition,
                trigger=request.trigger,
                accepted_at=request.accepted_at,
                chain=request.chain,
                timeout=steering.timeout,
                traits=dict(steering.traits),
                bounds=self._bounds,
            ),
        )

    async def _load(self, request: BeginRequest) -> _Loaded | None:
        async with self._database.session(request.tenant_id) as session:
            workflows = Workflows(session, request.tenant_id)
            workflow = await workflows.get(request.workflow_id)
            if workflow is None:
                return None
            barred = None if workflow.enabled else f"workflow {workflow.id} is disabled"
            status = await Tenants(session).status(request.tenant_id)
            if status != ACTIVE:
                barred = f"tenant {request.tenant_id} is {status}: nothing in it begins"
            if request.version in {None, workflow.version}:
                return _Loaded(workflow.name, workflow.version, barred, workflow.definition)
            version = await workflows.version(workflow.id, request.version or 0)
            if version is None:
                return None
            # Whether it may run is a matter of the workflow today, not of the day when the version was saved.
            return _Loaded(version.name, version.version, barred, version.definition)

    async def _check(self, request: BeginRequest, loaded: _Loaded) -> Steering:
        """What the version runs with. Raises `StepError` when the execution must not run."""
        if loaded.barred is not None:
            raise StepError(ErrorType.SUB_WORKFLOW, loaded.barred)
        if request.workflow_id in request.chain:
            circle = [*request.chain[request.chain.index(request.workflow_id) :], request.workflow_id]
            raise StepError(
                ErrorType.SUB_WORKFLOW,
                f"workflow {request.workflow_id} would run inside itself: {' → '.join(circle)}",
                details={"chain": circle},
            )
        if len(request.chain) > MAX_DEPTH:
            raise StepError(
                ErrorType.SUB_WORKFLOW,
                f"workflows must not be nested deeper than {MAX_DEPTH}",
                details={"chain": request.chain},
            )
        # Schema and input are strangers' work: other activities go on meanwhile.
        return await asyncio.to_thread(self._steer, request, loaded)

    def _steer(self, request: BeginRequest, loaded: _Loaded) -> Steering:
        try:
            steering = self._steerings.of(request.workflow_id, loaded.version, loaded.definition)
        except (InvalidDefinition, ValidationError) as error:
            raise StepError(
                ErrorType.VALIDATION,
                f"version {loaded.version} of workflow {request.workflow_id} was saved under older rules: {error}",
            ) from error
        size, most = len(dumps(request.trigger)), self._bounds.step_output_bytes
        if size > most:
            raise StepError(ErrorType.VALIDATION, f"the input has {size} bytes, at most {most} are possible")
        if problems := steering.input_problems(request.trigger.get("body")):
            raise StepError(
                ErrorType.VALIDATION,
                f"the input of workflow {request.workflow_id} is not as its input_schema asks: "
                f"{problems[0].pointer or '/'}: {problems[0].message}",
                details={
                    "problems": [problem.model_dump(exclude_none=True) for problem in problems[:MAX_PROBLEMS]]
                },
            )
        return steering

    async def _write(self, request: BeginRequest, loaded: _Loaded, failed: StepError | None = None) -> bool:
        """The execution's row; returns whether it waits for a place."""
        schedule_id = request.trigger.get("schedule_id")
        async with self._database.session(request.tenant_id) as session:
            executions = Executions(session, request.tenant_id)
            is_new, waits = await executions.begin(
                id=request.execution_id,
                workflow_id=request.workflow_id,
                workflow_name=loaded.name,
                version=loaded.version,
                trigger=request.trigger,
                priority=request.priority,
                accepted_at=request.accepted_at,
                parent_execution_id=request.parent_execution_id,
                parent_path=request.parent_path,
                schedule_id=schedule_id,
                shares_place=request.waited_for,
            )
            if schedule_id is not None and (is_new or failed is None):
                await self._admit(session, request, schedule_id, is_new=is_new)
            if failed is not None:
                # Its parent may not wait for it: this is where people see why it did not run.
                now = datetime.now(UTC)
                await ExecutionIndex(session).close(
                    Closing(
                        tenant_id=request.tenant_id,
                        execution_id=request.execution_id,
                        status="failed",
                        started_at=None,
                        completed_at=now,
                        error=_info(failed),
                    )
                )
            await session.commit()
        if is_new:
            ACCEPTED.labels(request.trigger["type"]).inc()
        return waits

    async def _enter(self, request: BeginRequest) -> bool:
        """Take a place if one is free; where not, the dispatcher gives one later and tells the run."""
        async with self._database.session(request.tenant_id) as session:
            places = Places(session)
            await places.give(request.tenant_id)
            # The tenant's lock is let go of: the row's may be waited for.
            await session.commit()
            entered = await places.enter(request.tenant_id, request.execution_id)
            await session.commit()
        return entered

    async def _admit(
        self, session: AsyncSession, request: BeginRequest, schedule_id: str, *, is_new: bool
    ) -> None:
        """See that the schedule may begin this execution. Raises `Skipped`."""
        if is_new:
            runs = ScheduleRuns(session, request.tenant_id)
            if not await runs.count_down(schedule_id):
                raise Skipped("no runs remain")
            return
        # A Temporal that lost its state knows of no earlier runs, and may be asked for one of them.
        row = await Executions(session, request.tenant_id).get(request.execution_id)
        if row is not None and row.status in TERMINAL:
            raise Skipped(f"{request.execution_id} has run before")


def _info(error: StepError) -> ErrorInfo:
    details, _ = shown(error.details, MAX_DETAILS)
    return ErrorInfo(type=error.type, message=error.message, details=details)


def _missing(request: BeginRequest) -> str:
    which = "" if request.version is None else f" with a version {request.version}"
    return f"there is no workflow {request.workflow_id}{which}"
