"""Runs that Temporal forgets, kept for as long as their executions are."""

from datetime import datetime
from typing import Any

from sqlalchemy import ARRAY, ForeignKeyConstraint, Index, LargeBinary, Text
from sqlmodel import Field

from gorax.store.tables.base import IDENTIFIER, INSTANT, Table

_NAMES: Any = ARRAY(Text)


class ArchivedRun(Table, table=True):
    """The history of one closed run: of an execution, or of a batch of one of its loops."""

    __tablename__ = "archived_runs"
    __table_args__ = (
        ForeignKeyConstraint(["execution_id"], ["executions.id"], ondelete="CASCADE"),
        Index("archived_runs_execution_idx", "execution_id"),
    )

    tenant_id: str = Field(sa_type=IDENTIFIER)
    execution_id: str = Field(sa_type=IDENTIFIER)
    workflow_id: str = Field(sa_type=IDENTIFIER, primary_key=True)
    """Temporal's."""
    run_id: str = Field(sa_type=IDENTIFIER, primary_key=True)
    """Temporal's."""
    closed_at: datetime = Field(sa_type=INSTANT)
    data: bytes | None = Field(default=None, sa_type=LargeBinary)
    """The packed history; None where it is in the object store."""
    payloads: list[str] = Field(default=[], sa_type=_NAMES, sa_column_kwargs={"server_default": "{}"})
    """Names of the objects that have payloads of the run: they go with it."""
    archived_at: datetime = Field(sa_type=INSTANT)


class ArchiveProgress(Table, table=True):
    """How far the archive of a Temporal namespace is."""

    __tablename__ = "archive_progress"

    namespace: str = Field(sa_type=Text, primary_key=True)
    archived_until: datetime = Field(sa_type=INSTANT)
    """Every run that closed before it is in the archive."""
