"""Bodies: bounded while they arrive, however they are sent."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping

import httpx
import pytest
from starlette.requests import Request
from starlette.types import Message

from api import limits
from api.errors import BodyTooSlow
from api.limits import read_body
from gorax.core.errors import Invalid, TooLarge


def _request(
    *chunks: bytes, pause: float = 0, headers: Mapping[str, str] | None = None
) -> tuple[Request, list[bytes]]:
    """A request whose body arrives in these chunks, and the chunks that are still to be read."""
    left = list(chunks)

    async def receive() -> Message:
        await asyncio.sleep(pause)
        return {"type": "http.request", "body": left.pop(0), "more_body": bool(left)}

    raw = [(name.encode(), value.encode()) for name, value in (headers or {}).items()]
    return Request({"type": "http", "headers": raw}, receive), left


async def test_a_body_up_to_the_bound_is_read_whole() -> None:
    request, _ = _request(b"12345", b"", b"67890", headers={"content-length": "10"})
    assert await read_body(request, 10) == b"1234567890"


@pytest.mark.parametrize("headers", [{}, {"content-length": "11"}, {"content-length": "9" * 30}])
async def test_a_body_over_the_bound_is_refused(headers: dict[str, str]) -> None:
    request, left = _request(b"123456", b"78901", b"left", headers=headers)
    with pytest.raises(TooLarge, match=r"^body: must be at most 10 bytes$"):
        await read_body(request, 10)
    assert not left, "what a client still sends is heard, so that it reads the answer"


async def test_a_client_that_asks_first_is_refused_before_it_sends() -> None:
    request, left = _request(b"123456", headers={"content-length": "11", "expect": "100-continue"})
    with pytest.raises(TooLarge):
        await read_body(request, 10)
    assert left == [b"123456"]


async def test_an_endless_body_is_not_heard_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "_DRAIN_BYTES", 100)
    request, left = _request(*[b"x" * 10] * 1_000)
    with pytest.raises(TooLarge):
        await read_body(request, 10)
    assert len(left) > 980


async def test_a_body_must_arrive_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "BODY_SECONDS", 0.05)
    request, _ = _request(b"1", b"2", b"3", pause=0.03)
    with pytest.raises(BodyTooSlow, match=r"did not arrive within 0.05 seconds"):
        await read_body(request, 10)


async def test_an_encoded_body_is_refused() -> None:
    request, _ = _request(b"1", headers={"content-encoding": "gzip"})
    with pytest.raises(Invalid, match=r"^Content-Encoding: 'gzip' is not supported"):
        await read_body(request, 10)


async def _chunks(size: int) -> AsyncIterator[bytes]:
    for _ in range(size // 10_000):
        yield b" " * 10_000


@pytest.mark.parametrize("path", ["/api/v1/workflows", "/api/v1/workflows/wf_1/execute"])
@pytest.mark.parametrize("chunked", [True, False])
async def test_ten_megabytes_are_refused_within_a_second(
    api: httpx.AsyncClient, path: str, chunked: bool
) -> None:
    started = time.perf_counter()
    response = await api.post(path, content=_chunks(10_000_000) if chunked else b" " * 10_000_000)
    assert response.status_code == 400
    assert response.json()["error"].startswith("body: must be at most ")
    assert time.perf_counter() - started < 1
    assert (await api.get("/health")).status_code == 200
