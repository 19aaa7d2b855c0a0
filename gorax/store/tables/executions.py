"""The index of executions."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKeyConstraint, Index, Text, desc, text
from sqlmodel import Field

from gorax.core.contracts import TERMINAL
from gorax.store.tables.base import DOCUMENT, IDENTIFIER, INSTANT, Table


class Execution(Table, table=True):
    """The index row of an execution; Temporal holds the truth about its run."""

    __tablename__ = "executions"
    __table_args__ = (
        # An accepted execution must find the definition that it was accepted with.
        ForeignKeyConstraint(
            ["workflow_id", "version"], ["workflow_versions.workflow_id", "workflow_versions.version"]
        ),
        Index("executions_newest_idx", "tenant_id", desc("started_at"), desc("id")),
        # Kinds of executions lie together, each in the order of the list: a page of some of them is merged from the
        # first rows of each kind, however many there are of any.
        Index(
            "executions_by_workflow_idx",
            "tenant_id",
            "workflow_id",
            "status",
            "trigger_type",
            desc("started_at"),
            desc("id"),
            postgresql_include=["duration_ms"],
        ),
        Index(
            "executions_by_status_idx",
            "tenant_id",
            "status",
            "trigger_type",
            desc("started_at"),
            desc("id"),
        ),
        Index(
            "executions_slowest_idx",
            "tenant_id",
            desc("duration_ms"),
            desc("id"),
            postgresql_include=["started_at", "workflow_id", "status", "trigger_type"],
            postgresql_where=text("duration_ms IS NOT NULL"),
        ),
        # A search for what many errors say walks along the first of these, any other is answered by the second.
        Index(
            "executions_with_errors_idx",
            "tenant_id",
            desc("started_at"),
            desc("id"),
            postgresql_where=text("error_message IS NOT NULL"),
        ),
        Index(
            "executions_errors_idx",
            "tenant_id",
            "error_message",
            postgresql_using="gin",
            postgresql_ops={"error_message": "gin_trgm_ops"},
            postgresql_where=text("error_message IS NOT NULL"),
        ),
        Index(
            "executions_pending_idx",
            "tenant_id",
            "held",
            desc("priority"),
            "id",
            postgresql_where=text("status = 'pending'"),
        ),
        Index(
            "executions_unfinished_idx",
            "checked_at",
            postgresql_where=text("status IN ('pending', 'running')"),
        ),
        Index(
            "executions_idempotency_key",
            "tenant_id",
            "idempotency_key",
            unique=True,
            postgresql_where=text("idempotency_key IS NOT NULL"),
        ),
        # Few executions have a parent or a schedule, are retried or told anything: the others are in none of these.
        Index(
            "executions_children_idx",
            "tenant_id",
            "parent_execution_id",
            desc("started_at"),
            desc("id"),
            postgresql_where=text("parent_execution_id IS NOT NULL"),
        ),
        Index(
            "executions_retries_idx",
            "tenant_id",
            "retry_of",
            "id",
            postgresql_where=text("retry_of IS NOT NULL"),
        ),
        Index(
            "executions_by_schedule_idx",
            "tenant_id",
            "schedule_id",
            desc("started_at"),
            desc("id"),
            postgresql_where=text("schedule_id IS NOT NULL"),
        ),
        Index(
            "executions_control_due_idx",
            "control_due_at",
            postgresql_where=text("control_due_at IS NOT NULL"),
        ),
    )

    id: str = Field(sa_type=IDENTIFIER, primary_key=True)
    tenant_id: str = Field(sa_type=IDENTIFIER)
    workflow_id: str = Field(sa_type=IDENTIFIER)
    workflow_name: str = Field(sa_type=Text)
    version: int
    status: str = Field(sa_type=Text)
    """An `ExecutionStatus`."""
    trigger_type: str = Field(sa_type=Text)
    trigger: dict[str, Any] = Field(sa_type=DOCUMENT)
    priority: int
    """0 (low) to 3 (critical)."""
    accepted_at: datetime = Field(sa_type=INSTANT)
    started_at: datetime = Field(sa_type=INSTANT)
    """`accepted_at` until the run's own start is known."""
    completed_at: datetime | None = Field(default=None, sa_type=INSTANT)
    duration_ms: int | None = Field(default=None, sa_type=BigInteger)
    """An execution may take a year: more milliseconds than 32 bits hold."""
    error: dict[str, Any] | None = Field(default=None, sa_type=DOCUMENT)
    """An `ErrorInfo`."""
    error_type: str | None = Field(default=None, sa_type=Text)
    """This and the next two are of `error`, where SQL can look for them: the database writes them itself."""
    error_action: str | None = Field(default=None, sa_type=Text)
    error_message: str | None = Field(default=None, sa_type=Text)
    steps_completed: int = 0
    steps_total: int = 0
    idempotency_key: str | None = Field(default=None, sa_type=Text)
    created_by: str = Field(sa_type=Text)
    checked_at: datetime = Field(sa_type=INSTANT)
    """When the row was last compared with Temporal; `accepted_at` until then."""
    retry_of: str | None = Field(default=None, sa_type=IDENTIFIER)
    """The execution that this one continues."""
    rerun_of: str | None = Field(default=None, sa_type=IDENTIFIER)
    """The execution whose trigger this one has."""
    parent_execution_id: str | None = Field(default=None, sa_type=IDENTIFIER)
    """The execution that runs this one as a sub-workflow."""
    parent_path: str | None = Field(default=None, sa_type=Text)
    """The step of the parent that does."""
    schedule_id: str | None = Field(default=None, sa_type=IDENTIFIER)
    """The schedule that began it."""
    stop: str | None = Field(default=None, sa_type=Text)
    """A `Stop` that somebody asked for, whether or not it has come to pass."""
    stop_requested_at: datetime | None = Field(default=None, sa_type=INSTANT)
    stop_requested_by: str | None = Field(default=None, sa_type=Text)
    stop_reason: str | None = Field(default=None, sa_type=Text)
    paused_at: datetime | None = Field(default=None, sa_type=INSTANT)
    """Since when no further step is to begin."""
    control_due_at: datetime | None = Field(default=None, sa_type=INSTANT)
    """When the run is to be told of `stop` or `paused_at`; NULL when there is nothing new to tell."""
    traceparent: str | None = Field(default=None, sa_type=Text)
    """The span that it was accepted in, as a W3C header, so that its run belongs to the same trace."""
    held: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    """Whether it waits for a place among the tenant's concurrent executions; it is `pending` then."""
    shares_place: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    """Whether it has the place of its parent, which waits for it."""
    has_waits: bool = False
    """Whether something may wait in it or be kept for it: only then its end has to look."""

    @property
    def paused(self) -> bool:
        """Whether it has not ended, and begins no further step."""
        return self.paused_at is not None and self.status not in TERMINAL
