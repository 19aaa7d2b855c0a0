"""The bytes of a request's body."""

import base64
import secrets
from collections.abc import Iterator
from urllib.parse import quote_plus

from activities.http.config import File, HttpConfig, Multipart, Values
from activities.http.fields import scalar_text
from gorax.core.encoding import dumps
from gorax.core.errors import ErrorType, StepError

MAX_REQUEST_BODY = 10_000_000
"""Bytes."""


def request_body(config: HttpConfig) -> tuple[bytes, str | None]:
    """The body and the content type that it has unless the headers name another.

    Raises `StepError` of type `validation` for what cannot be sent.
    """
    try:
        body, content_type = _encoded(config)
    except (TypeError, ValueError) as error:  # integers over 64 bits, lone surrogates, base64 that is none
        raise StepError(ErrorType.VALIDATION, f"the body cannot be sent: {error}") from error
    if len(body) > MAX_REQUEST_BODY:
        raise StepError(
            ErrorType.VALIDATION, f"the body has {len(body)} bytes, at most {MAX_REQUEST_BODY} are sent"
        )
    return body, content_type


def pairs(values: Values) -> Iterator[tuple[str, str]]:
    """Names and values as a query or a form repeats them."""
    for name, value in values.items():
        for entry in value if isinstance(value, list) else [value]:
            if entry is not None:
                yield name, scalar_text(entry)


def _encoded(config: HttpConfig) -> tuple[bytes, str | None]:
    if config.form is not None:
        text = "&".join(f"{quote_plus(name)}={quote_plus(value)}" for name, value in pairs(config.form))
        return text.encode(), "application/x-www-form-urlencoded"
    if config.multipart is not None:
        return _multipart(config.multipart)
    if config.body is None:
        return b"", None
    if isinstance(config.body, str):
        return config.body.encode(), "text/plain; charset=utf-8"
    return dumps(config.body), "application/json"


def _multipart(form: Multipart) -> tuple[bytes, str]:
    # 128 random bits: no content can hold the boundary by design.
    boundary = f"gorax-{secrets.token_hex(16)}"
    parts = [_part(f'name="{_quoted(name)}"', None, value.encode()) for name, value in pairs(form.fields)]
    for file in form.files:
        disposition = f'name="{_quoted(file.name)}"; filename="{_quoted(file.filename)}"'
        parts.append(_part(disposition, file.content_type, _content(file)))
    line = f"--{boundary}".encode()
    body = b"".join(line + b"\r\n" + part + b"\r\n" for part in parts) + line + b"--\r\n"
    return body, f"multipart/form-data; boundary={boundary}"


def _part(disposition: str, content_type: str | None, content: bytes) -> bytes:
    head = f"Content-Disposition: form-data; {disposition}\r\n"
    if content_type:
        head += f"Content-Type: {content_type}\r\n"
    return head.encode() + b"\r\n" + content


def _content(file: File) -> bytes:
    if file.base64 is None:
        return (file.content or "").encode()
    try:
        return base64.b64decode(file.base64, validate=True)
    except ValueError as error:
        raise ValueError(f"{file.filename} is not base64: {error}") from error


def _quoted(text: str) -> str:
    # As browsers do it.
    return text.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
