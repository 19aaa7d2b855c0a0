"""The header by which a client repeats a request without repeating its effect."""

from typing import Annotated

from fastapi import Depends
from starlette.requests import Request

from gorax.core.errors import Invalid

HEADER = "Idempotency-Key"
MAX_KEY = 255


async def _idempotency_key(request: Request) -> str | None:
    keys = request.headers.getlist(HEADER)
    if not keys:
        return None
    [key, *more] = keys
    if more or not 0 < len(key) <= MAX_KEY or not (key.isascii() and key.isprintable()):
        raise Invalid(f"{HEADER}: must be one value of 1 to {MAX_KEY} printable ASCII characters")
    return key


IdempotencyKey = Annotated[str | None, Depends(_idempotency_key)]
"""In a route's signature: the key, if there is one. Raises `Invalid` for one that cannot be kept."""
