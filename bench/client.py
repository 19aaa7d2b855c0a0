"""A bare HTTP client: what the load costs is taken from the same two cores that are measured."""

import asyncio
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import orjson


class ApiError(Exception):
    """The API answered something else than was hoped for; the message has its answer."""


class ApiClient:
    """Posts JSON over kept connections, as many as there are callers at once."""

    def __init__(self, url: str, headers: Mapping[str, str]) -> None:
        parts = urlsplit(url)
        assert parts.hostname is not None
        assert parts.port is not None
        self._address = (parts.hostname, parts.port)
        fixed = {"Host": parts.netloc, "Content-Type": "application/json", **headers}
        self._head = "".join(f"{name}: {value}\r\n" for name, value in fixed.items())
        self._idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def post(self, path: str, body: Any) -> Any:
        """The `data` of the answer. Raises `ApiError` unless it has a status of success."""
        return (await self.send(path, body))["data"]

    async def send(self, path: str, body: Any) -> Any:
        """The whole answer. Raises `ApiError` unless it has a status of success."""
        content = orjson.dumps(body)
        head = f"POST {path} HTTP/1.1\r\n{self._head}Content-Length: {len(content)}\r\n\r\n"
        try:
            reader, writer = await self._connection()
            writer.write(head.encode() + content)
            answer_head = await reader.readuntil(b"\r\n\r\n")
            answer = await reader.readexactly(_content_length(answer_head))
        except (OSError, EOFError) as error:
            raise ApiError(f"POST {path}: no answer: {error}") from error
        self._idle.append((reader, writer))
        if not answer_head.startswith(b"HTTP/1.1 2"):
            raise ApiError(f"POST {path}: {answer.decode()}")
        return orjson.loads(answer)

    async def _connection(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        while self._idle:
            reader, writer = self._idle.pop()
            if not reader.at_eof():  # the server closes what is idle for long
                return reader, writer
            writer.close()
        return await asyncio.open_connection(*self._address)

    def close(self) -> None:
        """Close the connections."""
        for _, writer in self._idle:
            writer.close()


def _content_length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    raise ApiError(f"an answer without Content-Length: {head.decode()}")
