"""Somebody who listens: what they have still to be sent, within bounds."""

import asyncio
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

MAX_BACKLOG_BYTES = 1_000_000
"""Of messages that wait for a reader, beside those that came last; they are shared by all readers of the same thing."""
MAX_BACKLOG = 2_000
"""Messages that wait for a reader, beside those that came last."""

NORMAL = 1000
TRY_AGAIN = 1013


class Message(NamedTuple):
    """One message, encoded once for all who get it."""

    text: str
    id: str | None = None
    """From where to go on after it."""
    heartbeat: bool = False
    """Whether it says nothing else than that the stream lives."""


class Close(NamedTuple):
    """Why a stream ends: a close code of WebSocket, and what to say."""

    code: int
    reason: str


class Reader:
    """One client. When it does not read in time it is sent away, and may go on from where it was."""

    def __init__(self) -> None:
        self.gone: asyncio.Future[Close] = asyncio.get_running_loop().create_future()
        """Done when the client is to be sent away at once, whatever waits for it."""
        self._opening: Iterator[Message] = iter(())
        self._waiting: deque[Message] = deque()
        self._bytes = 0
        self._end: Close | None = None
        self._news = asyncio.Event()

    def open(self, messages: Iterable[Message]) -> None:
        """Have these sent before all others, each made when its turn comes."""
        self._opening = iter(messages)
        self._news.set()

    def forget(self) -> None:
        """Do not send what is waiting: something else will be said in its place."""
        self._waiting.clear()
        self._bytes = 0
        self._opening = iter(())

    def put(self, messages: Sequence[Message]) -> None:
        """Have these sent, unless too much is waiting already."""
        if self.gone.done() or self._end is not None:
            return
        if self._bytes > MAX_BACKLOG_BYTES or len(self._waiting) > MAX_BACKLOG:
            self.drop(Close(TRY_AGAIN, "the messages were not read fast enough"))
            return
        self._waiting.extend(messages)
        self._bytes += sum(len(message.text) for message in messages)
        self._news.set()

    def finish(self, close: Close) -> None:
        """Nothing more comes after what is waiting."""
        if self._end is None:
            self._end = close
            self._news.set()

    def drop(self, close: Close) -> None:
        """Send the client away now."""
        self.forget()
        if not self.gone.done():
            self.gone.set_result(close)

    async def next(self) -> Message | Close:
        """The next message, or why there is none any more."""
        while True:
            if (message := next(self._opening, None)) is not None:
                return message
            if self._waiting:
                message = self._waiting.popleft()
                self._bytes -= len(message.text)
                return message
            if self._end is not None:
                return self._end
            self._news.clear()
            await self._news.wait()
