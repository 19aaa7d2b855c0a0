"""Connections kept alive between calls, and the bound on how many there are."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from activities.http.exchange import Connection
from activities.http.url import Url

KEEP_ALIVE = 30.0
"""Seconds that a connection waits for another request."""
SWEEP = 5.0
"""Seconds between two looks for connections that waited too long or were closed by their server."""


@dataclass(frozen=True, slots=True)
class Proxy:
    """A forward proxy, spoken to without TLS."""

    host: str
    port: int
    authorization: str | None = None
    """Value of `Proxy-Authorization`."""


@dataclass(frozen=True, slots=True)
class Route:
    """How a host is reached. Connections are shared by the calls that agree in all of it."""

    scheme: str
    host: str
    port: int
    verify_tls: bool = True
    proxy: Proxy | None = None

    @classmethod
    def to(cls, url: Url, verify_tls: bool, proxy: Proxy | None) -> "Route":
        """The route to a URL's host."""
        return cls(url.scheme, url.host, url.port, verify_tls, proxy)


class ConnectionPool:
    """Hands out connections, the freshest first.

    Every connection that was taken is released in the end, to be kept for others or to be closed.
    """

    def __init__(self, dial: Callable[[Route], Awaitable[Connection]], max_connections: int) -> None:
        self._dial = dial
        self._max = max_connections
        self._slots = asyncio.Semaphore(max_connections)
        # The route used longest ago stands first.
        self._idle: dict[Route, list[Connection]] = {}
        self._idle_count = 0
        self._in_use = 0
        self._sweeper: asyncio.TimerHandle | None = None
        self._closed = False

    async def take(self, route: Route, *, fresh: bool = False) -> Connection:
        """A connection to use alone: a kept one, or a new one. Raises `StepError` when none can be made."""
        await self._slots.acquire()
        self._in_use += 1
        try:
            if not fresh and (kept := self._kept(route)) is not None:
                return kept
            while self._idle_count and self._in_use + self._idle_count > self._max:
                self._drop_oldest()
            return await self._dial(route)
        except BaseException:
            self._end_use()
            raise

    def release(self, route: Route, connection: Connection, *, keep: bool) -> None:
        """End the use that `take` began; only a connection that can carry another exchange may be kept."""
        self._end_use()
        if not keep or self._closed:
            connection.close()
            return
        loop = asyncio.get_running_loop()
        connection.idle_until = loop.time() + KEEP_ALIVE
        # Taken out and put in again, the route moves to the end.
        kept = self._idle.pop(route, [])
        kept.append(connection)
        self._idle[route] = kept
        self._idle_count += 1
        if self._sweeper is None:
            self._sweeper = loop.call_later(SWEEP, self._sweep)

    def close(self) -> None:
        """Close what is idle now, and later what is in use."""
        self._closed = True
        if self._sweeper is not None:
            self._sweeper.cancel()
        while self._idle:
            self._drop_oldest()

    def _end_use(self) -> None:
        self._in_use -= 1
        self._slots.release()

    def _kept(self, route: Route) -> Connection | None:
        kept = self._idle.get(route)
        now = asyncio.get_running_loop().time()
        while kept:
            connection = kept.pop()
            self._idle_count -= 1
            if not kept:
                del self._idle[route]
            if connection.stream.fresh and now < connection.idle_until:
                return connection
            connection.close()
        return None

    def _drop_oldest(self) -> None:
        route, kept = next(iter(self._idle.items()))
        kept.pop(0).close()
        self._idle_count -= 1
        if not kept:
            del self._idle[route]

    def _sweep(self) -> None:
        loop = asyncio.get_running_loop()
        now = loop.time()
        for route, connections in list(self._idle.items()):
            kept = [c for c in connections if c.stream.fresh and now < c.idle_until]
            for connection in connections:
                if connection not in kept:
                    connection.close()
            self._idle_count -= len(connections) - len(kept)
            if kept:
                self._idle[route] = kept
            else:
                del self._idle[route]
        self._sweeper = loop.call_later(SWEEP, self._sweep) if self._idle else None
