"""The run's PostgreSQL at a TCP port: it listens on a Unix socket alone, and a credential must not name one."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy.engine import make_url


@asynccontextmanager
async def postgres_over_tcp(database_url: str) -> AsyncIterator[dict[str, Any]]:
    """The value of a credential with which the `sql` action reaches this database."""
    url = make_url(database_url)
    socket = f"{url.query['host']}/.s.PGSQL.{url.port or url.query.get('port', 5432)}"
    pumps: set[asyncio.Task[None]] = set()

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_unix_connection(socket)
        pumps.update(asyncio.create_task(pump) for pump in (_pass_on(reader, back), _pass_on(there, writer)))

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    try:
        yield {
            "host": "127.0.0.1",
            "port": server.sockets[0].getsockname()[1],
            "database": url.database,
            "username": url.username or "gorax",
            "password": url.password or "unused",
            "sslmode": "disable",
        }
    finally:
        server.close()
        for pump in pumps:
            pump.cancel()


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    except ConnectionError:
        pass
    finally:
        writer.close()
