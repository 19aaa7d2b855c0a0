"""Streams of what happens in executions: WebSockets, Server-Sent Events, and tickets for browsers to open them."""

from contextlib import AbstractAsyncContextManager
from typing import Annotated

from fastapi import APIRouter, Header, Query
from starlette.requests import Request
from starlette.responses import Response
from starlette.websockets import WebSocket

from api import examples
from api.auth import CurrentIdentity
from api.dependencies import CurrentServices, Services
from api.event_stream import MEDIA_TYPE, EventStream
from api.openapi import error_responses, responses
from api.paths import ExecutionId
from api.responses import SECRET, data
from api.schemas.common import Data
from api.schemas.streams import StreamQuery, TicketView
from api.services.streams.reader import Reader
from api.sockets import serve
from api.stream_access import Access, identity_headers
from gorax.core.errors import NotFound
from gorax.engine.live import Position
from gorax.store.executions import Executions
from gorax.store.tables import Execution
from gorax.store.workflows import Workflows

SOCKETS = "/api/v1/ws"

router = APIRouter(tags=["Streams"])
tickets = APIRouter(tags=["Streams"])


@router.websocket(f"{SOCKETS}/executions/{{executionID}}")
async def execution_socket(socket: WebSocket) -> None:
    """What happens in one execution, until it has ended."""

    async def stream(
        services: Services, tenant_id: str, last: str | None
    ) -> AbstractAsyncContextManager[Reader]:
        row = await _row(services, tenant_id, socket.path_params["executionID"])
        return services.streams.execution(row, last)

    await serve(socket, "streamExecution", stream)


@router.websocket(f"{SOCKETS}/workflows/{{workflowID}}")
async def workflow_socket(socket: WebSocket) -> None:
    """What becomes of all executions of one workflow."""

    async def stream(
        services: Services, tenant_id: str, last: str | None
    ) -> AbstractAsyncContextManager[Reader]:
        workflow_id = socket.path_params["workflowID"]
        async with services.database.session(tenant_id) as session:
            if await Workflows(session, tenant_id).get(workflow_id) is None:
                raise NotFound("workflow not found")
        return services.streams.executions(tenant_id, workflow_id, last)

    await serve(socket, "listExecutions", stream)


@router.websocket(f"{SOCKETS}/executions")
async def executions_socket(socket: WebSocket) -> None:
    """What becomes of all executions of the tenant."""

    async def stream(
        services: Services, tenant_id: str, last: str | None
    ) -> AbstractAsyncContextManager[Reader]:
        return services.streams.executions(tenant_id, None, last)

    await serve(socket, "listExecutions", stream)


@router.get(
    "/api/v1/executions/{executionID}/events",
    operation_id="streamExecution",
    summary="Stream what happens in an execution",
    response_class=Response,
    responses={
        200: {"content": {MEDIA_TYPE: {"schema": {}, "example": examples.EVENT_STREAM}}},
        204: {"description": "The client has seen the end: there will be nothing more"},
        **error_responses(400, 401, 404, 500, 503),
    },
)
async def stream_execution(
    execution_id: ExecutionId,
    request: Request,
    services: CurrentServices,
    query: Annotated[StreamQuery, Query()],
    last_event_id: Annotated[
        str | None,
        Header(
            max_length=100, description="What `last_event_id` says, as browsers send it when they come back."
        ),
    ] = None,
) -> Response:
    """Server-Sent Events with the messages that a WebSocket gets; the response ends when the execution has ended.

    First comes everything there is, or, with `Last-Event-ID`, what has changed since. Comments are sent when nothing
    else is, so that a silence means a lost connection.
    """
    access = Access(request, "streamExecution")
    identity = await access.open()
    row = await _row(services, identity.tenant_id, execution_id)
    last = last_event_id or query.last_event_id
    if (position := Position.parse(last)) is not None and position.end:
        return Response(status_code=204)
    return EventStream(services.streams.execution(row, last), services.settings.streams, access.refusal)


@tickets.post(
    f"{SOCKETS}/ticket",
    operation_id="createStreamTicket",
    summary="Create a ticket for a stream",
    status_code=201,
    response_model=Data[TicketView],
    responses=responses(201, examples.data(examples.STREAM_TICKET), 400, 401, 500, 503),
)
async def create_stream_ticket(
    request: Request, identity: CurrentIdentity, services: CurrentServices
) -> Response:
    """A ticket that opens one stream within 30 seconds, as `?ticket=…`, for browsers that cannot send headers with it.

    It opens what you may see at that moment, and nothing more.
    """
    headers = identity_headers(request, identity.tenant_id, services.settings.kratos.cookie)
    ticket = services.tickets.issue(identity.tenant_id, headers)
    view: TicketView = {"ticket": ticket.text, "expires_at": ticket.expires_at}
    return data(view, 201, SECRET)


async def _row(services: Services, tenant_id: str, execution_id: str) -> Execution:
    async with services.database.session(tenant_id) as session:
        row = await Executions(session, tenant_id).get(execution_id)
    if row is None:
        raise NotFound("execution not found")
    return row
