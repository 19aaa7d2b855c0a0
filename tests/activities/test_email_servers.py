"""How the `email` action gets along with mail servers, good and bad."""

import asyncio
import ipaddress
import socket
import ssl
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from activities.connectors.email import ACTION
from activities.resources import Resources
from dev.ports import free_port
from gorax.core.errors import StepError
from gorax.settings import Env, HttpSettings, Settings
from tests.activities.credentials import run
from tests.activities.servers import Handler, certificate, serving

LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"), ipaddress.ip_network("::1/128"))
PASSWORD = "app-password-1"
ACCOUNT = {"host": "127.0.0.1", "username": "shop@example.com", "password": PASSWORD, "tls": "none"}
BASIC = {"from": "shop@example.com", "to": "ann@example.com", "subject": "Hi", "text": "Hello"}


@pytest.fixture
async def resources() -> AsyncIterator[Resources]:
    resources = Resources(Settings(env=Env.production, http=HttpSettings(allowed_networks=LOOPBACK)))
    yield resources
    await resources.close()


async def send(resources: Resources, account: dict[str, Any], within: float = 10.0, **config: Any) -> Any:
    credentials = {"box": ("smtp", account)}
    async with asyncio.timeout(within):
        return await run(
            ACTION, resources, credentials, within=within, credential="box", **{**BASIC, **config}
        )


def _login(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
    del server, session, envelope, mechanism
    right = isinstance(data, LoginPassword) and data.password == PASSWORD.encode()
    return AuthResult(success=right, handled=right)


class AtOnce(Controller):
    """A server that speaks TLS from the first byte; the library's would try it out as a server too."""

    def _trigger_server(self) -> None:
        client = ssl.create_default_context()
        client.check_hostname, client.verify_mode = False, ssl.CERT_NONE
        with (
            socket.create_connection((self.hostname, self.port), 5) as connection,
            client.wrap_socket(connection) as secured,
        ):
            secured.recv(1024)


@contextmanager
def mail_server(tls: ssl.SSLContext | None = None, *, at_once: bool = False) -> Iterator[int]:
    port = free_port()
    kind: Any = AtOnce if at_once else Controller
    server = kind(
        Sink(),
        hostname="127.0.0.1",
        port=port,
        authenticator=_login,
        auth_require_tls=tls is not None and not at_once,
        ssl_context=tls if at_once else None,
        tls_context=None if at_once else tls,
        require_starttls=tls is not None and not at_once,
        enable_SMTPUTF8=False,
    )
    server.start()
    try:
        yield port
    finally:
        server.stop()


@pytest.mark.parametrize("mode", ["starttls", "tls"])
async def test_certificates_are_checked(
    resources: Resources, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    tls, _ = certificate(tmp_path, "localhost")
    with mail_server(tls, at_once=mode == "tls") as port:
        account = {**ACCOUNT, "host": "localhost", "port": port, "tls": mode}
        with pytest.raises(StepError, match="cannot be trusted") as distrusted:
            await send(resources, account)
        assert (distrusted.value.type, distrusted.value.retryable) == ("network", False)

        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "server.pem"))
        trusting = Resources(Settings(env=Env.production, http=HttpSettings(allowed_networks=LOOPBACK)))
        assert (await send(trusting, account))["accepted"] == ["ann@example.com"]
        with pytest.raises(StepError, match="cannot be trusted"):
            await send(trusting, {**account, "host": "127.0.0.1"})
        await trusting.close()


@pytest.mark.parametrize(
    ("change", "type_", "retryable"),
    [
        ({"password": "wrong-secret"}, "credential", False),
        ({"host": "10.0.0.1"}, "blocked_address", False),
        ({"port": 1}, "network", True),
        ({"tls": "starttls"}, "smtp", False),
        ({"tls": "tls"}, "network", True),
        ({"host": ""}, "credential", False),
    ],
)
async def test_servers_that_cannot_be_used(
    resources: Resources, change: dict[str, Any], type_: str, retryable: bool
) -> None:
    with mail_server() as port, pytest.raises(StepError) as refused:
        await send(resources, {**ACCOUNT, "port": port, **change})
    assert (refused.value.type, refused.value.retryable) == (type_, retryable), refused.value.message
    assert "wrong-secret" not in refused.value.message


async def test_a_server_that_knows_ascii_alone(resources: Resources) -> None:
    with mail_server() as port, pytest.raises(StepError, match="SMTPUTF8") as refused:
        await send(resources, {**ACCOUNT, "port": port}, to="änn@example.com")
    assert (refused.value.type, refused.value.retryable) == ("smtp", False)


def script(*replies: bytes) -> Handler:
    """A server that greets and answers each line in turn, and is silent after the last."""

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for reply in replies:
            writer.write(reply)
            await writer.drain()
            await reader.readline()
        await reader.read()

    return handler


HELLO = (b"220 hi\r\n", b"250 ok\r\n")
NOBODY = {"host": "127.0.0.1", "tls": "none"}


@pytest.mark.parametrize(
    ("handler", "retryable", "words"),
    [
        (script(b"554 go away\r\n"), False, "go away"),
        (script(*HELLO, b"550 caf\xe9 closed\r\n", b"250 ok\r\n"), False, "caf\ufffd closed"),
        (script(b"not SMTP at all\r\n"), True, "not SMTP"),
        (script(b"220 " + b"x" * 100_000 + b"\r\n"), True, "too long"),
    ],
)
async def test_answers_that_make_no_sense(
    resources: Resources, handler: Handler, retryable: bool, words: str
) -> None:
    async with serving(handler) as port:
        with pytest.raises(StepError) as refused:
            await send(resources, {**NOBODY, "port": port})
    assert (refused.value.type, refused.value.retryable) == ("smtp", retryable)
    assert words in refused.value.message


@pytest.mark.parametrize("handler", [script(), script(*HELLO)])
async def test_a_silent_server_is_given_up_at_once(resources: Resources, handler: Handler) -> None:
    begun = time.monotonic()
    async with serving(handler) as port:
        with pytest.raises(TimeoutError):
            await send(resources, {**NOBODY, "port": port}, within=0.5)
    assert time.monotonic() - begun < 2


async def test_a_message_that_was_taken_is_sent_whatever_follows(resources: Resources) -> None:
    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # Greeting, EHLO, MAIL, RCPT; then DATA, and the connection is gone after the message.
        for reply in (b"220 hi\r\n", b"250 ok\r\n", b"250 ok\r\n", b"250 ok\r\n", b"354 go on\r\n"):
            writer.write(reply)
            await reader.readline()
        await reader.readuntil(b"\r\n.\r\n")
        writer.write(b"250 taken\r\n")
        await writer.drain()

    async with serving(handler) as port:
        assert (await send(resources, {**NOBODY, "port": port}))["accepted"]
