"""Bounds on what one request may bring, enforced before anything is parsed."""

import asyncio

from starlette.requests import ClientDisconnect, Request

from api.errors import BodyTooSlow
from gorax.core.errors import Invalid, TooLarge

BODY_SECONDS = 30.0
"""Time in which a whole request body must have arrived."""
MAX_HEADERS = 100
"""Header lines of one request."""
MAX_HEADER_BYTES = 32_768
"""Bytes of the header lines and the address of one request together."""
HEADER_SECONDS = 15.0
"""Time in which a connection must have sent the headers of its first request."""
MAX_JSON_DEPTH = 100
"""Nesting of a JSON body. The language allows ten levels of actions; orjson encodes 254 levels."""
MAX_OFFSET = 2**31 - 1
"""Largest offset of a page."""
MAX_PAGE = 100
"""Largest number of items on a page."""
DEFAULT_PAGE = 20
"""Items on a page when the request does not say."""

# A client that sends more than it may is heard out this far, so that it reads the answer instead of a reset.
_DRAIN_BYTES = 32_000_000
_DRAIN_SECONDS = 2.0


async def read_body(request: Request, limit: int) -> bytes:
    """The request's body, at most `limit` bytes however it is sent.

    Raises `TooLarge`, `BodyTooSlow`, `Invalid` for an encoded body, `ClientDisconnect`.
    """
    if (encoding := request.headers.get("content-encoding", "identity").lower()) != "identity":
        raise Invalid(f"Content-Encoding: {encoding[:40]!r} is not supported, send the body as it is")
    declared = request.headers.get("content-length", "")
    too_large = declared.isdecimal() and int(declared[:20]) > limit
    if too_large and "expect" in request.headers:
        raise _too_large(limit)  # the client waits for leave before it sends: it has sent nothing yet
    chunks: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(BODY_SECONDS):
            while not too_large:
                message = await request.receive()
                if message["type"] == "http.disconnect":
                    raise ClientDisconnect
                chunk = message.get("body", b"")
                size += len(chunk)
                too_large = size > limit
                chunks.append(chunk)
                if not message.get("more_body", False):
                    break
    except TimeoutError:
        raise BodyTooSlow(BODY_SECONDS) from None
    if too_large:
        await _drain(request)
        raise _too_large(limit)
    return chunks[0] if len(chunks) == 1 else b"".join(chunks)


def _too_large(limit: int) -> TooLarge:
    return TooLarge(f"body: must be at most {limit} bytes")


async def _drain(request: Request) -> None:
    drained = 0
    try:
        async with asyncio.timeout(_DRAIN_SECONDS):
            while drained < _DRAIN_BYTES:
                message = await request.receive()
                drained += len(message.get("body", b""))
                if not message.get("more_body", False):
                    return
    except TimeoutError:
        return
