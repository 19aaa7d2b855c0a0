"""The tables, and with them the nouns that the repositories return.

Text that people write is bounded by the API, not here: a bound that moves must not need a migration.
"""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, BigInteger, ForeignKeyConstraint, Index, MetaData, String, Text, desc, text
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlmodel import Field, SQLModel

# Ids are compared byte by byte: faster than a language's order, and the order in which they were made.
IDENTIFIER = String(collation="C")
INSTANT = TIMESTAMP(timezone=True)

# `json`, not `jsonb`: what users wrote comes back as they wrote it (order of keys, spelling of numbers, and
# NUL characters, which `jsonb` refuses), and nothing is ever searched inside it.
DOCUMENT = JSON(none_as_null=True)


class Table(SQLModel):
    """Base of all tables, with names of constraints that do not depend on who created them."""

    metadata: ClassVar[MetaData] = MetaData(
        naming_convention={
            "ix": "%(table_name)s_%(column_0_N_name)s_idx",
            "uq": "%(table_name)s_%(column_0_N_name)s_key",
            "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
            "pk": "%(table_name)s_pkey",
        }
    )


class Tenant(Table, table=True):
    """Who owns everything else."""

    __tablename__ = "tenants"

    id: str = Field(sa_type=IDENTIFIER, primary_key=True)
    name: str = Field(sa_type=Text)
    status: str = Field(sa_type=Text)
    quotas: dict[str, int] = Field(sa_type=DOCUMENT)
    """By name; -1 is without limit."""
    created_at: datetime = Field(sa_type=INSTANT)
    updated_at: datetime = Field(sa_type=INSTANT)


class Workflow(Table, table=True):
    """A workflow as it is now.

    The definition stands here and in the newest version: what starting an execution reads, the hottest read
    of all, is then one row by its key, and the price is one copy per workflow, not per version.
    """

    __tablename__ = "workflows"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id"], ["tenants.id"]),
        Index(
            "workflows_newest_idx",
            "tenant_id",
            desc("created_at"),
            desc("id"),
            postgresql_where=text("deleted_at IS NULL"),
        ),
    )

    id: str = Field(sa_type=IDENTIFIER, primary_key=True)
    tenant_id: str = Field(sa_type=IDENTIFIER)
    name: str = Field(sa_type=Text)
    description: str = Field(sa_type=Text)
    enabled: bool
    version: int
    definition: dict[str, Any] = Field(sa_type=DOCUMENT)
    created_at: datetime = Field(sa_type=INSTANT)
    updated_at: datetime = Field(sa_type=INSTANT)
    created_by: str = Field(sa_type=Text)
    updated_by: str = Field(sa_type=Text)
    deleted_at: datetime | None = Field(default=None, sa_type=INSTANT)


class WorkflowVersion(Table, table=True):
    """A workflow as one save left it; never changed again, and kept when the workflow is deleted."""

    __tablename__ = "workflow_versions"
    __table_args__ = (ForeignKeyConstraint(["workflow_id"], ["workflows.id"]),)

    workflow_id: str = Field(sa_type=IDENTIFIER, primary_key=True)
    version: int = Field(primary_key=True)
    name: str = Field(sa_type=Text)
    description: str = Field(sa_type=Text)
    enabled: bool
    definition: dict[str, Any] = Field(sa_type=DOCUMENT)
    created_at: datetime = Field(sa_type=INSTANT)
    created_by: str = Field(sa_type=Text)
    changes: str | None = Field(default=None, sa_type=Text)
    restored_from: int | None = None


class Execution(Table, table=True):
    """The index row of an execution; Temporal holds the truth about its run."""

    __tablename__ = "executions"
    __table_args__ = (
        # An accepted execution must find the definition that it was accepted with.
        ForeignKeyConstraint(
            ["workflow_id", "version"], ["workflow_versions.workflow_id", "workflow_versions.version"]
        ),
        Index("executions_newest_idx", "tenant_id", desc("started_at"), desc("id")),
        Index("executions_by_workflow_idx", "tenant_id", "workflow_id", desc("started_at"), desc("id")),
        Index("executions_by_status_idx", "tenant_id", "status", desc("started_at"), desc("id")),
        Index(
            "executions_pending_idx",
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
    steps_completed: int = 0
    steps_total: int = 0
    idempotency_key: str | None = Field(default=None, sa_type=Text)
    created_by: str = Field(sa_type=Text)
    checked_at: datetime = Field(sa_type=INSTANT)
    """When the row was last compared with Temporal; `accepted_at` until then."""
