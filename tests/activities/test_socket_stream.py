"""The connection under the client."""

import asyncio

import pytest

from activities.socket_stream import HIGH_WATER, SocketStream
from tests.activities.servers import serving


async def test_a_peer_that_sends_faster_than_we_read_has_to_wait() -> None:
    sent = 20_000_000

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"x" * sent)
        await writer.drain()
        await reader.read()

    async with serving(handler) as port:
        stream = await SocketStream.open("127.0.0.1", port, None, "")
        await asyncio.sleep(0.2)
        assert HIGH_WATER < stream.received < 4 * HIGH_WATER
        while stream.received < sent:
            assert await stream.read()
        stream.abort()


async def test_what_came_before_the_end_is_read_first() -> None:
    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"last words")
        await writer.drain()

    async with serving(handler) as port:
        stream = await SocketStream.open("127.0.0.1", port, None, "")
        await asyncio.sleep(0.05)
        assert not stream.fresh
        assert await stream.read() == b"last words"
        assert await stream.read() == b""
        with pytest.raises(OSError, match="closed"):
            stream.write(b"x")
