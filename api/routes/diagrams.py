"""Diagrams of workflows and of executions, as Mermaid text and as SVG."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import Response

from api import examples
from api.auth import CurrentTenant
from api.dependencies import CurrentServices
from api.negotiation import preferred
from api.openapi import error_responses
from api.paths import ExecutionId, WorkflowId
from api.schemas.common import InDigits
from api.services.diagrams import Draw
from gorax.core.diagram import mermaid, svg
from gorax.core.errors import NotFound
from gorax.store.executions import Executions

router = APIRouter(prefix="/api/v1")

MAX_VERSION = 2**31 - 1

TEXT = "text/plain"
MERMAID = "text/vnd.mermaid"
SVG = "image/svg+xml"

_DRAW: Mapping[str, Draw] = {TEXT: mermaid, MERMAID: mermaid, SVG: svg}

# A picture with names of strangers in it, opened by itself, runs and loads nothing.
_HEADERS = {
    "Vary": "Accept",
    "Cache-Control": "private, no-cache",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    "X-Content-Type-Options": "nosniff",
}

_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The diagram: Mermaid text, or SVG where `Accept` prefers it",
        "content": {
            TEXT: {"schema": {"type": "string"}, "example": examples.DIAGRAM},
            MERMAID: {"schema": {"type": "string"}, "example": examples.DIAGRAM},
            SVG: {"schema": {"type": "string"}, "example": examples.DIAGRAM_SVG},
        },
    },
    **error_responses(400, 401, 404, 409, 500, 503),
}


class DiagramQuery(BaseModel):
    """Which version is wanted. An unknown parameter is an error."""

    model_config = ConfigDict(extra="forbid")

    version: Annotated[int, Field(ge=1, le=MAX_VERSION), InDigits] | None = Field(
        default=None, description="The version to draw. Left out: the current one."
    )


@router.get(
    "/workflows/{workflowID}/diagram",
    tags=["Workflows"],
    operation_id="getWorkflowDiagram",
    summary="Get the diagram of a workflow",
    response_class=Response,
    responses=_RESPONSES,
)
async def get_workflow_diagram(
    workflow_id: WorkflowId,
    request: Request,
    tenant: CurrentTenant,
    services: CurrentServices,
    query: Annotated[DiagramQuery, Query()],
) -> Response:
    """The workflow's actions as a flowchart: Mermaid text by default, SVG with `Accept: image/svg+xml`."""
    form = _form(request)
    drawn = await services.diagrams.of_workflow(tenant, workflow_id, query.version, _DRAW[form])
    return _response(drawn, form)


@router.get(
    "/executions/{executionID}/diagram",
    tags=["Executions"],
    operation_id="getExecutionDiagram",
    summary="Get the diagram of an execution",
    response_class=Response,
    responses=_RESPONSES,
)
async def get_execution_diagram(
    execution_id: ExecutionId, request: Request, tenant: CurrentTenant, services: CurrentServices
) -> Response:
    """The version that it runs, each action coloured by what became of it; loops tell how far they are."""
    async with services.database.session(tenant) as session:
        row = await Executions(session, tenant).get(execution_id)
    if row is None:
        raise NotFound("execution not found")
    form = _form(request)
    return _response(await services.diagrams.of_execution(row, _DRAW[form]), form)


def _form(request: Request) -> str:
    return preferred(request.headers.getlist("accept"), list(_DRAW))


def _response(drawn: str, form: str) -> Response:
    return Response(drawn, headers=_HEADERS, media_type=form)
