"""Reading an execution back from Temporal, which is the truth about it."""

from collections import OrderedDict
from datetime import datetime, timedelta
from typing import Any

from pydantic import BaseModel
from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import (
    Client,
    WorkflowExecutionDescription,
    WorkflowExecutionStatus,
    WorkflowHandle,
    WorkflowHistoryEventFilterType,
)
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from gorax.core.contracts import ExecutionResult, ExecutionStatus
from gorax.core.errors import ErrorInfo, ErrorType, Unavailable
from gorax.core.ids import temporal_workflow_id
from gorax.engine.history import Step, fold, overlay

RPC_TIMEOUT = timedelta(seconds=5)
CACHED_RUNS = 500
"""Closed runs whose end and steps are kept, since they never change."""
MAX_CACHED_STEPS = 500
"""Steps above which a run is read again rather than kept."""

_STATUS: dict[WorkflowExecutionStatus, ExecutionStatus] = {
    WorkflowExecutionStatus.RUNNING: "running",
    WorkflowExecutionStatus.CONTINUED_AS_NEW: "running",
    WorkflowExecutionStatus.COMPLETED: "completed",
    WorkflowExecutionStatus.FAILED: "failed",
    WorkflowExecutionStatus.CANCELED: "cancelled",
    WorkflowExecutionStatus.TERMINATED: "terminated",
    WorkflowExecutionStatus.TIMED_OUT: "timed_out",
}


def status_of(status: WorkflowExecutionStatus) -> ExecutionStatus:
    """A status of Temporal's as ours."""
    return _STATUS[status]


class Ending(BaseModel):
    """What a closed run left: its output, or why it has none."""

    output: Any = None
    error: ErrorInfo | None = None


class Run(BaseModel):
    """A run as Temporal describes it."""

    run_id: str
    status: ExecutionStatus
    started_at: datetime
    completed_at: datetime | None
    ending: Ending | None = None
    """Of a closed run."""


class Runs:
    """Reads runs; one per process, for its cache."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._endings: OrderedDict[str, Ending] = OrderedDict()
        self._steps: OrderedDict[str, list[Step]] = OrderedDict()

    async def run(self, tenant_id: str, execution_id: str) -> Run | None:
        """The run; None when Temporal has none, not yet or no more. Raises `Unavailable`."""
        handle = self._handle(tenant_id, execution_id)
        description = await _describe(handle)
        if description is None:
            return None
        run = _run(description)
        if run.status != "running":
            run.ending = self._endings.get(run.run_id) or await self._read_ending(handle, run)
        return run

    async def steps(self, tenant_id: str, execution_id: str) -> list[Step] | None:
        """The steps in the order they began; None when Temporal has no such run. Raises `Unavailable`."""
        handle = self._handle(tenant_id, execution_id)
        description = await _describe(handle)
        if description is None:
            return None
        run_id = description.run_id
        if (cached := self._steps.get(run_id)) is not None:
            return cached
        try:
            events = [event async for event in handle.fetch_history_events(rpc_timeout=RPC_TIMEOUT)]
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                return None
            raise _unavailable(error) from error
        run = _run(description)
        steps = await fold(events, self._client.data_converter, closed=run.status != "running")
        await overlay(steps, description.raw_description.pending_activities, self._client.data_converter)
        if run.status != "running" and len(steps) <= MAX_CACHED_STEPS:
            _keep(self._steps, run_id, steps)
        return steps

    def _handle(self, tenant_id: str, execution_id: str) -> WorkflowHandle[Any, Any]:
        return self._client.get_workflow_handle(temporal_workflow_id(tenant_id, execution_id))

    async def _read_ending(self, handle: WorkflowHandle[Any, Any], run: Run) -> Ending:
        try:
            events = [
                event
                async for event in handle.fetch_history_events(
                    event_filter_type=WorkflowHistoryEventFilterType.CLOSE_EVENT, rpc_timeout=RPC_TIMEOUT
                )
            ]
        except RPCError as error:
            raise _unavailable(error) from error
        ending = await self._ending_of(events[-1]) if events else Ending()
        _keep(self._endings, run.run_id, ending)
        return ending

    async def _ending_of(self, event: HistoryEvent) -> Ending:
        converter = self._client.data_converter
        match event.event_type:
            case EventType.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED:
                payloads = event.workflow_execution_completed_event_attributes.result.payloads
                [result] = await converter.decode(payloads, [ExecutionResult])
                return Ending(output=result.output)
            case EventType.EVENT_TYPE_WORKFLOW_EXECUTION_FAILED:
                failure = await converter.decode_failure(
                    event.workflow_execution_failed_event_attributes.failure
                )
                if isinstance(failure, ApplicationError) and failure.details:
                    return Ending(error=ErrorInfo.model_validate(failure.details[0]))
                return Ending(error=ErrorInfo(type=ErrorType.INTERNAL, message=str(failure)))
            case EventType.EVENT_TYPE_WORKFLOW_EXECUTION_CANCELED:
                return Ending(
                    error=ErrorInfo(type=ErrorType.CANCELLED, message="the execution was cancelled")
                )
            case EventType.EVENT_TYPE_WORKFLOW_EXECUTION_TERMINATED:
                reason = event.workflow_execution_terminated_event_attributes.reason
                return Ending(
                    error=ErrorInfo(
                        type=ErrorType.TERMINATED, message=reason or "the execution was terminated"
                    )
                )
            case _:
                return Ending(
                    error=ErrorInfo(
                        type=ErrorType.TIMEOUT, message="the execution took longer than its timeout"
                    )
                )


async def _describe(handle: WorkflowHandle[Any, Any]) -> WorkflowExecutionDescription | None:
    try:
        return await handle.describe(rpc_timeout=RPC_TIMEOUT)
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            return None
        raise _unavailable(error) from error
    except RuntimeError as error:  # the lazy connection could not be made
        raise Unavailable("Temporal cannot be reached") from error


def _unavailable(error: RPCError) -> Unavailable:
    return Unavailable(f"Temporal does not answer: {error.status.name.lower()}")


def _run(description: WorkflowExecutionDescription) -> Run:
    assert description.status is not None
    return Run(
        run_id=description.run_id,
        status=_STATUS[description.status],
        started_at=description.start_time,
        completed_at=description.close_time,
    )


def _keep(cache: OrderedDict[str, Any], key: str, value: Any) -> None:
    cache[key] = value
    while len(cache) > CACHED_RUNS:
        cache.popitem(last=False)
