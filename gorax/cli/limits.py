"""How much of a list is shown."""

from collections.abc import Callable, Iterable
from itertools import islice
from typing import Annotated, TypeVar

import typer

T = TypeVar("T")

Limit = Annotated[int, typer.Option(min=1, help="At most so many.")]

_LONGEST_PAGE = 100


def first(limit: int, pages_of: Callable[[int], Iterable[T]]) -> Iterable[T]:
    """At most so many of what comes in pages of a length, which are no longer than what is shown of them."""
    return islice(pages_of(min(limit, _LONGEST_PAGE)), limit)
