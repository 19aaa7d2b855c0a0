"""What stands in front of several API processes: sends connections only to those whose `/health` is 200."""

import asyncio
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from itertools import count
from types import TracebackType
from typing import Any, Self

import httpx

LOOK_SECONDS = 0.1


class Balancer:
    """An async context manager with a port of its own in front of `urls`; it knows nothing of HTTP but their health."""

    def __init__(self, urls: Sequence[str]) -> None:
        """Describe it; entering the context opens the port."""
        self._urls = [httpx.URL(url) for url in urls]
        self._healthy: set[httpx.URL] = set()
        self._turn = count()
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        self._client = httpx.AsyncClient(timeout=2, trust_env=False)
        for url in self._urls:
            await self._look(url)
            self._keep(self._watch(url))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._client.aclose()

    async def sends_to(self, url: str) -> bool:
        """Whether it sends new connections there."""
        return httpx.URL(url) in self._healthy

    def _keep(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _watch(self, url: httpx.URL) -> None:
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            await self._look(url)

    async def _look(self, url: httpx.URL) -> None:
        try:
            healthy = (await self._client.get(url.join("/health"))).status_code == 200
        except httpx.HTTPError:
            healthy = False
        if healthy:
            self._healthy.add(url)
        else:
            self._healthy.discard(url)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        healthy = [url for url in self._urls if url in self._healthy]
        if not healthy:
            writer.close()
            return
        url = healthy[next(self._turn) % len(healthy)]
        assert url.port is not None
        there, back = await asyncio.open_connection(url.host, url.port)
        self._keep(_pump(reader, back))
        self._keep(_pump(there, writer))


async def _pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while data := await source.read(65_536):
            sink.write(data)
            await sink.drain()
    sink.close()
