"""Approvals, signals and waits: the filters of the list, the answer, and what comes back."""

from datetime import datetime
from typing import Any, Literal

from pydantic import Field
from typing_extensions import TypedDict

from api.schemas.common import Note, PageQuery, RequestBody
from gorax.store.approvals import ApprovalFilter
from gorax.store.tables import Signal, Wait
from gorax.store.waits import answer_of

ApprovalStatus = Literal["waiting", "approved", "rejected", "expired", "cancelled"]


class ApprovalsQuery(PageQuery):
    """Which approvals are wanted; all filters together."""

    status: ApprovalStatus | None = Field(default=None, description="Only approvals of this status.")
    workflow_id: str | None = Field(
        default=None, min_length=1, max_length=255, description="Only approvals of this workflow."
    )
    execution_id: str | None = Field(
        default=None, min_length=1, max_length=255, description="Only approvals of this execution."
    )
    assignee: str | None = Field(
        default=None, min_length=1, max_length=255, description="Only approvals that ask this user by name."
    )

    def filter(self) -> ApprovalFilter:
        """The filters as the store takes them."""
        return ApprovalFilter(
            status=self.status,
            workflow_id=self.workflow_id,
            execution_id=self.execution_id,
            assignee=self.assignee,
        )


class Decide(RequestBody):
    """An answer to an approval."""

    comment: Note | None = None
    form: Any = None
    """What the approval's form asks for."""


class Decided(TypedDict):
    """What somebody answered: what the step's output will be."""

    decision: Literal["approved", "rejected"]
    by: str | None
    at: datetime
    form: Any
    comment: str | None


class Approval(TypedDict):
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
    answer: Decided | None


class SentSignal(TypedDict):
    """A signal that the execution has, or will have when it waits for it."""

    id: str
    execution_id: str
    name: str
    status: Literal["delivered", "queued"]


class OpenWait(TypedDict):
    """Something that an execution waits for now."""

    id: str
    kind: Literal["signal", "approval"]
    name: str
    action_id: str
    path: str
    title: str | None
    schema: dict[str, Any] | None
    opened_at: datetime
    expires_at: datetime | None


def approval_view(wait: Wait) -> dict[str, Any]:
    """The approval as the API shows it."""
    answer = answer_of(wait)
    return {
        "id": wait.id,
        "execution_id": wait.execution_id,
        "workflow_id": wait.workflow_id,
        "action_id": wait.action_id,
        "path": wait.path,
        "status": wait.status,
        "title": wait.title,
        "description": wait.description,
        "assignees": wait.assignees,
        "form": wait.form,
        "opened_at": wait.opened_at,
        "expires_at": wait.expires_at,
        "answer": answer
        and {
            "decision": answer.decision,
            "by": answer.by,
            "at": answer.at,
            "form": answer.payload,
            "comment": answer.comment,
        },
    }


def signal_view(signal: Signal) -> dict[str, Any]:
    """The signal as the API shows it."""
    return {
        "id": signal.id,
        "execution_id": signal.execution_id,
        "name": signal.name,
        "status": "queued" if signal.wait_id is None else "delivered",
    }


def wait_view(wait: Wait) -> dict[str, Any]:
    """The wait as the API shows it."""
    return {
        "id": wait.id,
        "kind": wait.kind,
        "name": wait.name,
        "action_id": wait.action_id,
        "path": wait.path,
        "title": wait.title,
        "schema": wait.payload_schema,
        "opened_at": wait.opened_at,
        "expires_at": wait.expires_at,
    }
