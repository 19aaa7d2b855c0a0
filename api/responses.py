"""Responses, encoded once: the routes hand over plain values and nothing validates them a second time."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from starlette.responses import Response

from gorax.core.encoding import dumps

MEDIA_TYPE = "application/json"
SECRET = {"Cache-Control": "no-store"}
"""Headers of an answer with a secret in it."""


def respond(value: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A JSON response with `value` as its whole body."""
    return Response(dumps(value), status, headers, MEDIA_TYPE)


def data(value: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A JSON response in the envelope that the contract puts around one thing."""
    return respond({"data": value}, status, headers)


def page(items: list[Any], *, limit: int, offset: int, total: int) -> Response:
    """A JSON response in the envelope that the contract puts around a list."""
    return respond({"data": items, "limit": limit, "offset": offset, "total": total})


def now() -> datetime:
    """The time that a response states."""
    return datetime.now(UTC)
