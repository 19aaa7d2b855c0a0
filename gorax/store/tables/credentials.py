"""Credentials, their versions, and who read them."""

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Index, LargeBinary, Text, desc, text
from sqlmodel import Field

from gorax.store.tables.base import IDENTIFIER, INSTANT, Table


class Credential(Table, table=True):
    """A credential as lists show it: without a value."""

    __tablename__ = "credentials"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id"], ["tenants.id"]),
        # Definitions name credentials.
        Index("credentials_name_key", "tenant_id", "name", unique=True),
        Index("credentials_newest_idx", "tenant_id", desc("created_at"), desc("id")),
    )

    id: str = Field(sa_type=IDENTIFIER, primary_key=True)
    tenant_id: str = Field(sa_type=IDENTIFIER)
    name: str = Field(sa_type=IDENTIFIER)
    type: str = Field(sa_type=Text)
    description: str = Field(sa_type=Text)
    version: int
    """The current one."""
    expires_at: datetime | None = Field(default=None, sa_type=INSTANT)
    """Of the current version."""
    created_at: datetime = Field(sa_type=INSTANT)
    updated_at: datetime = Field(sa_type=INSTANT)
    rotated_at: datetime = Field(sa_type=INSTANT)
    """When the current version was made."""
    created_by: str = Field(sa_type=Text)
    updated_by: str = Field(sa_type=Text)


class CredentialVersion(Table, table=True):
    """One value that a credential has, or had, in its envelope; see `gorax.vault`.

    The envelope is emptied once the version is valid no more.
    """

    __tablename__ = "credential_versions"
    __table_args__ = (
        ForeignKeyConstraint(["credential_id"], ["credentials.id"], ondelete="CASCADE"),
        # What the keepers of keys look for: versions under another master key, and those to be emptied.
        Index("credential_versions_keys_idx", "key_id", postgresql_where=text("key_id IS NOT NULL")),
        Index(
            "credential_versions_ends_idx",
            "valid_until",
            postgresql_where=text("valid_until IS NOT NULL AND key_id IS NOT NULL"),
        ),
    )

    credential_id: str = Field(sa_type=IDENTIFIER, primary_key=True)
    version: int = Field(primary_key=True)
    key_id: str | None = Field(default=None, sa_type=Text)
    wrapped_key: bytes | None = Field(default=None, sa_type=LargeBinary)
    ciphertext: bytes | None = Field(default=None, sa_type=LargeBinary)
    created_at: datetime = Field(sa_type=INSTANT)
    created_by: str = Field(sa_type=Text)
    superseded_at: datetime | None = Field(default=None, sa_type=INSTANT)
    """When a newer one took its place."""
    valid_until: datetime | None = Field(default=None, sa_type=INSTANT)
    """Of a superseded version: when its grace period ends."""


class CredentialAccess(Table, table=True):
    """That somebody read a value, or was refused. Rows are added and never changed: the database sees to it.

    They outlive the credential.
    """

    __tablename__ = "credential_accesses"
    __table_args__ = (
        Index("credential_accesses_newest_idx", "tenant_id", "credential_id", desc("id")),
        Index("credential_accesses_tenant_idx", "tenant_id", "id"),
    )

    id: str = Field(sa_type=IDENTIFIER, primary_key=True)
    tenant_id: str = Field(sa_type=IDENTIFIER)
    credential_id: str | None = Field(default=None, sa_type=IDENTIFIER)
    """None when there is none of the name."""
    name: str = Field(sa_type=Text)
    """Of the credential; for one that is not there, how it was asked for."""
    version: int | None = None
    at: datetime = Field(sa_type=INSTANT)
    outcome: str = Field(sa_type=Text)
    """`granted` or `refused`."""
    reason: str | None = Field(default=None, sa_type=Text)
    """Why it was refused."""
    via: str = Field(sa_type=Text)
    """`api` or `step`."""
    user_id: str | None = Field(default=None, sa_type=Text)
    address: str | None = Field(default=None, sa_type=Text)
    """Of the client."""
    request_id: str | None = Field(default=None, sa_type=Text)
    execution_id: str | None = Field(default=None, sa_type=IDENTIFIER)
    path: str | None = Field(default=None, sa_type=Text)
    """Of the step."""
    attempt: int | None = None
