"""Places for a few at a time, which those who wait get in turns of their tenants."""

import asyncio
import heapq
import itertools
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

_Waiting = tuple[int, int, "asyncio.Future[None]"]
"""Minus its priority, a number that rises with each, and what it is told by that it has its place."""


class FairQueue:
    """Lets so many go on at a time: the first of each tenant, then the second of each, and so on.

    Of one tenant those of the highest priority go first, and of these who came first. However many of one tenant wait,
    the first of another is not behind them: that is what the order of a semaphore would give.
    """

    def __init__(self, places: Callable[[], int], rest: Callable[[], float] = lambda: 0.0) -> None:
        """`places` says how many may go on at a time, at least one; it is asked whenever somebody comes or goes.

        `rest` says for how many seconds after a turn a tenant of which more wait has no other: what it would take up
        then is left to the other tenants, and to all else that goes on.
        """
        self._places = places
        self._rest = rest
        self._resting: set[str] = set()
        self._taken = 0
        self._numbers = itertools.count()
        self._waiting: OrderedDict[str, list[_Waiting]] = OrderedDict()
        """By tenant, in the order of their turns."""

    @asynccontextmanager
    async def place(self, tenant_id: str, priority: int) -> AsyncIterator[None]:
        """A place, once it is this one's turn."""
        if self._waiting or self._taken >= self._places() or tenant_id in self._resting:
            await self._turn(tenant_id, priority)
        else:
            self._taken += 1
        try:
            yield
        finally:
            self._taken -= 1
            if tenant_id in self._waiting and tenant_id not in self._resting and (rest := self._rest()):
                self._resting.add(tenant_id)
                asyncio.get_running_loop().call_later(rest, self._rested, tenant_id)
            self._call()

    def _rested(self, tenant_id: str) -> None:
        self._resting.discard(tenant_id)
        self._call()

    async def _turn(self, tenant_id: str, priority: int) -> None:
        called: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting.setdefault(tenant_id, []), (-priority, next(self._numbers), called))
        self._call()
        try:
            await called
        except asyncio.CancelledError:
            if called.done() and not called.cancelled():
                self._taken -= 1  # it was called at the last moment
                self._call()
            raise

    def _call(self) -> None:
        """Give the places that are free."""
        while self._taken < self._places():
            tenant_id = next((each for each in self._waiting if each not in self._resting), None)
            if tenant_id is None:
                return
            waiting = self._waiting.pop(tenant_id)
            *_, called = heapq.heappop(waiting)
            if waiting:
                self._waiting[tenant_id] = waiting
            if not called.done():  # as it is when it does not wait any more
                self._taken += 1
                called.set_result(None)
