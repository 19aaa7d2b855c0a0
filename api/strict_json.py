"""Reading JSON strictly: what was sent is what is meant, or it is refused.

That is no NaN, no name twice in an object, no integer that loses digits, no half surrogate, and a bound on
nesting. The parser sees to some of it; what it passes over shows in the text without its strings, its skeleton,
and in the skeleton of what it read. All of that runs on bytes in C, so that two megabytes of malice hold nobody
else up.
"""

import json
import re
from typing import Any

import orjson

from api.limits import MAX_JSON_DEPTH
from gorax.core.errors import Invalid

_LONG_INTEGER = re.compile(rb"(?<![\d.eE+-])-?\d{19,}(?![\d.eE])")
_INTEGERS = range(-(2**63), 2**64)
_DIGITS_AS_ZEROS = bytes.maketrans(b"123456789", b"0" * 9)
_BRACKETS = bytes.maketrans(b"[{]}", b"(())")
_NO_BRACKETS = bytes(set(range(256)) - set(b"[{]}"))


def parse_json(body: bytes) -> Any:
    """The value of a JSON text. Raises `Invalid` saying what is wrong and where."""
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Invalid(f"body: is not valid JSON: {error}") from None
    skeleton = _skeleton(body)
    _check_nesting(skeleton)
    _check_integers(skeleton)
    if skeleton.count(b":") != _skeleton(orjson.dumps(value)).count(b":"):
        raise Invalid(f"body: is not valid JSON: {_first_duplicate(body)}")
    return value


def _skeleton(text: bytes) -> bytes:
    # Without escapes every second piece between quotation marks is the inside of a string.
    if b"\\" in text:
        text = text.replace(b"\\\\", b"").replace(b'\\"', b"")
    return b"".join(text.split(b'"')[::2])


def _check_nesting(skeleton: bytes) -> None:
    brackets = skeleton.translate(_BRACKETS, _NO_BRACKETS)
    for _ in range(MAX_JSON_DEPTH):
        if not brackets:
            return
        brackets = brackets.replace(b"()", b"")  # the innermost level, everywhere at once
    if brackets:
        raise Invalid(f"body: must not be nested deeper than {MAX_JSON_DEPTH} levels")


def _check_integers(skeleton: bytes) -> None:
    if b"0" * 19 not in skeleton.translate(_DIGITS_AS_ZEROS):
        return
    for integer in _LONG_INTEGER.findall(skeleton):
        if len(integer) > 20 or int(integer) not in _INTEGERS:
            raise Invalid(f"body: the integer {integer[:40].decode()} is too large, 64 bits is the bound")


def _first_duplicate(body: bytes) -> str:
    found: list[str] = []

    def see(pairs: list[tuple[str, Any]]) -> None:
        seen: set[str] = set()
        for name, _ in pairs:
            if name in seen and not found:
                found.append(name)
            seen.add(name)

    # Slower, but reached only with a duplicate, and nesting is bounded by now.
    json.loads(body, object_pairs_hook=see)
    return f"the name {found[0][:100]!r} is given twice in one object"
