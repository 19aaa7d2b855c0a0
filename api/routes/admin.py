"""Administration of the platform: its tenants, and who changed what in any of them. No tenant is current here."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from api import examples, json_lines
from api.auth import PlatformAdmin
from api.dependencies import CurrentServices
from api.json_body import JsonBody
from api.openapi import error_responses, json_body, responses
from api.paths import TenantId
from api.responses import data, page
from api.schemas.audit import AuditView, PlatformLogPageQuery, PlatformLogQuery, audit_view
from api.schemas.common import Data, Page
from api.schemas.tenants import (
    CreateTenant,
    TenantsQuery,
    TenantView,
    UpdateQuotas,
    UsageView,
    tenant_view,
    usage_view,
)
from gorax.store.audit import AuditLog, whole_log

PREFIX = "/api/v1/admin"

router = APIRouter(prefix=PREFIX, tags=["Admin"])

COMMON = (400, 401, 403, 500, 503)
ONE = (*COMMON, 404)
BODY = (408,)
_TENANT = responses(200, examples.data(examples.TENANT), *ONE)


@router.get(
    "/tenants",
    operation_id="listTenants",
    summary="List tenants",
    response_model=Page[TenantView],
    responses=responses(200, examples.page(examples.TENANT), *COMMON),
)
async def list_tenants(
    _: PlatformAdmin, services: CurrentServices, query: Annotated[TenantsQuery, Query()]
) -> Response:
    """All tenants, newest first."""
    rows, total = await services.tenants.page(query.status, query.limit, query.offset)
    return page([tenant_view(row) for row in rows], limit=query.limit, offset=query.offset, total=total)


@router.post(
    "/tenants",
    operation_id="createTenant",
    summary="Create a tenant",
    status_code=201,
    response_model=Data[TenantView],
    responses=responses(201, examples.data(examples.TENANT), *COMMON, *BODY),
    openapi_extra=json_body(CreateTenant, examples.CREATE_TENANT),
)
async def create_tenant(
    _: PlatformAdmin,
    services: CurrentServices,
    body: Annotated[CreateTenant, Depends(JsonBody(CreateTenant))],
) -> Response:
    """Make a tenant. Who belongs to it is written into the identities of its users, by the id that is answered."""
    created = await services.tenants.create(body)
    return data(tenant_view(created), 201, {"Location": f"{PREFIX}/tenants/{created.id}"})


@router.get(
    "/tenants/{tenantID}",
    operation_id="getTenant",
    summary="Get a tenant",
    response_model=Data[TenantView],
    responses=_TENANT,
)
async def get_tenant(tenant_id: TenantId, _: PlatformAdmin, services: CurrentServices) -> Response:
    """The tenant, unless it is deleted."""
    return data(tenant_view(await services.tenants.get(tenant_id)))


@router.put(
    "/tenants/{tenantID}/quotas",
    operation_id="updateTenantQuotas",
    summary="Update the quotas of a tenant",
    response_model=Data[TenantView],
    responses={**_TENANT, **error_responses(*BODY)},
    openapi_extra=json_body(UpdateQuotas, examples.UPDATE_QUOTAS),
)
async def update_quotas(
    tenant_id: TenantId,
    _: PlatformAdmin,
    services: CurrentServices,
    body: Annotated[UpdateQuotas, Depends(JsonBody(UpdateQuotas))],
) -> Response:
    """Change the quotas that are given and keep the others."""
    return data(tenant_view(await services.tenants.set_quotas(tenant_id, body.given())))


@router.get(
    "/tenants/{tenantID}/usage",
    operation_id="getTenantUsage",
    summary="Get what a tenant uses of its quotas",
    response_model=Data[UsageView],
    responses=responses(200, examples.data(examples.USAGE), *ONE),
)
async def get_usage(tenant_id: TenantId, _: PlatformAdmin, services: CurrentServices) -> Response:
    """How much there is of what its quotas limit, and how much has begun since midnight, UTC."""
    return data(usage_view(*await services.tenants.usage(tenant_id)))


@router.post(
    "/tenants/{tenantID}/suspend",
    operation_id="suspendTenant",
    summary="Suspend a tenant",
    response_model=Data[TenantView],
    responses=_TENANT,
)
async def suspend_tenant(tenant_id: TenantId, _: PlatformAdmin, services: CurrentServices) -> Response:
    """Let the tenant be read, and nothing in it change or begin. Executions that run go on to their end."""
    return data(tenant_view(await services.tenants.suspend(tenant_id)))


@router.post(
    "/tenants/{tenantID}/activate",
    operation_id="activateTenant",
    summary="Activate a tenant",
    response_model=Data[TenantView],
    responses=_TENANT,
)
async def activate_tenant(tenant_id: TenantId, _: PlatformAdmin, services: CurrentServices) -> Response:
    """End a suspension. What was accepted before it and waited begins now."""
    return data(tenant_view(await services.tenants.activate(tenant_id)))


@router.delete(
    "/tenants/{tenantID}",
    operation_id="deleteTenant",
    summary="Delete a tenant",
    status_code=204,
    response_class=Response,
    responses={204: {"description": "Deleted"}, **error_responses(*ONE)},
)
async def delete_tenant(tenant_id: TenantId, admin: PlatformAdmin, services: CurrentServices) -> Response:
    """Let nobody into the tenant any more and cancel what runs in it. Its data stays, out of everybody's reach."""
    await services.tenants.delete(admin, tenant_id)
    return Response(status_code=204)


@router.get(
    "/audit-log",
    operation_id="listPlatformAuditLog",
    summary="List who changed what on the platform",
    response_model=Page[AuditView],
    responses=responses(200, examples.page(examples.AUDIT_ENTRY), *COMMON),
)
async def list_audit_log(
    _: PlatformAdmin, services: CurrentServices, query: Annotated[PlatformLogPageQuery, Query()]
) -> Response:
    """Every change that was asked for in any tenant, or of the tenants themselves, newest first."""
    async with services.database.platform() as session:
        rows, total = await AuditLog(session, query.tenant_id).list(query.filter(), query.limit, query.offset)
    return page([audit_view(row) for row in rows], limit=query.limit, offset=query.offset, total=total)


@router.get(
    "/audit-log/export",
    operation_id="exportPlatformAuditLog",
    summary="Export who changed what on the platform",
    response_class=Response,
    responses={**json_lines.documented(examples.AUDIT_ENTRY), **error_responses(*COMMON)},
)
async def export_audit_log(
    _: PlatformAdmin, services: CurrentServices, query: Annotated[PlatformLogQuery, Query()]
) -> Response:
    """The same as JSON lines, oldest first, however much it is."""
    return await json_lines.stream(whole_log(services.database, query.tenant_id, query.filter()), audit_view)
