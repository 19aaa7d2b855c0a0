"""How errors become responses: the only place that knows which error has which status.

GoraxError
├── Invalid              400   input that cannot be accepted, with `details` of every problem
│   └── TooLarge         400   input over its bound in bytes
├── Unauthenticated      401   no identity
├── Forbidden            403   the user is not who may do this
├── NotFound             404   no such thing in this tenant, whoever else may have it
├── BodyTooSlow          408   the body did not arrive in time
├── Conflict             409   the state of the thing forbids it
├── LimitReached         429   there was too much of it lately, with `retry_after` in seconds
│   ├── QuotaExceeded    429   the tenant has as much as it may
│   └── RateLimited      429   too many requests
└── Unavailable          503   a part that we depend on does not answer
HTTPException            as it says: unknown routes and methods
RequestValidationError   400   query parameters
anything else            500   a bug; the text stays in the log, under the request id
"""

from collections.abc import Mapping, Sequence
from typing import Any

import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match

from api.problems import MAX_DETAILS, Detail, details_of
from api.responses import respond
from gorax.core.definition.problems import InvalidDefinition
from gorax.core.errors import Conflict, GoraxError, Invalid, LimitReached, NotFound, TooLarge, Unavailable

log = structlog.get_logger("gorax.api")


class Unauthenticated(GoraxError):
    """The request does not say, or cannot prove, who sends it."""


class Forbidden(GoraxError):
    """The user is known, and is not one of those who may do this."""


class BodyTooSlow(GoraxError):
    """The request's body did not arrive in time."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"body: did not arrive within {seconds:g} seconds")


class RateLimited(LimitReached):
    """There were too many requests in the last minute."""

    def __init__(self, retry_after: int) -> None:
        super().__init__("rate limit exceeded", retry_after)


class InvalidFields(Invalid):
    """A request whose fields are wrong: the first problem is the message, all of them are the details."""

    def __init__(self, details: Sequence[Detail]) -> None:
        first = details[0]
        super().__init__(f"{first['field']}: {first['message']}")
        self.details = list(details[:MAX_DETAILS])


_STATUS: Mapping[type[GoraxError], int] = {
    Invalid: 400,
    Unauthenticated: 401,
    Forbidden: 403,
    NotFound: 404,
    BodyTooSlow: 408,
    Conflict: 409,
    LimitReached: 429,
    TooLarge: 400,
    Unavailable: 503,
}

# After these the rest of the body is unread, or the client should come back a little later, or say who it is.
_HEADERS: Mapping[type[GoraxError], Mapping[str, str]] = {
    BodyTooSlow: {"Connection": "close"},
    TooLarge: {"Connection": "close"},
    Unavailable: {"Retry-After": "1"},
    Unauthenticated: {"WWW-Authenticate": "Bearer"},
}


def error_response(
    status: int, message: str, headers: Mapping[str, str] | None = None, **more: Any
) -> Response:
    """The one shape of every error: `{"error": message}` and what helps beyond it."""
    return respond({"error": message, **more}, status, headers)


def status_of(error: GoraxError) -> int:
    """The status of an error of ours: that of the nearest class in the table."""
    return next((_STATUS[kind] for kind in type(error).__mro__ if kind in _STATUS), 500)


def limit_response(error: LimitReached) -> Response:
    """The answer to what there was too much of."""
    headers = {"Retry-After": str(error.retry_after)}
    return error_response(429, str(error), headers, retry_after=error.retry_after)


def unexpected_error(request_id: str) -> Response:
    """The answer to a bug: nothing but the name under which the log has it."""
    return error_response(
        500, f"internal error, recorded under request id {request_id}", request_id=request_id
    )


async def _gorax_error(_request: Request, error: Exception) -> Response:
    if not isinstance(error, GoraxError):
        raise error
    if isinstance(error, LimitReached):
        return limit_response(error)
    status = status_of(error)
    if status == 500:
        raise error  # one of the domain's errors that no request should ever meet
    if status == 503:
        log.warning("unavailable", reason=str(error), cause=repr(error.__cause__))
    details = _details_of_error(error)
    more = {"details": details} if details else {}
    return error_response(status, str(error), _HEADERS.get(type(error)), **more)


def _details_of_error(error: GoraxError) -> list[Any]:
    if isinstance(error, InvalidFields):
        return list(error.details)
    if isinstance(error, InvalidDefinition):
        return [problem.model_dump(exclude_none=True) for problem in error.problems]
    return []


async def _invalid_query(request: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise error
    operation = _documented(request).get(request.method.lower(), {})
    known = [item["name"] for item in operation.get("parameters", ()) if item.get("in") == "query"]
    return await _gorax_error(request, InvalidFields(details_of(error.errors(), skip=1, known=known)))


async def _http_exception(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    where = f"{request.method} {request.scope['path']}"[:200]
    if error.status_code == 404:
        return error_response(404, f"no such route: {where}")
    if error.status_code == 405:
        allowed = ", ".join(_allowed_methods(request))
        if request.method == "OPTIONS":
            return Response(status_code=204, headers={"Allow": allowed})
        return error_response(405, f"method not allowed: {where}; allowed: {allowed}", {"Allow": allowed})
    return error_response(error.status_code, str(error.detail), error.headers)


def _allowed_methods(request: Request) -> list[str]:
    # The router stops at the first route of that path and knows only that one's methods.
    methods = {"OPTIONS", *(method.upper() for method in _documented(request))}
    for route in request.app.routes:
        match, _ = route.matches(request.scope)
        if match is not Match.NONE:
            methods |= set(getattr(route, "methods", None) or ())
    return sorted(methods | ({"HEAD"} if "GET" in methods else set()))


def _documented(request: Request) -> Mapping[str, Any]:
    """The operations on the path of the request, as the OpenAPI document has them."""
    paths: Mapping[str, Mapping[str, Any]] = request.app.openapi()["paths"]
    return paths.get(getattr(request.scope.get("route"), "path", ""), {})


def install_error_handlers(app: FastAPI) -> None:
    """Answer every error that a route raises."""
    app.add_exception_handler(GoraxError, _gorax_error)
    app.add_exception_handler(RequestValidationError, _invalid_query)
    app.add_exception_handler(HTTPException, _http_exception)
