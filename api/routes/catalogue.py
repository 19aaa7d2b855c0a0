"""What can be written in a definition, for editors to validate and complete with."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Path
from starlette.requests import Request
from starlette.responses import Response

from api import examples
from api.auth import CurrentTenant
from api.dependencies import CurrentServices
from api.openapi import error_responses, not_modified, responses
from api.schemas.catalogue import ActionTypeView
from api.schemas.common import Data
from api.services.catalogue import SCHEMA_TYPE

router = APIRouter(prefix="/api/v1", tags=["Catalogue"])

COMMON = (400, 401, 500, 503)

TypeName = Annotated[
    str,
    Path(
        alias="typeName",
        description="Name of an action type, one of its aliases, or either with a prefix: `action:http`",
    ),
]


@router.get(
    "/action-types",
    operation_id="listActionTypes",
    summary="List the action types",
    response_model=Data[list[ActionTypeView]],
    responses={**responses(200, examples.data([examples.ACTION_TYPE]), *COMMON), **not_modified()},
)
async def list_action_types(request: Request, _tenant: CurrentTenant, services: CurrentServices) -> Response:
    """Every action type, by name: its config as JSON Schema, an example, its documentation and its defaults."""
    document = await asyncio.to_thread(lambda: services.catalogue.all_types)
    return document.answer(request)


@router.get(
    "/action-types/{typeName}",
    operation_id="getActionType",
    summary="Get an action type",
    response_model=Data[ActionTypeView],
    responses={**responses(200, examples.data(examples.ACTION_TYPE), *COMMON, 404), **not_modified()},
)
async def get_action_type(
    name: TypeName, request: Request, _tenant: CurrentTenant, services: CurrentServices
) -> Response:
    """One action type."""
    return services.catalogue.one_type(name).answer(request)


@router.get(
    "/definition-schema",
    operation_id="getDefinitionSchema",
    summary="Get the JSON Schema of a definition",
    response_class=Response,
    responses={
        200: {
            "description": "JSON Schema, draft 2020-12",
            "content": {SCHEMA_TYPE: {"schema": {"type": "object"}, "example": examples.DEFINITION_SCHEMA}},
        },
        **error_responses(*COMMON),
        **not_modified(),
    },
)
async def get_definition_schema(
    request: Request, _tenant: CurrentTenant, services: CurrentServices
) -> Response:
    """The schema of a whole definition, as actions or as nodes and edges, with the config of every action type.

    What it refuses, a save refuses. A save looks at more: ids, order, and all that expressions read.
    """
    document = await asyncio.to_thread(lambda: services.catalogue.schema)
    return document.answer(request)
