"""The OpenAPI document as YAML; the JSON form and Swagger UI are FastAPI's own."""

import yaml
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

router = APIRouter(include_in_schema=False)

JSON_PATH = "/docs/api/swagger.json"
YAML_PATH = "/docs/api/swagger.yaml"
UI_PATH = "/api/docs"
ASSETS_PATH = "/api/docs/assets"


@router.get(YAML_PATH)
async def openapi_yaml(request: Request) -> Response:
    """The same document as the JSON one."""
    state = request.app.state
    if not hasattr(state, "openapi_yaml"):
        state.openapi_yaml = yaml.safe_dump(
            request.app.openapi(), sort_keys=False, allow_unicode=True
        ).encode()
    return Response(state.openapi_yaml, media_type="application/yaml")
