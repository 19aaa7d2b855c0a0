"""The `email` action, against a real SMTP server."""

import ipaddress
import json
import time
from collections.abc import AsyncIterator, Iterator
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from activities.connectors.email import ACTION
from activities.resources import Resources
from dev.ports import free_port
from gorax.core.actions.catalogue import full_catalogue
from gorax.core.definition import parse_definition
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
        self.raw: list[bytes] = []
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
        self.raw.append(content)
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
    assert message["To"].split(",\r\n ") == ["Ann <ann@example.com>", "bob@example.com"]
    assert (message["Cc"], message["Bcc"]) == ("carol@example.com", None)
    assert str(make_header(decode_header(message["Subject"]))) == "Grüße ✓"
    assert (message["X-Order"], message["Reply-To"]) == ("7", "desk@example.com")
    kinds = [part.get_content_type() for part in message.walk() if not part.is_multipart()]
    assert kinds == ["text/plain", "text/html", "text/plain", "application/octet-stream"]
    assert output == {
        "message_id": message["Message-ID"],
        "accepted": inbox[0].recipients[0],
        "rejected": [],
    }


HIDDEN = "=?utf-8?q?a=0D=0ABcc=3A_eve=40example.com?="


async def test_encoded_words_of_users_are_only_text(mail: Mail, inbox: tuple[Inbox, int]) -> None:
    # Their line breaks would make a header of its own.
    await mail(
        **{**BASIC, "to": f"{HIDDEN} <ann@example.com>", "subject": HIDDEN},
        headers={"X-A": HIDDEN},
        attachments=[{"filename": HIDDEN, "content": ""}],
    )
    [raw], [message] = inbox[0].raw, inbox[0].messages
    assert b"\nBcc" not in raw
    assert all(part["Bcc"] is None for part in message.walk())
    for name in ("Subject", "X-A"):
        assert str(make_header(decode_header(message[name]))) == HIDDEN
    assert [part.get_filename() for part in message.walk()][-1] == HIDDEN


@pytest.mark.parametrize("name", ["a.txt", 'a "b" \\c.txt', "ä €.txt", "\U0001f600" * 255, "a/../b;x=y"])
async def test_names_of_files(mail: Mail, inbox: tuple[Inbox, int], name: str) -> None:
    await mail(**BASIC, attachments=[{"filename": name, "content_base64": "AAEC"}])
    [raw], [message] = inbox[0].raw, inbox[0].messages
    file = list(message.walk())[-1]
    assert (file.get_filename(), file.get_payload(decode=True)) == (name, b"\x00\x01\x02")
    assert max(map(len, raw.split(b"\r\n"))) < 300


async def test_names_of_all_kinds(mail: Mail, inbox: tuple[Inbox, int]) -> None:
    names = ['"Doe, Ann"', '"say \\"hi\\""', "Änn Müller " + "é" * 200, "Ann (of the shop)"]
    await mail(**{**BASIC, "to": ", ".join(f"{name} <a{n}@example.com>" for n, name in enumerate(names))})
    [message] = inbox[0].messages
    written = message["To"].split(",\r\n ")
    assert written[:2] == ['"Doe, Ann" <a0@example.com>', '"say \\"hi\\"" <a1@example.com>']
    assert str(make_header(decode_header(written[2]))) == f"{names[2]} <a2@example.com>"
    assert inbox[0].recipients == [[f"a{n}@example.com" for n in range(4)]]
    assert all(len(line) < 80 for line in message["To"].splitlines())


async def test_addresses_beyond_ascii(mail: Mail, inbox: tuple[Inbox, int]) -> None:
    output = await mail(**{**BASIC, "to": ["ann@bücher.example", "änn@example.com"]})
    assert output["accepted"] == ["ann@xn--bcher-kva.example", "änn@example.com"]
    assert "To: ann@xn--bcher-kva.example,\r\n änn@example.com\r\n".encode() in inbox[0].raw[0]


async def test_hostile_names_do_not_hold_up_the_worker(mail: Mail) -> None:
    begun = time.monotonic()
    for name in ("Ä b " + "é " * 230, "(" * 230 + ")" * 230, '"' + "\\\\" * 230 + '"'):
        await mail(**{**BASIC, "to": [f"{name} <a{n}@example.com>" for n in range(100)]})
    assert time.monotonic() - begun < 5


async def test_data_of_any_kind_is_written_as_text(mail: Mail, inbox: tuple[Inbox, int]) -> None:
    rows = [{"id": 1, "name": "é"}]
    attachment = {"filename": "rows.json", "content": rows, "content_type": "text/plain"}
    await mail(**{**BASIC, "subject": 7, "text": rows, "attachments": [attachment]})
    [message] = inbox[0].messages
    text, file = (part for part in message.walk() if not part.is_multipart())
    assert message["Subject"] == "7"
    for part in (text, file):
        payload = part.get_payload(decode=True)
        assert isinstance(payload, bytes)
        assert json.loads(payload) == rows
    assert file.get_content_charset() == "utf-8"


@pytest.mark.parametrize(
    "config",
    [
        {**BASIC, "to": "{{join(trigger.body.to, ',')}}, ann@example.com"},
        {**BASIC, "to": "{{trigger.body.to}}", "subject": "{{trigger.body.subject}}"},
        {**BASIC, "attachments": [{"filename": "a", "content_base64": "{{trigger.body.file}}"}]},
    ],
)
def test_templates_are_judged_when_they_are_filled_in(config: dict[str, Any]) -> None:
    action = {"id": "a", "type": "email", "config": {"credential": "box", **config}}
    parse_definition({"actions": [action]}, full_catalogue())


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
        ({**BASIC, "to": ["{{@example.com>\r\nRCPT TO:<x@example.com"]}, "one line"),
        ({**BASIC, "to": ["ann@example.com, eve@example.com"]}, "not a mail address"),
        ({**BASIC, "from": "ann@example.com, eve@example.com"}, "not a mail address"),
        ({**BASIC, "subject": "a\u2028Bcc: x@example.com"}, "one line"),
        ({**BASIC, "text": "\ud800"}, "lone surrogate"),
        ({**BASIC, "headers": {"Content-Type": "multipart/mixed"}}, "is made from the other fields"),
        ({**BASIC, "attachments": [{"filename": "a", "content_base64": "!!"}]}, "not base64"),
        ({**BASIC, "attachments": [{"filename": "a", "content_base64": "{{!"}]}, "not base64"),
        (
            {
                **BASIC,
                "attachments": [{"filename": "a", "content": "", "content_type": "multipart/mixed"}],
            },
            "made of several parts",
        ),
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
