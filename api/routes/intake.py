"""The public addresses of webhooks: whoever sends here needs no account, but what the webhook asks for."""

from collections.abc import Callable, Coroutine
from typing import Annotated, Any

from fastapi import APIRouter, Path
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response

from api import webhook_examples as webhook
from api.dependencies import CurrentServices
from api.limits import read_body
from api.openapi import any_body, responses
from api.paths import TenantId, WebhookId, WorkflowId
from api.rates import count
from api.responses import respond
from api.schemas.intake import ReceivedEvent
from api.services.admission import Incoming
from api.services.intake import ACCEPTED, Outcome
from gorax.core.webhooks.headers import read_headers
from gorax.core.webhooks.networks import remote_address
from gorax.telemetry.instruments import EVENTS


class DirectRoute(APIRoute):
    """A route that is called with its path alone: nothing else of a request is looked at before its webhook is known.

    FastAPI's way to a route's arguments takes a third of all that a request passes before it comes here.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """How a request is answered."""
        endpoint = self.endpoint

        async def handle(request: Request) -> Response:
            answer: Response = await endpoint(
                request, request.app.state.services, *request.path_params.values()
            )
            return answer

        return handle


router = APIRouter(prefix="/webhooks", tags=["Webhooks"], route_class=DirectRoute)

ANY: list[str] = []
"""Whatever method a request has: which are received, each webhook says, and so it does in its refusals."""
STATUSES = (400, 401, 403, 404, 405, 408, 409, 413, 415, 500, 503)

WebhookPath = Annotated[str, Path(description="The path of the webhook")]


@router.api_route(
    "/{workflowID}/{webhookID}", methods=ANY, include_in_schema=False, operation_id="receiveAnyEvent"
)
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


@router.api_route(
    "/{tenantID}/{path:path}", methods=ANY, include_in_schema=False, operation_id="receiveAnyEventAtPath"
)
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

    async def counted(tenant_id: str) -> None:
        count(request, await services.rates.intake(tenant_id, request.scope["path"]))

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
        count=counted,
    )


def _answer(outcome: Outcome) -> Response:
    EVENTS.labels(outcome.event.status).inc()
    if (reply := outcome.reply) is not None:
        return Response(reply.content, reply.status, reply.headers)
    return respond(outcome.content, outcome.status, outcome.headers)
