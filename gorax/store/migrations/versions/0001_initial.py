"""Tenants, workflows with their versions, and the index of executions"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TIMESTAMP

revision = "0001"
down_revision = None

ID = sa.String(collation="C")
TIME = TIMESTAMP(timezone=True)


def upgrade() -> None:
    op.create_table(
        "tenants",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("quotas", sa.JSON, nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("updated_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="tenants_pkey"),
    )
    op.create_table(
        "workflows",
        sa.Column("id", ID, nullable=False),
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("enabled", sa.Boolean, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("definition", sa.JSON, nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("updated_at", TIME, nullable=False),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.Column("updated_by", sa.Text, nullable=False),
        sa.Column("deleted_at", TIME),
        sa.PrimaryKeyConstraint("id", name="workflows_pkey"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="workflows_tenant_id_fkey"),
    )
    op.create_index(
        "workflows_newest_idx",
        "workflows",
        ["tenant_id", sa.desc("created_at"), sa.desc("id")],
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_table(
        "workflow_versions",
        sa.Column("workflow_id", ID, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("enabled", sa.Boolean, nullable=False),
        sa.Column("definition", sa.JSON, nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.Column("changes", sa.Text),
        sa.Column("restored_from", sa.Integer),
        sa.PrimaryKeyConstraint("workflow_id", "version", name="workflow_versions_pkey"),
        sa.ForeignKeyConstraint(["workflow_id"], ["workflows.id"], name="workflow_versions_workflow_id_fkey"),
    )
    _create_executions()


def _create_executions() -> None:
    op.create_table(
        "executions",
        sa.Column("id", ID, nullable=False),
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("workflow_id", ID, nullable=False),
        sa.Column("workflow_name", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("trigger_type", sa.Text, nullable=False),
        sa.Column("trigger", sa.JSON, nullable=False),
        sa.Column("priority", sa.Integer, nullable=False),
        sa.Column("accepted_at", TIME, nullable=False),
        sa.Column("started_at", TIME, nullable=False),
        sa.Column("completed_at", TIME),
        sa.Column("duration_ms", sa.BigInteger),
        sa.Column("error", sa.JSON),
        sa.Column("steps_completed", sa.Integer, nullable=False),
        sa.Column("steps_total", sa.Integer, nullable=False),
        sa.Column("idempotency_key", sa.Text),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.Column("checked_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="executions_pkey"),
        sa.ForeignKeyConstraint(
            ["workflow_id", "version"],
            ["workflow_versions.workflow_id", "workflow_versions.version"],
            name="executions_workflow_id_version_fkey",
        ),
    )
    newest: list[Any] = [sa.desc("started_at"), sa.desc("id")]
    op.create_index("executions_newest_idx", "executions", ["tenant_id", *newest])
    op.create_index("executions_by_workflow_idx", "executions", ["tenant_id", "workflow_id", *newest])
    op.create_index("executions_by_status_idx", "executions", ["tenant_id", "status", *newest])
    op.create_index(
        "executions_pending_idx",
        "executions",
        [sa.desc("priority"), "id"],
        postgresql_where=sa.text("status = 'pending'"),
    )
    op.create_index(
        "executions_unfinished_idx",
        "executions",
        ["checked_at"],
        postgresql_where=sa.text("status IN ('pending', 'running')"),
    )
    op.create_index(
        "executions_idempotency_key",
        "executions",
        ["tenant_id", "idempotency_key"],
        unique=True,
        postgresql_where=sa.text("idempotency_key IS NOT NULL"),
    )
