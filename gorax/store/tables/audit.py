"""The audit log."""

from datetime import datetime

from sqlalchemy import Index, Text, desc
from sqlmodel import Field

from gorax.store.tables.base import IDENTIFIER, INSTANT, Table


class AuditEntry(Table, table=True):
    """That somebody asked for a change. Rows are added and never changed: the database sees to it.

    They outlive what they are about.
    """

    __tablename__ = "audit_log"
    __table_args__ = (Index("audit_log_newest_idx", "tenant_id", desc("id")),)

    id: str = Field(sa_type=IDENTIFIER, primary_key=True)
    tenant_id: str | None = Field(default=None, sa_type=IDENTIFIER)
    """In which it was; None of what concerns the platform as a whole."""
    at: datetime = Field(sa_type=INSTANT)
    operation: str = Field(sa_type=Text)
    """Its `operationId`."""
    path: str = Field(sa_type=Text)
    """Of the request: it names what was to change."""
    outcome: str = Field(sa_type=Text)
    """`done`, `refused` or `failed`."""
    status: int | None = None
    """Of the answer; None where the entry was committed together with the change, before there was an answer."""
    user_id: str = Field(sa_type=Text)
    via: str = Field(sa_type=Text)
    """`session`, `key` or, in development, `headers`."""
    via_id: str | None = Field(default=None, sa_type=Text)
    """Of the session or the key."""
    address: str | None = Field(default=None, sa_type=Text)
    """Of the client."""
    request_id: str = Field(sa_type=Text)
