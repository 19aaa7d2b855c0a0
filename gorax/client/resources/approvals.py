"""Approvals."""

from typing import Any, TypedDict, Unpack

from gorax.client.calls import Call, data, page
from gorax.client.models.approvals import Approval, ApprovalStatus
from gorax.client.models.common import Page
from gorax.client.resource import R, Resource, every, operation

_ONE = "/api/v1/approvals/{approvalID}"


class ApprovalFilters(TypedDict, total=False):
    """Which approvals; all filters together."""

    status: ApprovalStatus
    workflow_id: str
    execution_id: str
    assignee: str


class Decision(TypedDict, total=False):
    """What goes with an answer."""

    comment: str | None
    form: Any
    """What the approval's form asks for."""


class Approvals(Resource[R]):
    """`gorax.approvals`."""

    @operation("listApprovals", "GET", "/api/v1/approvals")
    def list(
        self, *, limit: int = 100, offset: int = 0, **filters: Unpack[ApprovalFilters]
    ) -> Call[Page[Approval]]:
        """A page of the approvals that match, newest first; `limit` is 100 at most."""
        return Call(page(Approval), query={"limit": limit, "offset": offset, **filters})

    iterate = every(list)

    @operation("getApproval", "GET", _ONE)
    def get(self, approval_id: str) -> Call[Approval]:
        """One approval, with its form and its answer."""
        return Call(data(Approval), (approval_id,))

    @operation("approveApproval", "POST", f"{_ONE}/approve")
    def approve(self, approval_id: str, **decision: Unpack[Decision]) -> Call[Approval]:
        """Approve it: the execution goes on."""
        return Call(data(Approval), (approval_id,), body={**decision})

    @operation("rejectApproval", "POST", f"{_ONE}/reject")
    def reject(self, approval_id: str, **decision: Unpack[Decision]) -> Call[Approval]:
        """Reject it: the execution goes on, or fails, as its definition says."""
        return Call(data(Approval), (approval_id,), body={**decision})
