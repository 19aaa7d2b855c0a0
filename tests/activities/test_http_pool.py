"""Connections kept alive, and how many there are."""

import asyncio
from typing import Any

import pytest

from activities.http import pool
from gorax.core.errors import StepError
from tests.activities.calls import Worker, allowing
from tests.activities.servers import serving
from tests.support.receiver import Receiver, Reply

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


async def test_connections_are_kept_alive(worker: Worker, server: Receiver) -> None:
    for path in ("/a", "/b", "/c"):
        await worker.run(url=server.url + path, method="POST", body={})
    with pytest.raises(StepError):
        await worker.run(url=server.answer("/bad", Reply(status=500, body=b"short")))
    await worker.run(url=server.answer("/moved", Reply(status=302, headers={"Location": "/a"})))
    assert server.connections == 1


async def test_a_connection_its_server_closes_is_not_used_again(worker: Worker, server: Receiver) -> None:
    url = server.answer("/x", Reply(headers={"Connection": "close"}))
    for _ in range(3):
        await worker.run(url=url)
    assert server.connections == 3


@pytest.mark.parametrize(("method", "fine"), [("GET", True), ("POST", False)])
async def test_a_connection_closed_under_a_request(worker: Worker, method: str, fine: bool) -> None:
    """The server closes as the second request arrives: only what is safe to repeat is sent again at once."""
    heads: list[bytes] = []

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heads.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(OK)
        await writer.drain()
        heads.append(await reader.readuntil(b"\r\n\r\n"))

    async with serving(handler) as port:
        url = f"http://127.0.0.1:{port}/"
        await worker.run(url=url, method=method)
        if fine:
            assert (await worker.run(url=url, method=method))["body"] == "ok"
        else:
            with pytest.raises(StepError) as caught:
                await worker.run(url=url, method=method)
            assert (caught.value.type, caught.value.retryable) == ("network", True)
    assert len(heads) == (3 if fine else 2)


async def test_a_server_that_closed_while_idle(worker: Worker) -> None:
    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(OK)
        await writer.drain()

    async with serving(handler) as port:
        for _ in range(3):
            output = await worker.run(url=f"http://127.0.0.1:{port}/", method="POST")
            assert output["body"] == "ok"
            await asyncio.sleep(0.05)


async def test_the_number_of_connections_is_bounded(server: Receiver) -> None:
    worker = Worker(allowing("127.0.0.0/8", max_connections=3))
    gate = asyncio.Event()
    url = server.answer("/x", Reply(gate=gate))
    calls = [asyncio.create_task(worker.run(url=url)) for _ in range(9)]
    await server.wait_for(3)
    await asyncio.sleep(0.1)
    assert len(server.requests) == 3
    # One that waits for a connection and one that has one give up: their places are free again.
    calls[0].cancel()
    calls[8].cancel()
    gate.set()
    done = await asyncio.gather(*calls, return_exceptions=True)
    assert [output["status"] for output in done if isinstance(output, dict)] == [200] * 7
    await worker.close()


async def test_waiting_for_a_connection_counts_as_time(server: Receiver) -> None:
    worker = Worker(allowing("127.0.0.0/8", max_connections=1))
    url = server.answer("/x", Reply(delay=0.6))
    first = asyncio.create_task(worker.run(url=url))
    await server.wait_for(1)
    with pytest.raises(StepError) as caught:
        await worker.run(url=url, timeout=0.2)
    assert caught.value.type == "timeout"
    await first
    await worker.close()


async def test_idle_connections_make_room_for_other_hosts() -> None:
    async with Receiver("127.0.0.1") as one, Receiver("127.0.0.2") as two:
        worker = Worker(allowing("127.0.0.0/8", max_connections=1))
        for receiver in (one, two, one, two):
            await worker.run(url=receiver.url)
        assert (one.connections, two.connections) == (2, 2)
        await worker.close()


async def test_idle_connections_are_closed_in_time(worker: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "KEEP_ALIVE", 0.05)
    monkeypatch.setattr(pool, "SWEEP", 0.1)
    closed = asyncio.Event()

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(OK)
        await reader.read()
        closed.set()

    async with serving(handler) as port:
        await worker.run(url=f"http://127.0.0.1:{port}/")
        await asyncio.wait_for(closed.wait(), 5)


async def test_closing_the_worker_closes_its_connections(server: Receiver) -> None:
    ended = asyncio.Event()

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(OK)
        await reader.read()
        ended.set()

    worker = Worker(allowing("127.0.0.0/8"))
    async with serving(handler) as port:
        await worker.run(url=f"http://127.0.0.1:{port}/")
        await worker.close()
        await asyncio.wait_for(ended.wait(), 5)


async def test_many_at_once(worker: Worker, server: Receiver) -> None:
    async def one(n: int) -> Any:
        return (await worker.run(url=server.answer(f"/{n}", Reply(json=n))))["body"]

    assert await asyncio.gather(*(one(n) for n in range(300))) == list(range(300))
    assert server.connections <= 200
