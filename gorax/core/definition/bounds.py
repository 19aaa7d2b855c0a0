"""The bounds that hold before anything else looks at a definition: what passes is small, shallow, plain JSON.

Everything here is iterative, so that no nesting, however deep, meets Python's own limit.
"""

import math
import re
from typing import Any

import orjson

from gorax.core.definition.problems import InvalidDefinition, Problem, join

MAX_BYTES = 512 * 1024
"""Size of a definition as JSON."""
MAX_PART_BYTES = 64 * 1024
"""Size of `variables` and of `input_schema`, each, as JSON."""
MAX_DEPTH = 100
"""Lists and objects inside each other."""
MAX_TEMPLATES = 5_000
"""Places `{{ … }}` in a definition."""
MAX_TOKENS = 30_000
"""Names, numbers and signs in all expressions of a definition: compiling them is waited for."""
_MAX_INTEGER = 2**63

_TOKEN = re.compile(r"\w+|[^\w\s]")
# What is skipped as a whole on the way to the braces that close a template: they may stand in its strings.
_INSIDE = re.compile(r""""(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`[^`]*`|[^"'`{}]+|.""", re.DOTALL)

_Trail = tuple["_Trail", str | int] | None


def check_json(raw: object) -> None:
    """Refuse what is not plain JSON within the bounds.

    Raises `InvalidDefinition` with one problem: a type or number that JSON does not have, NUL or half a
    surrogate pair in a text, or too much of something.
    """
    walk = _Walk()
    walk.visit(None, raw, 1)
    # A trail is a linked list of keys: a pointer is only written out for the place that is refused.
    while walk.stack:
        walk.visit(*walk.stack.pop())
    if walk.templates > MAX_TEMPLATES:
        raise _refused(None, f"must have at most {MAX_TEMPLATES:,} templates, not {walk.templates:,}")
    check_size("", raw, MAX_BYTES)


class _Walk:
    def __init__(self) -> None:
        self.stack: list[tuple[_Trail, Any, int]] = []
        self.templates = 0
        self._bytes = 0

    def visit(self, trail: _Trail, value: object, depth: int) -> None:
        if isinstance(value, str):
            self._text(trail, value)
            self.templates += value.count("{{")
        elif isinstance(value, dict):
            self._enter(depth, value)
            for key, item in value.items():
                if not isinstance(key, str):
                    raise _refused(trail, "must have strings as keys")
                self._text(trail, key)
                self.stack.append(((trail, key), item, depth + 1))
        elif isinstance(value, list):
            self._enter(depth, value)
            self.stack.extend([((trail, index), item, depth + 1) for index, item in enumerate(value)])
        else:
            _check_plain(trail, value)

    def _enter(self, depth: int, value: dict[Any, Any] | list[Any]) -> None:
        if depth > MAX_DEPTH:
            raise _refused(None, f"must not be nested deeper than {MAX_DEPTH} levels")
        # By the least that the items can take, before they are put on the stack.
        self._spend(2 * len(value))

    def _text(self, trail: _Trail, text: str) -> None:
        self._spend(len(text))
        if "\x00" in text:
            raise _refused(trail, "must not contain a NUL character")
        if not text.isascii():
            try:
                text.encode()
            except UnicodeEncodeError:
                raise _refused(trail, "must not contain half of a surrogate pair") from None

    def _spend(self, size: int) -> None:
        self._bytes += size
        if self._bytes > MAX_BYTES:
            raise _refused(None, f"must be at most {MAX_BYTES // 1024} KB of JSON")


def check_size(pointer: str, value: Any, limit: int) -> None:
    """Refuse a value of plain JSON that is too large. Raises `InvalidDefinition`."""
    if len(orjson.dumps(value)) > limit:
        message = f"must be at most {limit // 1024} KB of JSON"
        raise InvalidDefinition([Problem(pointer=pointer, message=message)])


def tokens_of(source: str) -> int:
    """About how many names, numbers and signs an expression has."""
    return len(_TOKEN.findall(source))


def tokens_in(text: str) -> int:
    """About how many of them stand between the `{{ }}` of a text."""
    count = 0
    start = text.find("{{")
    while start >= 0:
        end, depth = start + 2, 0
        while end < len(text) and (depth or not text.startswith("}}", end)):
            inside = _INSIDE.match(text, end)
            assert inside
            depth += {"{": 1, "}": -1}.get(inside[0], 0)
            end = inside.end()
        count += tokens_of(text[start + 2 : end])
        start = text.find("{{", end)
    return count


def _check_plain(trail: _Trail, value: object) -> None:
    if isinstance(value, float):
        if not math.isfinite(value):
            raise _refused(trail, "must be a finite number")
    elif isinstance(value, int):
        if not -_MAX_INTEGER <= value < _MAX_INTEGER:
            raise _refused(trail, "must fit into 64 bits")
    elif value is not None:
        raise _refused(trail, f"must be JSON, not {type(value).__name__}")


def _refused(trail: _Trail, message: str) -> InvalidDefinition:
    keys: list[str | int] = []
    while trail is not None:
        trail, key = trail
        keys.append(key)
    return InvalidDefinition([Problem(pointer=join("", *reversed(keys)), message=message)])
