"""API keys, by which machines say who they are."""

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Index, LargeBinary, Text, desc
from sqlmodel import Field

from gorax.store.tables.base import IDENTIFIER, INSTANT, Table


class ApiKey(Table, table=True):
    """A key of a tenant. The key itself is nowhere: its SHA-256 finds the row."""

    __tablename__ = "api_keys"
    __table_args__ = (
        ForeignKeyConstraint(["tenant_id"], ["tenants.id"]),
        Index("api_keys_digest_key", "digest", unique=True),
        Index("api_keys_newest_idx", "tenant_id", desc("id")),
    )

    id: str = Field(sa_type=IDENTIFIER, primary_key=True)
    tenant_id: str = Field(sa_type=IDENTIFIER)
    name: str = Field(sa_type=Text)
    role: str = Field(sa_type=Text)
    """A `Role`."""
    prefix: str = Field(sa_type=Text)
    """How the key begins, for people to tell keys apart."""
    digest: bytes = Field(sa_type=LargeBinary)
    expires_at: datetime | None = Field(default=None, sa_type=INSTANT)
    created_at: datetime = Field(sa_type=INSTANT)
    created_by: str = Field(sa_type=Text)
    last_used_at: datetime | None = Field(default=None, sa_type=INSTANT)
    """To within a minute."""
    revoked_at: datetime | None = Field(default=None, sa_type=INSTANT)
    revoked_by: str | None = Field(default=None, sa_type=Text)
