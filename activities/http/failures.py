"""Which answers are errors, and what is said about them."""

from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from activities.http.exchange import Head
from gorax.core.errors import ErrorType, StepError
from gorax.core.masking import Mask

ERROR_BODY = 2_048
"""Bytes of an error's body that are kept."""
MAX_RETRY_AFTER = 3_600.0
"""Seconds that a server may ask us to wait."""

_RETRYABLE = frozenset({408, 425, 429})
_TOLD_HEADERS = frozenset(
    {
        "allow",
        "content-type",
        "content-length",
        "date",
        "location",
        "ratelimit-limit",
        "ratelimit-remaining",
        "ratelimit-reset",
        "request-id",
        "retry-after",
        "server",
        "www-authenticate",
        "x-correlation-id",
        "x-ratelimit-limit",
        "x-ratelimit-remaining",
        "x-ratelimit-reset",
        "x-request-id",
    }
)


def status_failure(what: str, head: Head, body: bytes, mask: Mask) -> StepError:
    """The error of an answer whose status is not among the expected; `what` names the request."""
    headers = {name: value for name, value in texts(head.headers) if name in _TOLD_HEADERS}
    retryable = head.status in _RETRYABLE or head.status >= 500
    return StepError(
        ErrorType.http(head.status),
        mask.in_text(f"{what} answered {head.status}"),
        details={
            "status": head.status,
            "headers": {name: mask.in_text(value) for name, value in headers.items()},
            "body": mask.excerpt(body, ERROR_BODY).decode("utf-8", "replace"),
        },
        retryable=retryable,
        retry_after=retry_after(headers.get("retry-after")) if retryable else None,
    )


def retry_after(value: str | None) -> float | None:
    """Seconds that a `Retry-After` header asks for, as a number or by a date; None when it says neither."""
    if value is None:
        return None
    text = value.strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:12]), MAX_RETRY_AFTER)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return min(max((moment - datetime.now(UTC)).total_seconds(), 0.0), MAX_RETRY_AFTER)


def texts(headers: Iterable[tuple[bytes, bytes]]) -> Iterable[tuple[str, str]]:
    """Header names and values as text; a value that is not UTF-8 is read as Latin-1."""
    for name, value in headers:
        try:
            yield name.decode("ascii"), value.decode()
        except UnicodeDecodeError:
            yield name.decode("ascii"), value.decode("latin-1")
