"""Schedules: list, create, read, change, delete, trigger, backfill, and what they began."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from api import examples
from api import schedule_examples as schedule
from api.auth import CurrentIdentity, CurrentTenant
from api.dependencies import CurrentServices
from api.idempotency import IdempotencyKey
from api.json_body import JsonBody
from api.openapi import REPEATABLE, error_responses, json_body, responses
from api.paths import ScheduleId, WorkflowId
from api.responses import data, page
from api.schemas.common import Data, Page, PageQuery
from api.schemas.executions import Accepted, ExecutionSummary, accepted_view, execution_summary
from api.schemas.schedules import (
    BackfillRequest,
    BackfillView,
    CreateSchedule,
    RunsQuery,
    SchedulesQuery,
    ScheduleSummary,
    ScheduleView,
    UpdateSchedule,
    schedule_summary,
    schedule_view,
)

router = APIRouter(prefix="/api/v1", tags=["Schedules"])

# Of every operation here, and of those that name a schedule or send a body.
COMMON = (400, 401, 500, 503)
ONE = (*COMMON, 404)
BODY = (408,)


@router.get(
    "/schedules",
    operation_id="listSchedules",
    summary="List all schedules",
    response_model=Page[ScheduleSummary],
    responses=responses(200, examples.page(schedule.SCHEDULE_SUMMARY), *COMMON),
)
async def list_schedules(
    tenant: CurrentTenant, services: CurrentServices, query: Annotated[SchedulesQuery, Query()]
) -> Response:
    """The schedules of all of the tenant's workflows, newest first."""
    rows, total = await services.schedules.page(tenant, query)
    return page([schedule_summary(row) for row in rows], limit=query.limit, offset=query.offset, total=total)


@router.get(
    "/workflows/{workflowID}/schedules",
    operation_id="listWorkflowSchedules",
    summary="List the schedules of a workflow",
    response_model=Page[ScheduleSummary],
    responses=responses(200, examples.page(schedule.SCHEDULE_SUMMARY), *ONE),
)
async def list_workflow_schedules(
    workflow_id: WorkflowId,
    tenant: CurrentTenant,
    services: CurrentServices,
    query: Annotated[SchedulesQuery, Query()],
) -> Response:
    """The workflow's schedules, newest first."""
    rows, total = await services.schedules.page(tenant, query, workflow_id=workflow_id)
    return page([schedule_summary(row) for row in rows], limit=query.limit, offset=query.offset, total=total)


@router.post(
    "/workflows/{workflowID}/schedules",
    operation_id="createSchedule",
    summary="Create a schedule",
    status_code=201,
    response_model=Data[ScheduleView],
    responses=responses(201, examples.data(schedule.SCHEDULE), *ONE, *BODY, 409),
    openapi_extra=json_body(CreateSchedule, schedule.CREATE_SCHEDULE),
)
async def create_schedule(
    workflow_id: WorkflowId,
    identity: CurrentIdentity,
    services: CurrentServices,
    body: Annotated[CreateSchedule, Depends(JsonBody(CreateSchedule, slow=True))],
) -> Response:
    """Have a workflow run at times. Once accepted it does, whatever breaks meanwhile."""
    shown = await services.schedules.create(identity, workflow_id, body)
    location = f"/api/v1/schedules/{shown.listed.schedule.id}"
    return data(schedule_view(shown), 201, {"Location": location})


@router.get(
    "/schedules/{scheduleID}",
    operation_id="getSchedule",
    summary="Get a schedule",
    response_model=Data[ScheduleView],
    responses=responses(200, examples.data(schedule.SCHEDULE), *ONE),
)
async def get_schedule(schedule_id: ScheduleId, tenant: CurrentTenant, services: CurrentServices) -> Response:
    """The schedule as it is now."""
    return data(schedule_view(await services.schedules.get(tenant, schedule_id)))


@router.put(
    "/schedules/{scheduleID}",
    operation_id="updateSchedule",
    summary="Update a schedule",
    response_model=Data[ScheduleView],
    responses=responses(200, examples.data(schedule.SCHEDULE), *ONE, *BODY, 409),
    openapi_extra=json_body(UpdateSchedule, schedule.UPDATE_SCHEDULE),
)
async def update_schedule(
    schedule_id: ScheduleId,
    identity: CurrentIdentity,
    services: CurrentServices,
    body: Annotated[UpdateSchedule, Depends(JsonBody(UpdateSchedule))],
) -> Response:
    """Change what is given. With `enabled` alone: pause it, or let it go on."""
    return data(schedule_view(await services.schedules.update(identity, schedule_id, body)))


@router.delete(
    "/schedules/{scheduleID}",
    operation_id="deleteSchedule",
    summary="Delete a schedule",
    status_code=204,
    response_class=Response,
    responses={204: {"description": "Deleted"}, **error_responses(*ONE, 409)},
)
async def delete_schedule(
    schedule_id: ScheduleId, identity: CurrentIdentity, services: CurrentServices
) -> Response:
    """Delete the schedule; executions that it began go on."""
    await services.schedules.delete(identity, schedule_id)
    return Response(status_code=204)


@router.post(
    "/schedules/{scheduleID}/trigger",
    operation_id="triggerSchedule",
    summary="Run a schedule now",
    status_code=202,
    response_model=Data[Accepted],
    responses=responses(202, examples.data(examples.ACCEPTED), *ONE, 409),
    openapi_extra=REPEATABLE,
)
async def trigger_schedule(
    schedule_id: ScheduleId, identity: CurrentIdentity, services: CurrentServices, key: IdempotencyKey
) -> Response:
    """Begin an execution at once, also of a schedule that is not enabled, and beside what of it runs already.

    With the header `Idempotency-Key` a repeated request begins nothing new and names the same execution.
    """
    execution = await services.schedules.trigger(identity, schedule_id, idempotency_key=key)
    return data(accepted_view(execution), 202, {"Location": f"/api/v1/executions/{execution.id}"})


@router.post(
    "/schedules/{scheduleID}/backfill",
    operation_id="backfillSchedule",
    summary="Make up for the runs of a range",
    status_code=202,
    response_model=Data[BackfillView],
    responses=responses(202, examples.data(schedule.BACKFILLED), *ONE, *BODY, 409),
    openapi_extra=json_body(BackfillRequest, schedule.BACKFILL),
)
async def backfill_schedule(
    schedule_id: ScheduleId,
    identity: CurrentIdentity,
    services: CurrentServices,
    body: Annotated[BackfillRequest, Depends(JsonBody(BackfillRequest))],
) -> Response:
    """Begin the runs that were due in a range of the past, at most 500, as if their time were now.

    A time that has its execution gets no second one, so the same range can be asked for again.
    """
    backfilled = await services.schedules.backfill(identity, schedule_id, body)
    view: BackfillView = {"count": backfilled.runs, "first": backfilled.first, "last": backfilled.last}
    return data(view, 202)


@router.get(
    "/schedules/{scheduleID}/executions",
    operation_id="listScheduleExecutions",
    summary="List the executions of a schedule",
    response_model=Page[ExecutionSummary],
    responses=responses(200, examples.page(examples.EXECUTION_SUMMARY), *ONE),
)
async def list_schedule_executions(
    schedule_id: ScheduleId,
    tenant: CurrentTenant,
    services: CurrentServices,
    query: Annotated[PageQuery, Query()],
) -> Response:
    """The executions that the schedule began, triggered and backfilled ones included, newest first."""
    rows, total = await services.schedules.executions(tenant, schedule_id, query.limit, query.offset)
    return page([execution_summary(row) for row in rows], limit=query.limit, offset=query.offset, total=total)


@router.get(
    "/schedules/{scheduleID}/runs",
    operation_id="previewScheduleRuns",
    summary="Preview the next runs of a schedule",
    response_model=Data[list[str]],
    responses=responses(200, examples.data(schedule.RUNS), *ONE),
)
async def preview_runs(
    schedule_id: ScheduleId,
    tenant: CurrentTenant,
    services: CurrentServices,
    query: Annotated[RunsQuery, Query()],
) -> Response:
    """When it is due next, whether or not it is enabled, in the offset of its time zone."""
    return data(await services.schedules.runs(tenant, schedule_id, query.count))
