"""The config of the `email` action."""

import base64
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from activities.http.fields import has_template
from activities.mail.mailbox import MAX_TEXT, Mailbox, one_line, split
from gorax.core.actions.declaration import Config, Text

MAX_RECIPIENTS = 100
MAX_BODY = 2_000_000
MAX_ATTACHMENTS = 20
MAX_HEADERS = 50
MAX_LINE = 998
_OURS = frozenset(
    {"from", "to", "cc", "bcc", "subject", "date", "message-id", "reply-to", "mime-version", "sender"}
)
_PUT_TOGETHER = ("multipart/", "message/")


def _address(text: str) -> str:
    Mailbox.parse(text)
    return text


def _listed(value: Any) -> Any:
    # Several in one text, as people write them; where the commas are in a template, only the run can tell.
    if isinstance(value, str):
        return [value] if has_template(value) else [part for part in split(value) if part]
    return value


def _of_characters(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValueError("a lone surrogate is not a character") from error
    return text


def _header_name(name: str) -> str:
    if name.lower() in _OURS or name.lower().startswith("content-"):
        raise ValueError(f"{name} is made from the other fields")
    return name


def _file_type(name: str) -> str:
    if name.lower().startswith(_PUT_TOGETHER):
        raise ValueError("a file is none of the multipart and message types, which are made of several parts")
    return name


Content = Annotated[Text, AfterValidator(_of_characters)]
Line = Annotated[Content, Field(max_length=MAX_LINE), AfterValidator(one_line)]
Body = Annotated[Content, Field(max_length=MAX_BODY)]
Address = Annotated[str, Field(min_length=3, max_length=MAX_TEXT), AfterValidator(_address)]
Addresses = Annotated[
    list[Address],
    BeforeValidator(_listed, json_schema_input_type=list[Address] | str),
    Field(max_length=MAX_RECIPIENTS),
]
HeaderName = Annotated[str, Field(pattern="^[A-Za-z][A-Za-z0-9-]{0,99}$"), AfterValidator(_header_name)]


class Attachment(Config):
    """One file."""

    filename: Annotated[str, Field(min_length=1, max_length=255), AfterValidator(one_line)]
    content: Content | None = None
    """Its text; anything but a text is written as JSON."""
    content_base64: str | None = None
    """Its bytes, in place of `content`."""
    content_type: Annotated[
        str,
        Field(max_length=255, pattern=r"^[A-Za-z0-9!#$&^_.+-]+/[A-Za-z0-9!#$&^_.+-]+$"),
        AfterValidator(_file_type),
    ] = "application/octet-stream"

    @model_validator(mode="after")
    def _one_content(self) -> Self:
        if (self.content is None) == (self.content_base64 is None):
            raise ValueError("give either content or content_base64")
        if self.content_base64 is not None:
            try:
                base64.b64decode(self.content_base64, validate=True)
            except ValueError as error:
                raise ValueError("content_base64 is not base64") from error
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
    """A list, or one text with commas. 100 recipients in `to`, `cc` and `bcc` together."""
    cc: Addresses = Field(default_factory=list)
    bcc: Addresses = Field(default_factory=list)
    reply_to: Address | None = None
    subject: Line = ""
    text: Body | None = None
    html: Body | None = None
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
        return self
