"""Reading an execution back from Temporal, which is the truth about it, or from what is kept of it after that."""

from datetime import UTC, datetime
from typing import Any

from pydantic import BaseModel
from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import (
    Client,
    WorkflowExecutionDescription,
    WorkflowExecutionStatus,
)
from temporalio.converter import DataConverter
from temporalio.exceptions import ApplicationError

from gorax.core.cache import Cache
from gorax.core.contracts import ExecutionResult, ExecutionStatus, StepOutcome
from gorax.core.diagram import Tally
from gorax.core.encoding import dumps
from gorax.core.errors import ErrorInfo, ErrorType
from gorax.core.ids import temporal_workflow_id
from gorax.engine.calling import Handle, describe
from gorax.engine.converter import converter_of
from gorax.engine.histories import Histories
from gorax.engine.history import StepPage, StepQuery, outcomes_of, page_of, tallies_of
from gorax.engine.records import ArchivedRuns, Records
from gorax.vault import Damaged, KeyMissing

ENDINGS_BYTES = 16_000_000
"""Of the ends of closed runs that are kept."""

_STATUS: dict[WorkflowExecutionStatus, ExecutionStatus] = {
    WorkflowExecutionStatus.RUNNING: "running",
    WorkflowExecutionStatus.CONTINUED_AS_NEW: "running",
    WorkflowExecutionStatus.COMPLETED: "completed",
    WorkflowExecutionStatus.FAILED: "failed",
    WorkflowExecutionStatus.CANCELED: "cancelled",
    WorkflowExecutionStatus.TERMINATED: "terminated",
    WorkflowExecutionStatus.TIMED_OUT: "timed_out",
}
_CLOSINGS: dict[int, ExecutionStatus] = {
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED: "completed",
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_FAILED: "failed",
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_CANCELED: "cancelled",
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_TERMINATED: "terminated",
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_TIMED_OUT: "timed_out",
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

    def __init__(self, client: Client, archive: ArchivedRuns | None = None) -> None:
        self._client = client
        self.records = Records(client, archive)
        self._endings: Cache[Ending] = Cache(ENDINGS_BYTES)
        self._histories = Histories(client, self.records)

    async def run(self, tenant_id: str, execution_id: str) -> Run | None:
        """The run; None when neither Temporal nor the archive has it. Raises `Unavailable`."""
        handle = self._handle(tenant_id, execution_id)
        description = await describe(handle)
        if description is None:
            return await self._archived(handle)
        run = _run(description)
        if run.status != "running":
            run.ending = self._endings.get(run.run_id) or await self._read_ending(handle, run)
        return run

    async def steps(
        self, tenant_id: str, execution_id: str, query: StepQuery | None = None
    ) -> StepPage | None:
        """The steps that are asked for, by default the first ones; None when Temporal has no such run.

        Raises `Unavailable`, and `Invalid` for a query that would take too long.
        """
        tree = await self._histories.tree(tenant_id, execution_id)
        return None if tree is None else await page_of(tree, query or StepQuery())

    async def tallies(self, tenant_id: str, execution_id: str) -> dict[str, Tally] | None:
        """By action id, what became of the actions that ran; None when Temporal has no such run.

        Raises `Unavailable`.
        """
        tree = await self._histories.tree(tenant_id, execution_id)
        return None if tree is None else await tallies_of(tree)

    async def outcomes(self, tenant_id: str, execution_id: str) -> dict[str, StepOutcome]:
        """By path, what completed steps gave, for a run that need not run them again; none when there is no such run.

        These are the real values, also of sensitive steps: to be given to another run, and to nobody else. Of steps
        that hold others it says no more than that they completed. Raises `Invalid` when they are over 32 MB together,
        and `Unavailable`.
        """
        tree = await self._histories.tree(tenant_id, execution_id)
        return {} if tree is None else await outcomes_of(tree)

    async def _archived(self, handle: Handle) -> Run | None:
        run_id = await self.records.archived(handle.id)
        if run_id is None:
            return None
        pinned = self._client.get_workflow_handle(handle.id, run_id=run_id)
        found = [event async for event in self.records.events(pinned)]
        if not found or (status := _CLOSINGS.get(found[-1].event_type)) is None:
            return None
        run = Run(
            run_id=run_id,
            status=status,
            started_at=found[0].event_time.ToDatetime(UTC),
            completed_at=found[-1].event_time.ToDatetime(UTC),
        )
        run.ending = self._endings.get(run_id) or await self._ending(handle, run, found[-1])
        return run

    def _handle(self, tenant_id: str, execution_id: str) -> Handle:
        return self._client.get_workflow_handle(temporal_workflow_id(tenant_id, execution_id))

    async def _read_ending(self, handle: Handle, run: Run) -> Ending:
        async for event in self.records.events(handle, closing=True):
            return await self._ending(handle, run, event)
        return Ending()

    async def _ending(self, handle: Handle, run: Run, event: HistoryEvent) -> Ending:
        try:
            ending = await self._ending_of(event, converter_of(self._client, handle.id))
        except (Damaged, KeyMissing) as error:
            # How and when it ended is known all the same, and that it cannot be read may pass.
            return Ending(error=ErrorInfo(type=ErrorType.UNREADABLE, message=str(error)))
        self._endings.keep(run.run_id, ending, len(dumps(ending)))
        return ending

    async def _ending_of(self, event: HistoryEvent, converter: DataConverter) -> Ending:
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


def _run(description: WorkflowExecutionDescription) -> Run:
    assert description.status is not None
    return Run(
        run_id=description.run_id,
        status=_STATUS[description.status],
        started_at=description.start_time,
        completed_at=description.close_time,
    )
