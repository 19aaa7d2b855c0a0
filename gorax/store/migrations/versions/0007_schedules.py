"""Schedules, and the executions that they began"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TIMESTAMP

revision = "0007"
down_revision = "0006"

ID = sa.String(collation="C")
TIME = TIMESTAMP(timezone=True)


def upgrade() -> None:
    op.create_table(
        "schedules",
        sa.Column("id", ID, nullable=False),
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("workflow_id", ID, nullable=False),
        sa.Column("of_definition", sa.Boolean, nullable=False),
        sa.Column("timing", sa.JSON, nullable=False),
        sa.Column("enabled", sa.Boolean, nullable=False),
        sa.Column("pause_reason", sa.Text),
        sa.Column("payload", sa.JSON),
        sa.Column("overlap", sa.Text, nullable=False),
        sa.Column("catchup_window", sa.Float, nullable=False),
        sa.Column("pause_on_failure", sa.Boolean, nullable=False),
        sa.Column("remaining_runs", sa.Integer),
        sa.Column("runs_limit", sa.Integer),
        sa.Column("backfills", sa.JSON, nullable=False),
        sa.Column("generation", sa.Integer, nullable=False),
        sa.Column("twin_generation", sa.Integer),
        sa.Column("twin_active", sa.Boolean),
        sa.Column("synced_at", TIME),
        sa.Column("sync_due_at", TIME),
        sa.Column("sync_error", sa.Text),
        sa.Column("skipped_at", TIME),
        sa.Column("skip_reason", sa.Text),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.Column("updated_at", TIME, nullable=False),
        sa.Column("updated_by", sa.Text, nullable=False),
        sa.Column("deleted_at", TIME),
        sa.PrimaryKeyConstraint("id", name="schedules_pkey"),
        sa.ForeignKeyConstraint(["workflow_id"], ["workflows.id"], name="schedules_workflow_id_fkey"),
    )
    newest: list[Any] = [sa.desc("created_at"), sa.desc("id")]
    op.create_index(
        "schedules_newest_idx",
        "schedules",
        ["tenant_id", *newest],
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_index("schedules_by_workflow_idx", "schedules", ["workflow_id", *newest])
    op.create_index(
        "schedules_of_definition_key",
        "schedules",
        ["workflow_id"],
        unique=True,
        postgresql_where=sa.text("of_definition AND deleted_at IS NULL"),
    )
    op.create_index(
        "schedules_sync_due_idx",
        "schedules",
        ["sync_due_at"],
        postgresql_where=sa.text("sync_due_at IS NOT NULL"),
    )
    op.add_column("executions", sa.Column("schedule_id", ID))
    op.create_index(
        "executions_by_schedule_idx",
        "executions",
        ["tenant_id", "schedule_id", sa.desc("started_at"), sa.desc("id")],
        postgresql_where=sa.text("schedule_id IS NOT NULL"),
    )
