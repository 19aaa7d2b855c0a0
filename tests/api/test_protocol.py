"""HTTP below the application: what a connection may send before any route sees it."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import uvicorn

from api import protocol
from api.limits import MAX_HEADER_BYTES, MAX_HEADERS
from api.protocol import BoundedHttpProtocol


async def _echo(scope: Any, receive: Any, send: Any) -> None:
    """An application that answers with the size of the body it was sent, and the names of the headers."""
    if scope["type"] != "http":
        return
    size, more = 0, True
    while more:
        message = await receive()
        size += len(message.get("body", b""))
        more = message.get("more_body", False)
    body = str(size).encode()
    seen = b" ".join(name for name, _ in scope["headers"])
    headers = [(b"content-length", str(len(body)).encode()), (b"x-seen", seen)]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


@asynccontextmanager
async def _listening() -> AsyncIterator[int]:
    config = uvicorn.Config(_echo, port=0, http=BoundedHttpProtocol, log_config=None, lifespan="off")
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        await serving


async def _exchange(port: int, *parts: bytes, pause: float = 0) -> bytes:
    """Everything that the server says until it closes the connection, or falls silent for a second."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    answer = b""
    try:
        for part in parts:
            writer.write(part)
            await asyncio.sleep(pause)
        async with asyncio.timeout(1):
            while chunk := await reader.read(65536):
                answer += chunk
    except (TimeoutError, ConnectionError):
        pass
    finally:
        writer.close()
    return answer


def _error(answer: bytes) -> tuple[int, str]:
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"content-type: application/json" in head.lower()
    assert b"connection: close" in head.lower()
    return int(head.split()[1]), json.loads(body)["error"]


REQUEST = b"GET / HTTP/1.1\r\nHost: x\r\n"
POST = REQUEST.replace(b"GET", b"POST")
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n"


async def test_an_ordinary_request_passes_and_the_next_one_on_the_connection() -> None:
    async with _listening() as port:
        answer = await _exchange(
            port, REQUEST + b"\r\n", b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc", pause=0.1
        )
    assert answer.count(b"HTTP/1.1 200 OK") == 2
    assert answer.endswith(b"3")


@pytest.mark.parametrize(
    ("sent", "status", "message"),
    [
        (b"nonsense\r\n\r\n", 400, "not valid HTTP"),
        (b"GET / HTTP/1.1\r\nno colon here\r\n\r\n", 400, "not valid HTTP"),
        (b"POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n", 400, "not valid HTTP"),
        (b"GET / HTTP/1.1\r\n\r\n", 400, "Host: must be sent once"),
        (REQUEST + b"host: y\r\n\r\n", 400, "Host: must be sent once"),
        (POST + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n", 400, "not valid HTTP"),
        (CHUNKED + b"X: " + b"a" * MAX_HEADER_BYTES + b"\r\n\r\n", 431, f"{MAX_HEADER_BYTES} bytes"),
        (REQUEST + b"".join(b"X-%d: a\r\n" % n for n in range(MAX_HEADERS)) + b"\r\n", 431, "at most 100"),
        (REQUEST + b"X: " + b"a" * MAX_HEADER_BYTES + b"\r\n\r\n", 431, f"{MAX_HEADER_BYTES} bytes"),
        (b"GET /" + b"a" * MAX_HEADER_BYTES + b" HTTP/1.1\r\n\r\n", 431, f"{MAX_HEADER_BYTES} bytes"),
    ],
)
async def test_what_is_no_request_is_refused_in_the_shape_of_all_errors(
    sent: bytes, status: int, message: str
) -> None:
    async with _listening() as port:
        answered, error = _error(await _exchange(port, sent))
    assert answered == status
    assert message in error


@pytest.mark.parametrize("pause", [0, 0.1])
async def test_what_stands_behind_a_body_is_no_header(pause: float) -> None:
    trailers = b"X-User-Role: admin\r\nX-Webhook-Signature: sha256=00\r\n\r\n"
    async with _listening() as port:
        head, mark, body = CHUNKED.partition(b"\r\n\r\n")
        answer = await _exchange(
            port, head + mark, body + trailers, REQUEST + b"X-Own: 1\r\n\r\n", pause=pause
        )
    first, second = answer.split(b"HTTP/1.1 200 OK")[1:]
    assert b"x-seen: host transfer-encoding\r\n" in first
    assert first.endswith(b"3")
    assert b"x-seen: host x-own\r\n" in second


async def test_an_older_version_needs_no_host() -> None:
    async with _listening() as port:
        assert (await _exchange(port, b"GET / HTTP/1.0\r\n\r\n")).startswith(b"HTTP/1.1 200")


async def test_a_refusal_is_not_taken_for_the_answer_to_an_earlier_request() -> None:
    async with _listening() as port:
        # The first has not been answered when what is no request arrives.
        behind = await _exchange(port, POST + b"Content-Length: 3\r\n\r\nabc" + b"nonsense\r\n\r\n")
        after = await _exchange(port, REQUEST + b"\r\n", b"nonsense\r\n\r\n", pause=0.1)
    assert b"400" not in behind
    assert after.startswith(b"HTTP/1.1 200")
    assert b"HTTP/1.1 400 Bad Request" in after


async def test_headers_without_end_are_cut_off() -> None:
    async with _listening() as port, asyncio.timeout(5):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(REQUEST)
        answering = asyncio.create_task(reader.read())
        sent = 0
        while not answering.done():
            writer.write(b"X: %s\r\n" % (b"a" * 500))
            sent += 1
            await asyncio.sleep(0.001)
        writer.close()
    assert MAX_HEADER_BYTES // 502 <= sent < 2 * MAX_HEADERS


async def test_headers_must_arrive_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "HEADER_SECONDS", 0.2)
    async with _listening() as port:
        slow = await _exchange(port, REQUEST)
        silent = await _exchange(port)
        # The time is over, but the headers were there: a slow body is not this bound's business.
        body = await _exchange(port, POST + b"Content-Length: 2\r\n\r\na", b"b", pause=0.4)
        reused = await _exchange(port, REQUEST + b"\r\n", REQUEST, pause=0.1)
    assert _error(slow) == (408, "headers: did not arrive within 0.2 seconds")
    assert silent == b""
    assert body.endswith(b"2")
    assert reused.startswith(b"HTTP/1.1 200")
    assert b"408 Request Timeout" in reused
