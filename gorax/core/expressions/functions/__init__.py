"""The built-in functions that take values; those that take a predicate are in ``predicates``."""

from difflib import get_close_matches
from typing import Final

from ..patterns import replace
from . import collections, dates, encoding, numbers, strings
from .dates import METHOD_COST, METHODS, call_method
from .registry import Function

FUNCTIONS: Final[dict[str, Function]] = {
    **strings.FUNCTIONS,
    **numbers.FUNCTIONS,
    **collections.FUNCTIONS,
    **encoding.FUNCTIONS,
    **dates.FUNCTIONS,
    "regex_replace": Function("regex_replace", replace, 3, 3, loops=True),
}


def suggestion(name: str) -> str:
    """``; did you mean 'lower'?`` for a function whose name is close to a known one."""
    close = get_close_matches(name[:40], FUNCTIONS, 1)
    return f"; did you mean {close[0]!r}?" if close else ""


__all__ = ["FUNCTIONS", "METHODS", "METHOD_COST", "Function", "call_method", "suggestion"]
