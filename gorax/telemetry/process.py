"""How the process itself does: the lag of its event loop, and its share of the database."""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NoReturn

from gorax.telemetry.instruments import LOOP_LAG, POOL_SIZE, POOL_USED

POOL = "sessions"
"""Of connections: the one that a process has for most of what it does."""
PULSE_SECONDS = 0.5
"""Between two looks at how late the loop is."""


@contextmanager
def measured(used: Callable[[], int], most: int) -> Iterator[None]:
    """Measure this process's event loop, and its pool of at most so many connections, while the block runs."""
    POOL_SIZE.labels(POOL).set(most)
    POOL_USED.labels(POOL).set_function(used)
    pulse = asyncio.create_task(_pulse(), name="pulse")
    try:
        yield
    finally:
        pulse.cancel()
        # The gauge would keep the pool alive, and be asked after it was closed.
        POOL_USED.labels(POOL).set_function(lambda: 0)


async def _pulse() -> NoReturn:
    while True:
        asked = time.perf_counter()
        await asyncio.sleep(PULSE_SECONDS)
        LOOP_LAG.observe(max(0.0, time.perf_counter() - asked - PULSE_SECONDS))
