"""The HTTP server that the measured workflows call; it sees when one has made its last call."""

import asyncio
from types import TracebackType
from typing import Self, cast

CALLS = 5
"""How many calls one execution makes, one after the other: `/<key>/1` to `/<key>/5`."""

_BODY = b'{"id":"order-1","total":99.5,"lines":[{"sku":"A-1","quantity":2},{"sku":"B-7","quantity":1}]}'
_ANSWER = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%b" % (
    len(_BODY),
    _BODY,
)


class Stub:
    """Answers every GET alike; a context manager. Knowing the last calls spares the servers being asked."""

    def __init__(self) -> None:
        self.calls = 0
        self._expected: dict[bytes, asyncio.Future[None]] = {}

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: _Connection(self), "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._server.close()

    def expect(self, key: str) -> asyncio.Future[None]:
        """Done when the execution that calls `/<key>/…` makes its last call."""
        future = asyncio.get_running_loop().create_future()
        self._expected[f"/{key}/{CALLS}".encode()] = future
        return future

    def called(self, path: bytes) -> None:
        """Note a call."""
        self.calls += 1
        future = self._expected.pop(path, None)
        if future is not None and not future.done():
            future.set_result(None)


class _Connection(asyncio.Protocol):
    def __init__(self, stub: Stub) -> None:
        self._stub = stub
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports have the methods of `asyncio.Transport` without being one.
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self._received += data
        while b"\r\n\r\n" in self._received:
            head, _, self._received = self._received.partition(b"\r\n\r\n")
            self._stub.called(head.split(b" ", 2)[1])
            self._transport.write(_ANSWER)
