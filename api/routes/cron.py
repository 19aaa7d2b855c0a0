"""Cron expressions and timings, tried out before they are made a schedule of."""

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import ValidationError
from starlette.responses import Response

from api import examples
from api import schedule_examples as schedule
from api.auth import CurrentTenant
from api.json_body import JsonBody
from api.openapi import json_body, responses
from api.problems import details_of
from api.responses import data, now, respond
from api.schemas.common import Data
from api.schemas.cron import NotCron, ParseCron, ParsedCron, PreviewRuns
from api.schemas.schedules import runs_view
from gorax.core.cron import Cron, CronError
from gorax.core.schedules import Timing

router = APIRouter(prefix="/api/v1/schedules", tags=["Schedules"])

RUNS = 5


@router.post(
    "/parse-cron",
    operation_id="parseCron",
    summary="Parse a cron expression",
    response_model=ParsedCron | NotCron,
    responses=responses(200, schedule.PARSED_CRON, 400, 401, 408, 500, 503),
    openapi_extra=json_body(ParseCron, schedule.PARSE_CRON),
)
async def parse_cron(
    tenant: CurrentTenant,  # noqa: ARG001 - nobody may ask without one
    body: Annotated[ParseCron, Depends(JsonBody(ParseCron))],
) -> Response:
    """Say what an expression means and when it comes round next; for what is none, `valid` is false and `error` why.

    What it says here is what a schedule of this expression does.
    """
    return respond(await asyncio.to_thread(_parsed, body))


@router.post(
    "/preview",
    operation_id="previewTiming",
    summary="Preview the runs of a schedule that is not there yet",
    response_model=Data[list[str]],
    responses=responses(200, examples.data(schedule.RUNS), 400, 401, 408, 500, 503),
    openapi_extra=json_body(PreviewRuns, schedule.PREVIEW_RUNS),
)
async def preview_timing(
    tenant: CurrentTenant,  # noqa: ARG001 - nobody may ask without one
    body: Annotated[PreviewRuns, Depends(JsonBody(PreviewRuns, slow=True))],
) -> Response:
    """When a schedule of this timing would run, in the offset of its time zone."""
    return data(await asyncio.to_thread(runs_view, body, body.after or now(), body.count))


def _parsed(body: ParseCron) -> dict[str, Any]:
    try:
        cron = Cron.parse(body.cron_expression)
        timing = Timing(cron_expression=body.cron_expression, timezone=body.timezone)
    except CronError as error:
        return {"valid": False, "error": f"cron_expression: {error}"}
    except ValidationError as error:  # an expression, and yet none that a schedule takes
        return {"valid": False, "error": details_of(error.errors(include_url=False))[0]["message"]}
    return {
        "valid": True,
        "description": cron.describe(),
        "next_5_runs": runs_view(timing, now(), RUNS),
    }
