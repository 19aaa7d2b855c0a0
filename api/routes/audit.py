"""The audit log: of a tenant, for its administrators."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from api import examples, json_lines
from api.auth import CurrentTenant
from api.dependencies import CurrentServices
from api.openapi import error_responses, responses
from api.responses import page
from api.schemas.audit import AuditView, LogPageQuery, LogQuery, audit_view
from api.schemas.common import Page
from gorax.store.audit import AuditLog, whole_log

router = APIRouter(prefix="/api/v1/audit-log", tags=["Audit log"])

COMMON = (400, 401, 403, 500, 503)


@router.get(
    "",
    operation_id="listAuditLog",
    summary="List who changed what",
    response_model=Page[AuditView],
    responses=responses(200, examples.page(examples.AUDIT_ENTRY), *COMMON),
)
async def list_audit_log(
    tenant: CurrentTenant, services: CurrentServices, query: Annotated[LogPageQuery, Query()]
) -> Response:
    """Every change that was asked for in the tenant, newest first, refused ones included."""
    async with services.database.session(tenant) as session:
        rows, total = await AuditLog(session, tenant).list(query.filter(), query.limit, query.offset)
    return page([audit_view(row) for row in rows], limit=query.limit, offset=query.offset, total=total)


@router.get(
    "/export",
    operation_id="exportAuditLog",
    summary="Export who changed what",
    response_class=Response,
    responses={**json_lines.documented(examples.AUDIT_ENTRY), **error_responses(*COMMON)},
)
async def export_audit_log(
    tenant: CurrentTenant, services: CurrentServices, query: Annotated[LogQuery, Query()]
) -> Response:
    """The same as JSON lines, oldest first, however much it is."""
    return await json_lines.stream(whole_log(services.database, tenant, query.filter()), audit_view)
