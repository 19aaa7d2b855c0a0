"""The config of the `email` action."""

import base64
import binascii
from email.utils import parseaddr
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from activities.http.fields import has_template
from gorax.core.actions.declaration import Config

MAX_RECIPIENTS = 100
MAX_BODY = 2_000_000
MAX_ATTACHMENTS = 20
MAX_HEADERS = 50
_OURS = frozenset(
    {"from", "to", "cc", "bcc", "subject", "date", "message-id", "reply-to", "mime-version", "sender"}
)


def _line(text: str) -> str:
    if any(ord(character) < 32 or ord(character) == 127 for character in text):
        raise ValueError("must be one line, without control characters")
    return text


def _address(text: str) -> str:
    if has_template(text):
        return text
    _, address = parseaddr(_line(text))
    local, _, domain = address.rpartition("@")
    if not local or not domain or " " in address or len(address) > 254:
        raise ValueError(
            f'not a mail address: {text[:60]!r}; write "ann@example.com" or "Ann <ann@example.com>"'
        )
    return text


def _listed(value: Any) -> Any:
    # Several in one text, as people write them.
    if isinstance(value, str):
        return [part.strip() for part in value.split(",") if part.strip()]
    return value


Line = Annotated[str, Field(max_length=998), AfterValidator(_line)]
Address = Annotated[str, Field(min_length=3, max_length=512), AfterValidator(_address)]
Addresses = Annotated[
    list[Address],
    BeforeValidator(_listed, json_schema_input_type=list[Address] | str),
    Field(max_length=MAX_RECIPIENTS),
]
HeaderName = Annotated[str, Field(pattern="^[A-Za-z][A-Za-z0-9-]{0,99}$")]


class Attachment(Config):
    """One file."""

    filename: Annotated[str, Field(min_length=1, max_length=255), AfterValidator(_line)]
    content: str | None = None
    """Its text."""
    content_base64: str | None = None
    """Its bytes, in place of `content`."""
    content_type: Annotated[str, Field(max_length=255, pattern=r"^[\w.+-]+/[\w.+-]+$")] = (
        "application/octet-stream"
    )

    @model_validator(mode="after")
    def _one_content(self) -> Self:
        if (self.content is None) == (self.content_base64 is None):
            raise ValueError("give either content or content_base64")
        if self.content_base64 is not None and not has_template(self.content_base64):
            try:
                base64.b64decode(self.content_base64, validate=True)
            except binascii.Error:
                raise ValueError("content_base64 is not base64") from None
        return self

    @property
    def data(self) -> bytes:
        """Its bytes."""
        if self.content_base64 is not None:
            return base64.b64decode(self.content_base64)
        return (self.content or "").encode()


class EmailConfig(Config):
    """A message, and the account that sends it."""

    credential: str = Field(min_length=1, max_length=255)
    """Name of a credential of type `smtp`."""
    from_: Address | None = Field(default=None, alias="from")
    """Left out: the credential's username."""
    to: Addresses = Field(default_factory=list)
    cc: Addresses = Field(default_factory=list)
    bcc: Addresses = Field(default_factory=list)
    reply_to: Address | None = None
    subject: Line = ""
    text: str | None = Field(default=None, max_length=MAX_BODY)
    html: str | None = Field(default=None, max_length=MAX_BODY)
    attachments: list[Attachment] = Field(default_factory=list, max_length=MAX_ATTACHMENTS)
    """20 at most, and 10 MB together."""
    headers: dict[HeaderName, Line] = Field(default_factory=dict, max_length=MAX_HEADERS)
    """Besides those that the other fields make."""

    @model_validator(mode="after")
    def _whole(self) -> Self:
        recipients = len(self.to) + len(self.cc) + len(self.bcc)
        if not 1 <= recipients <= MAX_RECIPIENTS:
            raise ValueError(f"give 1 to {MAX_RECIPIENTS} recipients in to, cc and bcc, not {recipients}")
        if self.text is None and self.html is None:
            raise ValueError("give text, html, or both")
        if taken := sorted(name for name in self.headers if name.lower() in _OURS):
            raise ValueError(f"headers: {taken[0]} is made from the other fields")
        return self
