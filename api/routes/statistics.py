"""Statistics of executions: how many, how long, and what fails."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from api import statistics_examples as examples
from api.auth import CurrentTenant
from api.dependencies import CurrentServices
from api.openapi import responses
from api.responses import data, respond
from api.schemas.common import Data
from api.schemas.execution_filters import FilterQuery
from api.schemas.statistics import (
    Failures,
    FailuresQuery,
    Stats,
    TrendBucket,
    TrendsQuery,
    WorkflowDurations,
    durations_view,
    failing_step_view,
    failing_workflow_view,
)
from gorax.store.execution_durations import ExecutionDurations
from gorax.store.execution_failures import ExecutionFailures

router = APIRouter(prefix="/api/v1", tags=["Executions"])

_ERRORS = (400, 401, 500, 503)


@router.get(
    "/executions/stats",
    operation_id="getExecutionStats",
    summary="Get execution statistics",
    response_model=Stats,
    responses=responses(200, examples.STATS, *_ERRORS),
)
async def get_execution_stats(
    tenant: CurrentTenant, services: CurrentServices, query: Annotated[FilterQuery, Query()]
) -> Response:
    """How many of the tenant's executions match all filters, what became of them, and when they started."""
    return respond(await services.statistics.stats(tenant, query))


@router.get(
    "/metrics/trends",
    operation_id="getExecutionTrends",
    summary="Get execution trends",
    response_model=Data[list[TrendBucket]],
    responses=responses(200, examples.TRENDS, *_ERRORS),
)
async def get_execution_trends(
    tenant: CurrentTenant, services: CurrentServices, query: Annotated[TrendsQuery, Query()]
) -> Response:
    """The executions that match, by hour, day, week or month of their start; those without any are there, too."""
    return data(await services.statistics.trends(tenant, query))


@router.get(
    "/metrics/duration",
    operation_id="getDurationStatistics",
    summary="Get duration statistics",
    response_model=Data[list[WorkflowDurations]],
    responses=responses(200, examples.DURATIONS, *_ERRORS),
)
async def get_duration_statistics(
    tenant: CurrentTenant, services: CurrentServices, query: Annotated[FilterQuery, Query()]
) -> Response:
    """How long the executions took that match and have ended, by workflow; those with the most executions first.

    Percentiles are exact, and durations that occurred: the shortest that so many percent did not exceed.
    """
    async with services.database.session(tenant) as session:
        rows = await ExecutionDurations(session, tenant).by_workflow(query.filter())
    return data([durations_view(row) for row in rows])


@router.get(
    "/metrics/failures",
    operation_id="getFailureStatistics",
    summary="Get what fails most",
    response_model=Data[Failures],
    responses=responses(200, examples.FAILURES, *_ERRORS),
)
async def get_failure_statistics(
    tenant: CurrentTenant, services: CurrentServices, query: Annotated[FailuresQuery, Query()]
) -> Response:
    """The workflows and the steps with the most executions that failed or timed out, and with what errors.

    `status` chooses among those two; `executions` and `failure_rate` are of executions of every status.
    """
    async with services.database.session(tenant) as session:
        failures, chosen = ExecutionFailures(session, tenant), query.filter()
        workflows = await failures.workflows(chosen, query.limit)
        steps = await failures.steps(chosen, query.limit)
    return data(
        {
            "workflows": [failing_workflow_view(row) for row in workflows],
            "steps": [failing_step_view(row) for row in steps],
        }
    )
