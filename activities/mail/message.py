"""A message as it goes over the wire.

The library puts its parts together. The header lines are written here: the library would read encoded words in
what users give it, and one of them can hold a line break and so a header of its own.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.encoders import encode_base64
from email.header import Header
from email.message import EmailMessage
from email.mime.base import MIMEBase
from email.policy import SMTP
from email.utils import format_datetime
from typing import cast
from urllib.parse import quote

from activities.mail.config import Attachment, EmailConfig
from activities.mail.mailbox import Mailbox
from gorax.core.errors import ErrorType, StepError

MAX_ATTACHED = 10_000_000
"""Bytes of all attachments."""

PIECE = 60
"""Characters of a parameter that stand on one line."""

_POLICY = SMTP.clone(cte_type="7bit", refold_source="none")
"""Of what the library writes: nothing that is not ASCII, and no header read again that stands there already."""
_WORDS = re.compile(r"[A-Za-z0-9!#$%&'*+/^_`{|}~ -]*")
_TO_ESCAPE = re.compile(r'(["\\])')


@dataclass(frozen=True, slots=True)
class Message:
    """What is handed over to a server."""

    id: str
    data: bytes
    sender: str
    recipients: list[str]
    """Each address once."""

    @property
    def international(self) -> bool:
        """Whether the server has to understand addresses that are not ASCII."""
        return not all(address.isascii() for address in (self.sender, *self.recipients))


def message_of(config: EmailConfig, sender: Mailbox, key: str) -> Message:
    """The message. Its id follows from the step's idempotency key, so that every attempt sends the same one.

    Raises `StepError` when the attachments are too large.
    """
    to, cc, bcc = ([Mailbox.parse(text) for text in texts] for texts in (config.to, config.cc, config.bcc))
    digest = hashlib.sha256(key.encode()).hexdigest()[:32]
    message_id = f"<{digest}@{sender.address.rpartition('@')[2]}>"
    lines = [
        _mailboxes("From", [sender]),
        *(_mailboxes(name, mailboxes) for name, mailboxes in (("To", to), ("Cc", cc)) if mailboxes),
        *(_mailboxes("Reply-To", [Mailbox.parse(text)]) for text in [config.reply_to] if text is not None),
        _text("Subject", config.subject),
        f"Date: {format_datetime(datetime.now(UTC))}",
        f"Message-ID: {message_id}",
        *(_text(name, value) for name, value in config.headers.items()),
    ]
    head = "".join(f"{line}\r\n" for line in lines).encode()
    recipients = list(dict.fromkeys(mailbox.address for mailbox in (*to, *cc, *bcc)))
    return Message(message_id, head + _parts(config).as_bytes(policy=_POLICY), sender.address, recipients)


def _parts(config: EmailConfig) -> EmailMessage:
    attached = [(attachment, attachment.data) for attachment in config.attachments]
    if sum(len(data) for _, data in attached) > MAX_ATTACHED:
        raise StepError(ErrorType.VALIDATION, f"attachments: must be at most {MAX_ATTACHED} bytes together")
    parts = EmailMessage(_POLICY)
    if config.text is not None:
        parts.set_content(config.text)
        if config.html is not None:
            parts.add_alternative(config.html, subtype="html")
    else:
        parts.set_content(config.html or "", subtype="html")
    if attached:
        parts.make_mixed()
    for attachment, data in attached:
        # Of the older class, which does not read what is set as a header.
        parts.attach(cast(EmailMessage, _file(attachment, data)))
    return parts


def _file(attachment: Attachment, data: bytes) -> MIMEBase:
    kind, _, subtype = attachment.content_type.partition("/")
    part = MIMEBase(kind, subtype)
    if kind.lower() == "text" and attachment.content is not None:
        part.set_param("charset", "utf-8")
    part["Content-Disposition"] = "attachment" + "".join(
        f";\r\n {parameter}" for parameter in _file_name(attachment.filename)
    )
    part.set_payload(data)
    encode_base64(part)
    return part


def _file_name(name: str) -> Iterator[str]:
    """The parameters that tell a file's name, which are several where the name is long."""
    if _is_plain(name):
        yield f'filename="{_escaped(name)}"'
        return
    piece, number = "utf-8''", 0
    for character in name:
        encoded = quote(character, safe="")
        if len(piece) + len(encoded) > PIECE:
            yield f"filename*{number}*={piece}"
            piece, number = "", number + 1
        piece += encoded
    yield f"filename*{number}*={piece}" if number else f"filename*={piece}"


def _text(name: str, value: str) -> str:
    return f"{name}: {_encoded(value, name)}"


def _mailboxes(name: str, mailboxes: Iterable[Mailbox]) -> str:
    return f"{name}: " + ",\r\n ".join(_written(mailboxes, name))


def _written(mailboxes: Iterable[Mailbox], header: str) -> Iterator[str]:
    for mailbox in mailboxes:
        if not mailbox.name:
            yield mailbox.address
        elif _WORDS.fullmatch(mailbox.name):
            yield f"{mailbox.name} <{mailbox.address}>"
        elif _is_plain(mailbox.name):
            yield f'"{_escaped(mailbox.name)}" <{mailbox.address}>'
        else:
            yield f"{_encoded(mailbox.name, header)} <{mailbox.address}>"


def _encoded(text: str, header: str) -> str:
    """`text` as a header may hold it, in lines of a header's length."""
    charset = "us-ascii" if _is_plain(text) else "utf-8"
    return Header(text, charset, header_name=header).encode(linesep="\r\n")


def _escaped(text: str) -> str:
    return _TO_ESCAPE.sub(r"\\\1", text)


def _is_plain(text: str) -> bool:
    # What looks like an encoded word is encoded itself, so that it is seen as it was written.
    return text.isascii() and "=?" not in text
