"""The values of the language: their names, equality, order and use as map keys."""

from collections.abc import Callable
from math import isfinite
from typing import Any, Final, NamedTuple

from .dates import Date, Duration, Zone
from .errors import ExpressionError
from .meter import MAX_DATA_DEPTH, MAX_INT_BITS, MAX_ITEMS, Meter

NUMBERS: Final = frozenset({int, float})
"""``bool`` is not one: types are compared exactly."""
SCALARS: Final = frozenset({int, float, str, bool, type(None)})

_TYPE_NAMES: Final[dict[type, str]] = {
    type(None): "nil",
    bool: "bool",
    int: "int",
    float: "float",
    str: "string",
    list: "array",
    bytes: "array",
    dict: "map",
    Date: "time.Time",
    Duration: "time.Duration",
    Zone: "time.Location",
}
_WIDE: Final = 1 << 63
# Python's hash of an int repeats every 2**61 - 1, so keys beyond it could be chosen to collide.
_HASHED_AS_IS: Final = 2**61 - 2


class MapKey(NamedTuple):
    """A key that is not a string, kept apart from others that Python calls equal (``1`` and ``true``)."""

    kind: str
    value: object


def type_name(value: object) -> str:
    """What ``type()`` answers and error messages say."""
    return _TYPE_NAMES.get(type(value), "unknown")


def map_key(value: object) -> Any:
    """The dict key under which a value of the language is stored; a string is its own."""
    kind = type(value)
    if kind is str:
        return value
    if kind is int or kind is float:
        number: Any = value
        if abs(number) > _HASHED_AS_IS and number == int(number):
            return MapKey("number", hex(int(number)))
        return MapKey("number", number)
    if value is None or kind is bool:
        return MapKey(type_name(value), value)
    if kind is Date or kind is Duration:
        return MapKey(type_name(value), getattr(value, "ns"))  # noqa: B009 - both have it, object has not
    raise ExpressionError(f"{type_name(value)} cannot be used as a map key")


def key_value(key: object) -> Any:
    """The value of the language that :func:`map_key` turned into ``key``."""
    if type(key) is not MapKey:
        return key
    if key.kind == "time.Time":
        return Date(int(str(key.value)))
    if key.kind == "time.Duration":
        return Duration(int(str(key.value)))
    return int(key.value, 16) if isinstance(key.value, str) else key.value


def number(value: int | float) -> int | float:
    """A computed number, refused when it is too large."""
    if type(value) is int:
        if not -_WIDE <= value < _WIDE and value.bit_length() > MAX_INT_BITS:
            raise ExpressionError(f"the integer is longer than {MAX_INT_BITS} bits")
    elif not isfinite(value):
        raise ExpressionError("the number is too large")
    return value


def require_int(value: object, what: str) -> int:
    """An integer, or a number cut to one as Go does."""
    if type(value) is int:
        return value
    if type(value) is float:
        return int(value)
    raise ExpressionError(f"{what} must be an integer, got {type_name(value)}")


def require_text(value: object, what: str) -> str:
    """A string, or an error that names ``what`` needed one."""
    if type(value) is not str:
        raise ExpressionError(f"{what} needs a string, got {type_name(value)}")
    return value


def require_map(value: object, what: str) -> dict[Any, Any]:
    """A map, or an error that names ``what`` needed one."""
    if type(value) is not dict:
        raise ExpressionError(f"{what} needs a map, got {type_name(value)}")
    return value


def require_items(value: object, what: str, meter: Meter) -> list[Any]:
    """An array (bytes are one of integers), or an error that names ``what`` needed one."""
    if type(value) is list:
        return value
    if type(value) is bytes:
        if len(value) > MAX_ITEMS:
            raise ExpressionError(f"{what} takes at most {MAX_ITEMS} bytes")
        meter.charge(len(value))
        return list(value)
    raise ExpressionError(f"{what} needs an array, got {type_name(value)}")


def equal(a: Any, b: Any, meter: Meter) -> bool:
    """Deep equality; numbers are equal across int and float, other types never are."""
    if a is b:
        return True
    kind, other = type(a), type(b)
    if kind is other and kind in SCALARS:
        if kind is str and len(a) == len(b):
            meter.text(len(a))
        return bool(a == b)
    if kind is not other or kind in SCALARS or kind not in (list, dict) or len(a) != len(b):
        return _deep_equal(a, b, meter, 0)
    return meter.with_room(lambda depth: _deep_equal(a, b, meter, depth), 0)


def _deep_equal(a: Any, b: Any, meter: Meter, depth: int) -> bool:
    if a is b:
        return True
    kind, other = type(a), type(b)
    if kind in NUMBERS and other in NUMBERS:
        return bool(a == b)
    if (kind is bytes and other is list) or (kind is list and other is bytes):
        return _deep_equal(list(a), list(b), meter, depth)
    if kind is not other:
        return False
    if kind is str:
        if len(a) == len(b):
            meter.text(len(a))
        return bool(a == b)
    if kind is not list and kind is not dict:
        return bool(a == b)
    if len(a) != len(b):
        return False
    if depth >= MAX_DATA_DEPTH:
        raise ExpressionError(f"the values compared are nested deeper than {MAX_DATA_DEPTH} levels")
    if kind is list:
        for x, y in zip(a, b, strict=True):
            meter.charge(1)
            if not _deep_equal(x, y, meter, depth + 1):
                return False
        return True
    for key, x in a.items():
        meter.charge(2)
        if key not in b or not _deep_equal(x, b[key], meter, depth + 1):
            return False
    return True


def _comparable(a: object, b: object) -> bool:
    kind, other = type(a), type(b)
    if kind in NUMBERS:
        return other in NUMBERS
    return kind is other and (kind is str or kind is Date or kind is Duration)


def order(a: Any, b: Any, meter: Meter) -> tuple[Any, Any]:
    """Two values in a form that Python's ``<`` and ``>`` compare; raises when they have no order."""
    kind = type(a)
    if kind in NUMBERS and type(b) in NUMBERS:
        return a, b
    if not _comparable(a, b):
        raise ExpressionError(f"cannot compare {type_name(a)} with {type_name(b)}")
    if kind is str:
        meter.text(min(len(a), len(b)))
        return a, b
    return a.ns, b.ns


def sort_keys(values: list[Any], meter: Meter) -> list[Any]:
    """Keys that sort like ``values``; pays for the sorting; raises unless all are of one ordered type."""
    size = len(values)
    if size == 0:
        return values
    first = values[0]
    for value in values:
        if not _comparable(first, value):
            raise ExpressionError(f"cannot compare {type_name(first)} with {type_name(value)}")
    steps = size.bit_length()
    meter.charge(size * steps >> 3)
    if type(first) is str:
        meter.charge((sum(map(len, values)) >> 6) * steps)
        return values
    return values if type(first) in NUMBERS else [value.ns for value in values]


def finite(compute: Callable[[], int | float]) -> int | float:
    """Run an arithmetic step and turn Python's complaints about its size into ours."""
    try:
        return number(compute())
    except OverflowError as error:
        raise ExpressionError("the number is too large") from error
