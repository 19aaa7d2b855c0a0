"""How the `sql` action connects: what it accepts of a credential, what it gives away, and whom it trusts."""

import asyncio
import ipaddress
import ssl
import time
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from activities.connectors.sql import ACTION
from activities.resources import Resources
from activities.sql.target import target_of
from gorax.core.errors import StepError
from gorax.settings import Env, HttpSettings, Settings
from tests.activities.credentials import run
from tests.activities.servers import Handler, certificate, serving

LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"), ipaddress.ip_network("::1/128"))
SSL_REQUEST = 80_877_103
PARTS = {"host": "127.0.0.1", "port": 1, "database": "shop", "username": "ann", "password": "wrong-password"}


@pytest.fixture
async def resources() -> AsyncIterator[Resources]:
    resources = Resources(Settings(env=Env.production, http=HttpSettings(allowed_networks=LOOPBACK)))
    yield resources
    await resources.close()


async def ask(resources: Resources, value: Mapping[str, Any], within: float = 10.0) -> Any:
    credentials = {"db": ("postgres", value)}
    async with asyncio.timeout(within):
        return await run(ACTION, resources, credentials, within=within, credential="db", query="SELECT 1")


class Database:
    """Speaks the beginning of PostgreSQL's protocol, and keeps what it is told."""

    def __init__(self, tls: ssl.SSLContext | None = None, *, asks_password: bool = False) -> None:
        self.startup = b""
        self.password = b""
        self._tls = tls
        self._asks_password = asks_password

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection: refuses, or lets in and is silent from then on."""
        self.startup = await _message(reader)
        if int.from_bytes(self.startup[:4]) == SSL_REQUEST:
            writer.write(b"S" if self._tls else b"N")
            if self._tls:
                await writer.start_tls(self._tls)
            self.startup = await _message(reader)
        if self._asks_password:
            writer.write(b"R" + (8).to_bytes(4) + (3).to_bytes(4))
            await reader.readexactly(1)
            self.password = await _message(reader)
        elif self._tls:
            text = b"SFATAL\0C28000\0Mpassword authentication failed\0\0"
            writer.write(b"E" + (len(text) + 4).to_bytes(4) + text)
            await writer.drain()
            return
        writer.write(b"R" + (8).to_bytes(4) + bytes(4) + b"Z" + (5).to_bytes(4) + b"I")
        await reader.read()


async def _message(reader: asyncio.StreamReader) -> bytes:
    length = int.from_bytes(await reader.readexactly(4))
    return await reader.readexactly(length - 4)


@pytest.mark.parametrize(
    ("value", "type_", "words"),
    [
        ({**PARTS, "host": ""}, "credential", "names no host"),
        ({**PARTS, "host": "/tmp"}, "credential", "no socket"),
        ({**PARTS, "host": "10.1.2.3"}, "blocked_address", "may not be reached"),
        ({**PARTS, "host": "a,b"}, "credential", "one host"),
        (PARTS, "network", "could not connect to 127.0.0.1:1"),
        ({"url": "postgresql://ann@10.0.0.9/x"}, "blocked_address", "may not be reached"),
        ({"url": "postgresql://ann@a,b/x"}, "credential", "one host"),
        ({"url": "postgresql://ann@/x?host=/tmp"}, "credential", "no socket"),
        ({"url": "postgresql://127.0.0.1/x"}, "credential", "names no user"),
        ({"url": "postgresql://ann@127.0.0.1/x?port=99999"}, "credential", "a port that is none"),
        ({"url": "postgresql://ann@127.0.0.1/x?port=1,2"}, "credential", "one host"),
        ({"url": "postgresql://ann@127.0.0.1/x?sslmode=safe"}, "credential", "an sslmode that is none"),
        ({"url": "postgresql://ann:wrong-password@[b/x"}, "credential", "does not read"),
        *(
            ({"url": f"postgresql://ann@127.0.0.1/x?{name}=y"}, "credential", f"sets {name}")
            for name in ("sslrootcert", "sslcert", "sslkey", "passfile", "hostaddr", "service")
        ),
    ],
)
async def test_credentials_that_lead_nowhere(
    resources: Resources, value: dict[str, Any], type_: str, words: str
) -> None:
    with pytest.raises(StepError, match=words) as refused:
        await ask(resources, value)
    assert refused.value.type == type_
    assert "wrong-password" not in refused.value.message


def test_what_an_address_may_set() -> None:
    target = target_of(
        {
            "url": "postgresql://ann:p%40ss@db.example.com/shop?sslmode=require&channel_binding=require"
            "&options=endpoint%3Dx&application_name=mine&connect_timeout=3"
        }
    )
    assert (target.host, target.port) == ("db.example.com", 5432)
    kept = {
        "user": "ann",
        "password": "p@ss",
        "dbname": "shop",
        "sslmode": "require",
        "options": "endpoint=x",
    }
    kept |= {"channel_binding": "require", "application_name": "mine"}
    assert kept.items() <= target.settings.items()
    assert "connect_timeout" not in target.settings


async def test_the_password_of_the_worker_is_not_given_away(
    resources: Resources, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "pgpass"
    file.write_text("*:*:*:*:of-the-worker\n")
    file.chmod(0o600)
    monkeypatch.setenv("PGPASSFILE", str(file))
    monkeypatch.setenv("PGPASSWORD", "of-the-worker")
    monkeypatch.setenv("PGOPTIONS", "-c search_path=of-the-worker")
    database = Database(asks_password=True)
    async with serving(database.handle) as port:
        with pytest.raises(StepError, match="password") as refused:
            await ask(resources, {"url": f"postgresql://ann@127.0.0.1:{port}/x?sslmode=disable"})
    assert (refused.value.type, refused.value.retryable) == ("credential", False)
    assert b"ann" in database.startup
    assert b"of-the-worker" not in database.startup + database.password


async def test_a_certificate_is_checked_against_the_authorities(
    resources: Resources, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tls, _ = certificate(tmp_path, "localhost")
    database = Database(tls)
    async with serving(database.handle) as port:
        value = {**PARTS, "host": "localhost", "port": port, "sslmode": "verify-full"}
        with pytest.raises(StepError, match="certificate verify failed") as distrusted:
            await ask(resources, value)
        assert (distrusted.value.type, distrusted.value.retryable) == ("network", False)
        assert b"ann" not in database.startup

        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "server.pem"))
        with pytest.raises(StepError, match="password authentication failed") as trusted:
            await ask(resources, value)
        assert trusted.value.type == "credential"
        assert b"ann" in database.startup

        with pytest.raises(StepError, match="certificate"):
            await ask(resources, {**value, "host": "127.0.0.1"})


@pytest.mark.parametrize("handler", [Database().handle, lambda reader, writer: asyncio.sleep(60)])
async def test_a_server_that_falls_silent_is_given_up(resources: Resources, handler: Handler) -> None:
    async with serving(handler) as port:
        begun = time.monotonic()
        with pytest.raises(TimeoutError):
            await ask(resources, {**PARTS, "port": port, "sslmode": "disable"}, within=0.5)
        # The driver tries to cancel first, and waits for the answer.
        assert time.monotonic() - begun < 12
