"""What streams tell."""

from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from gorax.client.models.common import Model
from gorax.client.models.executions import ErrorInfo, ExecutionStatus, ExecutionSummary, Step


class Counted(Model):
    """Steps that are completed, and steps in all."""

    completed: int
    total: int


class Update(Model):
    """What has happened; which fields there are depends on the `event`."""

    event: Literal["snapshot", "step", "status", "resumed", "end", "execution"] | str
    """`snapshot`: how everything is now. `step`: a step began, ended, or began another attempt. `status`: the execution
    has another status. `resumed`: the stream goes on from where it broke off. `end`: the execution has ended.
    `execution`: of a feed, an execution began, changed or ended."""
    id: str | None = None
    """What to give as `after` to go on behind this."""
    timestamp: datetime
    execution_id: str | None = None
    workflow_id: str | None = None
    status: ExecutionStatus | None = None
    progress: Counted | None = None
    steps: list[Step] = Field(default_factory=list)
    """Of a `snapshot`."""
    more: bool = False
    """Of a `snapshot`: the rest of it follows."""
    step: Step | None = None
    output: Any = None
    """Of an `end`."""
    error: ErrorInfo | None = None
    """Of an `end`."""
    execution: ExecutionSummary | None = None
    executions: list[ExecutionSummary] = Field(default_factory=list)
    """Of a feed's `snapshot`: the newest ones."""
