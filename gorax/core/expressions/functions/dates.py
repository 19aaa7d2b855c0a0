"""Date, duration and time zone functions, and the methods of those values."""

from collections.abc import Callable
from typing import Any, Final

from ..dates import (
    HOUR,
    MINUTE,
    SECOND,
    UTC_ZONE,
    Date,
    Duration,
    Zone,
    from_datetime,
    load_zone,
    parse_duration,
    unix_second,
)
from ..environment import Environment
from ..errors import ExpressionError
from ..layouts import STANDARD, format_date, parse_date
from ..meter import Meter
from ..values import require_int, require_text, type_name
from .registry import Function, table

_ZONE_COST: Final = 1000
"""Reading a zone's rules takes a few hundred microseconds, and a price may not depend on a cache."""
_CALENDAR_COST: Final = 40
_GO_STRING: Final = "2006-01-02 15:04:05.999999999 -0700 MST"


def now(environment: Environment, _meter: Meter, zone: object = UTC_ZONE) -> Date:
    return Date(from_datetime(environment.now()).ns, _zone(zone, "now"))


def uuid(environment: Environment, _meter: Meter) -> str:
    return environment.uuid()


def date(meter: Meter, *arguments: object) -> Date:
    zone = UTC_ZONE
    if type(arguments[0]) is Zone:
        zone, arguments = arguments[0], arguments[1:]
    if not arguments:
        raise ExpressionError("date needs a string")
    text = require_text(arguments[0], "date")
    if len(arguments) > 2:
        meter.charge(_ZONE_COST)
        zone = load_zone(require_text(arguments[2], "date"))
    if len(arguments) > 1:
        return parse_date(text, require_text(arguments[1], "date"), zone)
    return read_date(text, zone)


def read_date(text: str, zone: Zone = UTC_ZONE) -> Date:
    """A date in any of the standard layouts."""
    for layout in STANDARD:
        try:
            return parse_date(text, layout, zone)
        except ExpressionError:
            continue
    raise ExpressionError(f"invalid date {text[:64]!r}: give its layout as the second argument")


def duration(_meter: Meter, value: object) -> Duration:
    return parse_duration(require_text(value, "duration"))


def timezone(_meter: Meter, name: object) -> Zone:
    return load_zone(require_text(name, "timezone"))


def format_a_date(meter: Meter, value: object, layout: object, zone: object = None) -> str:
    shown = _date(value, "format_date")
    if zone is not None:
        meter.charge(_ZONE_COST)
        shown = Date(shown.ns, _zone(zone, "format_date"))
    return format_date(shown, require_text(layout, "format_date"))


def add_duration(_meter: Meter, value: object, span: object) -> Date:
    start = _date(value, "add_duration")
    if type(span) is str:
        span = parse_duration(span)
    if type(span) is not Duration:
        raise ExpressionError(f"add_duration needs a duration, got {type_name(span)}")
    return Date(start.ns + span.ns, start.zone)


def _date(value: object, what: str) -> Date:
    if type(value) is Date:
        return value
    return read_date(require_text(value, what))


def _zone(value: object, what: str) -> Zone:
    if type(value) is Zone:
        return value
    return load_zone(require_text(value, what))


def _add_date(moment: Date, years: object, months: object, days: object) -> Date:
    shown = moment.civil()
    added = [require_int(each, "an argument of AddDate") for each in (years, months, days)]
    if any(abs(each) > 4_000_000 for each in added):
        raise ExpressionError("the date is outside the years 0 to 9999")
    year, month = divmod((shown.year + added[0]) * 12 + shown.month - 1 + added[1], 12)
    try:
        first = unix_second(year, month + 1, 1, shown.hour, shown.minute, shown.second)
    except ValueError as error:
        raise ExpressionError("the date is outside the years 0 to 9999") from error
    second = first + (shown.day - 1 + added[2]) * 86_400
    return Date(moment.zone.local(second) * SECOND + moment.ns % SECOND, moment.zone)


def _span(value: object, method: str) -> int:
    if type(value) is Duration:
        return value.ns
    raise ExpressionError(f"{method} needs a duration, got {type_name(value)}")


def _instant(value: object, method: str) -> int:
    if type(value) is Date:
        return value.ns
    raise ExpressionError(f"{method} needs a date, got {type_name(value)}")


def _rounded(ns: int, unit: object, method: str, half: bool) -> int:
    step = _span(unit, method)
    if step <= 0:
        return ns
    size = abs(ns)
    whole = (size + step // 2) // step * step if half else size // step * step
    return -whole if ns < 0 else whole


_DATE_METHODS: Final[dict[str, tuple[int, Callable[..., Any]]]] = {
    "Year": (0, lambda d: d.civil().year),
    "Month": (0, lambda d: d.civil().month),
    "Day": (0, lambda d: d.civil().day),
    "Hour": (0, lambda d: d.civil().hour),
    "Minute": (0, lambda d: d.civil().minute),
    "Second": (0, lambda d: d.civil().second),
    "Weekday": (0, lambda d: d.civil().weekday),
    "YearDay": (0, lambda d: d.civil().year_day),
    "Nanosecond": (0, lambda d: d.ns % SECOND),
    "Unix": (0, lambda d: d.ns // SECOND),
    "UnixMilli": (0, lambda d: d.ns // 1_000_000),
    "UnixMicro": (0, lambda d: d.ns // 1000),
    "UnixNano": (0, lambda d: d.ns),
    "Location": (0, lambda d: d.zone),
    "UTC": (0, lambda d: Date(d.ns)),
    "String": (0, lambda d: format_date(d, _GO_STRING)),
    "In": (1, lambda d, zone: Date(d.ns, _zone(zone, "In"))),
    "Format": (1, lambda d, layout: format_date(d, require_text(layout, "Format"))),
    "Add": (1, lambda d, span: Date(d.ns + _span(span, "Add"), d.zone)),
    "AddDate": (3, _add_date),
    "Sub": (1, lambda d, other: Duration(d.ns - _instant(other, "Sub"))),
    "Before": (1, lambda d, other: d.ns < _instant(other, "Before")),
    "After": (1, lambda d, other: d.ns > _instant(other, "After")),
    "Equal": (1, lambda d, other: d.ns == _instant(other, "Equal")),
    "Truncate": (1, lambda d, unit: Date(_rounded(d.ns, unit, "Truncate", False), d.zone)),
    "Round": (1, lambda d, unit: Date(_rounded(d.ns, unit, "Round", True), d.zone)),
}
_DURATION_METHODS: Final[dict[str, tuple[int, Callable[..., Any]]]] = {
    "Hours": (0, lambda d: d.ns / HOUR),
    "Minutes": (0, lambda d: d.ns / MINUTE),
    "Seconds": (0, lambda d: d.ns / SECOND),
    "Milliseconds": (0, lambda d: int(d.ns / 1_000_000)),
    "Microseconds": (0, lambda d: int(d.ns / 1000)),
    "Nanoseconds": (0, lambda d: d.ns),
    "Abs": (0, lambda d: Duration(abs(d.ns))),
    "String": (0, str),
    "Truncate": (1, lambda d, unit: Duration(_rounded(d.ns, unit, "Truncate", False))),
    "Round": (1, lambda d, unit: Duration(_rounded(d.ns, unit, "Round", True))),
}
_ZONE_METHODS: Final[dict[str, tuple[int, Callable[..., Any]]]] = {"String": (0, lambda zone: zone.name)}
_METHODS: Final = {Date: _DATE_METHODS, Duration: _DURATION_METHODS, Zone: _ZONE_METHODS}

METHODS: Final = frozenset(name for methods in _METHODS.values() for name in methods)
"""Every method name there is."""
METHOD_COST: Final = _CALENDAR_COST


def call_method(meter: Meter, value: Any, name: str, arguments: list[Any]) -> Any:
    """Call a method of a date, a duration or a time zone."""
    methods = _METHODS.get(type(value))
    if methods is None or name not in methods:
        raise ExpressionError(f"{type_name(value)} has no method {name}")
    arity, method = methods[name]
    if len(arguments) != arity:
        raise ExpressionError(f"{name} takes {arity} arguments, got {len(arguments)}")
    if name == "In":
        meter.charge(_ZONE_COST)
    return method(value, *arguments)


FUNCTIONS = table(
    Function("now", now, 0, 1, cost=_CALENDAR_COST, ambient=True),
    Function("uuid", uuid, 0, 0, cost=_CALENDAR_COST, ambient=True),
    Function("date", date, 1, 4, cost=8 * _CALENDAR_COST),
    Function("duration", duration, 1, 1, cost=_CALENDAR_COST),
    Function("timezone", timezone, 1, 1, cost=_ZONE_COST),
    Function("format_date", format_a_date, 2, 3, cost=8 * _CALENDAR_COST),
    Function("add_duration", add_duration, 2, 2, cost=8 * _CALENDAR_COST),
)
