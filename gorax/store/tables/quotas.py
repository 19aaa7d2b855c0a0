"""What is left of a tenant's executions today."""

from datetime import date

from sqlalchemy import BigInteger, SmallInteger
from sqlmodel import Field

from gorax.store.tables.base import IDENTIFIER, Table


class ExecutionDay(Table, table=True):
    """A part of what a tenant may begin on a day; a trigger of the database takes from these.

    There are several parts, so that executions which are accepted at the same time take from different ones. There
    are none where nothing has begun yet, or where the day is not limited.
    """

    __tablename__ = "execution_days"

    tenant_id: str = Field(sa_type=IDENTIFIER, primary_key=True)
    day: date = Field(primary_key=True)
    """In UTC."""
    part: int = Field(sa_type=SmallInteger, primary_key=True)
    used: int = Field(sa_type=BigInteger)
    remaining: int = Field(sa_type=BigInteger)
