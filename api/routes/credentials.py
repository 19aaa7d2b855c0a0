"""Credentials: list, create, read, change, rotate, delete; their values, and who read them."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.requests import Request
from starlette.responses import Response

from api import examples, json_lines
from api.auth import CurrentIdentity, CurrentTenant
from api.dependencies import CurrentServices
from api.json_body import JsonBody
from api.openapi import error_responses, json_body, responses
from api.paths import CredentialId
from api.readers import reader_of
from api.responses import SECRET, data, page
from api.schemas.common import Data, Page, PageQuery
from api.schemas.credentials import (
    AccessView,
    CreateCredential,
    CredentialVersionView,
    CredentialView,
    DeleteQuery,
    LogQuery,
    RotateCredential,
    RotatedView,
    UpdateCredential,
    ValueView,
    access_view,
    credential_view,
    version_view,
)
from gorax.store.credential_log import whole_log

router = APIRouter(prefix="/api/v1/credentials", tags=["Credentials"])

COMMON = (400, 401, 500, 503)
ONE = (*COMMON, 404)
BODY = (408,)


@router.get(
    "",
    operation_id="listCredentials",
    summary="List credentials",
    response_model=Page[CredentialView],
    responses=responses(200, examples.page(examples.CREDENTIAL), *COMMON),
)
async def list_credentials(
    tenant: CurrentTenant, services: CurrentServices, query: Annotated[PageQuery, Query()]
) -> Response:
    """The tenant's credentials, newest first, without their values; those that expire within 14 days say so."""
    rows, total = await services.credentials.page(tenant, query.limit, query.offset)
    return page([credential_view(row) for row in rows], limit=query.limit, offset=query.offset, total=total)


@router.post(
    "",
    operation_id="createCredential",
    summary="Create a credential",
    status_code=201,
    response_model=Data[CredentialView],
    responses=responses(201, examples.data(examples.CREDENTIAL), *COMMON, *BODY, 409),
    openapi_extra=json_body(CreateCredential, examples.CREATE_CREDENTIAL),
)
async def create_credential(
    identity: CurrentIdentity,
    services: CurrentServices,
    body: Annotated[CreateCredential, Depends(JsonBody(CreateCredential))],
) -> Response:
    """Encrypt the value and save it. The values of the known types have a form; any other type takes any object."""
    created = await services.credentials.create(identity, body)
    return data(credential_view(created), 201, {"Location": f"{router.prefix}/{created.id}"})


@router.get(
    "/access-log",
    operation_id="exportCredentialAccessLog",
    summary="Export who read credentials",
    response_class=Response,
    responses={**json_lines.documented(examples.CREDENTIAL_ACCESS), **error_responses(*COMMON)},
)
async def export_access_log(
    tenant: CurrentTenant, services: CurrentServices, query: Annotated[LogQuery, Query()]
) -> Response:
    """Every read of a value in the tenant, refused ones included, as JSON lines; also of credentials that are gone."""
    pieces = whole_log(services.database, tenant, query.from_, query.to)
    return await json_lines.stream(pieces, access_view)


@router.get(
    "/{credentialID}",
    operation_id="getCredential",
    summary="Get a credential",
    response_model=Data[CredentialView],
    responses=responses(200, examples.data(examples.CREDENTIAL), *ONE),
)
async def get_credential(
    credential_id: CredentialId, tenant: CurrentTenant, services: CurrentServices
) -> Response:
    """The credential, without its value."""
    return data(credential_view(await services.credentials.get(tenant, credential_id)))


@router.put(
    "/{credentialID}",
    operation_id="updateCredential",
    summary="Update a credential",
    response_model=Data[CredentialView],
    responses=responses(200, examples.data(examples.CREDENTIAL), *ONE, *BODY, 409),
    openapi_extra=json_body(UpdateCredential, examples.UPDATE_CREDENTIAL),
)
async def update_credential(
    credential_id: CredentialId,
    identity: CurrentIdentity,
    services: CurrentServices,
    body: Annotated[UpdateCredential, Depends(JsonBody(UpdateCredential))],
) -> Response:
    """Change name, description or expiry. Definitions call a credential by its name: they do not follow a new one."""
    return data(credential_view(await services.credentials.update(identity, credential_id, body)))


@router.delete(
    "/{credentialID}",
    operation_id="deleteCredential",
    summary="Delete a credential",
    status_code=204,
    response_class=Response,
    responses={204: {"description": "Deleted"}, **error_responses(*ONE, 409)},
)
async def delete_credential(
    credential_id: CredentialId,
    tenant: CurrentTenant,
    services: CurrentServices,
    query: Annotated[DeleteQuery, Query()],
) -> Response:
    """Delete the credential with all its values; refused while workflows use it, unless forced."""
    await services.credentials.delete(tenant, credential_id, force=query.force)
    return Response(status_code=204)


@router.get(
    "/{credentialID}/value",
    operation_id="getCredentialValue",
    summary="Get the value of a credential",
    response_model=Data[ValueView],
    responses=responses(200, examples.data(examples.CREDENTIAL_VALUE), *ONE, 409),
)
async def get_value(
    credential_id: CredentialId, request: Request, identity: CurrentIdentity, services: CurrentServices
) -> Response:
    """The current value, decrypted. Every call is in the access log, refused ones included."""
    revealed = await services.credentials.value(
        identity.tenant_id, credential_id, reader_of(request, identity.user_id)
    )
    view: ValueView = {"id": revealed.credential_id, "version": revealed.version, "value": revealed.value}
    return data(view, headers=SECRET)


@router.post(
    "/{credentialID}/rotate",
    operation_id="rotateCredential",
    summary="Rotate a credential",
    response_model=Data[RotatedView],
    responses=responses(200, examples.data(examples.ROTATED), *ONE, *BODY),
    openapi_extra=json_body(RotateCredential, examples.ROTATE_CREDENTIAL),
)
async def rotate_credential(
    credential_id: CredentialId,
    identity: CurrentIdentity,
    services: CurrentServices,
    body: Annotated[RotateCredential, Depends(JsonBody(RotateCredential))],
) -> Response:
    """Put a new value in the place of the current one, which executions that have begun may use for a grace period."""
    row = await services.credentials.rotate(identity, credential_id, body)
    view: RotatedView = {"id": row.id, "version": row.version, "rotated_at": row.rotated_at}
    return data(view)


@router.get(
    "/{credentialID}/versions",
    operation_id="listCredentialVersions",
    summary="List the versions of a credential",
    response_model=Page[CredentialVersionView],
    responses=responses(200, examples.page(examples.CREDENTIAL_VERSION), *ONE),
)
async def list_versions(
    credential_id: CredentialId,
    tenant: CurrentTenant,
    services: CurrentServices,
    query: Annotated[PageQuery, Query()],
) -> Response:
    """When the value was set and by whom, newest first; values that are valid no more are gone."""
    rows, total = await services.credentials.versions(tenant, credential_id, query.limit, query.offset)
    return page([version_view(row) for row in rows], limit=query.limit, offset=query.offset, total=total)


@router.get(
    "/{credentialID}/access-log",
    operation_id="listCredentialAccesses",
    summary="List who read a credential",
    response_model=Page[AccessView],
    responses=responses(200, examples.page(examples.CREDENTIAL_ACCESS), *ONE),
)
async def list_accesses(
    credential_id: CredentialId,
    tenant: CurrentTenant,
    services: CurrentServices,
    query: Annotated[PageQuery, Query()],
) -> Response:
    """Every read of the value, newest first: over the API or by which step of which execution, and what was refused."""
    rows, total = await services.credentials.accesses(tenant, credential_id, query.limit, query.offset)
    return page([access_view(row) for row in rows], limit=query.limit, offset=query.offset, total=total)
