"""What the events of a history say, one after the other.

A step leaves a trace of its own: an activity (several events) or a record in the marker of a local activity. One that
waits has left only its timer, its marker of an open wait or its child workflow. `ACTIVITY_TASK_STARTED` is written only
when an activity ends, so what runs now is laid over from the pending activities that `describe` reports.
"""

from typing import Any, NamedTuple

from pydantic import BaseModel, Field
from temporalio.api.common.v1 import Payload
from temporalio.api.failure.v1 import Failure
from temporalio.api.history.v1 import HistoryEvent
from temporalio.converter import DataConverter
from temporalio.exceptions import ApplicationError
from temporalio.exceptions import TimeoutError as TemporalTimeoutError

from gorax.core.contracts import (
    BEGIN,
    CLOSE,
    FAST,
    INTERPRETER,
    JOURNAL,
    OPEN_WAIT,
    STEP,
    StepRecord,
    StepRequest,
    StepStatus,
    WaitOpened,
)
from gorax.core.encoding import loads
from gorax.core.errors import ErrorInfo, ErrorType
from gorax.engine.history.children import Children, moment
from gorax.engine.history.folded import Trace
from gorax.engine.history.outline import Outline

ATTRIBUTES = "_event_attributes"
LOCAL_ACTIVITY_MARKER = "core_local_activity"


class _Defined(BaseModel):
    """What is of interest here of an `ExecutionRequest`."""

    definition: dict[str, Any] = Field(default_factory=dict)


class _Begun(BaseModel):
    """What is of interest here of a `Begun`."""

    request: _Defined | None = None


class Mark(NamedTuple):
    """A place in a history."""

    event_id: int
    milliseconds: int
    """Since 1970, by Temporal's clock."""


class Traces:
    """The steps and batches found so far."""

    def __init__(self, converter: DataConverter) -> None:
        self._converter = converter
        self.by_path: dict[str, Trace] = {}
        self.children = Children(converter)
        self._request: Payload | None = None
        self.bytes = 0
        self.touched: dict[str, Mark] = {}
        """By path, where the history last said something of a step; for who reads on to take out."""
        self._activities: dict[int, Trace] = {}
        self._earlier: dict[int, int] = {}
        self._others: dict[int, str] = {}
        self._begun: Payload | None = None
        self.mark = Mark(0, 0)
        """Of the last event that was read."""

    async def read(self, event: HistoryEvent) -> None:
        """Take one event in; those that say nothing of a step are passed over."""
        self.bytes += event.ByteSize()
        self.mark = Mark(event.event_id, event.event_time.ToMilliseconds())
        kind = event.WhichOneof("attributes") or ""
        match kind.removesuffix(ATTRIBUTES):
            case "workflow_execution_started":
                self._started(event)
            case "activity_task_scheduled":
                await self._scheduled(event)
            case "activity_task_started":
                started = event.activity_task_started_event_attributes
                if trace := self._touch(started.scheduled_event_id):
                    trace.attempts = self._earlier[started.scheduled_event_id] + started.attempt
            case "activity_task_completed":
                await self._completed(event)
            case "activity_task_failed":
                failed = event.activity_task_failed_event_attributes
                if trace := self._touch(failed.scheduled_event_id):
                    trace.error = await error_of(failed.failure, self._converter)
                    trace.attempts = trace.error.attempt or trace.attempts
                    end(trace, "failed", event)
            case "activity_task_timed_out":
                timed_out = event.activity_task_timed_out_event_attributes
                if trace := self._touch(timed_out.scheduled_event_id):
                    trace.error = await error_of(timed_out.failure, self._converter)
                    end(trace, "failed", event)
            case "activity_task_canceled":
                canceled = event.activity_task_canceled_event_attributes
                if trace := self._touch(canceled.scheduled_event_id):
                    end(trace, "cancelled", event)
            case "marker_recorded":
                await self._marker(event)
            case "timer_started":
                await self._timer(event)
            case child if "child_workflow_execution" in child:
                await self._child(child, event)

    def _started(self, event: HistoryEvent) -> None:
        started = event.workflow_execution_started_event_attributes
        if started.workflow_type.name == INTERPRETER:
            self._request = started.input.payloads[0]

    async def _scheduled(self, event: HistoryEvent) -> None:
        scheduled = event.activity_task_scheduled_event_attributes
        if scheduled.activity_type.name != STEP:
            self._others[event.event_id] = scheduled.activity_type.name
            return
        [request] = await self._converter.decode(scheduled.input.payloads, [StepRequest])
        self.bytes += _outside(scheduled.input.payloads[0])
        trace = Trace(
            path=request.path,
            number=request.number,
            type=request.type,
            started_at=moment(event.event_time),
            attempts=request.earlier_attempts + 1,
            input=request.config,
            sensitive=request.sensitive,
        )
        if tried := self.by_path.get(trace.path):
            trace.started_at = tried.started_at
        self._activities[event.event_id] = trace
        self._keep(trace)
        self._earlier[event.event_id] = request.earlier_attempts

    async def _completed(self, event: HistoryEvent) -> None:
        completed = event.activity_task_completed_event_attributes
        result = completed.result.payloads
        if trace := self._touch(completed.scheduled_event_id):
            trace.outcome = result[0]
            trace.error = None
            end(trace, "completed", event)
        elif (kind := self._others.get(completed.scheduled_event_id)) and result:
            await self._told(kind, result[0])

    async def _marker(self, event: HistoryEvent) -> None:
        marker = event.marker_recorded_event_attributes
        if marker.marker_name != LOCAL_ACTIVITY_MARKER or not marker.details["result"].payloads:
            return
        # Written by the SDK's core as plain JSON, whatever our own converter and codec are.
        kind = loads(marker.details["data"].payloads[0].data).get("activity_type")
        await self._told(kind, marker.details["result"].payloads[0])

    async def _told(self, kind: str, result: Payload) -> None:
        """Take in what an activity, local or not, says of other steps than its own."""
        self.bytes += _outside(result)
        if kind == FAST:
            [record] = await self._converter.decode([result], [StepRecord])
            self._record(record)
        elif kind in {JOURNAL, CLOSE}:
            [records] = await self._converter.decode([result], [list[StepRecord]])
            for record in records:
                self._record(record)
        elif kind == OPEN_WAIT:
            [opened] = await self._converter.decode([result], [WaitOpened])
            self._keep(
                Trace(
                    path=opened.path,
                    number=opened.number,
                    type=opened.type,
                    started_at=opened.opened_at,
                    awaits={"wait_id": opened.wait_id},
                )
            )
        elif kind == BEGIN:
            self._begun = result

    def _record(self, record: StepRecord) -> None:
        self.touched[record.path] = self.mark
        known = self.by_path.get(record.path)
        if record.status == "cancelled" and known and known.number is not None and known.awaits is None:
            # An attempt of it left a trace, which says more.
            if known.status == "running":
                known.status, known.completed_at = record.status, record.completed_at
            return
        self.by_path[record.path] = Trace(
            path=record.path,
            number=record.number,
            type=record.type,
            # A try that may be repeated is not the end of its step.
            status="running" if record.retryable else record.status,
            started_at=record.started_at,
            completed_at=None if record.retryable else record.completed_at,
            attempts=record.attempts,
            input=record.input,
            output=record.output,
            error=record.error,
            sensitive=record.sensitive,
        )

    async def outline(self) -> Outline:
        """Of the definition that the run was started with, or has loaded itself."""
        if self._begun is not None:
            [begun] = await self._converter.decode([self._begun], [_Begun])
            return Outline(begun.request.definition if begun.request else {})
        if self._request is None:
            return Outline({})
        [request] = await self._converter.decode([self._request], [_Defined])
        return Outline(request.definition)

    async def _timer(self, event: HistoryEvent) -> None:
        if not event.user_metadata.HasField("summary"):
            return
        [path] = await self._converter.decode([event.user_metadata.summary], [str])
        if path == "yield" or path.startswith("retry ") or path in self.by_path:
            return
        self._keep(Trace(path=path, type="delay", started_at=moment(event.event_time)))

    async def _child(self, kind: str, event: HistoryEvent) -> None:
        waiting = await self.children.read(kind, event)
        if waiting is not None and waiting.path not in self.by_path:
            self._keep(waiting)
        for batch in self.children.batches:
            self.touched[batch.path] = self.mark

    def _keep(self, trace: Trace) -> None:
        self.by_path[trace.path] = trace
        self.touched[trace.path] = self.mark

    def _touch(self, scheduled_event_id: int) -> Trace | None:
        """The step of an activity, of which the event tells something new."""
        if trace := self._activities.get(scheduled_event_id):
            self.touched[trace.path] = self.mark
        return trace


async def error_of(failure: Failure, converter: DataConverter) -> ErrorInfo:
    """A failure of Temporal's as users see it."""
    problem = await converter.decode_failure(failure)
    if isinstance(problem, ApplicationError) and problem.details:
        return ErrorInfo.model_validate(problem.details[0])
    if isinstance(problem, TemporalTimeoutError):
        return ErrorInfo(type=ErrorType.TIMEOUT, message="its worker was lost or gave no answer in time")
    return ErrorInfo(type=ErrorType.INTERNAL, message=str(problem))


def end(trace: Trace, status: StepStatus, event: HistoryEvent) -> None:
    """The step came to its end with this event."""
    trace.status = status
    trace.completed_at = moment(event.event_time)


def _outside(payload: Payload) -> int:
    """Bytes of a value that the history only refers to."""
    return sum(part.size_bytes for part in payload.external_payloads)
