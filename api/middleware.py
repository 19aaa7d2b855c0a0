"""What every request passes on its way in and every response on its way out: plain ASGI."""

import re
import time
from collections.abc import Mapping, Sequence
from typing import Any

import structlog
from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import error_response, unexpected_error
from api.metering import count_request
from api.stream_protocol import ENDLESS
from gorax.core.ids import REQUEST, new_id

REQUEST_ID_HEADER = "X-Request-ID"
MAX_REQUEST_ID = 128
HEAD = "head"
"""In the state of a request: it asks for the headers of an answer alone."""
ROUTED = "routed"
"""In the state of a request: its scope as the router got it, where that is a copy."""
QUIET_PATHS = frozenset({"/health", "/ready", "/metrics"})
"""Whose requests come every few seconds and say nothing: they are not logged, nor traced."""

log = structlog.get_logger("gorax.api")


def _incoming_request_id(scope: Scope) -> str | None:
    for name, value in scope["headers"]:
        if name == b"x-request-id":
            text = str(value.decode("latin-1"))
            sane = 0 < len(text) <= MAX_REQUEST_ID and text.isascii() and text.isprintable()
            return text if sane and " " not in text else None
    return None


class RequestContext:
    """Gives every request an id, which its response and all its log lines carry, and logs it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = _incoming_request_id(scope) or new_id(REQUEST)
        state = scope.setdefault("state", {})
        state["request_id"] = request_id
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        started = time.perf_counter()
        status = 0

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message.setdefault("headers", []).append((b"x-request-id", request_id.encode()))
            await send(message)

        try:
            await self._app(scope, receive, send_with_id)
        finally:
            taken = time.perf_counter() - started
            line: dict[str, Any] = {
                "method": scope["method"],
                # As it was sent, and so without line breaks or anything else that could forge a log.
                "path": scope["raw_path"].decode("latin-1"),
                "status": status,
                "ms": round(taken * 1000, 1),
            }
            if tenant_id := state.get("tenant_id"):
                line["tenant_id"] = tenant_id
            # How long a stream was open says nothing about how quickly it was answered.
            measured = None if state.get(ENDLESS) else taken
            count_request(state.get(ROUTED, scope), scope["method"], status, measured)
            write = log.debug if scope["path"] in QUIET_PATHS and status < 400 else log.info
            write("request", **line)


class AuditTrail:
    """Sees to it that whoever has an answer to a request for a change is in the audit log."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_after_entry(message: Message) -> None:
            if (
                message["type"] == "http.response.start"
                and (trail := scope["state"].get("trail")) is not None
            ):
                await trail.end(message["status"])
            await send(message)

        await self._app(scope, receive, send_after_entry if scope["type"] == "http" else send)


class UnexpectedErrors:
    """Turns a bug into a 500 of our shape and a log line with the whole story."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def watch(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, receive, watch)
        except ClientDisconnect:
            log.info("the client went away before its request was complete")
        except Exception:
            log.exception("unexpected error")
            if started:
                raise  # half a response is out: only cutting the connection tells the client
            await unexpected_error(scope["state"]["request_id"])(scope, receive, send)


_SLASHES = re.compile("/{2,}")


class CanonicalRequest:
    """Answers HEAD like GET, and a path with a slash too many, inside or at its end, like one without.

    A redirect would lose bodies, and runners of API collections put `//` where two parts meet.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path = scope["path"]
        if "\0" in path:  # neither the file system nor the database takes it
            await error_response(404, "no such route")(scope, receive, send)
            return
        canonical = _SLASHES.sub("/", path)
        if len(canonical) > 1:
            canonical = canonical.rstrip("/")
        if canonical != path:
            # A copy: the server below looks at its own scope, where HEAD must stay HEAD.
            scope = _copy(scope, path=canonical)
        # A webhook that receives GET must not take HEAD for one, and begin something.
        if scope["method"] != "HEAD" or canonical.startswith("/webhooks/"):
            await self._app(scope, receive, send)
            return

        async def without_body(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        scope["state"][HEAD] = True
        await self._app(_copy(scope, method="GET"), receive, without_body)


def _copy(scope: Scope, **changes: str) -> Scope:
    copy = {**scope, **changes}
    scope["state"][ROUTED] = copy
    return copy


class Cors(CORSMiddleware):
    """Starlette's CORS, with its refusals in the one shape of errors."""

    def preflight_response(self, request_headers: Headers) -> Response:
        """Answer an OPTIONS request by which a browser asks for leave."""
        response = super().preflight_response(request_headers)
        headers = {name: value for name, value in response.headers.items() if not name.startswith("content-")}
        if response.status_code == 400:
            return error_response(400, bytes(response.body).decode(), headers)
        return Response(status_code=204, headers=headers)


class CorsOf:
    """Other rules inside some paths than outside of them."""

    def __init__(
        self, app: ASGIApp, paths: Sequence[str], inside: Mapping[str, Any], outside: Mapping[str, Any]
    ) -> None:
        self._prefixes = tuple(f"{path}/" for path in paths)
        self._inside = Cors(app, **inside)
        self._outside = Cors(app, **outside)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_inside = scope["type"] == "http" and _SLASHES.sub("/", scope["path"]).startswith(self._prefixes)
        await (self._inside if is_inside else self._outside)(scope, receive, send)
