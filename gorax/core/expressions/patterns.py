"""Regular expressions, in linear time and bounded memory (RE2)."""

import re
from functools import lru_cache
from typing import Any, Final

import re2

from .errors import ExpressionError
from .meter import MAX_TEXT, Meter
from .values import type_name

MAX_PATTERN: Final = 1000
_MAX_MEMORY: Final = 512 * 1024
_CACHED: Final = 128
_COMPILE_COST: Final = 100

# Patterns whose match is known one character after it ends: atoms in a row, only the last one repeated.
# A search for any other may read on to the end of the text before it settles for a short match.
_ATOM: Final = (
    r"(?:\\[dDsSwWtnrfv]|\\[^a-zA-Z0-9]|\[\^?\]?(?:\\.|\[:[a-z^]+:\]|[^\]\\\[])*\]|[^\\\[\](){}|*+?.^$])"
)
_SETTLES: Final = re.compile(rf"{_ATOM}+(?:[*+]|\{{[0-9]+(?:,[0-9]*)?\}})?")
_REFERENCE: Final = re.compile(r"\$(?:\$|(\d{1,2})|\{(\w{1,64})\})")


@lru_cache(maxsize=_CACHED)
def compiled(pattern: str, capture: bool = False) -> Any:
    """The pattern for RE2; raises ExpressionError for one that is invalid or too large."""
    if len(pattern) > MAX_PATTERN:
        raise ExpressionError(f"a regular expression has at most {MAX_PATTERN} characters")
    options = re2.Options()
    options.max_mem = _MAX_MEMORY
    options.log_errors = False
    options.never_capture = not capture
    try:
        return re2.compile(pattern, options)
    except (re2.error, UnicodeEncodeError) as error:
        reason = error.args[0] if error.args else ""
        detail = reason.decode(errors="replace") if isinstance(reason, bytes) else str(reason)
        raise ExpressionError(f"invalid regular expression {pattern[:64]!r}: {detail}") from error


def matches(value: Any, pattern: Any, meter: Meter) -> bool:
    """Whether ``pattern`` is found in ``value``; nil matches nothing."""
    if value is None or pattern is None:
        return False
    if type(pattern) is not str:
        raise ExpressionError(f"matches needs a pattern, got {type_name(pattern)}")
    data = _octets(value, "matches", meter)
    regex = compiled(pattern)
    meter.charge(_COMPILE_COST + 2 * regex.programsize)
    meter.charge(_scan(len(data), regex))
    return regex.search(data) is not None


def replace(meter: Meter, value: Any, pattern: Any, replacement: Any) -> str:
    """Every match of ``pattern`` replaced; ``$1`` and ``${name}`` stand for groups, ``$$`` for a dollar."""
    for argument in (value, pattern, replacement):
        if type(argument) is not str:
            raise ExpressionError(f"regex_replace needs strings, got {type_name(argument)}")
    template = _REFERENCE.split(replacement)
    capture = any(template[1::3]) or any(template[2::3])
    data = _octets(value, "regex_replace", meter)
    regex = compiled(pattern, capture)
    meter.charge(_COMPILE_COST + 2 * regex.programsize + _scan(len(data), regex))
    groups = dict(regex.groupindex) if capture else {}
    literal = "$".join(part or "" for part in template[::3]).encode()
    meter.charge(len(replacement) >> 3)
    reads_on = _SETTLES.fullmatch(pattern) is None
    parts: list[bytes] = []
    position = length = 0
    for match in regex.finditer(data):
        meter.charge(30)
        if match.start() == match.end() and _is_no_place_for_nothing(data, match.start(), position, parts):
            continue
        if reads_on:
            meter.charge(_scan(len(data) - match.end(), regex) >> 1)
        if capture:
            meter.charge(_scan(match.end() - match.start(), regex) + regex.groups + len(template))
        before = data[position : match.start()]
        inserted = _expand(template, match, groups) if capture else literal
        length += len(before) + len(inserted)
        if length > MAX_TEXT:
            raise ExpressionError(f"the text would be longer than {MAX_TEXT} characters")
        meter.charge(len(inserted) >> 5)
        parts += (before, inserted)
        position = match.end()
    parts.append(data[position:])
    meter.new_text(length + len(parts[-1]))
    return b"".join(parts).decode(errors="replace")


def _is_no_place_for_nothing(data: bytes, at: int, position: int, parts: list[bytes]) -> bool:
    """Whether an empty match is inside a character or, as in Go, right behind another match."""
    return (at < len(data) and data[at] & 0xC0 == 0x80) or (at == position and bool(parts))


def _expand(template: list[str | None], match: Any, groups: dict[str, int]) -> bytes:
    parts = [(template[0] or "").encode()]
    for position in range(1, len(template), 3):
        number, name, text = template[position : position + 3]
        if number is None and name is None:
            parts.append(b"$")
        else:
            group = number if number is not None else str(name)
            index = int(group) if group.isdecimal() else groups.get(group)
            if index is None or index > match.re.groups:
                raise ExpressionError(f"the regular expression has no group {group!r}")
            parts.append(match[index] or b"")
        parts.append((text or "").encode())
    return b"".join(parts)


def _scan(size: int, regex: Any) -> int:
    """The price of one search: at worst RE2 visits every instruction at every byte, at some 8 ns each."""
    return int(size * regex.programsize) >> 5


def _octets(value: Any, what: str, meter: Meter) -> bytes:
    if type(value) is bytes:
        return value
    if type(value) is not str:
        raise ExpressionError(f"{what} needs a string, got {type_name(value)}")
    if len(value) > MAX_TEXT:
        raise ExpressionError(f"{what} takes at most {MAX_TEXT} characters")
    meter.charge(len(value) >> 5)
    try:
        return value.encode()
    except UnicodeEncodeError as error:
        raise ExpressionError(f"{what} got half a surrogate pair, which is not valid Unicode") from error
