"""Clients of streams: WebSockets by the `websockets` library, Server-Sent Events by httpx."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlencode

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

SECONDS = 40.0
"""However busy the machine is; longer than a Temporal is waited for that says nothing at all."""


class Socket:
    """One WebSocket."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection

    async def next(self, *, heartbeats: bool = False) -> dict[str, Any]:
        """The next message that is no heartbeat. Raises `ConnectionClosed`."""
        async with asyncio.timeout(SECONDS):
            while True:
                message: dict[str, Any] = json.loads(await self.connection.recv())
                if heartbeats or message["type"] != "heartbeat":
                    return message

    async def until(self, event: str, step: str | None = None, status: str | None = None) -> dict[str, Any]:
        """The next message about this event, and of this step in this status where they are given."""
        while True:
            message = await self.next()
            told = message.get("step", {})
            if (
                message.get("event") == event
                and step in {None, told.get("id")}
                and status in {None, told.get("status", message["status"])}
            ):
                return message

    async def rest(self) -> list[dict[str, Any]]:
        """All messages until it is closed."""
        messages = []
        try:
            while True:
                messages.append(await self.next())
        except ConnectionClosed:
            return messages

    async def closed(self) -> tuple[int, str]:
        """Its close code and reason, whatever comes before."""
        await self.rest()
        assert self.connection.close_code is not None
        return self.connection.close_code, self.connection.close_reason or ""


@asynccontextmanager
async def socket(
    url: str, path: str, headers: Mapping[str, str] | None = None, *, origin: str | None = None, **query: str
) -> AsyncIterator[Socket]:
    """An open WebSocket at `/api/v1/ws/…` of a running API."""
    address = f"{url.replace('http', 'ws', 1)}/api/v1/ws/{path}"
    if query:
        address += f"?{urlencode(query)}"
    extra: Any = {} if origin is None else {"origin": origin}
    async with connect(address, additional_headers=headers, proxy=None, **extra) as connection:
        yield Socket(connection)


async def refusal(
    url: str, path: str, headers: Mapping[str, str] | None = None, **query: str
) -> tuple[int, str]:
    """The close code and reason of a socket that gets no message at all."""
    async with socket(url, path, headers, **query) as opened:
        messages = await opened.rest()
        assert messages == []
        return await opened.closed()


async def sent_events(answer: httpx.Response) -> AsyncIterator[tuple[str | None, dict[str, Any]]]:
    """The events of a stream, each with its id, until it ends."""
    id_: str | None = None
    async for line in answer.aiter_lines():
        if line.startswith("id: "):
            id_ = line.removeprefix("id: ")
        if line.startswith("data: "):
            yield id_, json.loads(line.removeprefix("data: "))
            id_ = None
