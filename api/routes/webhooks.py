"""Webhooks: list, create, read, change, delete; and their secrets."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from api import examples
from api import webhook_examples as webhook
from api.auth import CurrentIdentity, CurrentTenant
from api.dependencies import CurrentServices
from api.json_body import JsonBody
from api.openapi import error_responses, json_body, responses
from api.paths import WebhookId
from api.responses import data, page
from api.schemas.common import Data, Page, PageQuery
from api.schemas.webhooks import (
    CreatedWebhook,
    CreateWebhook,
    RegeneratedSecret,
    RegenerateSecret,
    UpdatedWebhook,
    UpdateWebhook,
    WebhookSummary,
    WebhookView,
    created_view,
    regenerated_view,
    summary_view,
    updated_view,
    webhook_view,
)

router = APIRouter(prefix="/api/v1/webhooks", tags=["Webhooks"])

COMMON = (400, 401, 500, 503)
ONE = (*COMMON, 404)
BODY = (408, 409)
# An answer that shows a secret is for whoever asked, and for nobody's cache.
_SECRET = {"Cache-Control": "no-store"}


@router.get(
    "",
    operation_id="listWebhooks",
    summary="List webhooks",
    response_model=Page[WebhookSummary],
    responses=responses(200, examples.page(webhook.WEBHOOK_SUMMARY), *COMMON),
)
async def list_webhooks(
    tenant: CurrentTenant, services: CurrentServices, query: Annotated[PageQuery, Query()]
) -> Response:
    """The tenant's webhooks, newest first."""
    rows, total = await services.webhooks.page(tenant, query.limit, query.offset)
    views = [summary_view(row, services.addresses) for row in rows]
    return page(views, limit=query.limit, offset=query.offset, total=total)


@router.post(
    "",
    operation_id="createWebhook",
    summary="Create a webhook",
    status_code=201,
    response_model=Data[CreatedWebhook],
    responses=responses(201, examples.data(webhook.CREATED_WEBHOOK), *ONE, *BODY),
    openapi_extra=json_body(CreateWebhook, webhook.CREATE_WEBHOOK),
)
async def create_webhook(
    identity: CurrentIdentity,
    services: CurrentServices,
    body: Annotated[CreateWebhook, Depends(JsonBody(CreateWebhook))],
) -> Response:
    """Save a new webhook of a workflow. Its secret is shown here, and never again; without one for `none`."""
    webhook, secret = await services.webhooks.create(identity, body)
    headers = {**_SECRET, "Location": f"{router.prefix}/{webhook.id}"}
    return data(created_view(webhook, secret, services.addresses), 201, headers)


@router.get(
    "/{webhookID}",
    operation_id="getWebhook",
    summary="Get a webhook",
    response_model=Data[WebhookView],
    responses=responses(200, examples.data(webhook.WEBHOOK), *ONE),
)
async def get_webhook(webhook_id: WebhookId, tenant: CurrentTenant, services: CurrentServices) -> Response:
    """The webhook, without its secret."""
    return data(webhook_view(await services.webhooks.get(tenant, webhook_id), services.addresses))


@router.put(
    "/{webhookID}",
    operation_id="updateWebhook",
    summary="Update a webhook",
    response_model=Data[UpdatedWebhook],
    responses=responses(200, examples.data(webhook.UPDATED_WEBHOOK), *ONE, *BODY),
    openapi_extra=json_body(UpdateWebhook, webhook.UPDATE_WEBHOOK),
)
async def update_webhook(
    webhook_id: WebhookId,
    tenant: CurrentTenant,
    services: CurrentServices,
    body: Annotated[UpdateWebhook, Depends(JsonBody(UpdateWebhook))],
) -> Response:
    """Change what the body has; the rest stays. Another `auth_type` makes a new secret, which is shown here alone."""
    webhook, secret = await services.webhooks.update(tenant, webhook_id, body)
    return data(updated_view(webhook, secret), headers=_SECRET)


@router.delete(
    "/{webhookID}",
    operation_id="deleteWebhook",
    summary="Delete a webhook",
    status_code=204,
    response_class=Response,
    responses={204: {"description": "Deleted"}, **error_responses(*ONE)},
)
async def delete_webhook(webhook_id: WebhookId, tenant: CurrentTenant, services: CurrentServices) -> Response:
    """Delete the webhook with its secret. What it has begun goes on, and its events stay until they are old."""
    await services.webhooks.delete(tenant, webhook_id)
    return Response(status_code=204)


@router.post(
    "/{webhookID}/regenerate-secret",
    operation_id="regenerateWebhookSecret",
    summary="Regenerate the secret of a webhook",
    response_model=Data[RegeneratedSecret],
    responses=responses(200, examples.data(webhook.REGENERATED), *ONE, *BODY),
    openapi_extra=json_body(RegenerateSecret, webhook.REGENERATE, required=False),
)
async def regenerate_secret(
    webhook_id: WebhookId,
    tenant: CurrentTenant,
    services: CurrentServices,
    body: Annotated[RegenerateSecret, Depends(JsonBody(RegenerateSecret, optional=True))],
) -> Response:
    """Put a new secret in the place of the current one, which is valid no more, or not after `grace_seconds`."""
    webhook, secret = await services.webhooks.regenerate(tenant, webhook_id, body)
    return data(regenerated_view(webhook, secret), headers=_SECRET)
