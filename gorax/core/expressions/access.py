"""Reading members of values, and saying precisely what is missing."""

from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from typing import Any, Final

from .errors import ExpressionError
from .functions import METHODS
from .meter import Meter
from .text import key_text
from .values import map_key, require_int, type_name

_SHOWN_KEYS: Final = 8
_SORTED_KEYS: Final = 1000
_SHOWN_CHARACTERS: Final = 40


def read_name(names: Mapping[str, object], name: str, *, lenient: bool = False) -> Any:
    """A name of the environment; with ``lenient``, nil when there is none."""
    try:
        return names[name]
    except KeyError:
        if lenient:
            return None
        raise ExpressionError(f"unknown name {_shown(name)}; there is {_listing(names)}") from None


def read(value: Any, key: Any, label: Callable[[], str], *, lenient: bool = False) -> Any:
    """``value[key]``.

    ``label`` tells how the source writes ``value``; only errors ask. With ``lenient``, a missing key, an
    index out of range or reading from nil gives nil; reading from what has no members is an error all the
    same.
    """
    kind = type(value)
    if kind is dict:
        try:
            return value[map_key(key)]
        except KeyError:
            if lenient:
                return None
            raise ExpressionError(f"no key {_shown(key)} in {label()}; it has {_listing(value)}") from None
    if value is None:
        if lenient:
            return None
        raise ExpressionError(f"cannot read {_shown(key)}: {label()} is nil")
    if kind is list or kind is str or kind is bytes:
        if type(key) is str:
            raise ExpressionError(f"cannot read {_shown(key)}: {label()} is {_article(value)}")
        index = require_int(key, "an index")
        if -len(value) <= index < len(value):
            return value[index]
        if lenient:
            return None
        size = f"{len(value)} {'characters' if kind is str else 'elements'}"
        raise ExpressionError(f"index {_shown(index)} is out of range: {label()} has {size}")
    if type(key) is str and key in METHODS:
        raise ExpressionError(f"{key} is a method of {_article(value)}: write {key}()")
    raise ExpressionError(f"cannot read {_shown(key)}: {label()} is {_article(value)}")


def cut(value: Any, start: Any, stop: Any, label: Callable[[], str], meter: Meter) -> Any:
    """``value[start:stop]``: negative positions count from the end, positions outside are moved inside."""
    if type(value) not in (list, str, bytes):
        raise ExpressionError(f"cannot take a slice: {label()} is {_article(value)}")
    size = len(value)
    first = 0 if start is None else _position(start, size)
    last = size if stop is None else min(_position(stop, size), size)
    length = max(last - first, 0)
    if type(value) is list:
        meter.new_items(length)
        return value[first : first + length]
    meter.new_text(length)
    piece = value[first : first + length]
    return meter.wide(piece) if type(piece) is str else piece


def _position(value: Any, size: int) -> int:
    position = require_int(value, "a slice position")
    return max(position + size, 0) if position < 0 else position


def _listing(keys: Iterable[object]) -> str:
    """``a, b, c``, cut short."""
    names = [key_text(key) for key in islice(keys, _SORTED_KEYS + 1)]
    if not names:
        return "nothing"
    listed = ", ".join(_clipped(name) for name in sorted(names)[:_SHOWN_KEYS])
    return listed if len(names) <= _SHOWN_KEYS else f"{listed}, …"


def _shown(key: Any) -> str:
    if type(key) is str:
        return repr(_clipped(key))
    if type(key) in (int, float):
        return _clipped(str(key))
    return {None: "nil", True: "true", False: "false"}[key] if key is None or type(key) is bool else "it"


def _clipped(text: str) -> str:
    return text if len(text) <= _SHOWN_CHARACTERS else f"{text[:_SHOWN_CHARACTERS]}…"


def _article(value: object) -> str:
    name = type_name(value)
    return "nil" if name == "nil" else f"an {name}" if name[0] in "aeiou" else f"a {name}"
