"""WebSockets: a stream, and the close code that says why it ended."""

import time
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager

import structlog
from starlette.websockets import WebSocket, WebSocketDisconnect

from api.dependencies import Services
from api.services.streams.delivery import deliver
from api.services.streams.reader import Close, Message, Reader
from api.stream_access import Access, close_of
from gorax.core.errors import GoraxError, Invalid

MAX_RECEIVED = 100
"""Messages that a client may send; they mean nothing."""
MAX_LAST_ID = 100
INTERNAL_ERROR = 1011
POLICY = 1008
_MAX_REASON = 120

Stream = Callable[[Services, str, str | None], Awaitable[AbstractAsyncContextManager[Reader]]]
"""What a client of a tenant listens to, from the last message on that it has seen."""

log = structlog.get_logger("gorax.api")


async def serve(socket: WebSocket, operation: str, stream: Stream) -> None:
    """Send a client what it asks for, and close with the reason.

    Every refusal is a close code too: of a connection that was never made a browser tells its page nothing.
    """
    began = time.monotonic()
    try:
        await socket.accept()
        close = await _serve(socket, operation, stream)
        if close is not None:
            await socket.close(close.code, close.reason[:_MAX_REASON])
    except (WebSocketDisconnect, OSError):
        close = None
    log.info(
        "stream",
        path=socket.scope["raw_path"].decode("latin-1"),
        code=None if close is None else close.code,
        seconds=round(time.monotonic() - began, 1),
        tenant_id=socket.scope["state"].get("tenant_id"),
    )


async def _serve(socket: WebSocket, operation: str, stream: Stream) -> Close | None:
    services: Services = socket.app.state.services
    access = Access(socket, operation)
    try:
        identity = await access.open()
        last = socket.query_params.get("last_event_id")
        if last is not None and len(last) > MAX_LAST_ID:
            raise Invalid(f"last_event_id: must be at most {MAX_LAST_ID} characters")
        async with await stream(services, identity.tenant_id, last) as reader:
            return await deliver(
                reader,
                services.streams.settings,
                send=lambda message: _send(socket, message),
                departure=_departure(socket, reader),
                check=access.refusal,
            )
    except GoraxError as error:
        return close_of(error)
    except (WebSocketDisconnect, OSError):
        raise
    except Exception:
        log.exception("unexpected error in a stream")
        return Close(INTERNAL_ERROR, "internal error")


async def _send(socket: WebSocket, message: Message) -> None:
    await socket.send_text(message.text)


async def _departure(socket: WebSocket, reader: Reader) -> None:
    for _ in range(MAX_RECEIVED):
        if (await socket.receive())["type"] == "websocket.disconnect":
            return
    reader.drop(Close(POLICY, "nothing is to be sent here"))
