"""Field types that the config of the `http` action is made of, each with its bounds."""

import re
from typing import Annotated

from pydantic import AfterValidator, Field

from activities.http.url import MAX_URL, Url
from gorax.core.actions.declaration import WebAddress

MAX_HEADER_VALUE = 8_192

_TOKEN_CHARACTERS = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}", re.ASCII)
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_FRAMING = frozenset(
    {
        "connection",
        "content-length",
        "expect",
        "host",
        "keep-alive",
        "proxy-authorization",
        "proxy-connection",
    }
    | {"te", "trailer", "transfer-encoding", "upgrade"}
)


def has_template(text: str) -> bool:
    """Whether a part of the text is still to be filled in; its form is checked when that is done."""
    return "{{" in text


def web_address(text: str) -> str:
    """A URL, or a template of one. Raises `ValueError` saying what is wrong."""
    if len(text) > MAX_URL:
        raise ValueError(f"longer than {MAX_URL} characters")
    if not has_template(text):
        Url.parse(text)
    return text


def _header_name(name: str) -> str:
    if not _TOKEN_CHARACTERS.fullmatch(name):
        raise ValueError("a header name has 1 to 128 letters, digits and -_.!#$%&'*+^`|~")
    if name.lower() in _FRAMING:
        raise ValueError(f"{name} is set by the request itself")
    return name


def no_control_characters(text: str) -> str:
    """`text`, if it can stand in a header. Raises `ValueError` for line breaks, NUL and the like."""
    if _CONTROL.search(text):
        raise ValueError("line breaks and control characters are not allowed here")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValueError("a lone surrogate is not a character") from error
    return text


Address = Annotated[str, WebAddress(), AfterValidator(web_address)]
"""A URL, in which a credential is encoded where it is a part."""
HeaderName = Annotated[str, AfterValidator(_header_name)]
Token = Annotated[str, AfterValidator(no_control_characters)]
"""Text on one line, as header values have to be."""
Text = Annotated[str, Field(max_length=4_096)]
Scalar = str | int | float | bool
HeaderValue = Annotated[str, Field(max_length=MAX_HEADER_VALUE), AfterValidator(no_control_characters)] | (
    int | float | bool
)


def scalar_text(value: Scalar) -> str:
    """A value as query strings, forms and headers carry it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
