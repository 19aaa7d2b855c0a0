"""Payloads that are too large for a history."""

from datetime import datetime

from sqlalchemy import Index, LargeBinary, Text
from sqlmodel import Field

from gorax.store.tables.base import IDENTIFIER, INSTANT, Table


class StoredPayload(Table, table=True):
    """One payload; the history of a run has a reference to it."""

    __tablename__ = "payloads"
    __table_args__ = (Index("payloads_unchecked_idx", "checked_at"),)

    scope: str = Field(sa_type=IDENTIFIER, primary_key=True)
    """The Temporal id of the execution whose runs refer to it."""
    digest: str = Field(sa_type=Text, primary_key=True)
    """SHA-256 of the data, in hex."""
    data: bytes = Field(sa_type=LargeBinary)
    """The payload as Temporal would have it, serialised, after any codec."""
    stored_at: datetime = Field(sa_type=INSTANT)
    checked_at: datetime = Field(sa_type=INSTANT)
    """When its execution was last looked up in Temporal."""
    missed_at: datetime | None = Field(default=None, sa_type=INSTANT)
    """When Temporal did not have it, the first time since it was last seen."""
