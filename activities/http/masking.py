"""Keeps secrets out of what a step returns or raises."""

import base64
import json
from collections.abc import Iterable
from urllib.parse import quote, quote_plus

MASK = "***"
SHORTEST = 6
"""Characters below which a secret is left alone: masking `ab` everywhere would shred the text for nothing."""

SECRET_HEADERS = frozenset(
    {"authorization", "proxy-authorization", "cookie", "x-api-key", "api-key", "apikey", "x-auth-token"}
)
"""Request headers, in lower case, whose values are secrets by their name."""


class Mask:
    """Replaces secrets, in the forms they are likely to be echoed in."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._forms: tuple[str, ...] = ()
        for secret in secrets:
            self.add(secret)

    def add(self, secret: str) -> None:
        """Mask this one too from now on."""
        if len(secret) < SHORTEST:
            return
        escaped = json.dumps(secret)[1:-1]
        forms = {secret, quote(secret, safe=""), quote_plus(secret), escaped, escaped.replace("/", "\\/")}
        # The longest first: a form may be a part of another.
        self._forms = tuple(sorted({*self._forms, *forms}, key=len, reverse=True))

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
        for form in self._forms:
            data = data.replace(form.encode(), MASK.encode())
        return data

    def excerpt(self, data: bytes, length: int) -> bytes:
        """The first `length` bytes of `data`, which may itself have been cut, without the secrets."""
        masked = self.in_bytes(data)
        # Where the data was cut, the cut may have gone through a secret and left its beginning.
        tails = (_common(masked, form.encode()) for form in self._forms)
        return masked[: min(length, len(masked) - max(tails, default=0))]


def _common(data: bytes, secret: bytes) -> int:
    """How many of the last bytes of `data` are the beginning of `secret`."""
    longest = min(len(secret) - 1, len(data))
    return next((size for size in range(longest, 0, -1) if data.endswith(secret[:size])), 0)


def _password(token: str) -> str:
    try:
        return base64.b64decode(token, validate=True).decode().partition(":")[2]
    except ValueError:
        return ""
