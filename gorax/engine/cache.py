"""Values that never change, kept as long as there is room for them."""

from collections import OrderedDict
from typing import Generic, TypeVar

T = TypeVar("T")


class Cache(Generic[T]):
    """Keeps what was used last, within a bound of bytes."""

    def __init__(self, limit: int) -> None:
        """Keep values of `limit` bytes together, and none that would take more than a quarter of that."""
        self._limit = limit
        self._bytes = 0
        self._values: OrderedDict[str, tuple[T, int]] = OrderedDict()

    def get(self, key: str) -> T | None:
        """The value, if it is still there."""
        if key not in self._values:
            return None
        self._values.move_to_end(key)
        return self._values[key][0]

    def keep(self, key: str, value: T, size: int) -> None:
        """Keep a value of about so many bytes in place of those that were not used for the longest time."""
        if size > self._limit // 4 or key in self._values:
            return
        self._values[key] = value, size
        self._bytes += size
        while self._bytes > self._limit:
            _, (_, gone) = self._values.popitem(last=False)
            self._bytes -= gone
