"""WebSockets and lines of answers as one thing, a source of texts, in each of the two ways."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import httpx
from websockets.asyncio.client import ClientConnection as AsyncConnection
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection

from gorax.client.flows import Closed, Connect

MAX_MESSAGE = 64_000_000
"""Bytes of one message; the server bounds what steps and outputs have in them."""
CLOSE_SECONDS = 1.0
"""How long a server gets to say goodbye."""


@dataclass(frozen=True)
class SocketOptions:
    """How WebSockets are opened."""

    open_timeout: float
    ssl_context: ssl.SSLContext | None
    trust_env: bool
    """Whether the proxies that the environment names are used."""

    def of(self, connect: Connect) -> dict[str, Any]:
        """The arguments that both kinds of connection take."""
        return {
            "uri": connect.url,
            "additional_headers": connect.headers,
            "open_timeout": self.open_timeout,
            "close_timeout": CLOSE_SECONDS,
            "max_size": MAX_MESSAGE,
            "ssl": self.ssl_context if connect.url.startswith("wss:") else None,
            "proxy": True if self.trust_env else None,
            "user_agent_header": None,
        }


class NotOpened(Exception):
    """A server answered, and does not open a socket.

    Without it, this client would go wherever a server sends it; its headers are meant for one server alone.
    """

    def __init__(self, error: InvalidStatus) -> None:
        super().__init__(str(error))
        told = error.response
        self.response = httpx.Response(
            told.status_code, headers=[*told.headers.raw_items()], content=bytes(told.body)
        )


class DirectConnection(ClientConnection):
    """A connection to the server that was named."""

    def handshake(self, *arguments: Any, **options: Any) -> None:
        """Raises `NotOpened`."""
        try:
            super().handshake(*arguments, **options)
        except InvalidStatus as error:
            raise NotOpened(error) from error


class AsyncDirectConnection(AsyncConnection):
    """The same in an event loop."""

    async def handshake(self, *arguments: Any, **options: Any) -> None:
        """Raises `NotOpened`."""
        try:
            await super().handshake(*arguments, **options)
        except InvalidStatus as error:
            raise NotOpened(error) from error


class Source(Protocol):
    """Texts, one after the other."""

    def receive(self) -> str | Closed:
        """The next one."""


class AsyncSource(Protocol):
    """The same in an event loop."""

    async def receive(self) -> str | Closed:
        """The next one."""


class Messages:
    """The messages of a WebSocket."""

    def __init__(self, connection: ClientConnection, silence: float) -> None:
        self._connection = connection
        self._silence = silence

    def receive(self) -> str | Closed:
        """The next message."""
        try:
            return self._connection.recv(timeout=self._silence, decode=True)
        except TimeoutError:
            return _silent(self._silence)
        except ConnectionClosed as closed:
            return _closed(closed)


class AsyncMessages:
    """The same in an event loop."""

    def __init__(self, connection: AsyncConnection, silence: float) -> None:
        self._connection = connection
        self._silence = silence

    async def receive(self) -> str | Closed:
        """The next message."""
        try:
            async with asyncio.timeout(self._silence):
                return await self._connection.recv(decode=True)
        except TimeoutError:
            return _silent(self._silence)
        except ConnectionClosed as closed:
            return _closed(closed)


class Lines:
    """The lines of an answer's body."""

    def __init__(self, response: httpx.Response) -> None:
        self._lines: Iterator[str] = response.iter_lines()

    def receive(self) -> str | Closed:
        """The next line."""
        return next(self._lines, Closed())


class AsyncLines:
    """The same in an event loop."""

    def __init__(self, response: httpx.Response) -> None:
        self._lines: AsyncIterator[str] = response.aiter_lines()

    async def receive(self) -> str | Closed:
        """The next line."""
        return await anext(self._lines, Closed())


def _silent(seconds: float) -> Closed:
    return Closed(reason=f"nothing came for {seconds:g} s")


def _closed(error: ConnectionClosed) -> Closed:
    return Closed(reason=str(error)) if error.rcvd is None else Closed(error.rcvd.code, error.rcvd.reason)
