"""Requests of the last minute, counted in this process."""

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final, NamedTuple

from gorax.store.tenants import UNLIMITED

WINDOW: Final = 60
"""Seconds that a request counts for."""
BOUNDLESS: Final = 2**31 - 1
"""What is told of the limit where there is none: a program that slows down as less remains never has to."""
_SWEPT: Final = 2
"""Keys that are looked at for each new one, whether their requests still count."""


class Verdict(NamedTuple):
    """Whether a request may be, and how many more."""

    allowed: bool
    limit: int
    remaining: int
    wait: float
    """Seconds until more remains: of a refused request, until there is room for it again."""

    @property
    def reset(self) -> int:
        """When that is, in seconds since 1970."""
        return math.ceil(time.time() + self.wait)

    @property
    def retry_after(self) -> int:
        """Whole seconds to wait, at least one."""
        return max(1, math.ceil(self.wait))


UNCOUNTED: Final = Verdict(True, BOUNDLESS, BOUNDLESS, WINDOW)
"""Of what has no limit."""


class _Window:
    """One key's requests by the second: at most sixty numbers, however many requests."""

    __slots__ = ("counts", "seconds", "used")

    def __init__(self) -> None:
        self.seconds: list[int] = []
        self.counts: list[int] = []
        self.used = 0

    def forget(self, until: int) -> None:
        """Drop what was in that second and before."""
        gone = 0
        for second in self.seconds:
            if second > until:
                break
            self.used -= self.counts[gone]
            gone += 1
        if gone:
            del self.seconds[:gone], self.counts[:gone]

    def add(self, second: int) -> None:
        """One more."""
        if self.seconds and self.seconds[-1] >= second:
            self.counts[-1] += 1
        else:
            self.seconds.append(second)
            self.counts.append(1)
        self.used += 1

    def verdict(self, limit: int, now: float, *, allowed: bool) -> Verdict:
        """What is told of it."""
        left = self.used
        for second, count in zip(self.seconds, self.counts, strict=True):
            left -= count
            if allowed or left < limit:
                return Verdict(allowed, limit, max(0, limit - self.used), second + WINDOW - now)
        return Verdict(allowed, limit, max(0, limit - self.used), WINDOW)


class Windows:
    """Requests by key. Beyond so many keys, those that were used longest ago begin anew.

    What is decided is decided without waiting for anything in between, so that no two requests get the same place.
    """

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._clock = clock
        self._windows: OrderedDict[str, _Window] = OrderedDict()

    def __len__(self) -> int:
        return len(self._windows)

    def hit(self, key: str, limit: int) -> Verdict:
        """Count a request, unless there are `limit` already."""
        if limit == UNLIMITED:
            return UNCOUNTED
        now = self._clock()
        window = self._open(key, int(now))
        allowed = window.used < limit
        if allowed:
            window.add(int(now))
        return window.verdict(limit, now, allowed=allowed)

    def look(self, key: str, limit: int) -> Verdict:
        """How it is, without counting anything; `allowed` says whether a request would be."""
        if limit == UNLIMITED:
            return UNCOUNTED
        now = self._clock()
        window = self._windows.get(key)
        if window is None:
            return Verdict(limit > 0, limit, limit, WINDOW)
        window.forget(int(now) - WINDOW)
        return window.verdict(limit, now, allowed=window.used < limit)

    def note(self, key: str) -> None:
        """Count a request that somebody else has allowed."""
        second = int(self._clock())
        self._open(key, second).add(second)

    def _open(self, key: str, second: int) -> _Window:
        window = self._windows.get(key)
        if window is not None:
            self._windows.move_to_end(key)
            window.forget(second - WINDOW)
            return window
        self._sweep(second - WINDOW)
        if len(self._windows) >= self._most:
            self._windows.popitem(last=False)
        window = self._windows[key] = _Window()
        return window

    def _sweep(self, until: int) -> None:
        """Drop keys whose last request counts no more; the first ones are those used longest ago."""
        for _ in range(min(_SWEPT, len(self._windows))):
            key = next(iter(self._windows))
            seconds = self._windows[key].seconds
            if seconds and seconds[-1] > until:
                return
            del self._windows[key]
