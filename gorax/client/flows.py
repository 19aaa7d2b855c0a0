"""What a call does, written once: a generator that yields what is to be done and is sent what came of it.

`gorax.client.runners` does it, either blocking or in an event loop. So retries, pages, waiting and streams are one
piece of code for both clients, which differ in nothing else.
"""

from collections.abc import Generator, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import httpx

T = TypeVar("T")


@dataclass(frozen=True)
class Send:
    """Send a request: gives the `httpx.Response`. Raises `httpx.TransportError`."""

    request: httpx.Request
    keep_open: bool = False
    """Of a success, leave the body to be received line by line."""


@dataclass(frozen=True)
class Connect:
    """Open a WebSocket: gives None, or the `httpx.Response` of a server that refuses. Raises `OSError`."""

    url: str
    headers: Mapping[str, str]
    silence: float
    """Seconds without a message after which the connection counts as lost."""


@dataclass(frozen=True)
class Receive:
    """The next text of what was opened last, a message or a line; or that it is `Closed`.

    Raises `httpx.TransportError` where lines break off.
    """


@dataclass(frozen=True)
class Closed:
    """There are no more texts."""

    code: int | None = None
    """That of a WebSocket whose end the server told."""
    reason: str = ""


@dataclass(frozen=True)
class Pause:
    """Wait."""

    seconds: float


@dataclass(frozen=True)
class Emit(Generic[T]):
    """Hand over one of many results."""

    item: T


Effect = Send | Connect | Receive | Pause
Flow = Generator[Effect, Any, T]
"""Does something, and returns its result."""
Feed = Generator[Effect | Emit[T], Any, None]
"""Does something, and hands over results meanwhile."""


def send(request: httpx.Request, *, keep_open: bool = False) -> Flow[httpx.Response]:
    """The answer to a request."""
    response: httpx.Response = yield Send(request, keep_open)
    return response


def connect(url: str, headers: Mapping[str, str], silence: float) -> Flow[httpx.Response | None]:
    """None once the socket is open; or the answer of a server that does not open one."""
    refusal: httpx.Response | None = yield Connect(url, headers, silence)
    return refusal


def receive() -> Flow[str | Closed]:
    """The next text of what is open."""
    received: str | Closed = yield Receive()
    return received


def as_feed(flow: Flow[T]) -> Feed[T]:
    """A feed of one item, the flow's result."""
    result = yield from flow
    yield Emit(result)
