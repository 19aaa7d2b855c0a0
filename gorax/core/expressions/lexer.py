"""Source text to tokens."""

import re
from enum import Enum
from typing import Any, Final, NamedTuple

from .errors import ExpressionError


class Kind(Enum):
    """What a token is."""

    NUMBER = "number"
    STRING = "string"
    BYTES = "bytes"
    NAME = "name"
    WORD = "word"
    """An operator or keyword that is spelled with letters; still a name after a dot."""
    POINTER = "pointer"
    SYMBOL = "symbol"
    END = "end of expression"


class Token(NamedTuple):
    """``value`` is the literal's value for numbers and strings, the spelling for everything else."""

    kind: Kind
    value: Any
    column: int

    def __str__(self) -> str:
        return self.kind.value if self.kind is Kind.END else f"{self.kind.value} {str(self.value)[:40]!r}"


WORDS: Final = frozenset(
    "and or not in matches contains startsWith endsWith let if else".split()  # noqa: SIM905 - reads better
)

_TOKEN: Final = re.compile(
    r"""
      (?P<space> \s+ | //[^\n]* | /\*.*?\*/ )
    | (?P<number> 0[xX][0-9a-fA-F_]* | 0[oO][0-7_]* | 0[bB][01_]*
                | (?:[0-9][0-9_]*(?:\.(?!\.)[0-9_]*)? | \.[0-9][0-9_]*)(?:[eE][+-]?[0-9_]*)? )
    | (?P<bytes> [bB](?:"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*') )
    | (?P<string> "(?:[^"\\\n]|\\.)*" | '(?:[^'\\\n]|\\.)*' )
    | (?P<raw> `(?:[^`]|``)*` )
    | (?P<name> [^\W\d][\w$]* | \$[\w$]* )
    | (?P<pointer> \#\w* )
    | (?P<symbol> ===|!==|\?\.|\?\?|\|\||&&|::|\.\.|\*\*|[=!<>]=|/(?!\*)|[-+*%^<>=!?:.,;|()\[\]{}] )
    """,
    re.VERBOSE | re.DOTALL,
)
_HYPHENATED: Final = re.compile(r"[^\W\d][\w$-]*")
_HYPHENATED_AFTER: Final = frozenset({"steps", "headers"})
_ESCAPE: Final = re.compile(
    r"\\(?:([abfnrtv\\'\"`?])|([0-3][0-7]{2})|[xX]([0-9a-fA-F]{2})"
    r"|u([0-9a-fA-F]{4})|u\{([0-9a-fA-F]{1,6})\}|U([0-9a-fA-F]{8})|(.|$))",
    re.DOTALL,
)
_SIMPLE_ESCAPES: Final = {
    "a": "\a",
    "b": "\b",
    "f": "\f",
    "n": "\n",
    "r": "\r",
    "t": "\t",
    "v": "\v",
}
_MAX_INT: Final = 2**63 - 1


def tokenize(source: str, *, hyphenated: bool = False) -> list[Token]:
    """All tokens of ``source``, ended by one of kind END.

    With ``hyphenated``, a name after ``steps.`` or ``headers.`` may hold hyphens, as in a plain path.
    """
    tokens: list[Token] = []
    position = 0
    while position < len(source):
        match = None
        if hyphenated and _is_hyphenated_next(tokens):
            match = _HYPHENATED.match(source, position)
        if match is not None:
            tokens.append(Token(Kind.NAME, match[0], position + 1))
            position = match.end()
            continue
        match = _TOKEN.match(source, position)
        if match is None:
            raise ExpressionError(_complaint(source, position), position + 1, source)
        if match.lastgroup != "space":
            try:
                tokens.append(_token(match, source))
            except ExpressionError as error:
                error.at(position + 1, source)
                raise
        position = match.end()
    tokens.append(Token(Kind.END, "", len(source) + 1))
    return tokens


def _is_hyphenated_next(tokens: list[Token]) -> bool:
    return len(tokens) > 1 and tokens[-1].value in (".", "?.") and tokens[-2].value in _HYPHENATED_AFTER


def _token(match: re.Match[str], source: str) -> Token:
    text, column = match[0], match.start() + 1
    match match.lastgroup:
        case "number":
            following = source[match.end() : match.end() + 1]
            if following.isalnum() or following in ("_", "$"):
                raise ExpressionError(f"bad number syntax: {(text + following)[:40]!r}")
            return Token(Kind.NUMBER, _number(text), column)
        case "string":
            return Token(Kind.STRING, _unescape(text[1:-1]), column)
        case "raw":
            return Token(Kind.STRING, text[1:-1].replace("``", "`"), column)
        case "bytes":
            return Token(Kind.BYTES, _unescape_bytes(text[2:-1]), column)
        case "name":
            return Token(Kind.WORD if text in WORDS else Kind.NAME, text, column)
        case "pointer":
            return Token(Kind.POINTER, text[1:], column)
        case _:
            return Token(Kind.SYMBOL, text, column)


def _number(text: str) -> int | float:
    digits = text.replace("_", "").lower()
    try:
        if digits[:2] in ("0x", "0o", "0b"):
            value = int(digits, 0)
        elif "." in digits or "e" in digits:
            fraction = float(digits)
            if fraction == float("inf"):
                raise ExpressionError("float literal is too large")
            return fraction
        else:
            value = int(digits)
    except ValueError as error:
        raise ExpressionError(f"bad number syntax: {text[:40]!r}") from error
    if value > _MAX_INT:
        raise ExpressionError("integer literal is too large")
    return value


def _unescape(body: str) -> str:
    def character(match: re.Match[str]) -> str:
        simple, octal, *codes, other = match.groups()
        if simple is not None:
            return _SIMPLE_ESCAPES.get(simple, simple)
        if other is not None:
            raise ExpressionError(f"invalid char escape: {match[0]!r}")
        code = int(octal, 8) if octal is not None else int(next(c for c in codes if c is not None), 16)
        if code > 0x10FFFF:
            raise ExpressionError(f"invalid char escape: {match[0]!r}")
        # Half a surrogate pair is no character; Go replaces it as well.
        return "�" if 0xD800 <= code <= 0xDFFF else chr(code)

    return _ESCAPE.sub(character, body) if "\\" in body else body


def _unescape_bytes(body: str) -> bytes:
    def character(match: re.Match[str]) -> str:
        simple, octal, hexadecimal, *_ = match.groups()
        if simple is not None:
            return _SIMPLE_ESCAPES.get(simple, simple)
        if octal is None and hexadecimal is None:
            raise ExpressionError(f"invalid char escape in bytes: {match[0]!r}")
        return chr(int(octal, 8) if octal is not None else int(hexadecimal, 16))

    # Escapes name single bytes while everything else is UTF-8, so the two are never mixed in one string.
    parts: list[bytes] = []
    position = 0
    for match in _ESCAPE.finditer(body):
        parts += (body[position : match.start()].encode(), character(match).encode("latin-1"))
        position = match.end()
    return b"".join([*parts, body[position:].encode()])


def _complaint(source: str, position: int) -> str:
    character = source[position]
    if character in "\"'`":
        return "literal not terminated"
    if source.startswith("/*", position):
        return "unclosed comment"
    return f"unrecognized character {character!r}"
