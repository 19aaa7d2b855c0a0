"""Schedules."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKeyConstraint, Index, Text, desc, text
from sqlmodel import Field

from gorax.store.tables.base import DOCUMENT, IDENTIFIER, INSTANT, Table


class Schedule(Table, table=True):
    """When a workflow is to run, as somebody wants it. Its twin, a schedule of Temporal's, makes it run.

    The twin is told of the row, and never the other way round: `sync_due_at` says when, and is NULL when the twin
    knows all that the row says.
    """

    __tablename__ = "schedules"
    __table_args__ = (
        ForeignKeyConstraint(["workflow_id"], ["workflows.id"]),
        Index(
            "schedules_newest_idx",
            "tenant_id",
            desc("created_at"),
            desc("id"),
            postgresql_where=text("deleted_at IS NULL"),
        ),
        Index("schedules_by_workflow_idx", "workflow_id", desc("created_at"), desc("id")),
        # A definition has one trigger.
        Index(
            "schedules_of_definition_key",
            "workflow_id",
            unique=True,
            postgresql_where=text("of_definition AND deleted_at IS NULL"),
        ),
        Index("schedules_sync_due_idx", "sync_due_at", postgresql_where=text("sync_due_at IS NOT NULL")),
    )

    id: str = Field(sa_type=IDENTIFIER, primary_key=True)
    tenant_id: str = Field(sa_type=IDENTIFIER)
    workflow_id: str = Field(sa_type=IDENTIFIER)
    of_definition: bool
    """Whether it is the trigger of the workflow's definition, and changes with it."""
    timing: dict[str, Any] = Field(sa_type=DOCUMENT)
    """A `Timing`, as it was written."""
    enabled: bool
    pause_reason: str | None = Field(default=None, sa_type=Text)
    """Why it is not enabled, where nobody asked for that over REST."""
    payload: Any = Field(default=None, sa_type=DOCUMENT, nullable=True)
    """What its executions have as `trigger.body`."""
    overlap: str = Field(sa_type=Text)
    """An `Overlap`."""
    catchup_window: float
    """Seconds for which a run that could not begin in time may begin later."""
    pause_on_failure: bool
    remaining_runs: int | None = None
    """How many executions it may still begin; NULL for any number."""
    runs_limit: int | None = None
    """What `remaining_runs` was when somebody last set it."""
    backfills: list[dict[str, Any]] = Field(sa_type=DOCUMENT)
    """Each a `Backfill` that Temporal was not told of yet."""
    generation: int
    """Counts the changes of what the twin has to know."""
    twin_generation: int | None = None
    """What the twin knows; NULL where there is no twin."""
    twin_active: bool | None = None
    """Whether it was to begin runs when it was last told."""
    synced_at: datetime | None = Field(default=None, sa_type=INSTANT)
    """When the twin was last told."""
    sync_due_at: datetime | None = Field(default=None, sa_type=INSTANT)
    sync_error: str | None = Field(default=None, sa_type=Text)
    """Why Temporal does not take it."""
    skipped_at: datetime | None = Field(default=None, sa_type=INSTANT)
    """When a run of it was last passed over, and `skip_reason` why."""
    skip_reason: str | None = Field(default=None, sa_type=Text)
    created_at: datetime = Field(sa_type=INSTANT)
    created_by: str = Field(sa_type=Text)
    updated_at: datetime = Field(sa_type=INSTANT)
    updated_by: str = Field(sa_type=Text)
    deleted_at: datetime | None = Field(default=None, sa_type=INSTANT)
    """Since when it is there only until its twin is gone."""
