"""HTTP as uvicorn speaks it with httptools, with bounds on what a connection may send before a route sees it.

httptools itself takes headers without end and waits for them for ever, and hands over the fields behind a chunked body
(trailers) as if they were headers. Refusals have the shape of every other error of the API.
"""

import asyncio
from collections.abc import Iterable
from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from api.limits import HEADER_SECONDS, MAX_HEADER_BYTES, MAX_HEADERS
from gorax.core.encoding import dumps

USUAL_HEADERS = "usual_headers"
"""In the state that an application's lifespan gives: makes the headers that every response to an address has."""


class _RefusedError(Exception):
    pass


def _none(_: str | None) -> Iterable[tuple[bytes, bytes]]:
    return ()


class BoundedHttpProtocol(HttpToolsProtocol):
    """Refuses a request whose address and headers are too large, or do not arrive."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._head_bytes = 0
        self._in_head = True
        self._hosts = 0
        self._refusal: tuple[int, str] | None = None
        self._head_deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._head_deadline = self.loop.call_later(HEADER_SECONDS, self._head_too_slow)

    def connection_lost(self, exc: Exception | None) -> None:
        self._cancel_deadline()
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._head_bytes = self._hosts = 0
        self._in_head = True
        if self._head_deadline is None:
            self._head_deadline = self.loop.call_later(HEADER_SECONDS, self._head_too_slow)

    def on_url(self, url: bytes) -> None:
        self._count(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        self._count(len(name) + len(value))
        if not self._in_head:
            # A trailer. What looks at requests on their way here, as a proxy does, has not seen it among the headers,
            # and so it must not say who sends the request, from where, or with what signature.
            return
        super().on_header(name, value)
        if len(self.headers) > MAX_HEADERS:
            self._refuse(431, f"headers: at most {MAX_HEADERS} are accepted")
        self._hosts += name.lower() == b"host"

    def on_headers_complete(self) -> None:
        self._cancel_deadline()
        if self._hosts > 1 or (not self._hosts and self.parser.get_http_version() == "1.1"):
            self._refuse(400, "Host: must be sent once")  # RFC 9112, section 3.2
        super().on_headers_complete()
        self._in_head = False

    def _count(self, size: int) -> None:
        self._head_bytes += size
        if self._head_bytes > MAX_HEADER_BYTES:
            self._refuse(431, f"headers: address and headers must be at most {MAX_HEADER_BYTES} bytes")

    def _refuse(self, status: int, message: str) -> None:
        self._refusal = (status, message)
        raise _RefusedError  # stops the parser, which then asks for the refusal below

    def _head_too_slow(self) -> None:
        self._head_deadline = None
        if self.transport.is_closing():
            return
        if self.headers is None:  # nothing was asked, so nothing is answered
            self.transport.close()
        else:
            self._write_refusal(408, f"headers: did not arrive within {HEADER_SECONDS:g} seconds")

    def _cancel_deadline(self) -> None:
        if self._head_deadline is not None:
            self._head_deadline.cancel()
            self._head_deadline = None

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - uvicorn's words, replaced by ours
        """Refuse what the parser would not take."""
        status, message = self._refusal or (400, "request: is not valid HTTP")
        self._write_refusal(status, message)

    def _write_refusal(self, status: int, message: str) -> None:
        if not self._may_answer():
            self.transport.close()
            return
        body = dumps({"error": message})
        usual = self.app_state.get(USUAL_HEADERS, _none)(self.client[0] if self.client else None)
        headers = (
            (b"content-type", b"application/json"),
            (b"content-length", b"%d" % len(body)),
            (b"connection", b"close"),
            *usual,
        )
        lines = b"".join(b"%s: %s\r\n" % header for header in headers)
        self.transport.write(b"%s%s\r\n%s" % (STATUS_LINE[status], lines, body))
        self.transport.close()

    def _may_answer(self) -> bool:
        """Whether what is written now would be taken for the answer to the request that is refused.

        An earlier one may still wait for its own answer, or have got half of it; and this one, too, if its body is what
        is wrong.
        """
        if self.cycle is None:
            return True
        before = self.cycle.response_complete if self._in_head else not self.cycle.response_started
        return before and not self.pipeline
