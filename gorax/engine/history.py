"""From Temporal's history to the steps of an execution.

A step leaves one of three traces: an activity (its own events), a record in the marker of a local activity, or,
while it waits, a timer. `ACTIVITY_TASK_STARTED` is written only when an activity ends, so what runs now is laid
over from the pending activities that `describe` reports.
"""

import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from google.protobuf.timestamp_pb2 import Timestamp
from pydantic import BaseModel, Field
from temporalio.api.enums.v1 import EventType, PendingActivityState
from temporalio.api.failure.v1 import Failure
from temporalio.api.history.v1 import HistoryEvent
from temporalio.api.workflow.v1 import PendingActivityInfo
from temporalio.converter import DataConverter
from temporalio.exceptions import ApplicationError
from temporalio.exceptions import TimeoutError as TemporalTimeoutError

from gorax.core.contracts import (
    CLOSE,
    FAST,
    JOURNAL,
    STEP,
    StepOutcome,
    StepRecord,
    StepRequest,
    StepStatus,
)
from gorax.core.encoding import loads
from gorax.core.errors import ErrorInfo, ErrorType

MASK = "***"
"""Shown instead of the input and output of a sensitive step."""
WAITING = sys.maxsize
"""The number of a step that is known by its timer only: its record, with the real one, comes when it ends."""
LOCAL_ACTIVITY_MARKER = "core_local_activity"


class Step(BaseModel):
    """One step as the API shows it."""

    id: str
    """Its path: unique in the execution and the same at every reading."""
    action_id: str
    type: str
    status: StepStatus
    started_at: datetime | None = None
    completed_at: datetime | None = None
    duration_ms: int | None = None
    attempts: int = 1
    input: Any = None
    output: Any = None
    error: ErrorInfo | None = None
    """Why it failed; of a running step, why its last attempt did."""
    parent: str | None = None
    """The path of the step it is nested in."""
    number: int = Field(default=0, exclude=True)
    """Its place in the order in which the steps began."""


class _Fold:
    """The steps found so far."""

    def __init__(self, converter: DataConverter) -> None:
        self._converter = converter
        self.steps: dict[str, Step] = {}
        self._activities: dict[int, Step] = {}
        self._closings: set[int] = set()
        self._timers: dict[int, str] = {}

    async def read(self, event: HistoryEvent) -> None:
        """Take one event in; those that say nothing of a step are passed over."""
        match event.event_type:
            case EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED:
                await self._scheduled(event)
            case EventType.EVENT_TYPE_ACTIVITY_TASK_STARTED:
                started = event.activity_task_started_event_attributes
                if step := self._activities.get(started.scheduled_event_id):
                    step.attempts = max(step.attempts, started.attempt)
            case EventType.EVENT_TYPE_ACTIVITY_TASK_COMPLETED:
                await self._completed(event)
            case EventType.EVENT_TYPE_ACTIVITY_TASK_FAILED:
                failed = event.activity_task_failed_event_attributes
                if step := self._activities.get(failed.scheduled_event_id):
                    step.error = await _error(failed.failure, self._converter)
                    step.attempts = step.error.attempt or step.attempts
                    _end(step, "failed", event)
            case EventType.EVENT_TYPE_ACTIVITY_TASK_TIMED_OUT:
                timed_out = event.activity_task_timed_out_event_attributes
                if step := self._activities.get(timed_out.scheduled_event_id):
                    step.error = await _error(timed_out.failure, self._converter)
                    _end(step, "failed", event)
            case EventType.EVENT_TYPE_ACTIVITY_TASK_CANCELED:
                canceled = event.activity_task_canceled_event_attributes
                if step := self._activities.get(canceled.scheduled_event_id):
                    _end(step, "cancelled", event)
            case EventType.EVENT_TYPE_MARKER_RECORDED:
                await self._marker(event)
            case EventType.EVENT_TYPE_TIMER_STARTED:
                await self._timer(event)

    async def _scheduled(self, event: HistoryEvent) -> None:
        scheduled = event.activity_task_scheduled_event_attributes
        if scheduled.activity_type.name == CLOSE:
            self._closings.add(event.event_id)
        if scheduled.activity_type.name != STEP:
            return
        [request] = await self._converter.decode(scheduled.input.payloads, [StepRequest])
        step = Step(
            id=request.path,
            number=request.number,
            action_id=request.action_id,
            type=request.type,
            status="running",
            started_at=_moment(event.event_time),
            attempts=request.earlier_attempts + 1,
            input=MASK if request.sensitive else request.config,
            parent=_parent(request.path),
        )
        if tried := self.steps.get(step.id):
            step.started_at = tried.started_at
        self.steps[step.id] = self._activities[event.event_id] = step

    async def _completed(self, event: HistoryEvent) -> None:
        completed = event.activity_task_completed_event_attributes
        if completed.scheduled_event_id in self._closings:
            [records] = await self._converter.decode(completed.result.payloads, [list[StepRecord]])
            self._records(records)
        elif step := self._activities.get(completed.scheduled_event_id):
            [outcome] = await self._converter.decode(completed.result.payloads, [StepOutcome])
            step.output = MASK if step.input == MASK else outcome.output
            step.attempts = outcome.attempts
            _end(step, "completed", event)

    async def _marker(self, event: HistoryEvent) -> None:
        marker = event.marker_recorded_event_attributes
        if marker.marker_name != LOCAL_ACTIVITY_MARKER or not marker.details["result"].payloads:
            return
        # Written by the SDK's core as plain JSON, whatever our own converter and codec are.
        kind = loads(marker.details["data"].payloads[0].data).get("activity_type")
        result = marker.details["result"].payloads
        if kind == FAST:
            [record] = await self._converter.decode(result, [StepRecord])
            self._records([record])
        elif kind in {JOURNAL, CLOSE}:
            [records] = await self._converter.decode(result, [list[StepRecord]])
            self._records(records)

    def _records(self, records: Iterable[StepRecord]) -> None:
        for record in records:
            self.steps[record.path] = Step(
                id=record.path,
                number=record.number,
                action_id=record.action_id,
                type=record.type,
                # A try that may be repeated is not the end of its step.
                status="running" if record.retryable else record.status,
                started_at=record.started_at,
                completed_at=record.completed_at,
                duration_ms=_milliseconds(record.started_at, record.completed_at),
                attempts=record.attempts,
                input=MASK if record.sensitive else record.input,
                output=MASK if record.sensitive else record.output,
                error=record.error,
                parent=_parent(record.path),
            )

    async def _timer(self, event: HistoryEvent) -> None:
        if not event.user_metadata.HasField("summary"):
            return
        [path] = await self._converter.decode([event.user_metadata.summary], [str])
        if path == "yield" or path.startswith("retry ") or path in self.steps:
            return
        self.steps[path] = Step(
            id=path,
            number=WAITING,
            action_id=path.rpartition(".")[2],
            type="delay",
            status="running",
            started_at=_moment(event.event_time),
            parent=_parent(path),
        )


async def fold(events: Iterable[HistoryEvent], converter: DataConverter, *, closed: bool) -> list[Step]:
    """The steps that a history tells of, in the order they began.

    Of a `closed` run nothing runs any more: what had not ended when it was terminated counts as cancelled.
    """
    folding = _Fold(converter)
    last: HistoryEvent | None = None
    for event in events:
        await folding.read(event)
        last = event
    steps = list(folding.steps.values())
    if closed and last is not None:
        for step in steps:
            if step.status == "running":
                _end(step, "cancelled", last)
    return sorted(steps, key=lambda step: step.number)


async def overlay(
    steps: Sequence[Step], pending: Iterable[PendingActivityInfo], converter: DataConverter
) -> None:
    """Tell the running steps how far they are: their attempt, and why the last one failed."""
    by_id = {step.id: step for step in steps}
    for activity in pending:
        step = by_id.get(activity.activity_id)
        if step is None or step.status != "running":
            continue
        if activity.state == PendingActivityState.PENDING_ACTIVITY_STATE_SCHEDULED and activity.attempt <= 1:
            step.status = "pending"
        step.attempts = max(step.attempts, activity.attempt)
        if activity.HasField("last_failure"):
            step.error = await _error(activity.last_failure, converter)


async def _error(failure: Failure, converter: DataConverter) -> ErrorInfo:
    problem = await converter.decode_failure(failure)
    if isinstance(problem, ApplicationError) and problem.details:
        return ErrorInfo.model_validate(problem.details[0])
    if isinstance(problem, TemporalTimeoutError):
        return ErrorInfo(type=ErrorType.TIMEOUT, message="its worker was lost or gave no answer in time")
    return ErrorInfo(type=ErrorType.INTERNAL, message=str(problem))


def _end(step: Step, status: StepStatus, event: HistoryEvent) -> None:
    step.status = status
    step.completed_at = _moment(event.event_time)
    step.duration_ms = _milliseconds(step.started_at, step.completed_at)


def _milliseconds(start: datetime | None, end: datetime | None) -> int | None:
    return None if start is None or end is None else round((end - start).total_seconds() * 1000)


def _moment(stamp: Timestamp) -> datetime:
    return stamp.ToDatetime(tzinfo=UTC)


def _parent(path: str) -> str | None:
    return path.rpartition(".")[0] or None
