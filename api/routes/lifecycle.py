"""Executions that have begun: cancel, terminate, pause, resume, retry, rerun."""

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.responses import Response

from api import examples
from api.auth import CurrentIdentity, CurrentTenant
from api.dependencies import CurrentServices
from api.idempotency import IdempotencyKey
from api.json_body import JsonBody
from api.openapi import REPEATABLE, json_body, responses
from api.paths import ExecutionId
from api.responses import data
from api.schemas.common import Data
from api.schemas.executions import Accepted, accepted_view
from api.schemas.lifecycle import ExecutionState, Rerun, Terminate, execution_state
from gorax.store.tables import Execution

router = APIRouter(prefix="/api/v1/executions", tags=["Executions"])

# Of every operation here, and of those that take a body.
COMMON = (400, 401, 404, 409, 500, 503)
BODY = (408,)


@router.post(
    "/{executionID}/cancel",
    operation_id="cancelExecution",
    summary="Cancel an execution",
    status_code=202,
    response_model=Data[ExecutionState],
    responses=responses(202, examples.data(examples.CANCELLING), *COMMON),
)
async def cancel_execution(
    execution_id: ExecutionId, identity: CurrentIdentity, services: CurrentServices
) -> Response:
    """Stop what runs, with the executions that it waits for; then what is meant for it runs: `finally`, `on_failure`.

    Once accepted it comes to pass, whatever breaks meanwhile. An execution that has not begun never does.
    """
    return data(execution_state(await services.lifecycle.cancel(identity, execution_id)), 202)


@router.post(
    "/{executionID}/terminate",
    operation_id="terminateExecution",
    summary="Terminate an execution",
    status_code=202,
    response_model=Data[ExecutionState],
    responses=responses(202, examples.data(examples.TERMINATED), *COMMON, *BODY),
    openapi_extra=json_body(Terminate, examples.TERMINATE, required=False),
)
async def terminate_execution(
    execution_id: ExecutionId,
    identity: CurrentIdentity,
    services: CurrentServices,
    body: Annotated[Terminate, Depends(JsonBody(Terminate, optional=True))],
) -> Response:
    """End it at once, with the executions that it waits for; no handler of it runs."""
    return data(execution_state(await services.lifecycle.terminate(identity, execution_id, body.reason)), 202)


@router.post(
    "/{executionID}/pause",
    operation_id="pauseExecution",
    summary="Pause an execution",
    status_code=202,
    response_model=Data[ExecutionState],
    responses=responses(202, examples.data(examples.PAUSED), *COMMON),
)
async def pause_execution(
    execution_id: ExecutionId, tenant: CurrentTenant, services: CurrentServices
) -> Response:
    """Begin no further step; steps that run go on to their end. Its timeout goes on, too."""
    return data(execution_state(await services.lifecycle.pause(tenant, execution_id)), 202)


@router.post(
    "/{executionID}/resume",
    operation_id="resumeExecution",
    summary="Resume an execution",
    status_code=202,
    response_model=Data[ExecutionState],
    responses=responses(202, examples.data(examples.RESUMED), *COMMON),
)
async def resume_execution(
    execution_id: ExecutionId, tenant: CurrentTenant, services: CurrentServices
) -> Response:
    """Go on with a paused execution."""
    return data(execution_state(await services.lifecycle.resume(tenant, execution_id)), 202)


@router.post(
    "/{executionID}/retry",
    operation_id="retryExecution",
    summary="Retry an execution",
    status_code=202,
    response_model=Data[Accepted],
    responses=responses(202, examples.data(examples.ACCEPTED), *COMMON),
    openapi_extra=REPEATABLE,
)
async def retry_execution(
    execution_id: ExecutionId, identity: CurrentIdentity, services: CurrentServices, key: IdempotencyKey
) -> Response:
    """Go on, as a new execution of the same version, with one that failed or was stopped.

    Steps that it completed are not run again: the new one takes their results.
    """
    return _accepted(await services.replays.retry(identity, execution_id, key))


@router.post(
    "/{executionID}/rerun",
    operation_id="rerunExecution",
    summary="Run an execution again",
    status_code=202,
    response_model=Data[Accepted],
    responses=responses(202, examples.data(examples.ACCEPTED), *COMMON, *BODY),
    openapi_extra={**json_body(Rerun, examples.RERUN, required=False), **REPEATABLE},
)
async def rerun_execution(
    execution_id: ExecutionId,
    identity: CurrentIdentity,
    services: CurrentServices,
    key: IdempotencyKey,
    body: Annotated[Rerun, Depends(JsonBody(Rerun, optional=True))],
) -> Response:
    """Begin a new execution with the trigger of this one, whatever became of it."""
    return _accepted(await services.replays.rerun(identity, execution_id, body.version, key))


def _accepted(row: Execution) -> Response:
    return data(accepted_view(row), 202, {"Location": f"{router.prefix}/{row.id}"})
