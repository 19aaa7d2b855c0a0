"""The receiver on which other tests rely."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from tests.support.receiver import Receiver, Reply


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(trust_env=False) as client:
        yield client


async def test_records_what_it_is_sent(receiver: Receiver, client: httpx.AsyncClient) -> None:
    response = await client.post(f"{receiver.url}/a?x=1&x=2&y=", json={"n": 1}, headers={"X-Mark": "m"})
    assert (response.status_code, response.json()) == (200, {"ok": True})
    (request,) = receiver.requests
    assert (request.method, request.path, request.json()) == ("POST", "/a", {"n": 1})
    assert request.query == {"x": ["1", "2"], "y": [""]}
    assert request.headers["x-mark"] == "m"


async def test_answers_in_turn_and_repeats_the_last(receiver: Receiver, client: httpx.AsyncClient) -> None:
    url = receiver.answer(
        "/flaky",
        Reply(status=503, headers={"Retry-After": "1"}),
        Reply(status=200, json={"done": True}),
    )
    first, *others = [await client.get(url) for _ in range(3)]
    assert (first.status_code, first.headers["retry-after"]) == (503, "1")
    assert [(other.status_code, other.json()) for other in others] == [(200, {"done": True})] * 2
    assert receiver.counts() == {"/flaky": 3}
    assert receiver.connections == 1


async def test_drops_and_cuts_connections(receiver: Receiver, client: httpx.AsyncClient) -> None:
    with pytest.raises(httpx.ReadError):
        await client.get(receiver.answer("/drop", Reply(drop=True)))
    with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
        await client.get(receiver.answer("/cut", Reply(body=b"x" * 1000, cut=10)))


async def test_delays_and_gates(receiver: Receiver, client: httpx.AsyncClient) -> None:
    gate = asyncio.Event()
    url = receiver.answer("/gated", Reply(gate=gate))
    call = asyncio.create_task(client.get(url))
    await receiver.wait_for(1, "/gated")
    assert not call.done()
    gate.set()
    assert (await call).status_code == 200
    with pytest.raises(httpx.ReadTimeout):
        await client.get(receiver.answer("/slow", Reply(delay=5)), timeout=0.1)


async def test_waiting_for_too_many_requests_fails(receiver: Receiver) -> None:
    with pytest.raises(TimeoutError, match="0 of 1 requests"):
        await receiver.wait_for(1, seconds=0.05)


async def test_head_has_no_body(receiver: Receiver, client: httpx.AsyncClient) -> None:
    response = await client.head(receiver.answer("/head", Reply(body=b"abc")))
    assert (response.content, response.headers["content-length"]) == (b"", "3")
