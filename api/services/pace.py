"""How fast executions that were accepted are started: soon, but after those who wait for something else.

An accepted execution is safe in its row. Whoever sends an event waits for the answer to it, and executions that run
wait for Temporal, on the same processors and databases that starts need: started as fast as they come, executions would
keep both waiting, whosever they are, since neither Temporal nor PostgreSQL knows turns for what it is asked. What is
held back waits in PostgreSQL, and is started in turns of the tenants.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Final

from api.services.fair_queue import FairQueue

AT_ONCE: Final = 8
"""Starts at a time: Temporal takes no more by being asked for more."""
EASE: Final = 0.005
"""Seconds that committing an event may take, on average, without starts standing back. Idle, it takes one or two
thousandths."""
PAUSE_FACTOR: Final = 10
"""Seconds of pause for each second above it."""
MAX_PAUSE: Final = 0.1
"""Seconds of a pause or a rest at most: however long a flood lasts, executions go on being started."""
CALM: Final = 0.25
"""Seconds without an event after which nothing of it counts any more."""
START_EASE: Final = 3
"""Times the quickest start that a start may take, on average, without starts going on one by one."""
START_CALM: Final = 2.0
"""Seconds without a start after which nothing of it counts any more."""
REST_EASE: Final = 2
"""Times the quickest start that a start may take, on average, without the tenants of which many wait resting."""
REST_FACTOR: Final = 2
"""Times a start takes, on average, is what such a tenant rests after each."""
QUICKEST_SECONDS: Final = 600.0
"""For which the quickest start is remembered, and at most as long again: a Temporal that has moved far away is not busy
for ever."""
_WEIGHT: Final = 0.05
"""Of the newest event in the average."""
_START_WEIGHT: Final = 0.1
"""Of the newest start."""


class Pace:
    """How fast one process starts executions: eight at a time, or one after the other, maybe with pauses between.

    Which of them goes by how long committing an event takes, and by how long Temporal takes to start an execution: that
    tells how much there is to do, whichever of processor, database, event loop and Temporal is short. Whose execution
    is next goes by the tenants' turns, between which a tenant of which many wait rests while there is much to do.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock` tells the seconds since any moment."""
        self._clock = clock
        self._events = _Average(_WEIGHT, CALM)
        self._starts = _Average(_START_WEIGHT, START_CALM)
        self._quickest = _Least(QUICKEST_SECONDS)
        self._queue = FairQueue(lambda: 1 if self.busy else AT_ONCE, lambda: self.rest)

    @contextmanager
    def accepting(self) -> Iterator[None]:
        """While an event that has arrived whole is being committed."""
        began = self._clock()
        try:
            yield
        finally:
            self._events.add(began, self._clock())

    @contextmanager
    def starting(self) -> Iterator[None]:
        """While Temporal starts an execution; one that it does not take tells nothing."""
        began = self._clock()
        yield
        ended = self._clock()
        self._starts.add(began, ended)
        self._quickest.add(ended, ended - began)

    @property
    def busy(self) -> bool:
        """Whether executions are started one by one."""
        return bool(self.pause) or self._starts.at(self._clock()) > START_EASE * self._quickest.value

    @property
    def rest(self) -> float:
        """Seconds for which a tenant whose execution was started has no other started, if it has more that wait.

        What waits then loses little: whatever is short is not used better by asking for more of it. The executions that
        run, and other tenants' single ones, find it free meanwhile.
        """
        lately = self._starts.at(self._clock())
        return min(REST_FACTOR * lately, MAX_PAUSE) if lately > REST_EASE * self._quickest.value else 0.0

    @property
    def pause(self) -> float:
        """Seconds to wait between two starts; 0 when senders need not be given way."""
        return min(max(self._events.at(self._clock()) - EASE, 0.0) * PAUSE_FACTOR, MAX_PAUSE)

    @asynccontextmanager
    async def place(self, tenant_id: str, priority: int) -> AsyncIterator[None]:
        """A place among the executions that are being started, once it is its turn."""
        async with self._queue.place(tenant_id, priority):
            yield
            if pause := self.pause:
                await asyncio.sleep(pause)


class _Average:
    """Seconds that something takes lately; 0 when it has not happened for a while."""

    def __init__(self, weight: float, calm: float) -> None:
        self._weight = weight
        self._calm = calm
        self._value = 0.0
        self._last = float("-inf")

    def add(self, began: float, ended: float) -> None:
        if began - self._last > self._calm:
            self._value = 0.0
        self._last = ended
        self._value += self._weight * (ended - began - self._value)

    def at(self, now: float) -> float:
        return self._value if now - self._last <= self._calm else 0.0


class _Least:
    """The least of what came for so many seconds, and at most as many before them."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._since = float("-inf")
        self._now = self._before = float("inf")

    def add(self, now: float, value: float) -> None:
        if now - self._since > self._seconds:
            self._before, self._now, self._since = self._now, value, now
        self._now = min(self._now, value)

    @property
    def value(self) -> float:
        """Infinite before anything came."""
        return min(self._now, self._before)
