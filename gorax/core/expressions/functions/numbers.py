"""Number and bitwise functions, and conversions to numbers."""

import math
import re
from collections.abc import Callable, Iterator
from typing import Any, Final

from ..dates import Duration
from ..errors import ExpressionError
from ..meter import MAX_DATA_DEPTH, Meter
from ..values import NUMBERS, finite, number, type_name
from .registry import MANY, Function, table

_INT: Final = re.compile(r"[+-]?[0-9]{1,20}")
_FLOAT: Final = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,5})?")
_WORD: Final = 1 << 64
_MAX_INT: Final = _WORD // 2 - 1
_MIN_INT: Final = -_WORD // 2


def absolute(_meter: Meter, value: Any) -> int | float:
    return abs(_number(value, "abs"))


def ceil(_meter: Meter, value: Any) -> float:
    return float(finite(lambda: float(math.ceil(_number(value, "ceil")))))


def floor(_meter: Meter, value: Any) -> float:
    return float(finite(lambda: float(math.floor(_number(value, "floor")))))


def round_half_away(_meter: Meter, value: Any) -> float:
    given = _number(value, "round")
    size = abs(given)
    # Adding 0.5 first would round 0.49999999999999994 up.
    whole = math.floor(size)
    rounded = whole + 1 if size - whole >= 0.5 else whole
    return float(finite(lambda: math.copysign(float(rounded), given)))


def to_int(_meter: Meter, value: Any) -> int:
    kind = type(value)
    if kind is int:
        return int(value)
    if kind is float:
        return int(number(int(value)))
    if kind is str:
        if len(value) > 21 or _INT.fullmatch(value) is None or not _MIN_INT <= int(value) <= _MAX_INT:
            raise ExpressionError(f"int() cannot read {value[:40]!r}")
        return int(value)
    if kind is Duration:
        return int(value.ns)
    raise ExpressionError(f"int() needs a number or a string, got {type_name(value)}")


def to_float(_meter: Meter, value: Any) -> float:
    kind = type(value)
    if kind in NUMBERS:
        return float(finite(lambda: float(value)))
    if kind is str:
        if len(value) > 400 or _FLOAT.fullmatch(value) is None:
            raise ExpressionError(f"float() cannot read {value[:40]!r}")
        return float(number(float(value)))
    raise ExpressionError(f"float() needs a number or a string, got {type_name(value)}")


def maximum(meter: Meter, *values: Any) -> Any:
    return _extreme(meter, "max", lambda candidate, best: bool(candidate > best), values)


def minimum(meter: Meter, *values: Any) -> Any:
    return _extreme(meter, "min", lambda candidate, best: bool(candidate < best), values)


def mean(meter: Meter, *values: Any) -> float:
    numbers = list(_numbers(values, "mean", meter, 0))
    if not numbers:
        return 0.0
    return float(finite(lambda: float(sum(map(float, numbers))) / len(numbers)))


def median(meter: Meter, *values: Any) -> float:
    numbers = list(_numbers(values, "median", meter, 0))
    if not numbers:
        return 0.0
    meter.charge(len(numbers) * len(numbers).bit_length() >> 3)
    numbers.sort()
    middle = len(numbers) // 2
    if len(numbers) % 2:
        return float(finite(lambda: float(numbers[middle])))
    return float(finite(lambda: (float(numbers[middle - 1]) + float(numbers[middle])) / 2))


def bit_not(_meter: Meter, value: Any) -> int:
    return ~_int64(value, "bitnot")


def _number(value: Any, name: str) -> int | float:
    if type(value) in NUMBERS:
        return value  # type: ignore[no-any-return]
    raise ExpressionError(f"{name} needs a number, got {type_name(value)}")


def _numbers(values: Any, name: str, meter: Meter, depth: int) -> Iterator[int | float]:
    """All numbers of nested arrays, in order."""
    if depth > MAX_DATA_DEPTH:
        raise ExpressionError(f"the array is nested deeper than {MAX_DATA_DEPTH} levels")
    meter.charge(2 + len(values))
    for value in values:
        if type(value) is list or type(value) is bytes:
            yield from _numbers(value, name, meter, depth + 1)
        else:
            yield _number(value, name)


def _extreme(meter: Meter, name: str, better: Callable[[Any, Any], bool], values: Any) -> Any:
    if len(values) == 1 and type(values[0]) not in (list, bytes):
        return values[0]
    best: int | float | None = None
    for value in _numbers(values, name, meter, 0):
        if best is None or better(value, best):
            best = value
    return best


def _int64(value: Any, name: str) -> int:
    if type(value) is not int:
        raise ExpressionError(f"{name} needs integers, got {type_name(value)}")
    if not _MIN_INT <= value <= _MAX_INT:
        raise ExpressionError(f"{name} needs integers of at most 64 bits")
    return value


def _signed(word: int) -> int:
    word %= _WORD
    return word - _WORD if word > _MAX_INT else word


def _bitwise(name: str, compute: Callable[[int, int], int], *, shift: bool = False) -> Function:
    def call(_meter: Meter, left: object, right: object) -> int:
        x, y = _int64(left, name), _int64(right, name)
        if shift:
            if y < 0:
                raise ExpressionError(f"{name} cannot shift by {y}")
            # A word is empty after 64 shifts; more would only build a huge integer first.
            y = min(y, 64)
        return _signed(compute(x, y))

    return Function(name, call, 2, 2)


FUNCTIONS = table(
    Function("abs", absolute, 1, 1),
    Function("ceil", ceil, 1, 1),
    Function("floor", floor, 1, 1),
    Function("round", round_half_away, 1, 1),
    Function("int", to_int, 1, 1),
    Function("float", to_float, 1, 1),
    Function("max", maximum, 1, MANY, loops=True),
    Function("min", minimum, 1, MANY, loops=True),
    Function("mean", mean, 1, MANY, loops=True),
    Function("median", median, 1, MANY, loops=True),
    _bitwise("bitand", lambda x, y: x & y),
    _bitwise("bitor", lambda x, y: x | y),
    _bitwise("bitxor", lambda x, y: x ^ y),
    _bitwise("bitnand", lambda x, y: x & ~y),
    _bitwise("bitshl", lambda x, y: x << y, shift=True),
    _bitwise("bitshr", lambda x, y: x >> y, shift=True),
    _bitwise("bitushr", lambda x, y: x % _WORD >> y, shift=True),
    Function("bitnot", bit_not, 1, 1),
)
