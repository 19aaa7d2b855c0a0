"""How many executions there are: totals by spans of time, and the changes that are not in them yet."""

from datetime import datetime

from sqlalchemy import BigInteger, Column, Identity, SmallInteger
from sqlmodel import Field

from gorax.store.tables.base import IDENTIFIER, INSTANT, Table

ALL_WORKFLOWS = ""
"""In place of a workflow's id: the totals of a tenant."""


class ExecutionChange(Table, table=True):
    """What one write changed about the number of executions of a kind; a trigger of the database inserts these.

    Rows are only ever inserted, and removed when they are folded into the totals: nobody waits for a counter.
    """

    __tablename__ = "execution_changes"

    tenant_id: str = Field(sa_type=IDENTIFIER, primary_key=True)
    quarter: datetime = Field(sa_type=INSTANT, primary_key=True)
    """Of an hour, in which it started."""
    number: int = Field(sa_column=Column(BigInteger, Identity(always=True), primary_key=True))
    workflow_id: str = Field(sa_type=IDENTIFIER)
    trigger_type: str = Field(sa_type=IDENTIFIER)
    status: str = Field(sa_type=IDENTIFIER)
    error_action: str = Field(sa_type=IDENTIFIER)
    """Of a failed one the action that failed; empty where there is none."""
    error_type: str = Field(sa_type=IDENTIFIER)
    executions: int = Field(sa_type=BigInteger)
    """How many more; negative when they have become fewer."""
    timed: int = Field(sa_type=BigInteger)
    """How many more of them have a duration."""
    duration_ms: int = Field(sa_type=BigInteger)
    """How much longer those took together."""


class ExecutionTotal(Table, table=True):
    """The executions of a kind that started within a span of time, without the changes that are still to be folded.

    Only the totals of a workflow's day tell errors apart: the others have empty ones.
    """

    __tablename__ = "execution_totals"

    tenant_id: str = Field(sa_type=IDENTIFIER, primary_key=True)
    workflow_id: str = Field(sa_type=IDENTIFIER, primary_key=True)
    """A workflow, or `ALL_WORKFLOWS`."""
    span: int = Field(sa_type=SmallInteger, primary_key=True)
    """In minutes, see `gorax.store.pieces.SPANS`; those of a quarter of an hour are of all workflows."""
    begins_at: datetime = Field(sa_type=INSTANT, primary_key=True)
    status: str = Field(sa_type=IDENTIFIER, primary_key=True)
    trigger_type: str = Field(sa_type=IDENTIFIER, primary_key=True)
    error_action: str = Field(sa_type=IDENTIFIER, primary_key=True)
    error_type: str = Field(sa_type=IDENTIFIER, primary_key=True)
    executions: int = Field(sa_type=BigInteger)
    timed: int = Field(sa_type=BigInteger)
    duration_ms: int = Field(sa_type=BigInteger)
