"""Executions: the filters of the list, and what comes back."""

from datetime import datetime
from typing import Annotated, Any, get_args

from pydantic import BeforeValidator, Field, ValidationInfo, field_validator
from typing_extensions import TypedDict

from api.schemas.common import PageQuery
from api.schemas.times import From, To
from gorax.core.contracts import ExecutionStatus, TriggerType
from gorax.engine.history import Step
from gorax.store.executions import ExecutionFilter
from gorax.store.tables import Execution

_STATUSES: tuple[str, ...] = get_args(ExecutionStatus)


def _split(value: object) -> object:
    if isinstance(value, str):
        value = [value]
    if not isinstance(value, list):
        return value
    names = [name.strip() for item in value for name in str(item)[:1000].split(",")]
    for name in names:
        if name not in _STATUSES:
            raise ValueError(f"{name[:40]!r} is not a status, known are {', '.join(_STATUSES)}")
    return sorted(set(names))


class ExecutionsQuery(PageQuery):
    """Which executions are wanted; all filters together."""

    workflow_id: str | None = Field(
        default=None, min_length=1, max_length=255, description="Only executions of this workflow."
    )
    status: Annotated[list[ExecutionStatus] | None, BeforeValidator(_split)] = Field(
        default=None, description="Only executions of this status, or of one of several: `failed,timed_out`."
    )
    trigger_type: TriggerType | None = Field(default=None, description="Only executions begun this way.")
    from_: From = Field(
        default=None, alias="from", description="Only executions started at this time or later (ISO 8601)."
    )
    to: To = Field(
        default=None,
        description="Only executions started before this time; a plain date means through its end (UTC).",
    )

    @field_validator("to")
    @classmethod
    def _after_from(cls, to: datetime | None, fields: ValidationInfo) -> datetime | None:
        begin = fields.data.get("from_")
        if begin is not None and to is not None and to <= begin:
            raise ValueError("must be later than from")
        return to

    def filter(self) -> ExecutionFilter:
        """The filters as the store takes them."""
        return ExecutionFilter(
            workflow_id=self.workflow_id,
            statuses=self.status or (),
            trigger_type=self.trigger_type,
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


class StepsView(TypedDict):
    """An execution, step by step."""

    execution_id: str
    steps: list[Step]


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
    }
