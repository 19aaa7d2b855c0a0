"""WebSocket and HTTP as uvicorn speaks them, with bounds on what a client that does not read may cost."""

import asyncio
import logging
import socket
from asyncio.transports import BaseTransport
from typing import Any

from uvicorn.protocols.http.httptools_impl import RequestResponseCycle
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from api.protocol import BoundedHttpProtocol

BUFFER_BYTES = 65_536
"""That are written and that nobody has taken yet: beyond it whoever writes has to wait."""
KERNEL_BYTES = 131_072
"""That the system keeps of it, beside."""
CUT_SECONDS = 10.0
"""Time that a client gets to read what it was sent and why it is being closed."""
STOP_SECONDS = 2.0
"""The same when the server stops."""
UNREAD_SECONDS = 30.0
"""So long a client may take nothing of an answer that waits for it."""
MAX_MESSAGE_BYTES = 4_096
"""Of what a client sends on a socket: nothing is expected."""
PING_SECONDS = 20.0
"""Between two pings of a socket, and the time to answer one."""

ENDLESS = "endless"
"""In the state of a request: its answer never ends by itself, so a server that stops does not wait for it."""

# Its own lines have addresses in full, and so tickets.
_quiet = logging.getLogger("gorax.api.sockets")
_quiet.setLevel(logging.WARNING)


class BoundedWebSocketProtocol(WebSocketsSansIOProtocol):
    """Does not wait for a client that does not read when it is to close."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.logger = _quiet
        self.conn.logger = _quiet
        self.conn.debug = False

    def connection_made(self, transport: BaseTransport) -> None:
        super().connection_made(transport)
        self.transport.set_write_buffer_limits(high=BUFFER_BYTES)
        connection: socket.socket | None = transport.get_extra_info("socket")
        if connection is not None:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, KERNEL_BYTES)

    async def send(self, message: Any) -> None:
        if message["type"] == "websocket.close":
            self.writable.set()
            self._cut_soon()
        await super().send(message)

    def shutdown(self) -> None:
        super().shutdown()
        self._cut_soon(STOP_SECONDS)

    def keepalive_timeout(self) -> None:
        super().keepalive_timeout()
        self._cut_soon()

    def _cut_soon(self, seconds: float = CUT_SECONDS) -> None:
        self.loop.call_later(seconds, self._cut)

    def _cut(self) -> None:
        if not self.disconnected:
            self.transport.abort()


class StreamingHttpProtocol(BoundedHttpProtocol):
    """Cuts the connection to a client that takes nothing, and does not wait for answers without end."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._unread: asyncio.TimerHandle | None = None

    def connection_lost(self, exc: Exception | None) -> None:
        self._read()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        super().pause_writing()
        if self._unread is None:
            self._unread = self.loop.call_later(UNREAD_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        self._read()
        super().resume_writing()

    def shutdown(self) -> None:
        super().shutdown()
        cycle: RequestResponseCycle | None = self.cycle
        if cycle is not None and not cycle.response_complete and cycle.scope["state"].get(ENDLESS):
            cycle.disconnected = True
            cycle.message_event.set()
            self.transport.close()

    def _read(self) -> None:
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None
