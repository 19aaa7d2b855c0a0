"""A bounded cache of compiled sources."""

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Final, Generic, TypeVar

Compiled = TypeVar("Compiled")

LONGEST: Final = 16 * 1024


class SourceCache(Generic[Compiled]):
    """Least recently used sources leave first.

    Bounded by the characters of the sources, because what is compiled from them grows with them (to some 500
    bytes a character at worst) and a limit on their number alone would not bound the memory.
    """

    def __init__(self, compile_source: Callable[[str], Compiled], characters: int) -> None:
        self._compile = compile_source
        self._limit = characters
        self._characters = 0
        self._entries: OrderedDict[str, Compiled] = OrderedDict()
        self._lock = Lock()

    def __call__(self, source: str) -> Compiled:
        with self._lock:
            known = self._entries.get(source)
            if known is not None:
                self._entries.move_to_end(source)
                return known
        compiled = self._compile(source)
        if len(source) <= LONGEST:
            with self._lock:
                if source not in self._entries:
                    self._entries[source] = compiled
                    self._characters += len(source) + 16
                while self._characters > self._limit:
                    left, _ = self._entries.popitem(last=False)
                    self._characters -= len(left) + 16
        return compiled
