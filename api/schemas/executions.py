"""Executions: the filters of the list, and what comes back."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field, field_validator
from typing_extensions import TypedDict

from api.schemas.common import PageQuery
from api.schemas.statuses import one_or_several
from api.schemas.times import From, To, later_than_from
from gorax.core.contracts import ExecutionStatus, TriggerType
from gorax.store.executions import ExecutionFilter
from gorax.store.tables import Execution


class ExecutionsQuery(PageQuery):
    """Which executions are wanted; all filters together."""

    workflow_id: str | None = Field(
        default=None, min_length=1, max_length=255, description="Only executions of this workflow."
    )
    status: Annotated[list[ExecutionStatus] | None, one_or_several(ExecutionStatus)] = Field(
        default=None, description="Only executions of this status, or of one of several: `failed,timed_out`."
    )
    trigger_type: TriggerType | None = Field(default=None, description="Only executions begun this way.")
    parent_execution_id: str | None = Field(
        default=None,
        min_length=1,
        max_length=255,
        description="Only executions that this one runs as sub-workflows.",
    )
    from_: From = Field(
        default=None, alias="from", description="Only executions started at this time or later (ISO 8601)."
    )
    to: To = Field(
        default=None,
        description="Only executions started before this time; a plain date means through its end (UTC).",
    )

    _range = field_validator("to")(later_than_from)

    def filter(self) -> ExecutionFilter:
        """The filters as the store takes them."""
        return ExecutionFilter(
            workflow_id=self.workflow_id,
            statuses=self.status or (),
            trigger_type=self.trigger_type,
            parent_execution_id=self.parent_execution_id,
            from_=self.from_,
            to=self.to,
        )


class Accepted(TypedDict):
    """An execution that will run."""

    execution_id: str
    workflow_id: str
    status: str
    started_at: datetime


class ExecutionSummary(TypedDict):
    """An execution as lists show it."""

    id: str
    workflow_id: str
    workflow_name: str
    version: int
    status: str
    trigger_type: str
    started_at: datetime
    completed_at: datetime | None
    duration_ms: int | None
    steps_completed: int
    steps_total: int
    error: dict[str, Any] | None
    created_by: str
    paused: bool
    retry_of: str | None
    rerun_of: str | None
    parent_execution_id: str | None
    parent_path: str | None


def accepted_view(row: Execution) -> Accepted:
    """The execution as the request that began it is answered."""
    return {
        "execution_id": row.id,
        "workflow_id": row.workflow_id,
        "status": row.status,
        "started_at": row.started_at,
    }


def execution_summary(row: Execution) -> ExecutionSummary:
    """The execution as lists show it."""
    return {
        "id": row.id,
        "workflow_id": row.workflow_id,
        "workflow_name": row.workflow_name,
        "version": row.version,
        "status": row.status,
        "trigger_type": row.trigger_type,
        "started_at": row.started_at,
        "completed_at": row.completed_at,
        "duration_ms": row.duration_ms,
        "steps_completed": row.steps_completed,
        "steps_total": row.steps_total,
        "error": row.error,
        "created_by": row.created_by,
        "paused": row.paused,
        "retry_of": row.retry_of,
        "rerun_of": row.rerun_of,
        "parent_execution_id": row.parent_execution_id,
        "parent_path": row.parent_path,
    }
