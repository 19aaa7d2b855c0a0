"""Approvals, signals, and what executions wait for."""

from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from gorax.client.models.common import Model

ApprovalStatus = Literal["waiting", "approved", "rejected", "expired", "cancelled"] | str


class Decision(Model):
    """What somebody answered."""

    decision: Literal["approved", "rejected"] | str
    by: str | None
    at: datetime
    form: Any
    comment: str | None


class Approval(Model):
    """An approval."""

    id: str
    execution_id: str
    workflow_id: str
    action_id: str
    path: str
    status: ApprovalStatus
    title: str | None
    description: str | None
    assignees: list[str]
    form: Any
    opened_at: datetime
    expires_at: datetime | None
    answer: Decision | None


class SentSignal(Model):
    """A signal that the execution has, or will have when it waits for it."""

    id: str
    execution_id: str
    name: str
    status: Literal["delivered", "queued"] | str


class Wait(Model):
    """Something that an execution waits for now."""

    id: str
    kind: Literal["signal", "approval"] | str
    name: str
    action_id: str
    path: str
    title: str | None
    schema_: dict[str, Any] | None = Field(alias="schema")
    opened_at: datetime
    expires_at: datetime | None
