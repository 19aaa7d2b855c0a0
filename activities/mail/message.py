"""A message as it goes over the wire."""

import hashlib
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr

from activities.mail.config import EmailConfig
from gorax.core.errors import ErrorType, StepError

MAX_ATTACHED = 10_000_000
"""Bytes of all attachments."""


def message_of(config: EmailConfig, sender: str, key: str) -> EmailMessage:
    """The message. Its id follows from the step's idempotency key, so that every attempt sends the same one.

    Raises `StepError` when the attachments are too large.
    """
    attached = [(attachment, attachment.data) for attachment in config.attachments]
    if sum(len(data) for _, data in attached) > MAX_ATTACHED:
        raise StepError(ErrorType.VALIDATION, f"attachments: must be at most {MAX_ATTACHED} bytes together")
    message = EmailMessage()
    message["From"] = sender
    for name, addresses in (("To", config.to), ("Cc", config.cc)):
        if addresses:
            message[name] = ", ".join(addresses)
    if config.reply_to is not None:
        message["Reply-To"] = config.reply_to
    message["Subject"] = config.subject
    message["Date"] = format_datetime(datetime.now(UTC))
    digest = hashlib.sha256(key.encode()).hexdigest()[:32]
    message["Message-ID"] = f"<{digest}@{parseaddr(sender)[1].rpartition('@')[2]}>"
    for name, value in config.headers.items():
        message[name] = value
    if config.text is not None:
        message.set_content(config.text)
        if config.html is not None:
            message.add_alternative(config.html, subtype="html")
    else:
        message.set_content(config.html or "", subtype="html")
    for attachment, data in attached:
        kind, _, subtype = attachment.content_type.partition("/")
        message.add_attachment(data, maintype=kind, subtype=subtype, filename=attachment.filename)
    return message


def recipients_of(config: EmailConfig) -> list[str]:
    """The addresses that the message is handed over for, each once."""
    return list(dict.fromkeys(parseaddr(address)[1] for address in (*config.to, *config.cc, *config.bcc)))
