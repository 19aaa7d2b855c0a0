"""Credentials, their versions, and who read them"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TIMESTAMP

revision = "0004"
down_revision = "0003"

ID = sa.String(collation="C")
TIME = TIMESTAMP(timezone=True)


def upgrade() -> None:
    _create_credentials()
    _create_versions()
    _create_accesses()


def _create_credentials() -> None:
    op.create_table(
        "credentials",
        sa.Column("id", ID, nullable=False),
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("name", ID, nullable=False),
        sa.Column("type", sa.Text, nullable=False),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("expires_at", TIME),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("updated_at", TIME, nullable=False),
        sa.Column("rotated_at", TIME, nullable=False),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.Column("updated_by", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="credentials_pkey"),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name="credentials_tenant_id_fkey"),
    )
    op.create_index("credentials_name_key", "credentials", ["tenant_id", "name"], unique=True)
    newest: list[Any] = [sa.desc("created_at"), sa.desc("id")]
    op.create_index("credentials_newest_idx", "credentials", ["tenant_id", *newest])


def _create_versions() -> None:
    op.create_table(
        "credential_versions",
        sa.Column("credential_id", ID, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("key_id", sa.Text),
        sa.Column("wrapped_key", sa.LargeBinary),
        sa.Column("ciphertext", sa.LargeBinary),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.Column("superseded_at", TIME),
        sa.Column("valid_until", TIME),
        sa.PrimaryKeyConstraint("credential_id", "version", name="credential_versions_pkey"),
        sa.ForeignKeyConstraint(
            ["credential_id"],
            ["credentials.id"],
            name="credential_versions_credential_id_fkey",
            ondelete="CASCADE",
        ),
    )
    op.create_index(
        "credential_versions_keys_idx",
        "credential_versions",
        ["key_id"],
        postgresql_where=sa.text("key_id IS NOT NULL"),
    )
    op.create_index(
        "credential_versions_ends_idx",
        "credential_versions",
        ["valid_until"],
        postgresql_where=sa.text("valid_until IS NOT NULL AND key_id IS NOT NULL"),
    )


def _create_accesses() -> None:
    op.create_table(
        "credential_accesses",
        sa.Column("id", ID, nullable=False),
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("credential_id", ID),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("version", sa.Integer),
        sa.Column("at", TIME, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("via", sa.Text, nullable=False),
        sa.Column("user_id", sa.Text),
        sa.Column("address", sa.Text),
        sa.Column("request_id", sa.Text),
        sa.Column("execution_id", ID),
        sa.Column("path", sa.Text),
        sa.Column("attempt", sa.Integer),
        sa.PrimaryKeyConstraint("id", name="credential_accesses_pkey"),
    )
    op.create_index(
        "credential_accesses_newest_idx", "credential_accesses", ["tenant_id", "credential_id", sa.desc("id")]
    )
    op.create_index("credential_accesses_tenant_idx", "credential_accesses", ["tenant_id", "id"])
    # Whatever has the application's own rights cannot cover its tracks by mistake or on purpose.
    op.execute(
        """
        CREATE FUNCTION credential_accesses_stay() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'the log of accesses to credentials is only ever added to';
        END
        $$
        """
    )
    op.execute(
        """
        CREATE TRIGGER credential_accesses_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON credential_accesses
        FOR EACH STATEMENT EXECUTE FUNCTION credential_accesses_stay()
        """
    )
