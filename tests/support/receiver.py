"""A real HTTP server on loopback that records what it is sent and answers as a test tells it to."""

import asyncio
import json
import socket
import struct
import time
from collections import defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

import h11


@dataclass(frozen=True, kw_only=True)
class Reply:
    """One answer: after `delay` seconds, or, with `drop`, none but a reset connection."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    json: Any = None
    """Sent as the body when not None."""
    delay: float = 0.0
    drop: bool = False
    cut: int | None = None
    """Send only so many bytes of the body, then reset the connection."""
    gate: asyncio.Event | None = None
    """Answer only after the test has set this."""

    def content(self) -> bytes:
        """The body's bytes."""
        return self.body if self.json is None else json.dumps(self.json).encode()


@dataclass(frozen=True)
class Request:
    """What arrived."""

    method: str
    path: str
    query: Mapping[str, list[str]]
    headers: Mapping[str, str]
    """Names in lower case; of a repeated header the last."""
    body: bytes
    at: float
    """`time.monotonic()` at its arrival."""

    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


class Receiver:
    """An async context manager; requests without a scripted answer get 200 and `{"ok": true}`."""

    def __init__(self, host: str = "127.0.0.1") -> None:
        """Describe the server; entering the context starts it on a free port."""
        self.requests: list[Request] = []
        self.connections = 0
        self._host = host
        self._scripts: dict[str, deque[Reply]] = {}
        self._server: asyncio.Server | None = None
        self._arrived = asyncio.Condition()
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, self._host, 0)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._server.wait_closed()

    @property
    def port(self) -> int:
        """The port it listens on."""
        assert self._server is not None
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    @property
    def url(self) -> str:
        """Its address without a path."""
        return f"http://{self._host}:{self.port}"

    def answer(self, path: str, *replies: Reply) -> str:
        """Answer requests to `path` with these in turn, the last one for ever; returns the path's URL."""
        self._scripts[path] = deque(replies)
        return self.url + path

    def received(self, path: str) -> list[Request]:
        """The requests to `path` so far."""
        return [request for request in self.requests if request.path == path]

    async def wait_for(self, count: int, path: str | None = None, *, seconds: float = 10.0) -> list[Request]:
        """The requests (to `path`), once there are `count`; raises `TimeoutError` after `seconds`."""

        def matching() -> list[Request]:
            return self.requests if path is None else self.received(path)

        try:
            async with asyncio.timeout(seconds), self._arrived:
                await self._arrived.wait_for(lambda: len(matching()) >= count)
        except TimeoutError:
            raise TimeoutError(f"{len(matching())} of {count} requests in {seconds} s") from None
        return list(matching())

    def counts(self) -> dict[str, int]:
        """How many requests each path has seen."""
        counts: dict[str, int] = defaultdict(int)
        for request in self.requests:
            counts[request.path] += 1
        return dict(counts)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self.connections += 1
        try:
            await self._converse(reader, writer)
        except (ConnectionError, h11.RemoteProtocolError):
            writer.transport.abort()  # the client went away in the middle, as clients under test may
        finally:
            self._tasks.discard(task)
            writer.close()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = h11.Connection(h11.SERVER)
        while (request := await self._read(connection, reader, writer)) is not None:
            self.requests.append(request)
            async with self._arrived:
                self._arrived.notify_all()
            reply = self._reply_to(request)
            await asyncio.sleep(reply.delay)
            if reply.gate is not None:
                await reply.gate.wait()
            if reply.drop:
                _reset(writer)
                return
            writer.write(_encode(connection, request, reply))
            await writer.drain()
            if reply.cut is not None:
                _reset(writer)
                return
            if connection.our_state is not h11.DONE or connection.their_state is not h11.DONE:
                return
            connection.start_next_cycle()

    async def _read(
        self, connection: h11.Connection, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> Request | None:
        head: h11.Request | None = None
        body = bytearray()
        while True:
            event = connection.next_event()
            if event is h11.NEED_DATA:
                if connection.they_are_waiting_for_100_continue:
                    writer.write(
                        connection.send(h11.InformationalResponse(status_code=100, headers=[])) or b""
                    )
                connection.receive_data(await reader.read(65536))
            elif isinstance(event, h11.Request):
                head = event
            elif isinstance(event, h11.Data):
                body += event.data
            elif isinstance(event, h11.EndOfMessage):
                assert head is not None
                return _request(head, bytes(body))
            else:
                return None

    def _reply_to(self, request: Request) -> Reply:
        script = self._scripts.get(request.path)
        if not script:
            return Reply(json={"ok": True})
        return script.popleft() if len(script) > 1 else script[0]


def _request(head: h11.Request, body: bytes) -> Request:
    target = urlsplit(head.target.decode())
    return Request(
        method=head.method.decode(),
        path=target.path,
        query=parse_qs(target.query, keep_blank_values=True),
        headers={name.decode(): value.decode("latin-1") for name, value in head.headers},
        body=body,
        at=time.monotonic(),
    )


def _encode(connection: h11.Connection, request: Request, reply: Reply) -> bytes:
    content = reply.content()
    headers = {name.lower(): value for name, value in reply.headers.items()}
    headers.setdefault("content-type", "application/json" if reply.json is not None else "text/plain")
    headers.setdefault("content-length", str(len(content)))
    response = h11.Response(status_code=reply.status, headers=list(headers.items()))
    parts = [connection.send(response)]
    if request.method != "HEAD" and content:
        sent = content if reply.cut is None else content[: reply.cut]
        parts.append(connection.send(h11.Data(data=sent)))
    if reply.cut is None:
        parts.append(connection.send(h11.EndOfMessage()))
    return b"".join(part or b"" for part in parts)


def _reset(writer: asyncio.StreamWriter) -> None:
    # With a linger time of zero, closing sends RST: the client sees a broken connection, not an end.
    connection: socket.socket = writer.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
