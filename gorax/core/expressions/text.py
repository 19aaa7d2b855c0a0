"""Values as they leave the language: JSON trees, JSON text and text for templates."""

from typing import Any, Final

import orjson

from .dates import Date, Duration, Zone
from .errors import ExpressionError
from .meter import MAX_DATA_DEPTH, MAX_TEXT, Meter
from .shapes import LiteralShape, Shape
from .values import MapKey, key_value, type_name

_PASSED_ON: Final = 20_000
"""The most that passing on one value costs, so that a result holds about ten large ones."""
_FEW: Final = 16
_MIN_INT: Final = -(2**63)
_MAX_INT: Final = 2**63 - 1


def jsonable(value: Any, meter: Meter, shape: Shape | LiteralShape = Shape.BUILT) -> Any:
    """``value`` as a JSON tree.

    Parts that are JSON already are shared with ``value``. Dates become RFC 3339 in UTC, durations text such
    as ``1h30m0s``, bytes lists of integers, map keys strings. Raises for integers beyond 64 bits, half
    surrogate pairs, more than 100 levels, and trees the budget does not cover: a few lists that share their
    elements can stand for a tree of any size. Where ``shape`` says that a part is the environment's own, it
    is passed on as it is, for a price that does not grow with its size beyond a bound.
    """
    tree = _Tree(meter, tidy=False)
    if _is_small(value):
        return tree.shaped(value, shape, 0)
    return meter.with_room(lambda depth: tree.shaped(value, shape, depth), 0)


def json_text(value: Any, meter: Meter, *, indent: bool = False, sort: bool = False) -> str:
    """``value`` as JSON text; a float without a fraction is written as an integer, as Go does."""
    tree = _Tree(meter, tidy=True)
    if _is_small(value):
        converted = tree.convert(value, 0)
    else:
        converted = meter.with_room(lambda depth: tree.convert(value, depth), 0)
    if tree.length > MAX_TEXT:
        raise ExpressionError(f"the text would be longer than {MAX_TEXT} characters")
    option = (orjson.OPT_INDENT_2 if indent else 0) | (orjson.OPT_SORT_KEYS if sort else 0)
    encoded = orjson.dumps(converted, option=option).decode()
    meter.new_text(len(encoded))
    return encoded


def text(value: Any, meter: Meter) -> str:
    """``value`` as a template shows it: strings as they are, nil as nothing, maps and arrays as JSON."""
    kind = type(value)
    if kind is str:
        return str(value)
    if value is None:
        return ""
    if kind is bool:
        return "true" if value else "false"
    if kind is int:
        return str(value)
    if kind is float:
        return float_text(value)
    if kind is Date:
        return str(value.rfc3339())
    if kind is Duration:
        return str(value)
    if kind is Zone:
        return str(value.name)
    return json_text(value, meter)


def float_text(value: float) -> str:
    """The shortest decimal that reads back as ``value``, without a trailing ``.0``."""
    if value.is_integer() and abs(value) < 1e21:
        return str(int(value))
    return repr(value)


def key_text(key: object) -> str:
    """A map key as JSON can hold it."""
    if type(key) is str:
        return key
    value = key_value(key)
    if value is None:
        return "nil"
    if type(value) is bool:
        return "true" if value else "false"
    if type(value) is float:
        return float_text(value)
    return value.rfc3339() if type(value) is Date else str(value)


class _Tree:
    """One conversion: what it pays from, and about how long the JSON text will be."""

    __slots__ = ("length", "meter", "paid", "tidy")

    def __init__(self, meter: Meter, *, tidy: bool) -> None:
        self.meter = meter
        self.tidy = tidy
        self.length = 0
        self.paid = 0

    def shaped(self, value: Any, shape: Shape | LiteralShape, depth: int) -> Any:
        if shape is Shape.BUILT:
            return self.convert(value, depth)
        if shape is Shape.DIRECT:
            self.meter.charge(_weight(value))
            return value
        # A literal of the source: it was built just now and nothing else refers to it.
        for key, part in shape.items():
            value[key] = self.shaped(value[key], part, depth + 1)
        return value

    def convert(self, value: Any, depth: int) -> Any:
        kind = type(value)
        if kind is dict or kind is list:
            if depth >= MAX_DATA_DEPTH:
                raise ExpressionError(f"the value is nested deeper than {MAX_DATA_DEPTH} levels")
            return self._map(value, depth) if kind is dict else self._list(value, depth)
        if kind is str:
            self._string(value)
            return value
        return self._scalar(value, kind)

    def _list(self, items: list[Any], depth: int) -> list[Any]:
        self.length += len(items) * (2 * depth + 4) + 2
        self.meter.charge(2 + (len(items) >> 2))
        changed: list[Any] | None = None
        for position, item in enumerate(items):
            kind = type(item)
            if kind is str:
                self._string(item)
                continue
            converted = self.convert(item, depth + 1) if kind in _NESTED else self._scalar(item, kind)
            if converted is not item:
                if changed is None:
                    changed = items.copy()
                changed[position] = converted
        self._pay()
        return items if changed is None else changed

    def _map(self, entries: dict[Any, Any], depth: int) -> dict[Any, Any]:
        self.length += len(entries) * (2 * depth + 8) + 2
        self.meter.charge(2 + (len(entries) >> 1))
        changed: dict[Any, Any] | None = None
        for key, item in entries.items():
            kind = type(item)
            if kind is str:
                self._string(item)
                converted = item
            else:
                converted = self.convert(item, depth + 1) if kind in _NESTED else self._scalar(item, kind)
            if type(key) is MapKey:
                return self._renamed(entries, depth)
            self._string(key)
            if converted is not item:
                if changed is None:
                    changed = entries.copy()
                changed[key] = converted
        self._pay()
        return entries if changed is None else changed

    def _renamed(self, entries: dict[Any, Any], depth: int) -> dict[str, Any]:
        renamed: dict[str, Any] = {}
        self.meter.charge(len(entries))
        for key, item in entries.items():
            name = key_text(key)
            if name in renamed:
                raise ExpressionError(f"two keys of the map are {name[:40]!r} as strings")
            renamed[name] = self.convert(item, depth + 1)
        return renamed

    def _string(self, value: str) -> None:
        self.length += len(value)
        if len(value) > 512:
            self._pay()
        if not value.isascii():
            require_unicode(value)

    def _scalar(self, value: Any, kind: type) -> Any:
        self.length += 4
        if value is None or kind is bool:
            return value
        if kind is int:
            if not _MIN_INT <= value <= _MAX_INT:
                raise ExpressionError("the integer does not fit into 64 bits")
            self.length += 16 if value > 99_999 or value < -9_999 else 0
            return value
        if kind is float:
            self.length += 20
            if self.tidy and value.is_integer() and _MIN_INT <= value < _MAX_INT:
                return int(value)
            return value
        if kind is Date:
            self.length += 30
            return value.rfc3339()
        if kind is Duration or kind is Zone:
            self.length += 30
            return str(value) if kind is Duration else value.name
        if kind is bytes:
            self.meter.new_items(len(value))
            self.length += 8 * len(value)
            return list(value)
        raise ExpressionError(f"a value of type {type_name(value)} has no JSON form")

    def _pay(self) -> None:
        self.meter.charge((self.length - self.paid) >> 7)
        self.paid = self.length


_NESTED: Final = frozenset({dict, list})


def _is_small(value: Any) -> bool:
    """Whether converting ``value`` takes few calls: a scalar, or a flat map or array of a few."""
    kind = type(value)
    if kind is not dict and kind is not list:
        return True
    if len(value) > _FEW:
        return False
    return all(type(item) not in _NESTED for item in (value if kind is list else value.values()))


def _weight(value: Any) -> int:
    """The price of serialising ``value`` later, as far as :data:`_PASSED_ON` goes."""
    total = 0
    pending = [value]
    while pending and total < _PASSED_ON:
        item = pending.pop()
        kind = type(item)
        if kind is str:
            total += len(item) >> 7
        elif kind is list or kind is dict:
            total += 2 + len(item)
            if total < _PASSED_ON:
                pending.extend(item if kind is list else item.values())
    return min(total, _PASSED_ON)


def require_unicode(value: str) -> None:
    """Raises for a string with half a surrogate pair, which no JSON text can carry."""
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise ExpressionError("the text holds half a surrogate pair, which is not valid Unicode") from error
