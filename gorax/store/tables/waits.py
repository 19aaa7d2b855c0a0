"""What executions wait for, and what is sent to them."""

from datetime import datetime
from typing import Any

from sqlalchemy import ARRAY, ForeignKeyConstraint, Index, Text, desc, text
from sqlmodel import Field

from gorax.store.tables.base import DOCUMENT, IDENTIFIER, INSTANT, Table

_IS_APPROVAL = text("kind = 'approval'")


class Wait(Table, table=True):
    """Something that an execution waits for, or waited for, and how it was answered."""

    __tablename__ = "waits"
    __table_args__ = (
        ForeignKeyConstraint(["execution_id"], ["executions.id"], ondelete="CASCADE"),
        Index("waits_execution_idx", "execution_id"),
        Index(
            "waits_open_idx",
            "execution_id",
            "name",
            "opened_at",
            "number",
            postgresql_where=text("closed_at IS NULL"),
        ),
        Index("waits_newest_idx", "tenant_id", desc("opened_at"), desc("id"), postgresql_where=_IS_APPROVAL),
        Index(
            "waits_by_status_idx",
            "tenant_id",
            "status",
            desc("opened_at"),
            desc("id"),
            postgresql_where=_IS_APPROVAL,
        ),
        Index("waits_tell_idx", "tell_at", postgresql_where=text("tell_at IS NOT NULL")),
    )

    id: str = Field(sa_type=IDENTIFIER, primary_key=True)
    tenant_id: str = Field(sa_type=IDENTIFIER)
    execution_id: str = Field(sa_type=IDENTIFIER)
    workflow_id: str = Field(sa_type=IDENTIFIER)
    temporal_id: str = Field(sa_type=Text)
    """The Temporal workflow that waits: the execution's, or that of a batch of one of its loops."""
    kind: str = Field(sa_type=Text)
    """A `WaitKind`."""
    name: str = Field(sa_type=Text)
    path: str = Field(sa_type=Text)
    action_id: str = Field(sa_type=Text)
    number: int
    """The step's place in its run: the order of waits that opened at the same moment."""
    status: str = Field(sa_type=Text)
    """`waiting`; then `answered`, of an approval `approved` or `rejected`; or `expired` or `cancelled`."""
    title: str | None = Field(default=None, sa_type=Text)
    description: str | None = Field(default=None, sa_type=Text)
    assignees: list[str] = Field(sa_type=ARRAY(Text))
    form: Any = Field(default=None, sa_type=DOCUMENT, nullable=True)
    payload_schema: dict[str, Any] | None = Field(default=None, sa_type=DOCUMENT)
    opened_at: datetime = Field(sa_type=INSTANT)
    expires_at: datetime | None = Field(default=None, sa_type=INSTANT)
    answered_at: datetime | None = Field(default=None, sa_type=INSTANT)
    answered_by: str | None = Field(default=None, sa_type=Text)
    comment: str | None = Field(default=None, sa_type=Text)
    payload: Any = Field(default=None, sa_type=DOCUMENT, nullable=True)
    closed_at: datetime | None = Field(default=None, sa_type=INSTANT)
    """When the run, or its end, was done with it."""
    tell_at: datetime | None = Field(default=None, sa_type=INSTANT)
    """Of an answer: when the run is to be told again, unless it closes the wait before."""
    tells: int = 0
    """How often it was told again."""


class Signal(Table, table=True):
    """Something that was sent to an execution."""

    __tablename__ = "signals"
    __table_args__ = (
        ForeignKeyConstraint(["execution_id"], ["executions.id"], ondelete="CASCADE"),
        Index("signals_execution_idx", "execution_id"),
        Index(
            "signals_kept_idx", "execution_id", "name", "sent_at", postgresql_where=text("wait_id IS NULL")
        ),
        Index(
            "signals_idempotency_key",
            "execution_id",
            "idempotency_key",
            unique=True,
            postgresql_where=text("idempotency_key IS NOT NULL"),
        ),
    )

    id: str = Field(sa_type=IDENTIFIER, primary_key=True)
    tenant_id: str = Field(sa_type=IDENTIFIER)
    execution_id: str = Field(sa_type=IDENTIFIER)
    name: str = Field(sa_type=Text)
    payload: Any = Field(default=None, sa_type=DOCUMENT, nullable=True)
    """Until a wait takes it over."""
    sent_by: str = Field(sa_type=Text)
    sent_at: datetime = Field(sa_type=INSTANT)
    wait_id: str | None = Field(default=None, sa_type=IDENTIFIER)
    """The wait that it answered; None while it is kept for one."""
    idempotency_key: str | None = Field(default=None, sa_type=Text)
