"""By what a repeated event is recognised."""

import hashlib
from collections.abc import Mapping
from typing import Any, Final

import orjson

from gorax.core.expressions import ExpressionError
from gorax.core.masking import MASK
from gorax.core.webhooks.filters import WHOLE, Allowance, evaluate

KEY_HEADERS: Final = ("idempotency-key", "webhook-id", "x-github-delivery")
"""Headers that name an event, the first one that was sent counts."""
MAX_KEY: Final = 200
"""Characters of a key that are kept; of a longer one its digest is."""
_EXACT: Final = 2**53
"""Below it every whole number is one of those that senders write with and without a point."""


def dedupe_key(
    expression: str | None,
    trigger: Mapping[str, Any],
    headers: Mapping[str, str],
    allowance: Allowance = WHOLE,
) -> str | None:
    """The key of an event, with where it is from; None when it has none.

    The webhook's own `expression` comes before the headers. Where it gives nothing, or cannot be evaluated, they count.
    A text is another key than a number, or anything else, that is written alike.
    Raises `CostlyError` when that is more work than the allowance.
    """
    if expression is not None and (own := _own(expression, trigger, allowance)) is not None:
        return own
    for name in KEY_HEADERS:
        if given := headers.get(name):
            return f"{name}:{_short(given)}"
    return None


def _own(expression: str, trigger: Mapping[str, Any], allowance: Allowance) -> str | None:
    try:
        value = evaluate(expression, trigger, allowance)
    except ExpressionError:
        return None
    # A masked header is the same in all events: it tells none of them apart.
    if value in (None, "", MASK):
        return None
    if isinstance(value, str):
        return f"expression:{_short(value)}"
    return f"expression-json:{_short(_written(value))}"


def _written(value: Any) -> str:
    """As JSON in which nothing is left to the sender's taste: 1.0 is the number 1, and names have no order."""
    if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT:
        value = int(value)
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


def _short(key: str) -> str:
    if len(key) <= MAX_KEY and key.isascii() and key.isprintable():
        return key
    return f"sha256-{hashlib.sha256(key.encode()).hexdigest()}"
