"""From the bytes of an answer to the value a step gives: bounded decompression, then JSON, text or base64."""

import base64
import re
import zlib
from typing import Any, Literal

import orjson

from gorax.core.errors import ErrorType, StepError

ResponseMode = Literal["auto", "json", "text", "base64"]

ACCEPTED_ENCODINGS = "gzip, deflate"

_WINDOW_BITS = {"gzip": 31, "x-gzip": 31, "deflate": 15}
_TEXT_TYPES = ("application/xml", "application/javascript", "application/x-www-form-urlencoded")
# Not any codec of Python's: punycode, for one, takes quadratic time.
_CHARSETS = re.compile(
    r"utf-?(8|16|32)([bl]e)?|(us-)?ascii|latin-?1|iso-8859-\d{1,2}|windows-\d{3,4}|koi8-[ru]"
    r"|shift_jis|euc-(jp|kr)|gb2312|gbk|gb18030|big5"
)
_MAX_DEPTH = 200
"""Nesting up to which parsed JSON is certain to be encodable again."""


class BodyTooLargeError(Exception):
    """The body passed its bound."""


class BodyReader:
    """Collects a body, decompressed as it arrives; no more than `limit` bytes ever come to be.

    An encoding that is not gzip or deflate is left as it is.
    """

    def __init__(self, content_encoding: str, limit: int) -> None:
        self._limit = limit
        self._raw = 0
        self._body = bytearray()
        self._bits = _WINDOW_BITS.get(content_encoding.strip().lower())
        self._inflate: Any = zlib.decompressobj(self._bits) if self._bits else None

    def feed(self, data: bytes) -> None:
        """Take bytes as they arrived.

        Raises `BodyTooLargeError` past the limit, `StepError` of type `network` for broken compression.
        """
        # Bytes on the wire count too: compressed data can be endless and yet contain nothing.
        self._raw += len(data)
        if self._raw > self._limit:
            self._body += data[: self._limit - len(self._body)] if self._inflate is None else b""
            raise BodyTooLargeError
        if self._inflate is None:
            self._body += data
            return
        while data:
            room = self._limit - len(self._body) + 1
            try:
                self._body += self._inflate.decompress(data, room)
            except zlib.error as error:
                if not self._body and self._bits == 15:
                    # Some servers send deflate without its zlib header.
                    self._bits = -15
                    self._inflate = zlib.decompressobj(-15)
                    continue
                raise _broken(str(error)) from error
            if len(self._body) > self._limit:
                del self._body[self._limit :]
                raise BodyTooLargeError
            data = self._inflate.unconsumed_tail
            if self._inflate.eof and (rest := self._inflate.unused_data):
                if self._bits != 31 or not rest.startswith(b"\x1f\x8b"):
                    return  # padding after the end
                self._inflate, data = zlib.decompressobj(self._bits), rest

    def finish(self) -> bytes:
        """The whole body. Raises `StepError` of type `network` when its compression is cut short."""
        if self._inflate is not None and self._raw and not self._inflate.eof:
            raise _broken("it ends early")
        return bytes(self._body)

    def so_far(self) -> bytes:
        """What there is, complete or not."""
        return bytes(self._body)


def _broken(what: str) -> StepError:
    return StepError(ErrorType.NETWORK, f"the compressed body is broken: {what}", retryable=True)


def body_value(body: bytes, content_type: str, mode: ResponseMode) -> Any:
    """The value of a body.

    `auto` gives JSON where the type says so and it parses, text where it decodes, and base64 otherwise. An
    empty body is null, except as text and base64.

    Raises `StepError` of type `validation` when the body is not what `mode` asks for.
    """
    if mode == "base64":
        return base64.b64encode(body).decode()
    if mode == "text":
        return _text(body, content_type)
    if not body:
        return None
    if mode == "json":
        return _json(body, content_type)
    return _guess(body, content_type)


def _guess(body: bytes, content_type: str) -> Any:
    media_type = content_type.partition(";")[0].strip().lower()
    if media_type == "application/json" or media_type.endswith("+json"):
        try:
            return _json(body, content_type)
        except StepError:
            media_type = "text/plain"  # a server that says JSON and sends a page of prose
    if (
        not media_type
        or media_type.startswith("text/")
        or media_type.endswith("+xml")
        or media_type in _TEXT_TYPES
    ):
        try:
            return _text(body, content_type)
        except StepError:
            return base64.b64encode(body).decode()
    return base64.b64encode(body).decode()


def _json(body: bytes, content_type: str) -> Any:
    charset = charset_of(content_type)
    try:
        value = orjson.loads(
            body.removeprefix(b"\xef\xbb\xbf") if charset == "utf-8" else _decode(body, charset)
        )
    except ValueError as error:
        raise StepError(ErrorType.VALIDATION, f"the answer is not JSON: {error}") from error
    # Parsing allows deeper nesting than writing does; only a body with that many brackets needs the proof.
    if body.count(b"[") + body.count(b"{") > _MAX_DEPTH:
        try:
            orjson.dumps(value)
        except TypeError as error:
            raise StepError(
                ErrorType.VALIDATION, "the answer is JSON nested deeper than 250 levels"
            ) from error
    return value


def _text(body: bytes, content_type: str) -> str:
    charset = charset_of(content_type)
    try:
        return _decode(body, charset)
    except ValueError as error:
        raise StepError(
            ErrorType.VALIDATION, f'the answer is not {charset[:40]} text; ask for response "base64"'
        ) from error


def _decode(body: bytes, charset: str) -> str:
    if not _CHARSETS.fullmatch(charset):
        raise ValueError(f"unknown charset {charset[:40]!r}")
    try:
        return body.decode(charset)
    except LookupError as error:
        raise ValueError(str(error)) from error


def charset_of(content_type: str) -> str:
    """The charset parameter of a content type, UTF-8 without one."""
    for parameter in content_type.split(";")[1:]:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            return value.strip().strip("\"'").lower() or "utf-8"
    return "utf-8"
