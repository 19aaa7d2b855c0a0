"""The Python client of the REST API: `Gorax`, and `AsyncGorax` for event loops. See docs/sdk.md."""

from gorax.client.client import AsyncGorax, Gorax
from gorax.client.errors import (
    Conflict,
    ExecutionFailed,
    Forbidden,
    GoraxError,
    Invalid,
    NotEnded,
    NotFound,
    RateLimited,
    Refused,
    ServerError,
    StreamClosed,
    Unauthorized,
    Unavailable,
    UnexpectedAnswer,
    Unreachable,
)
from gorax.client.signatures import SignatureError, sign, verify

__all__ = [
    "AsyncGorax",
    "Conflict",
    "ExecutionFailed",
    "Forbidden",
    "Gorax",
    "GoraxError",
    "Invalid",
    "NotEnded",
    "NotFound",
    "RateLimited",
    "Refused",
    "ServerError",
    "SignatureError",
    "StreamClosed",
    "Unauthorized",
    "Unavailable",
    "UnexpectedAnswer",
    "Unreachable",
    "sign",
    "verify",
]
