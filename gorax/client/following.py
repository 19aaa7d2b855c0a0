"""Streams: read until they end, and opened again behind the last update when a connection is lost."""

import json
import time
from collections.abc import Callable
from typing import Any

import httpx
from pydantic import ValidationError

from gorax.client.calls import EVENT_STREAM, Call, Operation
from gorax.client.connection import SILENCE, Connection, backoff
from gorax.client.errors import (
    GoraxError,
    ServerError,
    StreamClosed,
    UnexpectedAnswer,
    Unreachable,
    error_of,
    kind_of,
)
from gorax.client.flows import Closed, Emit, Feed, Flow, Pause, connect, receive
from gorax.client.models.updates import Update

GIVE_UP = 300.0
"""Seconds after the loss of a connection, however often it was tried, after which a stream is given up."""
ENDED = 1000
"""The close code of a stream that has told everything."""
REFUSED = 4000
"""From here on close codes say that coming back would not help; 4404 means what the status 404 does."""
Open = Callable[[str | None], Flow[Callable[[str], str | None] | None]]
"""Opens a stream behind an update: how its texts become messages; None where everything was told already."""


class _Lost(Exception):
    """A connection that may come back."""


def follow(connection: Connection, path: str, *values: str, after: str | None = None) -> Feed[Update]:
    """The updates of a WebSocket."""
    address = Operation("", "GET", path)

    def open_(last: str | None) -> Flow[Callable[[str], str | None]]:
        call = Call(EVENT_STREAM, values, {"last_event_id": last})
        url = f"ws{connection.base_url.removeprefix('http')}{call.url(address)}"
        try:
            refusal = yield from connect(url, connection.identity, SILENCE)
        except OSError as error:
            raise _Lost(str(error) or type(error).__name__) from error
        if refusal is not None:
            raise error_of(refusal)
        return lambda message: message

    return _follow(connection, open_, after)


def follow_events(
    connection: Connection, operation: Operation, call: Call[Any], after: str | None = None
) -> Feed[Update]:
    """The updates of Server-Sent Events."""

    def open_(last: str | None) -> Flow[Callable[[str], str | None] | None]:
        going_on = call.going_on({"last_event_id": last})
        response = yield from connection.answer(operation, going_on, keep_open=True)
        return None if response.status_code == httpx.codes.NO_CONTENT else _EventData()

    return _follow(connection, open_, after)


def _follow(connection: Connection, open_: Open, last: str | None) -> Feed[Update]:
    lost_at: float | None = None
    tries = 0
    while True:
        try:
            message_of = yield from open_(last)
            if message_of is None:
                return
            while isinstance(received := (yield from _received()), str):
                lost_at, tries = None, 0
                message = message_of(received)
                update = None if message is None else _update(message)
                if update is not None:
                    last = update.id or last
                    yield Emit(update)
                    if update.event == "end":
                        return
            if received.code == ENDED:
                return
            if received.code is not None and received.code >= REFUSED:
                raise _refusal(received)
            failure: Exception = _Lost(received.reason or f"closed with {received.code}")
        except (_Lost, Unreachable, ServerError) as error:
            failure = error
        lost_at = time.monotonic() if lost_at is None else lost_at
        if time.monotonic() - lost_at > GIVE_UP:
            if isinstance(failure, GoraxError):
                raise failure
            raise Unreachable(f"{connection.base_url}: the stream broke off: {failure}") from failure
        yield Pause(backoff(tries))
        tries += 1


def _received() -> Flow[str | Closed]:
    try:
        return (yield from receive())
    except httpx.TransportError as error:
        return Closed(reason=str(error) or type(error).__name__)


def _refusal(closed: Closed) -> GoraxError:
    assert closed.code is not None
    status = closed.code - 4000
    if 400 <= status < 500:
        return kind_of(status)(closed.reason, status)
    return StreamClosed(closed.code, closed.reason)


def _update(message: str) -> Update | None:
    """The update that a message tells; None for a heartbeat, and for word that nothing can be seen for a while."""
    try:
        told = json.loads(message)
        return Update.model_validate(told) if told["type"] == "execution_update" else None
    except (ValueError, ValidationError, KeyError, TypeError) as error:
        raise UnexpectedAnswer("the stream sent something that is no message") from error


class _EventData:
    """Reads Server-Sent Events line by line."""

    def __init__(self) -> None:
        self._data: list[str] = []

    def __call__(self, line: str) -> str | None:
        """The data of an event, at the empty line that ends it."""
        if line:
            name, _, value = line.partition(":")
            if name == "data":
                self._data.append(value.removeprefix(" "))
            return None
        data, self._data = self._data, []
        return "\n".join(data) if data else None
