"""Webhooks, the events that they received, and the keys of those that must not repeat"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TIMESTAMP

revision = "0006"
down_revision = "0005"

ID = sa.String(collation="C")
TIME = TIMESTAMP(timezone=True)


def upgrade() -> None:
    _create_webhooks()
    _create_events()
    _create_keys()
    _pending_by_tenant()


def _create_webhooks() -> None:
    op.create_table(
        "webhooks",
        sa.Column("id", ID, nullable=False),
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("workflow_id", ID, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("path", ID),
        sa.Column("enabled", sa.Boolean, nullable=False),
        sa.Column("auth_type", sa.Text, nullable=False),
        sa.Column("scheme", sa.Text),
        sa.Column("username", sa.Text),
        sa.Column("header_name", sa.Text),
        sa.Column("secret_number", sa.Integer, nullable=False),
        sa.Column("secret_key_id", sa.Text),
        sa.Column("secret_wrapped_key", sa.LargeBinary),
        sa.Column("secret_ciphertext", sa.LargeBinary),
        sa.Column("previous_key_id", sa.Text),
        sa.Column("previous_wrapped_key", sa.LargeBinary),
        sa.Column("previous_ciphertext", sa.LargeBinary),
        sa.Column("previous_valid_until", TIME),
        sa.Column("regenerated_at", TIME),
        sa.Column("methods", sa.ARRAY(sa.Text), nullable=False),
        sa.Column("priority", sa.Integer, nullable=False),
        sa.Column("response_mode", sa.Text, nullable=False),
        sa.Column("response_timeout", sa.Float, nullable=False),
        sa.Column("input_schema", sa.JSON),
        sa.Column("filter", sa.Text),
        sa.Column("dedupe_key", sa.Text),
        sa.Column("dedupe_seconds", sa.Integer, nullable=False),
        sa.Column("allowed_ips", sa.ARRAY(sa.Text), nullable=False),
        sa.Column("max_body_bytes", sa.Integer),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.Column("updated_at", TIME, nullable=False),
        sa.Column("deleted_at", TIME),
        sa.PrimaryKeyConstraint("id", name="webhooks_pkey"),
        sa.ForeignKeyConstraint(["workflow_id"], ["workflows.id"], name="webhooks_workflow_id_fkey"),
    )
    newest: list[Any] = [sa.desc("created_at"), sa.desc("id")]
    there = sa.text("deleted_at IS NULL")
    op.create_index("webhooks_newest_idx", "webhooks", ["tenant_id", *newest], postgresql_where=there)
    op.create_index(
        "webhooks_path_key", "webhooks", ["tenant_id", "path"], unique=True, postgresql_where=there
    )
    op.create_index("webhooks_workflow_idx", "webhooks", ["workflow_id"], postgresql_where=there)
    op.create_index(
        "webhooks_keys_idx",
        "webhooks",
        ["secret_key_id", "previous_key_id"],
        postgresql_where=sa.text("secret_key_id IS NOT NULL"),
    )
    op.create_index(
        "webhooks_ends_idx",
        "webhooks",
        ["previous_valid_until"],
        postgresql_where=sa.text("previous_valid_until IS NOT NULL"),
    )


def _create_events() -> None:
    op.create_table(
        "webhook_events",
        sa.Column("id", ID, nullable=False),
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("webhook_id", ID, nullable=False),
        sa.Column("received_at", TIME, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("method", sa.Text, nullable=False),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("query", sa.JSON, nullable=False),
        sa.Column("headers", sa.JSON, nullable=False),
        sa.Column("content_type", sa.Text),
        sa.Column("remote_address", sa.Text),
        sa.Column("body", sa.JSON),
        sa.Column("body_bytes", sa.Integer, nullable=False),
        sa.Column("replayable", sa.Boolean, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("response_status", sa.Integer),
        sa.Column("response_time_ms", sa.Integer),
        sa.Column("execution_id", ID),
        sa.Column("dedupe_key", sa.Text),
        sa.Column("duplicate_of", ID),
        sa.Column("replay_of", ID),
        sa.PrimaryKeyConstraint("id", name="webhook_events_pkey"),
    )
    newest: list[Any] = [sa.desc("received_at"), sa.desc("id")]
    op.create_index("webhook_events_newest_idx", "webhook_events", ["tenant_id", "webhook_id", *newest])
    op.create_index(
        "webhook_events_by_status_idx", "webhook_events", ["tenant_id", "webhook_id", "status", *newest]
    )
    op.create_index("webhook_events_received_idx", "webhook_events", ["received_at"])
    op.create_index(
        "webhook_events_replays_idx",
        "webhook_events",
        ["replay_of"],
        postgresql_where=sa.text("replay_of IS NOT NULL"),
    )


def _create_keys() -> None:
    op.create_table(
        "webhook_keys",
        sa.Column("webhook_id", ID, nullable=False),
        sa.Column("key", ID, nullable=False),
        sa.Column("event_id", ID, nullable=False),
        sa.Column("execution_id", ID),
        sa.Column("expires_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("webhook_id", "key", name="webhook_keys_pkey"),
    )
    op.create_index("webhook_keys_expired_idx", "webhook_keys", ["expires_at"])


def _pending_by_tenant() -> None:
    # What waits is started in turns of the tenants; until now it went by priority over all of them.
    op.drop_index("executions_pending_idx", "executions")
    op.create_index(
        "executions_pending_idx",
        "executions",
        ["tenant_id", sa.desc("priority"), "id"],
        postgresql_where=sa.text("status = 'pending'"),
    )
