"""A wire between a process and a server, which a test may cut."""

import asyncio
from types import TracebackType
from typing import Self


class Relay:
    """Passes bytes on between whoever connects to `port` and a server; a context manager that closes it."""

    def __init__(self, host: str, port: int) -> None:
        """Describe the server; entering the context opens the port."""
        self._to = (host, port)
        self.delay = 0.0
        """Seconds until what is sent is passed on."""
        self._open = True
        self._pumps: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port: int = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._server.close()
        for pump in self._pumps:
            pump.cancel()
        await asyncio.gather(*self._pumps, return_exceptions=True)

    def cut(self) -> None:
        """Swallow all that is sent from now on, as a broken network does: nobody is told."""
        self._open = False

    def mend(self) -> None:
        """Pass on what is sent from now on. Connections that were there before are closed."""
        for pump in self._pumps:
            pump.cancel()
        self._open = True

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection(*self._to)
        for source, sink in ((reader, back), (there, writer)):
            pump = asyncio.create_task(self._pump(source, sink))
            self._pumps.add(pump)
            pump.add_done_callback(self._pumps.discard)

    async def _pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        try:
            while data := await source.read(65_536):
                await asyncio.sleep(self.delay)
                if self._open:
                    sink.write(data)
                    await sink.drain()
        except ConnectionError:
            pass
        finally:
            sink.close()
