"""Addresses of people, as they write them: `ann@example.com`, `Ann <ann@example.com>`, `"Doe, Ann" <ann@…>`.

Read here in one pass, because the library's reader takes its time over hostile ones, and reads into them what is
not there: groups, comments, words in another encoding.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

import idna

MAX_ADDRESS = 254
MAX_TEXT = 512

_MAILBOX = re.compile(
    r'(?:(?P<name>"(?:[^"\\]|\\.)*"\s*|[^"<>]*)<(?P<inside>[^<>"]*)>|(?P<bare>[^<>"]*))', re.DOTALL
)
_LOCAL = re.compile(r"[^\s()<>\[\]:;,@\\\"]{1,64}")
_DOMAIN = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?")
_QUOTED_PAIR = re.compile(r"\\(.)")


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Who is written to, or writes."""

    name: str
    """What people see of it, which may be nothing."""
    address: str
    """Its domain is in ASCII."""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read one address. Raises `ValueError` saying what is wrong."""
        match = _MAILBOX.fullmatch(one_line(text).strip()) if len(text) <= MAX_TEXT else None
        if match is None:
            raise _no_address(text)
        written = match["bare"] if match["inside"] is None else match["inside"]
        local, _, domain = written.strip().rpartition("@")
        try:
            domain = domain if domain.isascii() else idna.encode(domain, uts46=True).decode()
        except idna.IDNAError:
            raise _no_address(text) from None
        address = f"{local}@{domain}"
        if not _LOCAL.fullmatch(local) or not _DOMAIN.fullmatch(domain) or len(address) > MAX_ADDRESS:
            raise _no_address(text)
        return cls(_unquoted((match["name"] or "").strip()), address)


def one_line(text: str) -> str:
    """`text`, if it is one line without control characters. Raises `ValueError`."""
    if any(ord(character) < 32 or ord(character) == 127 for character in text) or text.splitlines() not in (
        [],
        [text],
    ):
        raise ValueError("must be one line, without control characters")
    return text


def split(text: str) -> Iterator[str]:
    """The parts of a list that people wrote with commas; those in quotes do not count."""
    part = ""
    quoted = escaped = False
    for character in text:
        if character == "," and not quoted:
            yield part.strip()
            part = ""
            continue
        if character == '"' and not escaped:
            quoted = not quoted
        escaped = quoted and character == "\\" and not escaped
        part += character
    yield part.strip()


def _unquoted(name: str) -> str:
    return _QUOTED_PAIR.sub(r"\1", name[1:-1]) if name.startswith('"') else name


def _no_address(text: str) -> ValueError:
    return ValueError(
        f'not a mail address: {text[:60]!r}; write "ann@example.com" or "Ann <ann@example.com>"'
    )
