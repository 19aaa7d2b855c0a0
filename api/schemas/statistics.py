"""Statistics of executions: what is asked, and what comes back."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Literal

from pydantic import Field
from typing_extensions import TypedDict

from api.schemas.common import Limit
from api.schemas.execution_filters import FilterQuery
from gorax.core.contracts import ExecutionStatus
from gorax.store.execution_durations import Durations
from gorax.store.execution_failures import FailingStep, FailingWorkflow
from gorax.store.execution_totals import Tally

Granularity = Literal["hour", "day", "week", "month"]


class TrendsQuery(FilterQuery):
    """Over which time, and in what steps."""

    granularity: Granularity = Field(
        default="day",
        description="How long a bucket is; it begins at midnight of `timezone`, weeks on Mondays. Without `from` there "
        "are 48 hours, 30 days, 12 weeks or 12 months up to `to`, or up to now.",
    )


class FailuresQuery(FilterQuery):
    """Which failures, and how many of those that come first."""

    limit: Limit = Field(default=10, description="Maximum number of workflows, and of steps.")


class Counts(TypedDict):
    """Executions by their status."""

    total: int
    pending: int
    running: int
    completed: int
    failed: int
    cancelled: int
    terminated: int
    timed_out: int


class DayCounts(Counts):
    """Executions that started on a day."""

    date: date


class Stats(TypedDict):
    """Executions that match."""

    total_executions: int
    pending: int
    running: int
    completed: int
    failed: int
    cancelled: int
    terminated: int
    timed_out: int
    success_rate: float | None
    """Of all, those that completed; null when there are none."""
    average_duration_ms: int | None
    """Of those that have ended; null when none has."""
    executions_by_day: list[DayCounts]
    """From the first day with any to the last."""


class TrendBucket(Counts):
    """Executions that started within an hour, a day, a week or a month."""

    timestamp: datetime
    """When the bucket begins."""


class WorkflowDurations(TypedDict):
    """How long the executions of a workflow took that have ended."""

    workflow_id: str
    workflow_name: str
    executions: int
    avg_duration_ms: int
    min_duration_ms: int
    max_duration_ms: int
    p50_duration_ms: int
    p95_duration_ms: int
    p99_duration_ms: int


class WorkflowFailures(TypedDict):
    """A workflow of which executions failed or timed out."""

    workflow_id: str
    workflow_name: str
    executions: int
    failures: int
    failure_rate: float


class ErrorOfStep(TypedDict):
    """Failures with errors of one type; the newest of them, where it is among the workflow's latest failures."""

    type: str
    failures: int
    message: str | None
    execution_id: str | None
    started_at: datetime | None


class StepFailures(TypedDict):
    """A step in which executions of a workflow failed; without an action where no step did, such as at a timeout."""

    workflow_id: str
    workflow_name: str
    action_id: str | None
    failures: int
    errors: list[ErrorOfStep]


class Failures(TypedDict):
    """What fails most."""

    workflows: list[WorkflowFailures]
    steps: list[StepFailures]


def counts_view(tallies: Mapping[str, Tally]) -> Counts:
    """How many there are of each status."""

    def count(status: ExecutionStatus) -> int:
        return tallies[status].executions if status in tallies else 0

    return {
        "total": sum(tally.executions for tally in tallies.values()),
        "pending": count("pending"),
        "running": count("running"),
        "completed": count("completed"),
        "failed": count("failed"),
        "cancelled": count("cancelled"),
        "terminated": count("terminated"),
        "timed_out": count("timed_out"),
    }


def durations_view(row: Durations) -> WorkflowDurations:
    """The durations of a workflow."""
    return {
        "workflow_id": row.workflow_id,
        "workflow_name": row.workflow_name,
        "executions": row.executions,
        "avg_duration_ms": row.average,
        "min_duration_ms": row.shortest,
        "max_duration_ms": row.longest,
        "p50_duration_ms": row.p50,
        "p95_duration_ms": row.p95,
        "p99_duration_ms": row.p99,
    }


def failing_workflow_view(row: FailingWorkflow) -> WorkflowFailures:
    """A workflow that fails."""
    return {
        "workflow_id": row.workflow_id,
        "workflow_name": row.workflow_name,
        "executions": row.executions,
        "failures": row.failures,
        "failure_rate": row.failures / row.executions,
    }


def failing_step_view(row: FailingStep) -> StepFailures:
    """A step that fails."""
    return {
        "workflow_id": row.workflow_id,
        "workflow_name": row.workflow_name,
        "action_id": row.action_id,
        "failures": row.failures,
        "errors": [
            {
                "type": error.type,
                "failures": error.failures,
                "message": error.message,
                "execution_id": error.execution_id,
                "started_at": error.started_at,
            }
            for error in row.errors
        ],
    }
