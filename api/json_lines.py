"""Exports that may be longer than anybody's memory: one JSON value a line."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import Any, TypeVar

from starlette.responses import Response, StreamingResponse

from gorax.core.encoding import dumps

MEDIA_TYPE = "application/x-ndjson"

Row = TypeVar("Row")


async def stream(pieces: AsyncIterator[Sequence[Row]], view: Callable[[Row], Mapping[str, Any]]) -> Response:
    """All rows of the pieces, a line each. Raises what the first piece does."""
    # The first piece comes before the status: a database that is away is a 503, not half an export.
    first = await anext(pieces)
    return StreamingResponse(_lines(first, pieces, view), media_type=MEDIA_TYPE)


async def _lines(
    first: Sequence[Row], rest: AsyncIterator[Sequence[Row]], view: Callable[[Row], Mapping[str, Any]]
) -> AsyncIterator[bytes]:
    yield _encoded(first, view)
    async for rows in rest:
        yield _encoded(rows, view)


def _encoded(rows: Sequence[Row], view: Callable[[Row], Mapping[str, Any]]) -> bytes:
    return b"".join(dumps(view(row)) + b"\n" for row in rows)


def documented(example: Mapping[str, Any]) -> dict[int | str, dict[str, Any]]:
    """The documentation of an export."""
    line = {"schema": {"type": "string"}, "example": f"{dumps(example).decode()}\n"}
    return {200: {"description": "One entry a line, oldest first", "content": {MEDIA_TYPE: line}}}
