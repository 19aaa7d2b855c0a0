"""By what a repeated event is recognised."""

import hashlib
from collections.abc import Mapping
from typing import Any, Final

from gorax.core.encoding import dumps
from gorax.core.expressions import ExpressionError
from gorax.core.masking import MASK
from gorax.core.webhooks.filters import evaluate

KEY_HEADERS: Final = ("idempotency-key", "webhook-id", "x-github-delivery")
"""Headers that name an event, the first one that was sent counts."""
MAX_KEY: Final = 200
"""Characters of a key that are kept; of a longer one its digest is."""


def dedupe_key(expression: str | None, trigger: Mapping[str, Any], headers: Mapping[str, str]) -> str | None:
    """The key of an event, with where it is from; None when it has none.

    The webhook's own `expression` comes before the headers. Where it gives nothing, or cannot be evaluated, they count.
    """
    if expression is not None and (own := _own(expression, trigger)) is not None:
        return f"expression:{own}"
    for name in KEY_HEADERS:
        if given := headers.get(name):
            return f"{name}:{_short(given)}"
    return None


def _own(expression: str, trigger: Mapping[str, Any]) -> str | None:
    try:
        value = evaluate(expression, trigger)
    except ExpressionError:
        return None
    # A masked header is the same in all events: it tells none of them apart.
    if value in (None, "", MASK):
        return None
    return _short(value if isinstance(value, str) else dumps(value).decode())


def _short(key: str) -> str:
    if len(key) <= MAX_KEY and key.isascii() and key.isprintable():
        return key
    return f"sha256-{hashlib.sha256(key.encode()).hexdigest()}"
