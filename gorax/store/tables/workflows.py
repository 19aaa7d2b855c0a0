"""Workflows and their versions."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKeyConstraint, Index, Text, desc, text
from sqlmodel import Field

from gorax.store.tables.base import DOCUMENT, IDENTIFIER, INSTANT, Table


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
