"""Whether the API lives, and whether it can work."""

from fastapi import APIRouter
from starlette.responses import Response

from api import examples
from api.dependencies import CurrentServices
from api.openapi import responses
from api.responses import now, respond
from api.schemas.health import Health, Readiness
from api.services.readiness import WORKS_WITHOUT

router = APIRouter(tags=["Health"])


@router.get(
    "/health",
    operation_id="getHealth",
    summary="Health check",
    response_model=Health,
    responses={
        **responses(200, examples.HEALTH),
        503: {
            "model": Health,
            "description": "The process is about to end",
            "content": {"application/json": {"example": examples.STOPPING}},
        },
    },
)
async def health(services: CurrentServices) -> Response:
    """The process answers. Nothing else is asked.

    503 while it is about to end, so that whoever spreads requests over several processes sends it no more.
    """
    if services.draining.begun:
        return respond({"status": "stopping", "timestamp": now()}, 503)
    return respond({"status": "ok", "timestamp": now()})


@router.get(
    "/ready",
    operation_id="getReadiness",
    summary="Readiness check",
    response_model=Readiness,
    responses={
        **responses(200, examples.READY),
        503: {
            "model": Readiness,
            "description": "A part does not answer",
            "content": {"application/json": {"example": examples.DEGRADED}},
        },
    },
)
async def ready(services: CurrentServices) -> Response:
    """The database, Temporal, and Kratos and Redis where they are configured, each with the reason when it does not
    answer.

    Answered within two seconds whatever hangs; `degraded` while any part is down, and 503 unless that is Kratos, which
    webhooks and API keys do not need, or Redis, without which each process counts requests by itself. `stopping`, and
    503, while the process is about to end.
    """
    if services.draining.begun:
        return respond({"status": "stopping", "timestamp": now(), "checks": {}}, 503)
    checks = await services.readiness.check()
    down = {part for part, verdict in checks.items() if verdict != "healthy"}
    return respond(
        {"status": "degraded" if down else "ok", "timestamp": now(), "checks": checks},
        503 if down - WORKS_WITHOUT else 200,
    )
