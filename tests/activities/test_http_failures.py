"""Which answers and which breakdowns are errors, and whether another attempt is worth it."""

import asyncio
import socket
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activities.http.failures import retry_after
from gorax.core.errors import StepError
from tests.activities.calls import Worker
from tests.activities.servers import saying, serving
from tests.support.receiver import Receiver, Reply


async def failure(worker: Worker, **config: Any) -> StepError:
    """The error of a run."""
    with pytest.raises(StepError) as caught:
        await worker.run(**config)
    return caught.value


@pytest.mark.parametrize(
    ("status", "kind", "retryable"),
    [
        (400, "http_4xx", False),
        (401, "http_4xx", False),
        (404, "http_4xx", False),
        (408, "http_4xx", True),
        (409, "http_4xx", False),
        (425, "http_4xx", True),
        (429, "http_4xx", True),
        (500, "http_5xx", True),
        (501, "http_5xx", True),
        (503, "http_5xx", True),
    ],
)
async def test_statuses(worker: Worker, server: Receiver, status: int, kind: str, retryable: bool) -> None:
    headers = {"X-Request-Id": "r1", "Set-Cookie": "secret=1", "Content-Type": "application/json"}
    url = server.answer("/x", Reply(status=status, json={"why": "because"}, headers=headers))
    error = await failure(worker, url=url + "?token=hidden", method="POST")
    assert (error.type, error.retryable) == (kind, retryable)
    assert error.message == f"POST {url} answered {status}"
    assert error.details == {
        "status": status,
        "headers": {"content-type": "application/json", "x-request-id": "r1", "content-length": "18"},
        "body": '{"why": "because"}',
    }
    assert len(server.requests) == 1


async def test_an_errors_body_is_cut_and_may_be_of_any_size(worker: Worker, server: Receiver) -> None:
    url = server.answer("/x", Reply(status=500, body=b"e" * 5_000_000))
    error = await failure(worker, url=url)
    assert (error.type, error.details["body"]) == ("http_5xx", "e" * 2_048)


async def test_an_errors_body_may_break(worker: Worker, server: Receiver) -> None:
    url = server.answer("/x", Reply(status=404, body=b"gone for good", cut=4))
    error = await failure(worker, url=url)
    assert (error.type, error.details["status"]) == ("http_4xx", 404)
    url = server.answer("/y", Reply(status=404, body=b"no gzip", headers={"Content-Encoding": "gzip"}))
    assert (await failure(worker, url=url)).details["status"] == 404


@pytest.mark.parametrize(
    ("expected", "status", "fine"),
    [
        ("2xx", 299, True),
        ("2xx", 304, False),
        ("200-204", 205, False),
        (404, 404, True),
        ([200, 404], 404, True),
        (["2xx", "404-405"], 405, True),
        ([200], 201, False),
        ("any", 599, True),
        ("404", 404, True),
        ("4XX", 429, True),
    ],
)
async def test_expected_status(
    worker: Worker, server: Receiver, expected: Any, status: int, fine: bool
) -> None:
    url = server.answer("/x", Reply(status=status))
    if fine:
        assert (await worker.run(url=url, expected_status=expected))["status"] == status
    else:
        error = await failure(worker, url=url, expected_status=expected)
        assert (error.type, error.retryable) == (f"http_{status // 100}xx", False)


async def test_retry_after_is_passed_on(worker: Worker, server: Receiver) -> None:
    url = server.answer("/x", Reply(status=429, headers={"Retry-After": "7"}))
    assert (await failure(worker, url=url)).retry_after == 7
    url = server.answer("/y", Reply(status=404, headers={"Retry-After": "7"}))
    assert (await failure(worker, url=url)).retry_after is None


def test_retry_after_forms() -> None:
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True)
    later = retry_after(soon)
    assert later is not None
    assert 85 < later <= 90
    assert retry_after("Wed, 21 Oct 2015 07:28:00 GMT") == 0
    assert retry_after("Wed, 21 Oct 2115 07:28:00 GMT") == 3_600
    assert retry_after(" 120 ") == 120
    assert retry_after("9" * 500) == 3_600
    assert retry_after("-5") is None
    assert retry_after("soon") is None
    assert retry_after("٣") is None
    assert retry_after(None) is None


@given(st.one_of(st.text(), st.from_regex(r"[A-Z][a-z]{2}, \d+ Jan \d+ \d+:\d+:\d+ [+-]?\d*")))
def test_retry_after_bears_anything(text: str) -> None:
    seconds = retry_after(text)
    assert seconds is None or 0 <= seconds <= 3_600


async def test_nobody_listens(worker: Worker) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        error = await failure(worker, url=f"http://127.0.0.1:{port}/x?token=hidden")
    assert (error.type, error.retryable) == ("network", True)
    assert error.message == f"could not connect to 127.0.0.1:{port}: Connection refused"


async def test_a_name_that_does_not_exist(worker: Worker) -> None:
    error = await failure(worker, url="http://no-such-name.invalid/")
    assert (error.type, error.retryable) == ("network", True)
    assert "no-such-name.invalid does not resolve" in error.message


@pytest.mark.parametrize("reply", [Reply(drop=True), Reply(body=b"x" * 1_000, cut=10)])
async def test_a_connection_that_breaks(worker: Worker, server: Receiver, reply: Reply) -> None:
    url = server.answer("/x", reply)
    error = await failure(worker, url=url)
    assert (error.type, error.retryable) == ("network", True)
    assert len(server.requests) == 1  # another attempt is the step's own affair


GOOD = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"HTTP/1.1 200 OK\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2, 3\r\n\r\nabc",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nabc",
        b"HTTP/1.1 200 OK\r\nContent-Length: " + b"9" * 5_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: magic\r\n\r\n",
        b"HTTP/1.1 abc OK\r\n\r\n",
        b"HTTP/1.1 20\r\n\r\n",
        b"HTTP/2 200 OK\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.0\r\n\r\n",
        b"\x16\x03\x01\x00\xa5" + b"\x00" * 200,
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nBad Name: x\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX: \x00\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 300 + b"\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"y" * 70_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"y" * 10_000_000,
        b"HTTP/1.1 100 Continue\r\n\r\n" * 100_000,
    ],
    ids=lambda answer: repr(answer[:60]) + f" {len(answer)}",
)
async def test_answers_that_are_not_http(worker: Worker, answer: bytes) -> None:
    async with serving(saying(answer, then_close=True)) as port:
        error = await failure(worker, url=f"http://127.0.0.1:{port}/", within=5)
    assert (error.type, error.retryable) == ("network", True)
    assert len(error.message) < 300


async def test_endless_interim_answers(worker: Worker) -> None:
    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        while True:
            writer.write(b"HTTP/1.1 103 Early Hints\r\n\r\n" * 100)
            await writer.drain()

    async with serving(handler) as port:
        error = await failure(worker, url=f"http://127.0.0.1:{port}/")
    assert error.message == "the answer is not valid HTTP/1.1: too many interim answers"


async def test_bytes_after_an_answer_are_no_answer_to_the_next_request(worker: Worker) -> None:
    extra = b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison"
    async with serving(saying(GOOD + extra)) as port:
        for _ in range(3):
            assert (await worker.run(url=f"http://127.0.0.1:{port}/"))["body"] == "ok"


async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Accept and say nothing."""
    await asyncio.sleep(60)


def dripping(head: bytes) -> Any:
    """Send a byte of `head`, and then of a body, every 20 ms."""

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        for byte in head + b"x" * 10_000:
            writer.write(bytes([byte]))
            await writer.drain()
            await asyncio.sleep(0.02)

    return handler


async def never_reading(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Leave the request in the buffers."""
    writer.transport.pause_reading()  # type: ignore[attr-defined]
    await asyncio.sleep(60)


@pytest.mark.parametrize(
    "handler",
    [
        silent,
        never_reading,
        dripping(b"HTTP/1.1 200 OK\r\n"),
        dripping(b"HTTP/1.1 200 OK\r\n\r\n"),
        dripping(b"HTTP/1.1 200 OK\r\nContent-Length: 10000\r\n\r\n"),
    ],
)
async def test_slow_servers_meet_the_time_bound(worker: Worker, handler: Any) -> None:
    async with serving(handler) as port:
        started = asyncio.get_running_loop().time()
        url = f"http://127.0.0.1:{port}/x"
        error = await failure(
            worker, url=url + "?t=hidden", timeout="400ms", method="PUT", body="x" * 5_000_000
        )
        took = asyncio.get_running_loop().time() - started
    assert (error.type, error.retryable) == ("timeout", True)
    assert error.message == f"PUT {url} took longer than 0.4 s"
    assert took < 1.5


async def test_the_attempts_timeout_bounds_the_configs(worker: Worker) -> None:
    async with serving(silent) as port:
        error = await failure(worker, url=f"http://127.0.0.1:{port}/", timeout="1h", within=0.2)
    assert (error.type, error.message[-22:]) == ("timeout", "took longer than 0.2 s")


async def test_an_early_answer_ends_a_long_upload(worker: Worker) -> None:
    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n")
        await asyncio.sleep(60)

    async with serving(handler) as port:
        error = await failure(worker, url=f"http://127.0.0.1:{port}/", method="POST", body="x" * 9_000_000)
    assert error.details["status"] == 413


async def test_an_upload_that_an_answer_overtook_does_not_reach_the_next_request(worker: Worker) -> None:
    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(GOOD)
        await asyncio.sleep(60)

    async with serving(handler) as port:
        url = f"http://127.0.0.1:{port}/"
        assert (await worker.run(url=url, method="POST", body="x" * 9_000_000))["body"] == "ok"
        assert (await worker.run(url=url, within=2))["body"] == "ok"


async def test_cancelling_closes_the_connection(worker: Worker) -> None:
    closed = asyncio.Event()

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        await reader.read()
        closed.set()

    async with serving(handler) as port:
        task = asyncio.create_task(worker.run(url=f"http://127.0.0.1:{port}/"))
        await asyncio.sleep(0.1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await asyncio.wait_for(closed.wait(), 5)
