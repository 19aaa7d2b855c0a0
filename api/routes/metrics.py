"""What the process tells of itself, for Prometheus."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.dependencies import CurrentServices
from api.errors import Unauthenticated
from gorax.core.errors import NotFound
from gorax.telemetry.exposition import CONTENT_TYPE

PATH = "/metrics"

router = APIRouter(tags=["Health"])


@router.get(PATH, include_in_schema=False)
async def metrics(request: Request, services: CurrentServices) -> Response:
    """All metrics of this process. They name no tenant, and are for those who run Gorax alone."""
    exposition = services.exposition
    if not exposition.enabled:
        raise NotFound("metrics are off")
    authorization = request.headers.get("authorization")
    if not exposition.may_read(authorization.encode("latin-1") if authorization else None, alone=False):
        if not exposition.guarded:
            # In production, and without a token: strangers need not learn that there are any.
            raise NotFound("no such route: GET /metrics")
        raise Unauthenticated("metrics are read with the bearer token of GORAX_METRICS_TOKEN")
    return Response(await exposition.text(), media_type=None, headers={"Content-Type": CONTENT_TYPE})
