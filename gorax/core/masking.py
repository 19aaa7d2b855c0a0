"""Keeps secrets out of what a step returns, raises and logs."""

import base64
import binascii
import json
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from urllib.parse import quote, quote_plus, unquote_plus

from gorax.core.encoding import dumps

MASK = "***"
SHORTEST = 6
"""Characters below which a secret is left alone: masking `ab` everywhere would shred the text for nothing."""
SHORTEST_LINE = 20
"""Characters below which one line of a longer secret is left alone."""


class Mask:
    """Replaces secrets, in the forms they are likely to be echoed in."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._forms: tuple[str, ...] = ()
        self._beginnings: dict[bytes, int] = {}
        self._encoded: tuple[bytes, ...] = ()
        self._in_json: tuple[bytes, ...] = ()
        for secret in secrets:
            self.add(secret)

    def add(self, secret: str) -> None:
        """Mask this one too from now on."""
        if len(secret) < SHORTEST:
            return
        lines = secret.splitlines()
        if len(lines) > 1:
            # As a PEM file is: with the line ends of another system, or one line of it in a message.
            for ending in ("\n", "\r\n"):
                self._add(ending.join(lines))
            for line in lines:
                if len(line) >= SHORTEST_LINE and not line.startswith("-----"):
                    self._add(line)
        self._add(secret)

    def _add(self, secret: str) -> None:
        written = _written(secret)
        encoded = _encoded(secret)
        self._beginnings |= {form.encode(): 1 for form in written}
        self._beginnings |= {form.encode(): _BASE64_BEGINNING for form in encoded - written}
        # The longest first: a form may be a part of another.
        self._forms = tuple(sorted({*self._forms, *written, *encoded}, key=len, reverse=True))
        self._encoded = tuple(form.encode() for form in self._forms)
        self._in_json = tuple(dumps(form)[1:-1] for form in self._forms)

    def add_header(self, value: str) -> None:
        """Mask a secret header's value, whole and without a scheme such as `Bearer`."""
        self.add(value)
        scheme, _, token = value.partition(" ")
        self.add(token.strip())
        if scheme.lower() == "basic":
            self.add(_password(token))

    def in_text(self, text: str) -> str:
        """`text` without the secrets."""
        for form in self._forms:
            text = text.replace(form, MASK)
        return text

    def in_bytes(self, data: bytes) -> bytes:
        """`data` without the secrets, as a body holds them before it is parsed."""
        for form in self._encoded:
            data = data.replace(form, MASK.encode())
        return data

    def in_value(self, value: Any) -> Any:
        """A JSON tree without the secrets, neither in its texts nor in its keys; `value` itself when it has none.

        The tree must be one that can be encoded.
        """
        if not self._forms:
            return value
        # Most values hold none, and to find that out in the encoded text takes a fraction of a walk.
        text = dumps(value)
        return self._walk(value) if any(form in text for form in self._in_json) else value

    def excerpt(self, data: bytes, length: int) -> bytes:
        """The first `length` bytes of `data`, which may itself have been cut, without the secrets."""
        masked = self.in_bytes(data)
        # Where the data was cut, the cut may have gone through a secret and left its beginning.
        tails = (_common(masked, form, least) for form, least in self._beginnings.items())
        return masked[: min(length, len(masked) - max(tails, default=0))]

    def _walk(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.in_text(value)
        if isinstance(value, dict):
            return {
                self.in_text(key) if isinstance(key, str) else key: self._walk(item)
                for key, item in value.items()
            }
        if isinstance(value, list | tuple):
            return [self._walk(item) for item in value]
        if isinstance(value, int | float) and any(form in dumps(value) for form in self._in_json):
            return MASK
        return value


_current: ContextVar[Mask | None] = ContextVar("mask", default=None)


@contextmanager
def masking(mask: Mask) -> Iterator[None]:
    """Have all that runs inside know this mask as its own, and its log lines pass through it."""
    token = _current.set(mask)
    try:
        yield
    finally:
        _current.reset(token)


def current_mask() -> Mask:
    """The mask of the step that runs here; one that knows no secrets outside of steps."""
    return _current.get() or Mask()


def _written(secret: str) -> set[str]:
    """The secret as text: as it is, in JSON, in JSON within JSON, in a query, and as JSON in a query."""
    in_json = _in_json(secret)
    found = {secret, *in_json, *(text.replace("/", "\\/") for text in in_json)}
    # As a server reads it that found it in a query where it had not been encoded.
    found.add(unquote_plus(secret))
    for text in in_json:
        found |= _in_json(text)
    for text in (secret, *in_json):
        found |= _quoted(text)
    return {form for form in found if len(form) >= SHORTEST}


def _in_json(text: str) -> set[str]:
    return {json.dumps(text, ensure_ascii=ascii_only)[1:-1] for ascii_only in (True, False)}


def _quoted(text: str) -> set[str]:
    # Encoders differ in what they leave as it is: Python's, those of JavaScript for a part and for a whole address, of
    # Java, of PHP and of HTML forms; and some encode every byte, or what was encoded already.
    found = {quote(text, safe=safe) for safe in ("", "/", "!'()*", ";/?:@&=+$,#!'()*", "*")}
    found |= {quote_plus(text, safe=safe) for safe in ("", "*")}
    found |= {quoted.replace("~", "%7E") for quoted in found}
    found |= {quote(quoted, safe="") for quoted in found}
    found.add("".join(f"%{byte:02X}" for byte in text.encode()))
    # Servers write the hexadecimal digits either way.
    return found | {_HEXADECIMAL.sub(lambda match: match[0].lower(), quoted) for quoted in found}


def _encoded(secret: str) -> set[str]:
    """The secret in base64, itself or in what a body may be, and that as text."""
    plain = {secret, *_in_json(secret), quote_plus(secret)}
    found = {encoded for text in plain for encoded in _base64(text.encode())}
    found |= {encoded.translate(_URL_SAFE) for encoded in found}
    return (
        found
        | {encoded.replace("/", "\\/") for encoded in found}
        | {quote(encoded, safe="") for encoded in found}
    )


_HEXADECIMAL = re.compile("%[0-9A-F]{2}")
_BASE64_BEGINNING = 4
"""Characters of base64 that give three of a secret away; fewer at the end of a text are taken for chance."""
_URL_SAFE = str.maketrans("+/", "-_")


def _base64(data: bytes) -> Iterator[str]:
    whole = base64.b64encode(data).decode()
    yield whole
    for width in (64, 76):  # as PEM and MIME break it into lines
        if len(whole) > width:
            lines = [whole[start : start + width] for start in range(0, len(whole), width)]
            yield "\n".join(lines)
            yield "\r\n".join(lines)
    yield whole.rstrip("=")
    # Inside something longer, as a password is in `user:password`, it begins at any of the three bytes that go into
    # four characters. These are the characters that depend on nothing but the secret.
    for before in range(3):
        encoded = base64.b64encode(bytes(before) + data).decode()
        yield encoded[-(-8 * before // 6) : 8 * (before + len(data)) // 6]


def _common(data: bytes, secret: bytes, least: int) -> int:
    """How many of the last bytes of `data`, if at `least` so many, are the beginning of `secret`."""
    longest = min(len(secret) - 1, len(data))
    return next((size for size in range(longest, least - 1, -1) if data.endswith(secret[:size])), 0)


def _password(token: str) -> str:
    try:
        return base64.b64decode(token, validate=True).decode().partition(":")[2]
    except (binascii.Error, UnicodeDecodeError):
        return ""
