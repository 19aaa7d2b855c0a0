"""Executions: list, read, and read step by step."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from api import examples
from api.auth import CurrentIdentity, CurrentTenant
from api.dependencies import CurrentServices, Services
from api.errors import Forbidden
from api.openapi import responses
from api.paths import ExecutionId
from api.responses import data, respond
from api.schemas.common import Data
from api.schemas.executions import ExecutionsPage, ExecutionsQuery, executions_page
from api.schemas.steps import StepsQuery, StepsView, steps_view
from api.services.history import ExecutionView
from gorax.core.errors import NotFound
from gorax.core.roles import Role
from gorax.store.execution_pages import ExecutionPages
from gorax.store.executions import Executions
from gorax.store.tables import Execution

router = APIRouter(prefix="/api/v1/executions", tags=["Executions"])

# Of every operation that names an execution.
ONE = (400, 401, 404, 500, 503)


@router.get(
    "",
    operation_id="listExecutions",
    summary="List executions",
    response_model=ExecutionsPage,
    responses=responses(200, examples.EXECUTIONS_PAGE, 400, 401, 500, 503),
)
async def list_executions(
    tenant: CurrentTenant, services: CurrentServices, query: Annotated[ExecutionsQuery, Query()]
) -> Response:
    """The tenant's executions that match all filters, newest first unless it is said otherwise.

    `next_cursor` asks for the next page. Executions that begin meanwhile do not move what is behind a cursor, as they
    do move what is behind an offset. Of a search `total` is exact up to 1000, and may be too small beyond.
    """
    database, after = services.database, query.after()
    async with database.platform(autocommit=True) if query.search else database.session(tenant) as session:
        listed = await ExecutionPages(session, tenant).page(
            query.filter(), query.limit, query.offset, sort=query.order(), after=after
        )
    return respond(executions_page(listed, query))


@router.get(
    "/{executionID}",
    operation_id="getExecution",
    summary="Get an execution",
    response_model=Data[ExecutionView],
    responses=responses(200, examples.data(examples.EXECUTION), *ONE),
)
async def get_execution(
    execution_id: ExecutionId, tenant: CurrentTenant, services: CurrentServices
) -> Response:
    """The execution as Temporal tells of it."""
    return data(await services.history.execution(await _row(services, tenant, execution_id)))


@router.get(
    "/{executionID}/steps",
    operation_id="getExecutionSteps",
    summary="Get the steps of an execution",
    response_model=Data[StepsView],
    responses=responses(200, examples.data(examples.STEPS), *ONE),
)
async def get_execution_steps(
    execution_id: ExecutionId,
    identity: CurrentIdentity,
    services: CurrentServices,
    query: Annotated[StepsQuery, Query()],
) -> Response:
    """Each step with its input, output, attempts and error, in the order in which they began.

    Steps that ran in batches of a loop come after all others, batch by batch. A loop tells its totals as `progress`.
    """
    if query.reveal and not identity.role.covers(Role.admin):
        raise Forbidden(f"reveal: this needs the role {Role.admin}; you are {identity.role}")
    page = await services.history.steps(await _row(services, identity.tenant_id, execution_id), query.steps())
    return data(steps_view(execution_id, page))


async def _row(services: Services, tenant_id: str, execution_id: str) -> Execution:
    async with services.database.session(tenant_id) as session:
        row = await Executions(session, tenant_id).get(execution_id)
    if row is None:
        raise NotFound("execution not found")
    return row
