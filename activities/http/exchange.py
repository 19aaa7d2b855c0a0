"""One HTTP/1.1 connection: requests out, answers in, with h11 between them and the bytes."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

import h11

from activities.socket_stream import SocketStream
from gorax.core.errors import ErrorType, StepError

MAX_HEAD = 64 * 1024
"""Bytes of an answer's status line and headers, those of interim answers (1xx) included."""
MAX_HEADERS = 256
"""Header lines of an answer."""

RawHeaders = Sequence[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Head:
    """Status and headers of an answer; header names are lower-case."""

    status: int
    headers: RawHeaders

    def header(self, name: bytes) -> bytes | None:
        """The first header of that lower-case name."""
        return next((value for key, value in self.headers if key == name), None)


class Connection:
    """A connection that carries one exchange at a time; see `reusable`."""

    def __init__(self, stream: SocketStream) -> None:
        self.stream = stream
        self.idle_until = 0.0
        """Time of the event loop after which the pool drops it."""
        self._state = h11.Connection(h11.CLIENT, max_incomplete_event_size=MAX_HEAD)
        self._mark = 0

    @property
    def untouched(self) -> bool:
        """No byte of an answer to the latest request arrived."""
        return self.stream.received == self._mark

    def send(self, method: str, target: str, headers: RawHeaders, body: bytes) -> None:
        """Send a request; `headers` hold its framing.

        Raises `OSError`, and `StepError` of type `validation` for what h11 refuses.
        """
        self._mark = self.stream.received
        try:
            request = h11.Request(method=method.encode(), target=target.encode(), headers=list(headers))
            parts = [self._state.send(request)]
            if body:
                parts.append(self._state.send(h11.Data(data=body)))
            parts.append(self._state.send(h11.EndOfMessage()))
        except h11.LocalProtocolError as error:
            raise StepError(ErrorType.VALIDATION, f"not a valid request: {error}") from error
        self.stream.write(b"".join(part for part in parts if part))

    async def head(self) -> Head:
        """The answer's status and headers. Raises `OSError` and `StepError` of type `network`."""
        while True:
            event = await self._next()
            if isinstance(event, h11.Response):
                head = Head(event.status_code, tuple(event.headers))
                if len(head.headers) > MAX_HEADERS:
                    raise _malformed(f"more than {MAX_HEADERS} headers")
                # h11 bounds a head that is not there in full; a whole one may have come in one read.
                if sum(len(name) + len(value) for name, value in head.headers) > MAX_HEAD:
                    raise _malformed(f"more than {MAX_HEAD} bytes of headers")
                return head
            if isinstance(event, h11.InformationalResponse):
                if event.status_code == 101:
                    raise _malformed("it switches to another protocol")
                if self.stream.received - self._mark > MAX_HEAD:
                    raise _malformed("too many interim answers")

    async def body(self) -> AsyncIterator[bytes]:
        """The answer's body as it arrives. Raises `OSError` and `StepError` of type `network`."""
        while not isinstance(event := await self._next(), h11.EndOfMessage):
            if isinstance(event, h11.Data):
                yield bytes(event.data)

    def reusable(self) -> bool:
        """Make ready for another request after a whole answer; False when the connection has to be closed."""
        state = self._state
        if state.our_state is not h11.DONE or state.their_state is not h11.DONE:
            return False
        # Bytes after the answer would be taken for the answer to the next request.
        if state.trailing_data[0] or not self.stream.fresh or not self.stream.all_sent:
            return False
        state.start_next_cycle()
        return True

    async def tunnel(self, authority: str, headers: RawHeaders) -> Head:
        """Ask a proxy for a tunnel; after a 2xx the stream belongs to the far end."""
        self._mark = self.stream.received
        lines = [(b"host", authority.encode()), *headers]
        request = h11.Request(method=b"CONNECT", target=authority.encode(), headers=lines)
        self.stream.write(self._state.send(request) or b"")
        self._state.send(h11.EndOfMessage())
        head = await self.head()
        if self._state.trailing_data[0]:
            raise _malformed("the proxy sent data of its own")
        return head

    def close(self) -> None:
        """Close at once."""
        self.stream.abort()

    async def _next(self) -> h11.Event:
        try:
            while (event := self._state.next_event()) is h11.NEED_DATA:
                data = await self.stream.read()
                if not data and self._state.their_state is h11.SEND_RESPONSE:
                    raise ConnectionResetError("closed before a whole answer came")
                self._state.receive_data(data)
        except h11.RemoteProtocolError as error:
            raise _malformed(str(error)) from error
        if isinstance(event, h11.Event):
            return event
        raise _malformed("data after its end")


def _malformed(what: str) -> StepError:
    return StepError(ErrorType.NETWORK, f"the answer is not valid HTTP/1.1: {what}", retryable=True)
