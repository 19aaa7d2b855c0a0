"""Answers that are worth remembering for a moment."""

import time
from collections import OrderedDict
from typing import Generic, TypeVar

T = TypeVar("T")


class Recent(Generic[T]):
    """Values that are true for a while; beyond so many, those that were put there first are forgotten."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._values: OrderedDict[str, tuple[T, float]] = OrderedDict()

    def get(self, key: str) -> T | None:
        """The value, unless its time is over or it had to make room."""
        kept = self._values.get(key)
        if kept is None:
            return None
        value, until = kept
        if time.monotonic() >= until:
            del self._values[key]
            return None
        return value

    def drop(self, key: str) -> None:
        """Forget the value, if it is there."""
        self._values.pop(key, None)

    def keep(self, key: str, value: T, seconds: float) -> None:
        """Keep the value for so long, in the place of the one that was there."""
        self._values.pop(key, None)
        if seconds <= 0:
            return
        self._values[key] = value, time.monotonic() + seconds
        if len(self._values) > self._most:
            self._values.popitem(last=False)
