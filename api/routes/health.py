"""Whether the API lives, and whether it can work."""

from fastapi import APIRouter
from starlette.responses import Response

from api import examples
from api.dependencies import CurrentServices
from api.openapi import responses
from api.responses import now, respond
from api.schemas.health import Health, Readiness

router = APIRouter(tags=["Health"])


@router.get(
    "/health",
    operation_id="getHealth",
    summary="Health check",
    response_model=Health,
    responses=responses(200, examples.HEALTH),
)
async def health() -> Response:
    """The process answers. Nothing else is asked."""
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
    """The database, Temporal, and Redis where it is configured, each with the reason when it does not answer.

    Answered within two seconds whatever hangs; 503 and `degraded` while any part is down.
    """
    checks = await services.readiness.check()
    healthy = all(verdict == "healthy" for verdict in checks.values())
    return respond(
        {"status": "ok" if healthy else "degraded", "timestamp": now(), "checks": checks},
        200 if healthy else 503,
    )
