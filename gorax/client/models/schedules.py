"""Schedules and cron expressions."""

from datetime import datetime
from typing import Any, Literal

from gorax.client.models.common import Model

Overlap = Literal["skip", "buffer_one", "buffer_all", "cancel_other", "terminate_other", "allow_all"] | str


class Skip(Model):
    """A run that was passed over."""

    at: datetime
    reason: str


class ScheduleSummary(Model):
    """A schedule as lists show it."""

    id: str
    workflow_id: str
    workflow_name: str
    cron_expression: str | None
    every: Any
    run_at: Any
    timezone: str
    enabled: bool
    pause_reason: str | None
    next_run: datetime | None
    last_run: datetime | None
    managed_by: Literal["api", "definition"] | str
    last_skip: Skip | None


class Schedule(ScheduleSummary):
    """A schedule."""

    offset: Any
    jitter: Any
    start_at: Any
    end_at: Any
    exclude: Any
    payload: Any
    overlap: Overlap
    catchup_window: float
    """Seconds."""
    pause_on_failure: bool
    remaining_runs: int | None
    synced: bool
    """Whether Temporal knows of the last change; it soon does."""
    error: str | None
    """Why Temporal does not take it."""
    created_at: datetime
    created_by: str
    updated_at: datetime
    updated_by: str


class Backfill(Model):
    """A backfill that is accepted."""

    count: int
    """Runs that were due. Those whose execution there is already do not run again."""
    first: datetime
    last: datetime


class ParsedCron(Model):
    """What a cron expression means."""

    valid: Literal[True]
    description: str
    next_5_runs: list[datetime]


class NotCron(Model):
    """Why it means nothing."""

    valid: Literal[False]
    error: str
