"""What the binary and unary operators do with two values."""

import math
from collections.abc import Callable
from typing import Any, Final

from .dates import Date, Duration
from .errors import ExpressionError
from .meter import Meter
from .patterns import matches
from .values import (
    NUMBERS,
    equal,
    finite,
    map_key,
    number,
    order,
    require_int,
    type_name,
)

Operator = Callable[[Any, Any, Meter], Any]

_INT64: Final = 1 << 63
_FEW: Final = 32
"""Elements that are looked through without making room on the stack first."""


def add(a: Any, b: Any, meter: Meter) -> Any:
    """``+``: numbers, strings, durations, a date and a duration."""
    kind, other = type(a), type(b)
    if kind is int and other is int:
        total = a + b
        return total if -_INT64 <= total < _INT64 else number(total)
    if kind is str and other is str:
        meter.new_text(len(a) + len(b))
        return meter.wide(a + b)
    if kind in NUMBERS and other in NUMBERS:
        return finite(lambda: a + b)
    if kind is Duration and other is Duration:
        return Duration(a.ns + b.ns)
    if kind is Date and other is Duration:
        return Date(a.ns + b.ns, a.zone)
    if kind is Duration and other is Date:
        return Date(a.ns + b.ns, b.zone)
    raise _mismatch("+", a, b)


def subtract(a: Any, b: Any, _meter: Meter) -> Any:
    """``-``: numbers, durations, two dates (a duration), a date and a duration."""
    kind, other = type(a), type(b)
    if kind is int and other is int:
        return number(a - b)
    if kind in NUMBERS and other in NUMBERS:
        return finite(lambda: a - b)
    if (kind is Duration and other is Duration) or (kind is Date and other is Date):
        return Duration(a.ns - b.ns)
    if kind is Date and other is Duration:
        return Date(a.ns - b.ns, a.zone)
    raise _mismatch("-", a, b)


def multiply(a: Any, b: Any, _meter: Meter) -> Any:
    """``*``: numbers, a duration and a number."""
    kind, other = type(a), type(b)
    if kind is int and other is int:
        return number(a * b)
    if kind in NUMBERS and other in NUMBERS:
        return finite(lambda: a * b)
    if kind is Duration and other in NUMBERS:
        return Duration(int(finite(lambda: a.ns * b)))
    if kind in NUMBERS and other is Duration:
        return Duration(int(finite(lambda: a * b.ns)))
    raise _mismatch("*", a, b)


def divide(a: Any, b: Any, _meter: Meter) -> float:
    """``/``: always a float."""
    _require_numbers("/", a, b)
    if b == 0:
        raise ExpressionError("division by zero")
    return float(finite(lambda: a / b))


def modulo(a: Any, b: Any, _meter: Meter) -> int:
    """``%``: of integers; the result has the sign of ``a``, as in Go."""
    if type(a) is not int or type(b) is not int:
        raise _mismatch("%", a, b)
    if b == 0:
        raise ExpressionError("division by zero")
    rest = abs(a) % abs(b)
    return -rest if a < 0 else rest


def power(a: Any, b: Any, _meter: Meter) -> float:
    """``**``: always a float."""
    _require_numbers("**", a, b)
    try:
        return float(finite(lambda: math.pow(a, b)))
    except ValueError as error:
        raise ExpressionError(f"{a:.6g} ** {b:.6g} is not a number") from error


def interval(a: Any, b: Any, meter: Meter) -> list[int]:
    """``..``: integers from ``a`` to ``b``, both included."""
    start, stop = require_int(a, "the start of a range"), require_int(b, "the end of a range")
    meter.new_items(max(stop - start + 1, 0))
    return list(range(start, stop + 1))


def not_equal(a: Any, b: Any, meter: Meter) -> bool:
    """``!=``."""
    return not equal(a, b, meter)


def less(a: Any, b: Any, meter: Meter) -> bool:
    """``<``."""
    x, y = order(a, b, meter)
    return bool(x < y)


def more(a: Any, b: Any, meter: Meter) -> bool:
    """``>``."""
    x, y = order(a, b, meter)
    return bool(x > y)


def less_or_equal(a: Any, b: Any, meter: Meter) -> bool:
    """``<=``."""
    x, y = order(a, b, meter)
    return bool(x <= y)


def more_or_equal(a: Any, b: Any, meter: Meter) -> bool:
    """``>=``."""
    x, y = order(a, b, meter)
    return bool(x >= y)


def member(a: Any, b: Any, meter: Meter) -> bool:
    """``in``: an element of an array or a key of a map; nothing is in nil."""
    kind = type(b)
    if b is None:
        return False
    if kind is dict:
        return map_key(a) in b
    if kind is bytes:
        return type(a) is int and 0 <= a < 256 and a in b
    if kind is not list:
        raise ExpressionError(f"in needs an array or a map, got {type_name(b)}")
    if len(b) <= _FEW:
        return _is_element(a, b, meter)
    return meter.with_room(lambda items: _is_element(a, items, meter), b)


def _is_element(a: Any, items: list[Any], meter: Meter) -> bool:
    for position, item in enumerate(items):
        if position % 4 == 0:
            meter.charge(3)
        if equal(a, item, meter):
            return True
    return False


def contains(a: Any, b: Any, meter: Meter) -> bool:
    """``contains``: text in text."""
    if not _texts("contains", a, b):
        return False
    meter.search(len(a), len(b))
    return b in a


def starts_with(a: Any, b: Any, meter: Meter) -> bool:
    """``startsWith``."""
    if not _texts("startsWith", a, b):
        return False
    meter.text(min(len(a), len(b)))
    return bool(a.startswith(b))


def ends_with(a: Any, b: Any, meter: Meter) -> bool:
    """``endsWith``."""
    if not _texts("endsWith", a, b):
        return False
    meter.text(min(len(a), len(b)))
    return bool(a.endswith(b))


def negate(value: Any) -> Any:
    """Unary ``-``."""
    if type(value) in NUMBERS:
        return -value
    if type(value) is Duration:
        return Duration(-value.ns)
    raise ExpressionError(f"- needs a number, got {type_name(value)}")


def require_bool(value: Any, operator: str) -> bool:
    """An operand of ``and``, ``or``, ``not`` or ``?``: nothing but true and false counts as a condition."""
    if value is True or value is False:
        return bool(value)
    raise ExpressionError(f"{operator} needs true or false, got {type_name(value)}")


def _texts(operator: str, a: Any, b: Any) -> bool:
    """Whether both are strings; nil on either side makes the operator false."""
    if a is None or b is None:
        return False
    if type(a) is not str or type(b) is not str:
        raise _mismatch(operator, a, b)
    return True


def _require_numbers(operator: str, a: Any, b: Any) -> None:
    if type(a) not in NUMBERS or type(b) not in NUMBERS:
        raise _mismatch(operator, a, b)


def _mismatch(operator: str, a: Any, b: Any) -> ExpressionError:
    return ExpressionError(f"{operator} does not take {type_name(a)} and {type_name(b)}")


OPERATORS: Final[dict[str, Operator]] = {
    "+": add,
    "-": subtract,
    "*": multiply,
    "/": divide,
    "%": modulo,
    "**": power,
    "..": interval,
    "==": equal,
    "!=": not_equal,
    "<": less,
    ">": more,
    "<=": less_or_equal,
    ">=": more_or_equal,
    "in": member,
    "contains": contains,
    "startsWith": starts_with,
    "endsWith": ends_with,
    "matches": matches,
}
