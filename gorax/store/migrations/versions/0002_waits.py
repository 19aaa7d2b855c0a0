"""What executions wait for: approvals and signals"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TIMESTAMP

revision = "0002"
down_revision = "0001"

ID = sa.String(collation="C")
TIME = TIMESTAMP(timezone=True)


def upgrade() -> None:
    # The default fills the rows that exist, without rewriting them.
    op.add_column("executions", sa.Column("has_waits", sa.Boolean, nullable=False, server_default=sa.false()))
    op.alter_column("executions", "has_waits", server_default=None)
    _create_waits()
    _create_signals()


def _create_waits() -> None:
    op.create_table(
        "waits",
        sa.Column("id", ID, nullable=False),
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("execution_id", ID, nullable=False),
        sa.Column("workflow_id", ID, nullable=False),
        sa.Column("temporal_id", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("action_id", sa.Text, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("title", sa.Text),
        sa.Column("description", sa.Text),
        sa.Column("assignees", sa.ARRAY(sa.Text), nullable=False),
        sa.Column("form", sa.JSON),
        sa.Column("payload_schema", sa.JSON),
        sa.Column("opened_at", TIME, nullable=False),
        sa.Column("expires_at", TIME),
        sa.Column("answered_at", TIME),
        sa.Column("answered_by", sa.Text),
        sa.Column("comment", sa.Text),
        sa.Column("payload", sa.JSON),
        sa.Column("closed_at", TIME),
        sa.Column("tell_at", TIME),
        sa.Column("tells", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="waits_pkey"),
        sa.ForeignKeyConstraint(
            ["execution_id"], ["executions.id"], name="waits_execution_id_fkey", ondelete="CASCADE"
        ),
    )
    newest: list[Any] = [sa.desc("opened_at"), sa.desc("id")]
    approvals = sa.text("kind = 'approval'")
    op.create_index("waits_execution_idx", "waits", ["execution_id"])
    op.create_index(
        "waits_open_idx",
        "waits",
        ["execution_id", "name", "opened_at", "number"],
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index("waits_newest_idx", "waits", ["tenant_id", *newest], postgresql_where=approvals)
    op.create_index(
        "waits_by_status_idx", "waits", ["tenant_id", "status", *newest], postgresql_where=approvals
    )
    op.create_index("waits_tell_idx", "waits", ["tell_at"], postgresql_where=sa.text("tell_at IS NOT NULL"))


def _create_signals() -> None:
    op.create_table(
        "signals",
        sa.Column("id", ID, nullable=False),
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("execution_id", ID, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("payload", sa.JSON),
        sa.Column("sent_by", sa.Text, nullable=False),
        sa.Column("sent_at", TIME, nullable=False),
        sa.Column("wait_id", ID),
        sa.Column("idempotency_key", sa.Text),
        sa.PrimaryKeyConstraint("id", name="signals_pkey"),
        sa.ForeignKeyConstraint(
            ["execution_id"], ["executions.id"], name="signals_execution_id_fkey", ondelete="CASCADE"
        ),
    )
    op.create_index("signals_execution_idx", "signals", ["execution_id"])
    op.create_index(
        "signals_kept_idx",
        "signals",
        ["execution_id", "name", "sent_at"],
        postgresql_where=sa.text("wait_id IS NULL"),
    )
    op.create_index(
        "signals_idempotency_key",
        "signals",
        ["execution_id", "idempotency_key"],
        unique=True,
        postgresql_where=sa.text("idempotency_key IS NOT NULL"),
    )
