"""What the `http` action makes of answers, good and hostile."""

import base64
import gzip
import json
import tracemalloc
import zlib
from typing import Any

import pytest

from gorax.core.errors import StepError
from gorax.settings import HttpSettings
from tests.activities.calls import LOOPBACK, Worker
from tests.activities.servers import saying, serving
from tests.support.receiver import Receiver, Reply


def answer(head: str, body: bytes = b"") -> bytes:
    """The bytes of an answer; lines of the head are separated by newlines."""
    return head.replace("\n", "\r\n").encode() + b"\r\n\r\n" + body


@pytest.mark.parametrize(
    ("body", "content_type", "mode", "expected"),
    [
        (b'{"a": 1}', "application/json", "auto", {"a": 1}),
        (b'\xef\xbb\xbf{"a": 1}', "application/json; charset=UTF-8", "auto", {"a": 1}),
        ('{"a": "ü"}'.encode("utf-16"), "application/json; charset=utf-16", "auto", {"a": "ü"}),
        (b'{"a": 1}', "application/problem+json", "auto", {"a": 1}),
        (b'{"a": 1}', "text/plain", "auto", '{"a": 1}'),
        (b'{"a": 1}', "text/plain", "json", {"a": 1}),
        (b'{"a": 1}', "application/json", "text", '{"a": 1}'),
        (b"<oops>", "application/json", "auto", "<oops>"),
        (b"[NaN]", "application/json", "auto", "[NaN]"),
        (b"", "application/json", "auto", None),
        (b"", "application/json", "json", None),
        (b"", "text/plain", "text", ""),
        (b"gr\xfc\xdfe", "text/plain; charset=iso-8859-1", "auto", "grüße"),
        (b"gr\xfc\xdfe", 'text/plain; charset="windows-1252"', "text", "grüße"),
        (b"\xff\xfe\x00", "text/plain", "auto", base64.b64encode(b"\xff\xfe\x00").decode()),
        (b"abc-", "text/plain; charset=punycode", "auto", base64.b64encode(b"abc-").decode()),
        (b"\x89PNG", "image/png", "auto", base64.b64encode(b"\x89PNG").decode()),
        (b"abc", "application/octet-stream", "auto", "YWJj"),
        (b"<a/>", "application/atom+xml", "auto", "<a/>"),
        (b"abc", "text/plain", "base64", "YWJj"),
        (b"[" * 500 + b"]" * 500, "application/json", "auto", "[" * 500 + "]" * 500),
    ],
)
async def test_the_body(
    worker: Worker, server: Receiver, body: bytes, content_type: str, mode: str, expected: Any
) -> None:
    url = server.answer("/x", Reply(body=body, headers={"Content-Type": content_type}))
    output = await worker.run(url=url, response=mode)
    assert output["body"] == expected


@pytest.mark.parametrize(
    ("body", "mode", "complaint"),
    [
        (b"<html>", "json", "the answer is not JSON"),
        (b'{"a": "\xff"}', "json", "the answer is not JSON"),
        (b'["\\ud800"]', "json", "the answer is not JSON"),
        (b"[" * 100_000, "json", "the answer is not JSON"),
        (b"[" * 500 + b"]" * 500, "json", "nested deeper"),
        (b"gr\xfc\xdfe", "text", "the answer is not utf-8 text"),
    ],
)
async def test_a_body_that_is_not_what_was_asked_for(
    worker: Worker, server: Receiver, body: bytes, mode: str, complaint: str
) -> None:
    url = server.answer("/x", Reply(body=body))
    with pytest.raises(StepError, match=complaint) as caught:
        await worker.run(url=url, response=mode)
    assert caught.value.type == "validation"
    assert not caught.value.retryable


async def test_an_answer_without_content_type_is_text_where_it_can_be(worker: Worker) -> None:
    async with serving(saying(answer("HTTP/1.1 200 OK\nContent-Length: 3", b"abc"))) as port:
        assert (await worker.run(url=f"http://127.0.0.1:{port}/"))["body"] == "abc"


@pytest.mark.parametrize(
    "head",
    ["HTTP/1.1 204 No Content", "HTTP/1.1 200 OK\nContent-Length: 0", "HTTP/1.1 304 Not Modified"],
)
async def test_answers_without_a_body(worker: Worker, head: str) -> None:
    async with serving(saying(answer(head))) as port:
        assert (await worker.run(url=f"http://127.0.0.1:{port}/"))["body"] is None


async def test_head_has_no_body_whatever_length_is_declared(worker: Worker) -> None:
    head = "HTTP/1.1 200 OK\nContent-Length: 5000000\nContent-Encoding: gzip"
    async with serving(saying(answer(head))) as port:
        output = await worker.run(url=f"http://127.0.0.1:{port}/", method="HEAD")
    assert output["body"] is None
    assert output["headers"]["content-length"] == "5000000"


async def test_chunks_interim_answers_and_repeated_headers(worker: Worker) -> None:
    body = b"3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nTrailer: t\r\n\r\n"
    head = "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\nX-A: 1\nx-a: 2\nX-L: gr\xfc\xdfe"
    early = answer("HTTP/1.1 103 Early Hints\nLink: </a>")
    async with serving(saying(early + answer(head, body).replace("ü".encode(), b"\xfc"))) as port:
        output = await worker.run(url=f"http://127.0.0.1:{port}/")
    assert output["body"] == "abcde"
    assert output["headers"]["x-a"] == "1, 2"
    assert output["status"] == 200


async def test_a_body_until_the_connection_closes(worker: Worker) -> None:
    async with serving(saying(answer("HTTP/1.0 200 OK", b"abc"), then_close=True)) as port:
        assert (await worker.run(url=f"http://127.0.0.1:{port}/"))["body"] == "abc"


def deflate(data: bytes) -> bytes:
    """Deflate without a header, as some servers send it."""
    compressor = zlib.compressobj(wbits=-15)
    return compressor.compress(data) + compressor.flush()


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", gzip.compress(b"hello " * 10_000)),
        ("x-gzip", gzip.compress(b"hello " * 5_000) + gzip.compress(b"hello " * 5_000)),
        ("GZIP", gzip.compress(b"hello " * 10_000) + b"\0\0\0\0"),
        ("deflate", zlib.compress(b"hello " * 10_000)),
        ("deflate", deflate(b"hello " * 10_000)),
        ("identity", b"hello " * 10_000),
    ],
)
async def test_decompression(worker: Worker, server: Receiver, encoding: str, body: bytes) -> None:
    url = server.answer("/x", Reply(body=body, headers={"Content-Encoding": encoding}))
    assert (await worker.run(url=url))["body"] == "hello " * 10_000
    assert server.requests[0].headers["accept-encoding"] == "gzip, deflate"


async def test_an_unknown_encoding_is_left_as_it_is(worker: Worker, server: Receiver) -> None:
    url = server.answer("/x", Reply(body=b"\x8b\x00", headers={"Content-Encoding": "br"}))
    output = await worker.run(url=url)
    assert (output["body"], output["headers"]["content-encoding"]) == ("iwA=", "br")


@pytest.mark.parametrize("body", [b"not gzip at all", gzip.compress(b"hello " * 10_000)[:-9]])
async def test_broken_compression(worker: Worker, server: Receiver, body: bytes) -> None:
    url = server.answer("/x", Reply(body=body, headers={"Content-Encoding": "gzip"}))
    with pytest.raises(StepError, match="compressed body is broken") as caught:
        await worker.run(url=url)
    assert (caught.value.type, caught.value.retryable) == ("network", True)


def bomb() -> bytes:
    """500 MB of zeros in about 500 KB."""
    compressor = zlib.compressobj(9, wbits=31)
    block = bytes(1_000_000)
    return b"".join(compressor.compress(block) for _ in range(500)) + compressor.flush()


async def test_a_gzip_bomb_is_stopped_at_the_bound(worker: Worker, server: Receiver) -> None:
    url = server.answer("/x", Reply(body=bomb(), headers={"Content-Encoding": "gzip"}))
    tracemalloc.start()
    try:
        with pytest.raises(StepError, match="more than 1000000 bytes") as caught:
            await worker.run(url=url, max_response_bytes=1_000_000)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert caught.value.type == "output_too_large"
    assert not caught.value.retryable
    assert peak < 20_000_000


async def test_endless_compressed_nothing_is_stopped(worker: Worker) -> None:
    async def handler(reader: Any, writer: Any) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer("HTTP/1.1 200 OK\nContent-Encoding: gzip", gzip.compress(b"")[:10]))
        while True:
            writer.write(b"\x00\x00\x00\xff\xff" * 10_000)  # empty stored blocks
            await writer.drain()

    async with serving(handler) as port:
        with pytest.raises(StepError, match="more than") as caught:
            await worker.run(url=f"http://127.0.0.1:{port}/")
    assert caught.value.type == "output_too_large"


@pytest.mark.parametrize("declared", [True, False])
async def test_the_size_bound(worker: Worker, declared: bool) -> None:
    async def handler(reader: Any, writer: Any) -> None:
        while True:
            await reader.readuntil(b"\r\n\r\n")
            length = "\nContent-Length: 2001" if declared else ""
            writer.write(answer("HTTP/1.1 200 OK" + length, b"x" * 2_001))
            if not declared:
                writer.write_eof()

    async with serving(handler) as port:
        url = f"http://127.0.0.1:{port}/"
        with pytest.raises(StepError, match="more than 2000 bytes") as caught:
            await worker.run(url=url, max_response_bytes=2_000)
        assert caught.value.type == "output_too_large"
        assert len((await worker.run(url=url, max_response_bytes=2_001))["body"]) == 2_001


async def test_a_config_cannot_raise_the_workers_bound(server: Receiver) -> None:
    worker = Worker(HttpSettings(allowed_networks=LOOPBACK, max_response_bytes=100))
    url = server.answer("/x", Reply(body=b"x" * 101))
    with pytest.raises(StepError, match="more than 100 bytes"):
        await worker.run(url=url, max_response_bytes=1_000_000)
    await worker.close()


async def test_an_endless_body_is_stopped(worker: Worker) -> None:
    async def handler(reader: Any, writer: Any) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer("HTTP/1.1 200 OK"))
        while True:
            writer.write(b"x" * 65_536)
            await writer.drain()

    async with serving(handler) as port:
        with pytest.raises(StepError, match="more than 32000000 bytes"):
            await worker.run(url=f"http://127.0.0.1:{port}/")


async def test_output_is_json(worker: Worker, server: Receiver) -> None:
    url = server.answer("/x", Reply(body=b"\x00\xff"))
    json.dumps(await worker.run(url=url))
