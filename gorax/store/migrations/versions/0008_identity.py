"""API keys, the audit log, and what becomes of tenants"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TIMESTAMP

revision = "0008"
down_revision = "0007"

ID = sa.String(collation="C")
TIME = TIMESTAMP(timezone=True)


def upgrade() -> None:
    op.add_column("tenants", sa.Column("admin_email", sa.Text))
    op.add_column("tenants", sa.Column("deleted_at", TIME))
    op.create_index("tenants_newest_idx", "tenants", [sa.desc("created_at"), sa.desc("id")])
    _create_keys()
    _create_log()


def _create_keys() -> None:
    op.create_table(
        "api_keys",
        sa.Column("id", ID, nullable=False),
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("prefix", sa.Text, nullable=False),
        sa.Column("digest", sa.LargeBinary, nullable=False),
        sa.Column("expires_at", TIME),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.Column("last_used_at", TIME),
        sa.Column("revoked_at", TIME),
        sa.Column("revoked_by", sa.Text),
        sa.PrimaryKeyConstraint("id", name="api_keys_pkey"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="api_keys_tenant_id_fkey"),
    )
    op.create_index("api_keys_digest_key", "api_keys", ["digest"], unique=True)
    op.create_index("api_keys_newest_idx", "api_keys", ["tenant_id", sa.desc("id")])


def _create_log() -> None:
    op.create_table(
        "audit_log",
        sa.Column("id", ID, nullable=False),
        sa.Column("tenant_id", ID),
        sa.Column("at", TIME, nullable=False),
        sa.Column("operation", sa.Text, nullable=False),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("status", sa.Integer),
        sa.Column("user_id", sa.Text, nullable=False),
        sa.Column("via", sa.Text, nullable=False),
        sa.Column("via_id", sa.Text),
        sa.Column("address", sa.Text),
        sa.Column("request_id", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="audit_log_pkey"),
    )
    op.create_index("audit_log_newest_idx", "audit_log", ["tenant_id", sa.desc("id")])
    # Whatever has the application's own rights cannot cover its tracks by mistake or on purpose.
    op.execute(
        """
        CREATE FUNCTION audit_log_stays() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'the audit log is only ever added to';
        END
        $$
        """
    )
    op.execute(
        """
        CREATE TRIGGER audit_log_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log
        FOR EACH STATEMENT EXECUTE FUNCTION audit_log_stays()
        """
    )
