"""Executions and their steps."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from gorax.client.errors import ExecutionFailed
from gorax.client.models.common import Model, Page

ExecutionStatus = (
    Literal["pending", "running", "completed", "failed", "cancelled", "terminated", "timed_out"] | str
)
StepStatus = Literal["pending", "running", "completed", "failed", "skipped", "cancelled", "timed_out"] | str
TriggerType = Literal["manual", "webhook", "schedule", "sub_workflow", "replay"] | str

OPEN = frozenset({"pending", "running"})
"""Statuses of executions that have not ended."""


class ErrorInfo(Model):
    """Why a step or an execution failed."""

    type: str
    message: str
    action_id: str | None = None
    attempt: int | None = None
    details: dict[str, Any] = Field(default_factory=dict)


class Accepted(Model):
    """An execution that will run."""

    execution_id: str
    workflow_id: str
    status: ExecutionStatus
    started_at: datetime


class Stop(Model):
    """That an execution was asked to end."""

    kind: Literal["cancel", "terminate"] | str
    requested_at: datetime
    requested_by: str
    reason: str | None


class ExecutionState(Model):
    """Where an execution stands after what was asked of it."""

    id: str
    workflow_id: str
    status: ExecutionStatus
    paused: bool
    stop: Stop | None


class ExecutionSummary(Model):
    """An execution as lists show it."""

    id: str
    workflow_id: str
    workflow_name: str
    version: int
    status: ExecutionStatus
    trigger_type: TriggerType
    started_at: datetime
    completed_at: datetime | None
    duration_ms: int | None
    steps_completed: int
    steps_total: int
    error: ErrorInfo | None
    created_by: str
    paused: bool
    retry_of: str | None
    rerun_of: str | None
    parent_execution_id: str | None
    parent_path: str | None

    @property
    def ended(self) -> bool:
        """Whether nothing of it will change any more."""
        return self.status not in OPEN


class ExecutionsPage(Page[ExecutionSummary]):
    """A page of executions."""

    next_cursor: str | None
    """Asks for what is behind this page, whatever begins meanwhile."""

    @property
    def going_on(self) -> Mapping[str, Any] | None:
        """How the query differs that asks for the next page; None after the last one."""
        return None if self.next_cursor is None else {"cursor": self.next_cursor, "offset": None}


class Execution(ExecutionSummary):
    """An execution."""

    trigger_data: Any
    """Of a manual start the body that was sent; of others what the trigger saw."""
    output: Any = None
    stop: Stop | None
    """Who asked that it be cancelled or terminated, if somebody did."""
    temporal_workflow_id: str
    temporal_run_id: str | None = None

    def result(self) -> Any:
        """The output of a completed execution. Raises `ExecutionFailed` for any other."""
        if self.status != "completed":
            raise ExecutionFailed(self)
        return self.output


class Progress(Model):
    """How far a loop is."""

    total: int | None = None
    completed: int = 0
    succeeded: int = 0
    failed: int = 0
    steps: int = 0
    batches: int = 0


class Step(Model):
    """One step."""

    id: str
    """Its path: unique in the execution."""
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
    """The path of the step, or of the iteration, that it is nested in."""
    progress: Progress | None = None
    """Of a loop."""


class Steps(Model):
    """An execution, step by step."""

    execution_id: str
    steps: list[Step]
    total: int | None
    limit: int
    offset: int
    has_more: bool
    next_offset: int | None

    @property
    def items(self) -> Sequence[Step]:
        """What is on this page."""
        return self.steps

    @property
    def going_on(self) -> Mapping[str, Any] | None:
        """How the query differs that asks for the next page; None after the last one."""
        return None if self.next_offset is None else {"offset": self.next_offset}
