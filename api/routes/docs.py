"""The OpenAPI document as YAML and for Postman; the JSON form and Swagger UI are FastAPI's own."""

from collections.abc import Callable, Mapping
from typing import Any

import yaml
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api.postman import files

router = APIRouter(include_in_schema=False)

JSON_PATH = "/docs/api/swagger.json"
YAML_PATH = "/docs/api/swagger.yaml"
COLLECTION_PATH = f"/docs/api/{files.COLLECTION}"
ENVIRONMENT_PATH = f"/docs/api/{files.ENVIRONMENT}"
UI_PATH = "/api/docs"
ASSETS_PATH = "/api/docs/assets"


@router.get(YAML_PATH)
async def openapi_yaml(request: Request) -> Response:
    """The same document as the JSON one."""
    return Response(_made(request, YAML_PATH, _yaml), media_type="application/yaml")


@router.get(COLLECTION_PATH)
async def postman_collection(request: Request) -> Response:
    """Every operation, for Postman."""
    return Response(
        _made(request, COLLECTION_PATH, files.FILES[files.COLLECTION]), media_type="application/json"
    )


@router.get(ENVIRONMENT_PATH)
async def postman_environment(request: Request) -> Response:
    """Where the collection finds the API."""
    return Response(
        _made(request, ENVIRONMENT_PATH, files.FILES[files.ENVIRONMENT]), media_type="application/json"
    )


def _made(request: Request, path: str, make: Callable[[Mapping[str, Any]], bytes]) -> bytes:
    """A form of the document, which is made once."""
    state = request.app.state
    if not hasattr(state, path):
        setattr(state, path, make(request.app.openapi()))
    form: bytes = getattr(state, path)
    return form


def _yaml(document: Mapping[str, Any]) -> bytes:
    text: str = yaml.safe_dump(document, sort_keys=False, allow_unicode=True)
    return text.encode()
