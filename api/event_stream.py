"""Server-Sent Events: a stream as a response that does not end before its last message."""

from contextlib import AbstractAsyncContextManager

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from api.middleware import HEAD
from api.services.streams.delivery import Check, deliver
from api.services.streams.reader import Message, Reader
from api.stream_protocol import ENDLESS
from gorax.settings import StreamSettings

MEDIA_TYPE = "text/event-stream"
RETRY_MILLISECONDS = 2_000
"""After which a client that lost the stream should come back."""


class EventStream(Response):
    """Sends what a reader has, as long as the client listens."""

    media_type = MEDIA_TYPE

    def __init__(
        self, listening: AbstractAsyncContextManager[Reader], settings: StreamSettings, check: Check
    ) -> None:
        # Proxies that collect answers before they pass them on would make a stream of it that nobody sees.
        super().__init__(headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
        del self.headers["content-length"]
        self._listening = listening
        self._settings = settings
        self._check = check

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the stream."""
        if scope["state"].get(HEAD):
            await super().__call__(scope, receive, send)
            return
        scope["state"][ENDLESS] = True

        async def send_piece(piece: bytes, *, more: bool = True) -> None:
            await send({"type": "http.response.body", "body": piece, "more_body": more})

        async def send_message(message: Message) -> None:
            await send_piece(_event(message))

        async def departure() -> None:
            while (await receive())["type"] != "http.disconnect":
                pass

        async with self._listening as reader:
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            await send_piece(b"retry: %d\n\n" % RETRY_MILLISECONDS)
            await deliver(reader, self._settings, send=send_message, departure=departure(), check=self._check)
        # Who does not read is not waited for longer than `StreamingHttpProtocol` does.
        await send_piece(b"", more=False)


def _event(message: Message) -> bytes:
    if message.heartbeat:
        return b": heartbeat\n\n"
    id_ = f"id: {message.id}\n" if message.id is not None else ""
    return f"{id_}data: {message.text}\n\n".encode()
