"""Tenants."""

from datetime import datetime

from sqlalchemy import Text
from sqlmodel import Field

from gorax.store.tables.base import DOCUMENT, IDENTIFIER, INSTANT, Table


class Tenant(Table, table=True):
    """Who owns everything else."""

    __tablename__ = "tenants"

    id: str = Field(sa_type=IDENTIFIER, primary_key=True)
    name: str = Field(sa_type=Text)
    status: str = Field(sa_type=Text)
    quotas: dict[str, int] = Field(sa_type=DOCUMENT)
    """By name; -1 is without limit."""
    created_at: datetime = Field(sa_type=INSTANT)
    updated_at: datetime = Field(sa_type=INSTANT)
