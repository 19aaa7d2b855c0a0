"""The wire to a database: through the egress, and no more bytes than the worker has room for.

The driver keeps a row in memory before anyone can look at it, and a row may have a gigabyte. So the driver is
connected to a port on loopback, and what comes from the database is counted on its way there.
"""

import asyncio
from types import TracebackType
from typing import Self

from activities.egress import Egress
from activities.socket_stream import SocketStream

HOST = "127.0.0.1"
CONNECTIONS = 2
"""The driver's own, and the one on which it asks to cancel a statement."""
CHUNK = 65_536


class Relay:
    """Passes bytes on between the driver and one server; a context manager."""

    def __init__(self, egress: Egress, host: str, port: int, limit: int) -> None:
        """Describe the server; entering the context connects to it."""
        self._egress = egress
        self._server_at = (host, port)
        self._left = limit
        self._accepted = 0
        self._pumps: set[asyncio.Task[None]] = set()

    @property
    def exhausted(self) -> bool:
        """Whether the database sent more than it may, and was cut off."""
        return self._left < 0

    async def __aenter__(self) -> Self:
        """Raises `StepError` of type `blocked_address` or `network`."""
        # Connected before the driver is: what is wrong with the address is told here, in the egress's words.
        self._first = await self._egress.connect(*self._server_at)
        try:
            self._address = self._first.address
            self._listener = await asyncio.start_server(self._accept, HOST, 0)
        except BaseException:
            self._first.abort()
            raise
        self.port: int = self._listener.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._listener.close()
        self._first.abort()
        for pump in self._pumps:
            pump.cancel()
        await asyncio.gather(*self._pumps, return_exceptions=True)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._accepted += 1
        if self._accepted > CONNECTIONS:
            writer.transport.abort()
            return
        # A task of our own: asyncio reports it as an error when one that it made for a connection is cancelled.
        pump = asyncio.create_task(self._pump(reader, writer, further=self._accepted > 1))
        self._pumps.add(pump)
        pump.add_done_callback(self._pumps.discard)

    async def _pump(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, further: bool
    ) -> None:
        stream = self._first
        try:
            if further:
                # To the very server that runs the statement, whose address has been looked at.
                stream = await SocketStream.open(self._address, self._server_at[1], None, "")
            async with asyncio.TaskGroup() as group:
                group.create_task(self._inwards(stream, writer))
                group.create_task(self._outwards(reader, stream, writer))
        except* OSError:
            pass  # either end may hang up at any moment; what it means the driver knows
        finally:
            stream.abort()
            writer.transport.abort()

    async def _inwards(self, stream: SocketStream, writer: asyncio.StreamWriter) -> None:
        while data := await stream.read():
            self._left -= len(data)
            if self.exhausted:
                break
            writer.write(data)
            await writer.drain()
        if self.exhausted:
            writer.transport.abort()
        else:
            writer.close()

    async def _outwards(
        self, reader: asyncio.StreamReader, stream: SocketStream, writer: asyncio.StreamWriter
    ) -> None:
        while data := await reader.read(CHUNK):
            stream.write(data)
        # The driver is done, and the server has nobody left to speak to.
        writer.transport.abort()
        stream.abort()
