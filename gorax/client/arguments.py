"""Types of arguments that several resources take."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import TypedDict

from gorax.client.models.executions import ExecutionStatus, TriggerType

Time = datetime | date | str
"""A time, or in queries a day; a text is sent as it is."""
Duration = float | str
"""Seconds, or a text such as `"90s"`, `"1h30m"`."""


class TimeRange(TypedDict, total=False):
    """A range of time."""

    from_: Time
    to: Time
    """A plain date means through the end of that day."""


class ExecutionFilters(TimeRange, total=False):
    """Which executions; all filters together."""

    workflow_id: str
    status: ExecutionStatus | Sequence[ExecutionStatus]
    trigger_type: TriggerType
    timezone: str
    """IANA name of the zone of dates, and of times that do not say theirs; by default UTC."""


class AuditFilters(TimeRange, total=False):
    """Which entries of an audit log; all filters together."""

    user_id: str
    operation: str
    """An `operationId` of the OpenAPI document."""
