"""A TCP connection, plain or TLS, that is read as bytes arrive and knows whether it is still fresh."""

import asyncio
import ssl
from typing import Self, cast

HIGH_WATER = 256 * 1024
"""Unread bytes at which the peer is made to wait."""


class SocketStream(asyncio.Protocol):
    """The client's end of a connection. One reader at a time."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._buffer = bytearray()
        self._waiter: asyncio.Future[None] | None = None
        self._paused = False
        self._ended = False
        self._error: Exception | None = None
        self.received = 0
        """Bytes that arrived over the connection's life."""

    @classmethod
    async def open(cls, address: str, port: int, tls: ssl.SSLContext | None, server_name: str) -> Self:
        """Connect to an address, not a name. Raises `OSError`, of which `ssl.SSLError` is one."""
        name = server_name if tls else None
        loop = asyncio.get_running_loop()
        _, stream = await loop.create_connection(cls, address, port, ssl=tls, server_hostname=name)
        return stream

    async def start_tls(self, tls: ssl.SSLContext, server_name: str) -> None:
        """Speak TLS from here on, as after a proxy's CONNECT. Raises `OSError`."""
        transport = await self._loop.start_tls(self._open(), self, tls, server_hostname=server_name)
        if transport is None:
            raise ConnectionResetError("the connection was closed")
        self._transport = transport

    @property
    def address(self) -> str:
        """The address at the other end. Raises `OSError` when the connection is closed."""
        return str(self._open().get_extra_info("peername")[0])

    @property
    def fresh(self) -> bool:
        """Nothing arrived that was not asked for, and the peer has not hung up."""
        return not self._ended and not self._buffer

    @property
    def all_sent(self) -> bool:
        """Everything written has left for the peer."""
        return self._transport is not None and self._transport.get_write_buffer_size() == 0

    def write(self, data: bytes) -> None:
        """Send without waiting: the answer may come, and count, before everything is sent.

        Raises `OSError` when the connection is closed.
        """
        self._open().write(data)

    async def read(self) -> bytes:
        """The bytes that arrived, waiting for the first; empty at the end. Raises `OSError`."""
        if not self._buffer and not self._ended:
            self._waiter = self._loop.create_future()
            try:
                await self._waiter
            finally:
                self._waiter = None
        if self._buffer:
            data = bytes(self._buffer)
            self._buffer.clear()
            if self._paused:
                self._paused = False
                self._open().resume_reading()
            return data
        if isinstance(self._error, OSError):
            raise self._error
        return b""

    def abort(self) -> None:
        """Close at once, without a farewell that the peer could draw out."""
        if self._transport is not None:
            self._transport.abort()
            self._transport = None
        self._ended = True

    def _open(self) -> asyncio.Transport:
        if self._transport is None or self._transport.is_closing():
            raise self._error if isinstance(self._error, OSError) else ConnectionResetError("closed")
        return self._transport

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    # What the event loop calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # A cast, not an assertion: the transports of uvloop are of no asyncio class.
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        self.received += len(data)
        if len(self._buffer) > HIGH_WATER and not self._paused and self._transport is not None:
            self._paused = True
            self._transport.pause_reading()
        self._wake()

    def eof_received(self) -> None:
        self._ended = True
        self._wake()

    def connection_lost(self, exc: Exception | None) -> None:
        self._ended = True
        self._error = exc
        self._wake()
