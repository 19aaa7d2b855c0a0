"""The OpenAPI document: what the routes themselves cannot say.

Bodies are read by `api.json_body` and identities by `api.auth`, out of FastAPI's sight, so both are described
here; so are the errors, which every operation has in common.
"""

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.encoders import jsonable_encoder
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute, iter_route_contexts
from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import models_json_schema

from api import idempotency
from api.auth import MAX_USER_ID, ROLE_HEADER, TENANT_HEADER, USER_HEADER
from api.presented import KEY_PREFIX, SESSION_TOKEN_HEADER
from api.rates import RATE_LIMIT, RATE_REMAINING, RATE_RESET
from api.schemas.api_keys import CreateApiKey
from api.schemas.approvals import Decide
from api.schemas.codec import CodecPayloads
from api.schemas.common import Error
from api.schemas.credentials import CreateCredential, RotateCredential, UpdateCredential
from api.schemas.cron import ParseCron, PreviewRuns
from api.schemas.lifecycle import Rerun, Terminate
from api.schemas.schedules import BackfillRequest, CreateSchedule, UpdateSchedule
from api.schemas.tenants import CreateTenant, UpdateQuotas
from api.schemas.webhook_events import ReplayEvent, ReplayEvents, SendTest
from api.schemas.webhooks import CreateWebhook, RegenerateSecret, UpdateWebhook
from api.schemas.workflows import BulkDelete, CreateWorkflow, DryRunRequest, UpdateWorkflow
from gorax.core.ids import TENANT_ID
from gorax.core.roles import Access, Role, access_to

_REF = "#/components/schemas/{model}"
_REQUEST_MODELS: tuple[type[BaseModel], ...] = (
    CreateWorkflow,
    UpdateWorkflow,
    BulkDelete,
    DryRunRequest,
    Decide,
    Terminate,
    Rerun,
    CreateCredential,
    UpdateCredential,
    RotateCredential,
    CreateSchedule,
    UpdateSchedule,
    BackfillRequest,
    ParseCron,
    PreviewRuns,
    CreateWebhook,
    UpdateWebhook,
    RegenerateSecret,
    ReplayEvent,
    ReplayEvents,
    SendTest,
    CreateApiKey,
    CreateTenant,
    UpdateQuotas,
    CodecPayloads,
)

_ERRORS: Mapping[int, tuple[str, str]] = {
    400: ("The request is wrong; the message names the field", "name: must be at most 255 characters"),
    401: ("Authentication required", f"authentication required: send the header {TENANT_HEADER}"),
    403: ("The user may not do this", "this needs the role editor; in tenant_dev you are viewer"),
    404: ("Not found in this tenant", "workflow not found"),
    405: ("Not one of the methods that the webhook receives", "method not allowed: send POST"),
    408: ("The body did not arrive in time", "body: did not arrive within 30 seconds"),
    409: ("The state of the thing forbids it", "the workflow is disabled: enable it to execute it"),
    413: ("The body is too large", "body: must be at most 5000000 bytes"),
    415: ("The body is compressed", "Content-Encoding: 'gzip' is not supported, send the body as it is"),
    429: (
        "There was too much of it lately; `Retry-After` says when it may be sent again",
        "rate limit exceeded",
    ),
    500: ("A bug, recorded under the request id", "internal error, recorded under request id req_06brt7n2"),
    503: ("A part that the API depends on does not answer", "the database does not answer; try again"),
}

_DESCRIPTION = """
Workflows are JSON definitions; each execution of one runs durably on Temporal.

Who you are is said by a session (`X-Session-Token`, `Authorization: Bearer …` or the session's cookie) or an API
key (`Authorization: Bearer gx_…`), and `X-Tenant-ID` says for which tenant. In development the headers
`X-Tenant-ID`, `X-User-ID` and `X-User-Role` are believed. `x-required-role` tells the least role an operation needs:
viewer, operator, editor, admin, each of which may do what the one before it may. Every
error is `{"error": "…"}` and names the field. Lists take `limit` (1 to 100) and `offset` and always tell the
`total`. Bodies are JSON in UTF-8, whatever the Content-Type says. Times are RFC 3339 in UTC. `X-Request-ID`
comes back with every response, and is yours if you send one.
"""

_IDENTITY: Mapping[str, Mapping[str, Any]] = {
    "Tenant": {
        "name": TENANT_HEADER,
        "in": "header",
        "required": True,
        "description": "The tenant whose things the request is about.",
        "schema": {"type": "string", "pattern": f"^{TENANT_ID.pattern}$"},
        "example": "tenant_dev",
    },
    "User": {
        "name": USER_HEADER,
        "in": "header",
        "required": False,
        "description": "In development, the user behind the request.",
        "schema": {"type": "string", "maxLength": MAX_USER_ID},
        "example": "user_dev",
    },
    "Role": {
        "name": ROLE_HEADER,
        "in": "header",
        "required": False,
        "description": "In development, what the user is.",
        "schema": {"type": "string", "enum": [role.value for role in Role], "default": Role.admin.value},
    },
}

_SECURITY: Mapping[str, Mapping[str, Any]] = {
    "Bearer": {
        "type": "http",
        "scheme": "bearer",
        "description": f"An API key, which begins with `{KEY_PREFIX}`, or a session token.",
    },
    "SessionToken": {"type": "apiKey", "in": "header", "name": SESSION_TOKEN_HEADER},
    "SessionCookie": {"type": "apiKey", "in": "cookie", "name": "ory_kratos_session"},
}

_RATE_HEADERS: Mapping[str, Any] = {
    name: {"description": f"{text}.", "schema": {"type": "integer"}}
    for name, text in {
        RATE_LIMIT: "Requests that may be sent in a minute",
        RATE_REMAINING: "How many of them are left",
        RATE_RESET: "When there will be more, in seconds since 1970",
    }.items()
}

_IDEMPOTENCY_KEY = {
    "name": idempotency.HEADER,
    "in": "header",
    "required": False,
    "description": "Names this request: repeated with the same key, it has no second effect.",
    "schema": {"type": "string", "minLength": 1, "maxLength": idempotency.MAX_KEY},
}


def _example(status: int) -> dict[str, Any]:
    more = {"retry_after": 60} if status == 429 else {}
    return {"error": _ERRORS[status][1], **more}


def error_responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The documentation of these error statuses."""
    # Described as they are: of a model FastAPI would make a validator for each status of each operation.
    return {status: _described(status) for status in statuses}


def responses(status: int, example: Any, *errors: int) -> dict[int | str, dict[str, Any]]:
    """The documentation of what an operation answers when it succeeds, and of these errors."""
    return {status: {"content": {"application/json": {"example": example}}}, **error_responses(*errors)}


def not_modified() -> dict[int | str, dict[str, Any]]:
    """The documentation of what is answered to a client that has the document."""
    return {304: {"description": "The client has it: its `If-None-Match` names the `ETag`"}}


def json_body(model: type[BaseModel], example: Any, *, required: bool = True) -> dict[str, Any]:
    """The documentation of a body that `JsonBody` reads."""
    return _body({"$ref": _REF.format(model=model.__name__)}, example, required=required)


REPEATABLE: dict[str, Any] = {"parameters": [{"$ref": "#/components/parameters/IdempotencyKey"}]}
"""The documentation of a request that may be repeated under an idempotency key."""


def any_body(example: Any) -> dict[str, Any]:
    """The documentation of a body that may be any JSON, or missing, and of a request that may be repeated."""
    return {**_body({"description": "Any JSON value."}, example, required=False), **REPEATABLE}


def _body(schema: Mapping[str, Any], example: Any, *, required: bool) -> dict[str, Any]:
    content = {"application/json": {"schema": schema, "example": example}}
    return {"requestBody": {"required": required, "content": content}}


def install_openapi(app: FastAPI) -> None:
    """Have `app` describe itself as above."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _document(app)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def _document(app: FastAPI) -> dict[str, Any]:
    document = get_openapi(
        title=app.title,
        version=app.version,
        description=_DESCRIPTION,
        routes=app.routes,
        tags=app.openapi_tags,
    )
    _, models = models_json_schema([(model, "validation") for model in _REQUEST_MODELS], ref_template=_REF)
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    schemas.update(models["$defs"])
    error = TypeAdapter(Error).json_schema(ref_template=_REF)
    schemas.update({**error.pop("$defs"), Error.__name__: error})
    # FastAPI's own form of a wrong request, which this API never answers with.
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    components["parameters"] = {**_IDENTITY, "IdempotencyKey": _IDEMPOTENCY_KEY}
    _restore_examples(app, document)
    components["securitySchemes"] = _SECURITY
    for operations in document["paths"].values():
        for operation in operations.values():
            operation["responses"].pop("422", None)
            operation["responses"].setdefault("429", _described(429))
            for response in operation["responses"].values():
                response["headers"] = {**response.get("headers", {}), **_RATE_HEADERS}
            _describe_access(operation)
    return document


def _describe_access(operation: dict[str, Any]) -> None:
    """Say what the operation asks of its caller; headers name a tenant where it is about one."""
    access = access_to(operation["operationId"])
    if access is Access.anybody:
        return
    # The last one is development, where headers are believed.
    operation["security"] = [*({name: []} for name in _SECURITY), {}]
    operation["x-required-role"] = access.value
    operation["responses"].setdefault("403", _described(403))
    named = _IDENTITY if access.role is not None else _IDENTITY.keys() - {"Tenant"}
    operation.setdefault("parameters", []).extend(
        {"$ref": f"#/components/parameters/{name}"} for name in _IDENTITY if name in named
    )


def _described(status: int) -> dict[str, Any]:
    schema = {"$ref": _REF.format(model=Error.__name__)}
    return {
        "description": _ERRORS[status][0],
        "content": {"application/json": {"schema": schema, "example": _example(status)}},
    }


def _restore_examples(app: FastAPI, document: Mapping[str, Any]) -> None:
    """Put the examples of answers back as they were given: FastAPI takes every null out of its document."""
    for context in iter_route_contexts(app.routes):
        route = context.original_route
        if not isinstance(route, APIRoute) or not route.include_in_schema:
            continue
        for method in route.methods or ():
            described = document["paths"][route.path_format][method.lower()]["responses"]
            for status, response in route.responses.items():
                for kind, content in response.get("content", {}).items():
                    if "example" in content:
                        described[str(status)]["content"][kind]["example"] = jsonable_encoder(
                            content["example"]
                        )
