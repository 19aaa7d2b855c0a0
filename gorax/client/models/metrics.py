"""Statistics of executions."""

from datetime import date as Date  # noqa: N812 - a field is called so
from datetime import datetime

from gorax.client.models.common import Model


class Counts(Model):
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

    date: Date


class Stats(Model):
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
    """Of all, those that completed; None when there are none."""
    average_duration_ms: int | None
    """Of those that have ended; None when none has."""
    executions_by_day: list[DayCounts]


class TrendBucket(Counts):
    """Executions that started within an hour, a day, a week or a month."""

    timestamp: datetime
    """When the bucket begins."""


class WorkflowDurations(Model):
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


class WorkflowFailures(Model):
    """A workflow of which executions failed or timed out."""

    workflow_id: str
    workflow_name: str
    executions: int
    failures: int
    failure_rate: float


class ErrorOfStep(Model):
    """Failures with errors of one type, and the newest of them."""

    type: str
    failures: int
    message: str | None
    execution_id: str | None
    started_at: datetime | None


class StepFailures(Model):
    """A step in which executions of a workflow failed; without an action where no step did."""

    workflow_id: str
    workflow_name: str
    action_id: str | None
    failures: int
    errors: list[ErrorOfStep]


class Failures(Model):
    """What fails most."""

    workflows: list[WorkflowFailures]
    steps: list[StepFailures]
