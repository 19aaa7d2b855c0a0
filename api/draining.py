"""The end of an API process: it asks for no more requests first, and then takes none.

Whoever spreads requests over several processes sees by `/health` that one is about to end, and sees it late. What is
sent to it until then is still answered, on connections that are not used again.
"""

import signal
import time
from types import FrameType

import structlog
import uvicorn
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = structlog.get_logger("gorax.api")


class Draining:
    """Whether the process is about to end."""

    def __init__(self, seconds: float) -> None:
        """It takes requests for `seconds` more once it has begun to end."""
        self.seconds = seconds
        self._began: float | None = None

    @property
    def begun(self) -> bool:
        """It is to be sent no more requests."""
        return self._began is not None

    @property
    def over(self) -> bool:
        """Whoever wanted to notice has had the time to."""
        return self._began is not None and time.monotonic() - self._began >= self.seconds

    def begin(self) -> None:
        """Ask for no more requests."""
        if self._began is None:
            self._began = time.monotonic()
            log.info("the process is about to end", drain_seconds=self.seconds)


class DrainingServer(uvicorn.Server):
    """Drains before it stops; a second signal, or Ctrl-C, stops it at once."""

    def __init__(self, config: uvicorn.Config, draining: Draining) -> None:
        super().__init__(config)
        self._draining = draining

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """What uvicorn does on a signal."""
        again = self._draining.begun
        self._draining.begin()
        super().handle_exit(sig, frame)
        if sig == signal.SIGTERM and not again:
            self.should_exit = self._draining.over

    async def on_tick(self, counter: int) -> bool:
        """What uvicorn does ten times a second; true ends it."""
        if self._draining.over:
            self.should_exit = True
        return await super().on_tick(counter)


class CloseWhileDraining:
    """Has connections end with the answer that they carry."""

    def __init__(self, app: ASGIApp, draining: Draining) -> None:
        self._app = app
        self._draining = draining

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_last(message: Message) -> None:
            if message["type"] == "http.response.start" and self._draining.begun:
                MutableHeaders(scope=message)["Connection"] = "close"
            await send(message)

        await self._app(scope, receive, send_last if scope["type"] == "http" else send)
