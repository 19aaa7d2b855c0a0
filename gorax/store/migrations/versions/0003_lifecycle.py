"""Cancelling, pausing and retrying executions; executions within executions"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TIMESTAMP

revision = "0003"
down_revision = "0002"

ID = sa.String(collation="C")
TIME = TIMESTAMP(timezone=True)


def upgrade() -> None:
    for name, kind in (
        ("retry_of", ID),
        ("rerun_of", ID),
        ("parent_execution_id", ID),
        ("parent_path", sa.Text()),
        ("stop", sa.Text()),
        ("stop_requested_at", TIME),
        ("stop_requested_by", sa.Text()),
        ("stop_reason", sa.Text()),
        ("paused_at", TIME),
        ("control_due_at", TIME),
    ):
        op.add_column("executions", sa.Column(name, kind))
    op.create_index(
        "executions_children_idx",
        "executions",
        ["tenant_id", "parent_execution_id", sa.desc("started_at"), sa.desc("id")],
        postgresql_where=sa.text("parent_execution_id IS NOT NULL"),
    )
    op.create_index(
        "executions_retries_idx",
        "executions",
        ["tenant_id", "retry_of", "id"],
        postgresql_where=sa.text("retry_of IS NOT NULL"),
    )
    op.create_index(
        "executions_control_due_idx",
        "executions",
        ["control_due_at"],
        postgresql_where=sa.text("control_due_at IS NOT NULL"),
    )
