"""What an execution waits for, and the signals that are sent to it."""

import re
from typing import Annotated

from fastapi import APIRouter, Path, Query
from starlette.requests import Request
from starlette.responses import Response

from api import examples
from api.auth import CurrentIdentity, CurrentTenant
from api.dependencies import CurrentServices
from api.idempotency import IdempotencyKey
from api.json_body import read_json
from api.openapi import any_body, responses
from api.paths import ExecutionId
from api.responses import data, page
from api.schemas.approvals import OpenWait, SentSignal, signal_view, wait_view
from api.schemas.common import Data, Page, PageQuery
from api.services.waits import MAX_PAYLOAD_BYTES
from gorax.core.errors import Invalid, NotFound
from gorax.store.approvals import Approvals
from gorax.store.executions import Executions

router = APIRouter(prefix="/api/v1/executions", tags=["Approvals"])

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,63}", re.ASCII)

SignalName = Annotated[
    str,
    Path(
        alias="name",
        description="What the execution waits for it by.",
        json_schema_extra={"pattern": f"^{_NAME.pattern}$"},
    ),
]


@router.get(
    "/{executionID}/waits",
    operation_id="listExecutionWaits",
    summary="List what an execution waits for",
    response_model=Page[OpenWait],
    responses=responses(200, examples.page(examples.WAIT), 400, 401, 404, 500, 503),
)
async def list_waits(
    execution_id: ExecutionId,
    tenant: CurrentTenant,
    services: CurrentServices,
    query: Annotated[PageQuery, Query()],
) -> Response:
    """The approvals and signals that it waits for now, oldest first."""
    async with services.database.session(tenant) as session:
        if await Executions(session, tenant).get(execution_id) is None:
            raise NotFound("execution not found")
        rows, total = await Approvals(session, tenant).open_in(execution_id, query.limit, query.offset)
    return page([wait_view(row) for row in rows], limit=query.limit, offset=query.offset, total=total)


@router.post(
    "/{executionID}/signals/{name}",
    operation_id="sendSignal",
    summary="Send a signal to an execution",
    status_code=202,
    response_model=Data[SentSignal],
    responses=responses(202, examples.data(examples.SIGNAL), 400, 401, 404, 408, 409, 500, 503),
    openapi_extra=any_body(examples.SIGNAL_BODY),
)
async def send_signal(
    execution_id: ExecutionId,
    name: SignalName,
    request: Request,
    identity: CurrentIdentity,
    services: CurrentServices,
    key: IdempotencyKey,
) -> Response:
    """Answer the oldest open wait of that name. Where none is open, the signal is kept for the next one."""
    if not _NAME.fullmatch(name):
        raise Invalid(
            "name: must be 1 to 64 letters, digits, '_', '.' or '-', beginning with a letter or '_'"
        )
    payload = await read_json(request, MAX_PAYLOAD_BYTES)
    signal = await services.waits.send(
        identity.tenant_id,
        execution_id,
        name,
        payload,
        user_id=identity.user_id,
        idempotency_key=key,
    )
    return data(signal_view(signal), 202)
