"""The `email` action, against a real SMTP server."""

import ipaddress
from collections.abc import AsyncIterator, Iterator
from email import message_from_bytes
from email.message import Message
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from activities.connectors.email import ACTION
from activities.resources import Resources
from dev.ports import free_port
from gorax.core.errors import StepError
from gorax.settings import Env, HttpSettings, Settings
from tests.activities.credentials import run

PASSWORD = "app-password-1"
BASIC = {"to": "ann@example.com", "subject": "Hi", "text": "Hello"}


class Inbox:
    """Keeps what it is sent; refuses some recipients for good, and some for now."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.recipients: list[list[str]] = []
        self.answer = "250 taken"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        del server, session, options
        if address.startswith("gone"):
            return "550 no such user"
        if address.startswith("busy"):
            return "450 later"
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        del server, session
        content = envelope.content
        assert isinstance(content, bytes)
        self.messages.append(message_from_bytes(content))
        self.recipients.append(list(envelope.rcpt_tos))
        return self.answer


def _login(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
    del server, session, envelope, mechanism
    right = isinstance(data, LoginPassword) and data.password == PASSWORD.encode()
    return AuthResult(success=right, handled=right)


class Mail:
    """Sends through the test's server."""

    def __init__(self, port: int) -> None:
        self.credential: dict[str, Any] = {
            "host": "127.0.0.1",
            "port": port,
            "username": "shop@example.com",
            "password": PASSWORD,
            "tls": "none",
        }
        networks = (ipaddress.ip_network("127.0.0.0/8"),)
        self.resources = Resources(Settings(env=Env.production, http=HttpSettings(allowed_networks=networks)))

    async def __call__(self, **config: Any) -> dict[str, Any]:
        credentials = {"box": ("smtp", self.credential)}
        output: dict[str, Any] = await run(ACTION, self.resources, credentials, credential="box", **config)
        return output


@pytest.fixture
def inbox() -> Iterator[tuple[Inbox, int]]:
    inbox, port = Inbox(), free_port()
    server = Controller(
        inbox,
        hostname="127.0.0.1",
        port=port,
        authenticator=_login,
        auth_require_tls=False,
        enable_SMTPUTF8=True,
    )
    server.start()
    yield inbox, port
    server.stop()


@pytest.fixture
async def mail(inbox: tuple[Inbox, int]) -> AsyncIterator[Mail]:
    mail = Mail(inbox[1])
    yield mail
    await mail.resources.close()


async def test_a_message_with_everything(mail: Mail, inbox: tuple[Inbox, int]) -> None:
    output = await mail(
        to="Ann <ann@example.com>, bob@example.com",
        cc=["carol@example.com"],
        bcc=["secret@example.com"],
        reply_to="desk@example.com",
        subject="Grüße ✓",
        text="plain",
        html="<b>rich</b>",
        headers={"X-Order": "7"},
        attachments=[
            {"filename": "a.txt", "content": "text", "content_type": "text/plain"},
            {"filename": "b.bin", "content_base64": "AAEC"},
        ],
        **{"from": "Shop <shop@example.com>"},
    )
    [message] = inbox[0].messages
    assert inbox[0].recipients == [
        ["ann@example.com", "bob@example.com", "carol@example.com", "secret@example.com"]
    ]
    assert (message["To"], message["Cc"], message["Bcc"]) == (
        "Ann <ann@example.com>, bob@example.com",
        "carol@example.com",
        None,
    )
    assert (message["X-Order"], message["Reply-To"]) == ("7", "desk@example.com")
    kinds = [part.get_content_type() for part in message.walk() if not part.is_multipart()]
    assert kinds == ["text/plain", "text/html", "text/plain", "application/octet-stream"]
    assert output == {
        "message_id": message["Message-ID"],
        "accepted": inbox[0].recipients[0],
        "rejected": [],
    }


async def test_every_attempt_sends_the_same_message(mail: Mail, inbox: tuple[Inbox, int]) -> None:
    first, again = await mail(**BASIC), await mail(**BASIC)
    assert first["message_id"] == again["message_id"]
    assert inbox[0].messages[0]["From"] == "shop@example.com"


async def test_some_recipients_are_refused(mail: Mail) -> None:
    output = await mail(**{**BASIC, "to": ["ann@example.com", "gone@example.com"]})
    assert output["accepted"] == ["ann@example.com"]
    assert [(entry["address"], entry["code"]) for entry in output["rejected"]] == [("gone@example.com", 550)]


@pytest.mark.parametrize(("address", "retryable"), [("gone@example.com", False), ("busy@example.com", True)])
async def test_all_recipients_are_refused(mail: Mail, address: str, retryable: bool) -> None:
    with pytest.raises(StepError, match="refused all recipients") as refused:
        await mail(**{**BASIC, "to": address})
    assert (refused.value.type, refused.value.retryable) == ("smtp", retryable)


@pytest.mark.parametrize(("answer", "retryable"), [("452 full", True), ("554 spam", False)])
async def test_the_server_refuses_the_message(
    mail: Mail, inbox: tuple[Inbox, int], answer: str, retryable: bool
) -> None:
    inbox[0].answer = answer
    with pytest.raises(StepError, match="the mail server refused") as refused:
        await mail(**BASIC)
    assert (refused.value.details["code"], refused.value.retryable) == (int(answer[:3]), retryable)


@pytest.mark.parametrize(
    ("change", "type_"),
    [
        ({"password": "wrong-secret"}, "credential"),
        ({"host": "10.0.0.1"}, "blocked_address"),
        ({"port": 1}, "network"),
        ({"tls": "starttls"}, "network"),
        ({"tls": "tls"}, "network"),
        ({"host": ""}, "credential"),
    ],
)
async def test_servers_that_cannot_be_used(mail: Mail, change: dict[str, Any], type_: str) -> None:
    mail.credential |= change
    with pytest.raises(StepError) as refused:
        await mail(**BASIC)
    assert refused.value.type == type_, refused.value.message
    assert "wrong-secret" not in refused.value.message


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ({**BASIC, "subject": "a\r\nBcc: x@example.com"}, "one line"),
        ({**BASIC, "to": "ann@example.com\nBcc: x"}, "one line"),
        ({**BASIC, "to": "nobody"}, "not a mail address"),
        ({**BASIC, "to": []}, "give 1 to 100 recipients"),
        ({**BASIC, "to": [f"a{n}@example.com" for n in range(101)]}, "at most 100"),
        ({**BASIC, "headers": {"Bcc": "x@example.com"}}, "is made from the other fields"),
        ({**BASIC, "headers": {"X-A": "a\nb"}}, "one line"),
        ({**BASIC, "headers": {"X A": "a"}}, "pattern"),
        ({"to": "ann@example.com"}, "give text, html, or both"),
        ({**BASIC, "attachments": [{"filename": "a", "content_base64": "!!"}]}, "not base64"),
        ({**BASIC, "attachments": [{"filename": "a\nb", "content": ""}]}, "one line"),
        (
            {**BASIC, "attachments": [{"filename": "a", "content": "x" * 10_000_001}]},
            "at most 10000000 bytes",
        ),
    ],
)
async def test_what_is_not_sent(
    mail: Mail, inbox: tuple[Inbox, int], config: dict[str, Any], words: str
) -> None:
    with pytest.raises(StepError, match=words) as refused:
        await mail(**config)
    assert refused.value.type == "validation"
    assert inbox[0].messages == []
