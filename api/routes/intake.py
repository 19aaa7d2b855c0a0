"""The public addresses of webhooks: whoever sends here needs no account, but what the webhook asks for."""

from typing import Annotated

from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import Response

from api import webhook_examples as webhook
from api.dependencies import CurrentServices
from api.limits import read_body
from api.openapi import any_body, responses
from api.paths import TenantId, WebhookId, WorkflowId
from api.responses import respond
from api.schemas.intake import ReceivedEvent
from api.services.admission import Incoming
from api.services.intake import ACCEPTED, Outcome
from gorax.core.webhooks.headers import read_headers
from gorax.core.webhooks.networks import remote_address

router = APIRouter(prefix="/webhooks", tags=["Webhooks"])

METHODS = ["GET", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]
"""Beside POST: which of them are received, each webhook says."""
STATUSES = (400, 401, 403, 404, 405, 408, 409, 413, 415, 500, 503)

WebhookPath = Annotated[str, Path(description="The path of the webhook")]


@router.api_route("/{workflowID}/{webhookID}", methods=METHODS, include_in_schema=False)
@router.post(
    "/{workflowID}/{webhookID}",
    operation_id="receiveEvent",
    summary="Send an event to a webhook",
    status_code=ACCEPTED,
    response_model=ReceivedEvent,
    responses=responses(ACCEPTED, webhook.RECEIVED, *STATUSES),
    openapi_extra=any_body(webhook.EVENT_DETAIL["body"]),
)
async def receive_event(
    request: Request, services: CurrentServices, workflow_id: WorkflowId, webhook_id: WebhookId
) -> Response:
    """Keep an event and begin an execution with it. Once this is answered with 2xx, it is not lost.

    The body is whatever the sender sends, and the proof who it is what the webhook asks for. Other methods than POST
    are received where the webhook allows them. A webhook with `response_mode: result` answers what its workflow does.
    """
    incoming = _incoming(request, services)
    return _answer(await services.intake.receive(workflow_id, webhook_id, incoming))


@router.api_route("/{tenantID}/{path:path}", methods=METHODS, include_in_schema=False)
@router.post(
    "/{tenantID}/{path:path}",
    operation_id="receiveEventAtPath",
    summary="Send an event to a webhook's own path",
    status_code=ACCEPTED,
    response_model=ReceivedEvent,
    responses=responses(ACCEPTED, webhook.RECEIVED, *STATUSES),
    openapi_extra=any_body(webhook.EVENT_DETAIL["body"]),
)
async def receive_event_at_path(
    request: Request, services: CurrentServices, tenant_id: TenantId, path: WebhookPath
) -> Response:
    """The same at the address of the tenant's own choice."""
    return _answer(await services.intake.receive(tenant_id, path, _incoming(request, services)))


def _incoming(request: Request, services: CurrentServices) -> Incoming:
    headers = read_headers(request.headers.raw)

    async def read(limit: int) -> bytes:
        return await read_body(request, limit)

    async def gone() -> None:
        while (await request.receive())["type"] != "http.disconnect":
            pass

    return Incoming(
        method=request.method,
        path=request.scope["path"],
        query=request.scope["query_string"],
        headers=headers,
        remote_address=remote_address(
            request.client.host if request.client else None,
            headers.by_name.get("x-forwarded-for"),
            services.settings.webhooks.trusted_proxies,
        ),
        read=read,
        gone=gone,
    )


def _answer(outcome: Outcome) -> Response:
    if (reply := outcome.reply) is not None:
        return Response(reply.content, reply.status, reply.headers)
    return respond(outcome.content, outcome.status, outcome.headers)
