"""Tenants."""

from datetime import datetime

from sqlalchemy import Index, Text, desc
from sqlmodel import Field

from gorax.store.tables.base import DOCUMENT, IDENTIFIER, INSTANT, Table


class Tenant(Table, table=True):
    """Who owns everything else."""

    __tablename__ = "tenants"
    __table_args__ = (Index("tenants_newest_idx", desc("created_at"), desc("id")),)

    id: str = Field(sa_type=IDENTIFIER, primary_key=True)
    name: str = Field(sa_type=Text)
    status: str = Field(sa_type=Text)
    """`active`, `suspended` or `deleted`."""
    admin_email: str | None = Field(default=None, sa_type=Text)
    """Whom to write to."""
    quotas: dict[str, int] = Field(sa_type=DOCUMENT)
    """By name; -1 is without limit."""
    created_at: datetime = Field(sa_type=INSTANT)
    updated_at: datetime = Field(sa_type=INSTANT)
    deleted_at: datetime | None = Field(default=None, sa_type=INSTANT)
