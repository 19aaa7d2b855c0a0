"""How large a value is, without writing it: a walk that stops where a bound is passed.

A template may put one large value into a config a thousand times. Encoding such a value to see that it is too large
would be the damage that the bound is there to prevent.
"""

from typing import Any

MAX_VALUES = 3_000_000
"""Parts of a value that steps pass on: looking at more would take longer than a workflow task may."""
MAX_DEPTH = 100
"""Levels of a value that steps pass on; the encoder itself gives up at 254."""


class TooHeavyError(Exception):
    """The value is over its bound, or nested too deeply; the message says which."""


def weigh(value: Any, limit: int) -> int:
    """A lower estimate of how many bytes `value` has as JSON.

    Raises `TooHeavyError` when that is over `limit`, and when it has more than `MAX_DEPTH` levels or `MAX_VALUES`
    parts.
    """
    total = parts = 0
    level = [value]
    for _ in range(MAX_DEPTH + 1):
        below: list[Any] = []
        for item in level:
            kind = type(item)
            if kind is str or kind is list:
                total += len(item) + 2
            elif kind is dict:
                total += 3 * len(item) + 2 + sum(len(key) for key in item if type(key) is str)
            else:
                total += 1
            if total > limit:
                raise TooHeavyError(f"has more than {limit} bytes")
            if kind is list:
                below.extend(item)
            elif kind is dict:
                below.extend(item.values())
        parts += len(below)
        if parts > MAX_VALUES:
            raise TooHeavyError(f"has more than {MAX_VALUES} values")
        if not below:
            return total
        level = below
    raise TooHeavyError(f"has more than {MAX_DEPTH} levels")
