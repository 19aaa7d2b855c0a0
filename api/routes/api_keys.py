"""API keys: create, list, read, revoke."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from api import examples
from api.auth import CurrentIdentity, CurrentTenant
from api.dependencies import CurrentServices
from api.json_body import JsonBody
from api.openapi import error_responses, json_body, responses
from api.paths import KeyId
from api.responses import SECRET, data, page
from api.schemas.api_keys import ApiKeyView, CreateApiKey, NewApiKeyView, api_key_view
from api.schemas.common import Data, Page, PageQuery

router = APIRouter(prefix="/api/v1/api-keys", tags=["API keys"])

COMMON = (400, 401, 403, 500, 503)
ONE = (*COMMON, 404)


@router.get(
    "",
    operation_id="listApiKeys",
    summary="List API keys",
    response_model=Page[ApiKeyView],
    responses=responses(200, examples.page(examples.API_KEY), *COMMON),
)
async def list_api_keys(
    tenant: CurrentTenant, services: CurrentServices, query: Annotated[PageQuery, Query()]
) -> Response:
    """The tenant's keys, newest first, those that are valid no more among them."""
    rows, total = await services.api_keys.page(tenant, query.limit, query.offset)
    return page([api_key_view(row) for row in rows], limit=query.limit, offset=query.offset, total=total)


@router.post(
    "",
    operation_id="createApiKey",
    summary="Create an API key",
    status_code=201,
    response_model=Data[NewApiKeyView],
    responses=responses(201, examples.data(examples.NEW_API_KEY), *COMMON, 408, 409),
    openapi_extra=json_body(CreateApiKey, examples.CREATE_API_KEY),
)
async def create_api_key(
    identity: CurrentIdentity,
    services: CurrentServices,
    body: Annotated[CreateApiKey, Depends(JsonBody(CreateApiKey))],
) -> Response:
    """Make a key for a machine. This answer is the only place where the key itself is."""
    created = await services.api_keys.create(identity, body)
    view: NewApiKeyView = {**api_key_view(created.key), "key": created.secret}
    return data(view, 201, {"Location": f"{router.prefix}/{created.key.id}", **SECRET})


@router.get(
    "/{keyID}",
    operation_id="getApiKey",
    summary="Get an API key",
    response_model=Data[ApiKeyView],
    responses=responses(200, examples.data(examples.API_KEY), *ONE),
)
async def get_api_key(key_id: KeyId, tenant: CurrentTenant, services: CurrentServices) -> Response:
    """The key, without the key itself: what it may do, and when it was last used, to within a minute."""
    return data(api_key_view(await services.api_keys.get(tenant, key_id)))


@router.delete(
    "/{keyID}",
    operation_id="revokeApiKey",
    summary="Revoke an API key",
    status_code=204,
    response_class=Response,
    responses={204: {"description": "Revoked"}, **error_responses(*ONE)},
)
async def revoke_api_key(key_id: KeyId, identity: CurrentIdentity, services: CurrentServices) -> Response:
    """Let nobody use the key from now on. It stays in the list."""
    await services.api_keys.revoke(identity, key_id)
    return Response(status_code=204)
