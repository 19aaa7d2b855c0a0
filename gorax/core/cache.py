"""Values that never change, kept as long as there is room for them."""

from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class Cache(Generic[T]):
    """Keeps what was used last, within a bound of bytes."""

    def __init__(self, limit: int, largest: int | None = None) -> None:
        """Keep values of `limit` bytes together, and none over `largest`: a quarter of that unless given."""
        self._limit = limit
        self._largest = limit // 4 if largest is None else largest
        self._bytes = 0
        self._values: OrderedDict[Hashable, tuple[T, int]] = OrderedDict()

    @property
    def bytes(self) -> int:
        """Of the values that are kept."""
        return self._bytes

    def get(self, key: Hashable) -> T | None:
        """The value, if it is still there."""
        if key not in self._values:
            return None
        self._values.move_to_end(key)
        return self._values[key][0]

    def keep(self, key: Hashable, value: T, size: int) -> None:
        """Keep a value of about so many bytes in place of those that were not used for the longest time."""
        if size > self._largest or key in self._values:
            return
        self._values[key] = value, size
        self._bytes += size
        while self._bytes > self._limit:
            _, (_, gone) = self._values.popitem(last=False)
            self._bytes -= gone
