"""The worker's own address: `/metrics` and `/health`, for who runs it."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import structlog

from gorax.settings import MetricsSettings
from gorax.telemetry.exposition import CONTENT_TYPE, Exposition

HEAD_SECONDS = 5.0
"""In which a request's head must have arrived, and its answer gone."""
MAX_HEAD = 16_384
"""Bytes of a request's head."""
MAX_OPEN = 20
"""Connections at a time: a scraper needs one."""

log = structlog.get_logger("worker")


@asynccontextmanager
async def endpoint(settings: MetricsSettings, exposition: Exposition) -> AsyncIterator[None]:
    """Answer while the block runs.

    Where the port is taken, as by a second worker on the same machine, the worker works all the same, and says so.
    """
    if not settings.enabled or settings.port == 0:
        yield
        return
    answers = _Answers(exposition)
    try:
        server = await asyncio.start_server(answers.serve, settings.host, settings.port, limit=MAX_HEAD)
    except OSError as error:
        log.warning(
            "this worker shows no metrics: give it a GORAX_METRICS_PORT of its own",
            host=settings.host,
            port=settings.port,
            reason=str(error),
        )
        yield
        return
    try:
        yield
    finally:
        server.close()


class _Answers:
    """One request a connection: whoever reads this comes every few seconds."""

    def __init__(self, exposition: Exposition) -> None:
        self._exposition = exposition
        self._open = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer, and hang up."""
        self._open += 1
        try:
            if self._open <= MAX_OPEN:
                async with asyncio.timeout(HEAD_SECONDS):
                    head = await reader.readuntil(b"\r\n\r\n")
                    writer.write(await self._answer(head))
                    await writer.drain()
        except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError) as error:
            log.debug("a request for metrics was not answered", reason=repr(error))
        finally:
            self._open -= 1
            writer.close()

    async def _answer(self, head: bytes) -> bytes:
        first, *lines = head.split(b"\r\n")
        parts = first.split(b" ")
        if len(parts) != 3:
            return _response("400 Bad Request", b"not a request\n")
        method, target, _ = parts
        if method not in {b"GET", b"HEAD"}:
            return _response("405 Method Not Allowed", b"GET or HEAD\n", {"Allow": "GET, HEAD"})
        path = target.partition(b"?")[0]
        if path == b"/health":
            found = _response("200 OK", b"ok\n")
        elif path != b"/metrics":
            found = _response("404 Not Found", b"there are /metrics and /health\n")
        elif not self._exposition.may_read(_authorization(lines), alone=True):
            found = _response(
                "401 Unauthorized",
                b"metrics are read with the bearer token of GORAX_METRICS_TOKEN\n",
                {"WWW-Authenticate": "Bearer"},
            )
        else:
            found = _response("200 OK", await self._exposition.text(), {"Content-Type": CONTENT_TYPE})
        return found if method == b"GET" else found.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"


def _authorization(lines: list[bytes]) -> bytes | None:
    for line in lines:
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"authorization":
            return value.strip()
    return None


def _response(status: str, body: bytes, more: Mapping[str, str] | None = None) -> bytes:
    headers = {
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Length": str(len(body)),
        "Connection": "close",
        **(more or {}),
    }
    lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body
