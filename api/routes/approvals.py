"""Approvals: list what waits for people, read it, answer it."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from api import examples
from api.auth import CurrentIdentity, CurrentTenant
from api.dependencies import CurrentServices, Services
from api.identity import Identity
from api.json_body import JsonBody
from api.openapi import json_body, responses
from api.paths import ApprovalId
from api.responses import data, page
from api.schemas.approvals import Approval, ApprovalsQuery, Decide, approval_view
from api.schemas.common import Data, Page
from api.services.waits import Decision
from gorax.core.errors import NotFound
from gorax.store.approvals import Approvals

router = APIRouter(prefix="/api/v1/approvals", tags=["Approvals"])

_Decide = Annotated[Decide, Depends(JsonBody(Decide, optional=True))]
_DECIDED = responses(200, examples.data(examples.APPROVAL), 400, 401, 403, 404, 408, 409, 500, 503)


@router.get(
    "",
    operation_id="listApprovals",
    summary="List approvals",
    response_model=Page[Approval],
    responses=responses(200, examples.page(examples.APPROVAL), 400, 401, 500, 503),
)
async def list_approvals(
    tenant: CurrentTenant, services: CurrentServices, query: Annotated[ApprovalsQuery, Query()]
) -> Response:
    """The tenant's approvals that match all filters, newest first."""
    async with services.database.session(tenant) as session:
        rows, total = await Approvals(session, tenant).list(query.filter(), query.limit, query.offset)
    return page([approval_view(row) for row in rows], limit=query.limit, offset=query.offset, total=total)


@router.get(
    "/{approvalID}",
    operation_id="getApproval",
    summary="Get an approval",
    response_model=Data[Approval],
    responses=responses(200, examples.data(examples.APPROVAL), 400, 401, 404, 500, 503),
)
async def get_approval(approval_id: ApprovalId, tenant: CurrentTenant, services: CurrentServices) -> Response:
    """The approval, with its answer once it has one."""
    async with services.database.session(tenant) as session:
        row = await Approvals(session, tenant).get(approval_id)
    if row is None:
        raise NotFound("approval not found")
    return data(approval_view(row))


@router.post(
    "/{approvalID}/approve",
    operation_id="approveApproval",
    summary="Approve",
    response_model=Data[Approval],
    responses=_DECIDED,
    openapi_extra=json_body(Decide, examples.DECIDE, required=False),
)
async def approve(
    approval_id: ApprovalId, body: _Decide, identity: CurrentIdentity, services: CurrentServices
) -> Response:
    """Let the execution go on, with the form filled in as it asks. The first answer decides; a second is refused."""
    return await _decide(services, identity, approval_id, "approved", body)


@router.post(
    "/{approvalID}/reject",
    operation_id="rejectApproval",
    summary="Reject",
    response_model=Data[Approval],
    responses=_DECIDED,
    openapi_extra=json_body(Decide, examples.DECIDE, required=False),
)
async def reject(
    approval_id: ApprovalId, body: _Decide, identity: CurrentIdentity, services: CurrentServices
) -> Response:
    """Say no. The form may be left out; what the rejection means, the definition says."""
    return await _decide(services, identity, approval_id, "rejected", body)


async def _decide(
    services: Services, identity: Identity, approval_id: str, decision: Decision, body: Decide
) -> Response:
    decided = await services.waits.decide(
        identity.tenant_id,
        approval_id,
        decision,
        user_id=identity.user_id,
        comment=body.comment,
        form=body.form,
    )
    return data(approval_view(decided))
