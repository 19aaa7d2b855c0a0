"""How fast executions that were accepted are started: soon, but after those who wait for an answer.

An accepted execution is safe in its row, and nobody waits for its start. Whoever sends an event waits for the answer to
it, on the same processors that executions need: started as fast as they come, executions would keep senders waiting.
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
"""Seconds between two starts at most: however long a flood lasts, executions go on being started."""
CALM: Final = 0.25
"""Seconds without an event after which nothing of it counts any more."""
_WEIGHT: Final = 0.05
"""Of the newest event in the average."""


class Pace:
    """How fast one process starts executions: eight at a time, or one after the other with pauses between.

    Which of them, and how long the pauses are, goes by how long committing an event takes: that tells how much there is
    to do, whichever of processor, database and event loop is short. Whose execution is next goes by the tenants' turns.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock` tells the seconds since any moment."""
        self._clock = clock
        self._average = 0.0
        self._last = -CALM
        self._queue = FairQueue(lambda: 1 if self.pause else AT_ONCE)

    @contextmanager
    def accepting(self) -> Iterator[None]:
        """While an event that has arrived whole is being committed."""
        began = self._clock()
        if began - self._last > CALM:
            self._average = 0.0
        try:
            yield
        finally:
            self._last = self._clock()
            self._average += _WEIGHT * (self._last - began - self._average)

    @property
    def pause(self) -> float:
        """Seconds to wait between two starts; 0 when they need not stand back."""
        if self._clock() - self._last > CALM:
            return 0.0
        return min(max(self._average - EASE, 0.0) * PAUSE_FACTOR, MAX_PAUSE)

    @asynccontextmanager
    async def place(self, tenant_id: str, priority: int) -> AsyncIterator[None]:
        """A place among the executions that are being started, once it is its turn."""
        async with self._queue.place(tenant_id, priority):
            yield
            if pause := self.pause:
                await asyncio.sleep(pause)
