"""The two ways to do what a flow asks for: blocking the thread, or in an event loop."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, ExitStack
from functools import partial
from typing import Any, TypeVar

import httpx
from websockets.asyncio.client import connect as connect_async
from websockets.exceptions import WebSocketException
from websockets.sync.client import connect

from gorax.client.flows import Connect, Effect, Emit, Feed, Flow, Pause, Receive, Send, as_feed
from gorax.client.sockets import (
    AsyncDirectConnection,
    AsyncLines,
    AsyncMessages,
    AsyncSource,
    DirectConnection,
    Lines,
    Messages,
    NotOpened,
    SocketOptions,
    Source,
)

T = TypeVar("T")

Step = Callable[[], Any]
"""Goes on with a flow, to what it asks for next."""


class Blocking:
    """Does it in the calling thread."""

    def __init__(self, http: httpx.Client, sockets: SocketOptions) -> None:
        self._http = http
        self._sockets = sockets

    def run(self, flow: Flow[T]) -> T:
        """The result of a flow."""
        [result] = self.iterate(as_feed(flow))
        return result

    def iterate(self, feed: Feed[T]) -> Iterator[T]:
        """The results of a feed, as they come."""
        with _Hands(self._http, self._sockets) as hands:
            step: Step = partial(next, feed)
            while True:
                try:
                    effect = step()
                except StopIteration:
                    return
                if isinstance(effect, Emit):
                    yield effect.item
                    step = partial(next, feed)
                else:
                    step = hands.do(feed, effect)

    def close(self) -> None:
        """Close all connections."""
        self._http.close()


class Concurrent:
    """Does it in the running event loop."""

    def __init__(self, http: httpx.AsyncClient, sockets: SocketOptions) -> None:
        self._http = http
        self._sockets = sockets

    async def run(self, flow: Flow[T]) -> T:
        """The result of a flow."""
        [result] = [item async for item in self.iterate(as_feed(flow))]
        return result

    async def iterate(self, feed: Feed[T]) -> AsyncIterator[T]:
        """The results of a feed, as they come."""
        async with _AsyncHands(self._http, self._sockets) as hands:
            step: Step = partial(next, feed)
            while True:
                try:
                    effect = step()
                except StopIteration:
                    return
                if isinstance(effect, Emit):
                    yield effect.item
                    step = partial(next, feed)
                else:
                    step = await hands.do(feed, effect)

    async def close(self) -> None:
        """Close all connections."""
        await self._http.aclose()


class _Hands(ExitStack):
    """Does what one flow asks for. One thing is open at a time, and nothing after the flow has ended."""

    def __init__(self, http: httpx.Client, sockets: SocketOptions) -> None:
        super().__init__()
        self._http = http
        self._sockets = sockets
        self._source: Source | None = None

    def do(self, feed: Feed[T], effect: Effect) -> Step:
        try:
            result = self._result(effect)
        except Exception as error:  # the flow's to take care of, or to raise
            return partial(feed.throw, error)
        return partial(feed.send, result)

    def _result(self, effect: Effect) -> Any:
        match effect:
            case Send(request, keep_open):
                self.close()
                response = self._http.send(request, stream=True)
                self.callback(response.close)
                if keep_open and response.is_success:
                    self._source = Lines(response)
                else:
                    response.read()
                return response
            case Connect():
                self.close()
                try:
                    options = self._sockets.of(effect)
                    connection = self.enter_context(connect(**options, create_connection=DirectConnection))
                except NotOpened as refusal:
                    return refusal.response
                except WebSocketException as error:
                    raise OSError(str(error)) from error
                self._source = Messages(connection, effect.silence)
                return None
            case Receive():
                assert self._source is not None
                return self._source.receive()
            case Pause(seconds):
                return time.sleep(seconds)


class _AsyncHands(AsyncExitStack):
    """The same in an event loop."""

    def __init__(self, http: httpx.AsyncClient, sockets: SocketOptions) -> None:
        super().__init__()
        self._http = http
        self._sockets = sockets
        self._source: AsyncSource | None = None

    async def do(self, feed: Feed[T], effect: Effect) -> Step:
        try:
            result = await self._result(effect)
        except Exception as error:  # the flow's to take care of, or to raise
            return partial(feed.throw, error)
        return partial(feed.send, result)

    async def _result(self, effect: Effect) -> Any:
        match effect:
            case Send(request, keep_open):
                await self.aclose()
                response = await self._http.send(request, stream=True)
                self.push_async_callback(response.aclose)
                if keep_open and response.is_success:
                    self._source = AsyncLines(response)
                else:
                    await response.aread()
                return response
            case Connect():
                await self.aclose()
                try:
                    options = self._sockets.of(effect)
                    connection = await self.enter_async_context(
                        connect_async(**options, create_connection=AsyncDirectConnection)
                    )
                except NotOpened as refusal:
                    return refusal.response
                except WebSocketException as error:
                    raise OSError(str(error)) from error
                self._source = AsyncMessages(connection, effect.silence)
                return None
            case Receive():
                assert self._source is not None
                return await self._source.receive()
            case Pause(seconds):
                return await asyncio.sleep(seconds)
