"""Go's date layouts: the reference time ``Mon Jan 2 15:04:05 MST 2006`` written the way dates shall look."""

import re
from typing import Final, NoReturn

from .dates import SECOND, UTC_ZONE, Date, Zone, unix_second
from .errors import ExpressionError

RFC3339: Final = "2006-01-02T15:04:05Z07:00"
STANDARD: Final = (
    "2006-01-02",
    "15:04:05",
    "2006-01-02 15:04:05",
    RFC3339,
    "02 Jan 06 15:04 MST",
    "Monday, 02-Jan-06 15:04:05 MST",
    "Mon, 02 Jan 2006 15:04:05 MST",
)
"""What ``date()`` tries without a layout."""
MAX_LAYOUT: Final = 128

_MONTHS: Final = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905
)
_DAYS: Final = "Sunday Monday Tuesday Wednesday Thursday Friday Saturday".split()  # noqa: SIM905
_ELEMENT: Final = re.compile(
    r"(?P<month>January|Jan(?![a-z]))|(?P<day>Monday|Mon(?![a-z]))|(?P<zone>MST)"
    r"|(?P<offset>[Z-]07(?::00(?::00)?|00(?:00)?)?)|(?P<fraction>[.,](?:0+|9+)(?![0-9]))"
    r"|(?P<number>2006|002|01|02|03|04|05|06|15|__2|_2006|_2|[12345])|(?P<half>PM|pm)"
)
# Element: the field it shows, and its digits when they are fixed.
_NUMBERS: Final = {
    "2006": ("year", 4),
    "06": ("short_year", 2),
    "01": ("month", 2),
    "1": ("month", 0),
    "02": ("day", 2),
    "_2": ("day", 0),
    "2": ("day", 0),
    "002": ("year_day", 3),
    "__2": ("year_day", 0),
    "15": ("hour", 2),
    "03": ("half_hour", 2),
    "3": ("half_hour", 0),
    "04": ("minute", 2),
    "4": ("minute", 0),
    "05": ("second", 2),
    "5": ("second", 0),
}
_RANGES: Final = {
    "month": (1, 12),
    "day": (1, 31),
    "year_day": (1, 366),
    "hour": (0, 23),
    "half_hour": (0, 12),
    "minute": (0, 59),
    "second": (0, 59),
}
_OFFSET: Final = re.compile(r"([+-])([0-9]{2}):?([0-9]{2})?:?([0-9]{2})?")
_FRACTION: Final = re.compile(r"[.,]([0-9]+)")
_ZONE: Final = re.compile(r"(?:UTC|GMT(?:[+-][0-9]{1,2})?|[A-Z]{3,5}|[+-][0-9]{2})")


def elements(layout: str) -> list[tuple[str, str]]:
    """The parts of a layout as ``(kind, text)``; kind ``""`` is text that stands for itself."""
    if len(layout) > MAX_LAYOUT:
        raise ExpressionError(f"a date layout has at most {MAX_LAYOUT} characters")
    found: list[tuple[str, str]] = []
    position = 0
    for match in _ELEMENT.finditer(layout):
        if match.start() > position:
            found.append(("", layout[position : match.start()]))
        if match[0] == "_2006":
            found += (("", "_"), ("number", "2006"))
        else:
            found.append((str(match.lastgroup), match[0]))
        position = match.end()
    if position < len(layout):
        found.append(("", layout[position:]))
    return found


def format_date(date: Date, layout: str) -> str:
    """``date`` as its zone shows it, written like ``layout``."""
    shown = date.civil()
    offset, zone = date.zone.at(date.ns // SECOND)
    fields = {
        "year": shown.year,
        "short_year": shown.year % 100,
        "month": shown.month,
        "day": shown.day,
        "year_day": shown.year_day,
        "hour": shown.hour,
        "half_hour": shown.hour % 12 or 12,
        "minute": shown.minute,
        "second": shown.second,
    }
    parts: list[str] = []
    for kind, text in elements(layout):
        match kind:
            case "number":
                field, digits = _NUMBERS[text]
                width = 2 if text == "_2" else 3 if text == "__2" else 0
                parts.append(f"{fields[field]:0{digits}}" if digits else f"{fields[field]:>{width}}")
            case "month":
                name = _MONTHS[shown.month - 1]
                parts.append(name if text == "January" else name[:3])
            case "day":
                name = _DAYS[shown.weekday]
                parts.append(name if text == "Monday" else name[:3])
            case "half":
                half = "PM" if shown.hour >= 12 else "AM"
                parts.append(half if text == "PM" else half.lower())
            case "zone":
                parts.append(zone or _format_offset(offset, "-0700"))
            case "offset":
                parts.append("Z" if text[0] == "Z" and offset == 0 else _format_offset(offset, text))
            case "fraction":
                digits_shown = f"{date.ns % SECOND:09}"[: len(text) - 1].ljust(len(text) - 1, "0")
                if text[1] == "9":
                    digits_shown = digits_shown.rstrip("0")
                parts.append(f"{text[0]}{digits_shown}" if digits_shown else "")
            case _:
                parts.append(text)
    return "".join(parts)


def parse_date(text: str, layout: str, zone: Zone = UTC_ZONE) -> Date:
    """The date that ``text`` shows when read like ``layout``; without an offset in it, one of ``zone``."""
    return _Reader(text[: 2 * MAX_LAYOUT], layout).read(zone)


class _Reader:
    """Reads one text along one layout."""

    def __init__(self, text: str, layout: str) -> None:
        self._text = text
        self._layout = layout
        self._position = 0
        self._fields = {"year": 0, "month": 1, "day": 1, "hour": 0, "minute": 0, "second": 0}
        self._fraction = 0
        self._afternoon: bool | None = None
        self._offset: int | None = None
        self._zone = ""

    def read(self, zone: Zone) -> Date:
        parts = elements(self._layout)
        for number, (kind, text) in enumerate(parts):
            match kind:
                case "number":
                    self._number(text)
                    following = parts[number + 1][0] if number + 1 < len(parts) else ""
                    if text in ("05", "5") and following != "fraction":
                        self._optional_fraction()
                case "month":
                    self._fields["month"] = self._name(_MONTHS, text == "January") + 1
                case "day":
                    self._name(_DAYS, text == "Monday")
                case "half":
                    self._half()
                case "zone":
                    self._zone = self._match(_ZONE)[0]
                case "offset":
                    self._read_offset(text)
                case "fraction":
                    if text[1] == "0":
                        self._set_fraction(self._match(_FRACTION)[1], len(text) - 1)
                    else:
                        self._optional_fraction()
                case _:
                    self._literal(text)
        if self._position != len(self._text):
            self._fail()
        return self._date(zone)

    def _fail(self) -> NoReturn:
        raise ExpressionError(f"invalid date {self._text[:64]!r}: it does not look like {self._layout!r}")

    def _match(self, pattern: re.Pattern[str]) -> re.Match[str]:
        match = pattern.match(self._text, self._position)
        if match is None:
            self._fail()
        self._position = match.end()
        return match

    def _literal(self, text: str) -> None:
        if not self._text.startswith(text, self._position):
            self._fail()
        self._position += len(text)

    def _number(self, element: str) -> None:
        field, digits = _NUMBERS[element]
        if element in ("_2", "__2"):
            while self._text.startswith(" ", self._position):
                self._position += 1
        most = digits or (3 if element == "__2" else 2)
        start = stop = self._position
        while stop < len(self._text) and stop - start < most and self._text[stop] in "0123456789":
            stop += 1
        if stop - start < (digits or 1):
            self._fail()
        value = int(self._text[start:stop])
        least, greatest = _RANGES.get(field, (0, 9999))
        if not least <= value <= greatest:
            self._fail()
        self._position = stop
        if field == "short_year":
            field, value = "year", value + (1900 if value >= 69 else 2000)
        self._fields[field] = value

    def _optional_fraction(self) -> None:
        match = _FRACTION.match(self._text, self._position)
        if match is not None:
            self._position = match.end()
            self._set_fraction(match[1], len(match[1]))

    def _set_fraction(self, digits: str, expected: int) -> None:
        if len(digits) != expected:
            self._fail()
        self._fraction = int(digits[:9].ljust(9, "0"))

    def _name(self, names: list[str], full: bool) -> int:
        for number, name in enumerate(names):
            shown = name if full else name[:3]
            if self._text[self._position : self._position + len(shown)].lower() == shown.lower():
                self._position += len(shown)
                return number
        self._fail()
        return None

    def _half(self) -> None:
        half = self._text[self._position : self._position + 2].upper()
        if half not in ("AM", "PM"):
            self._fail()
        self._afternoon = half == "PM"
        self._position += 2

    def _read_offset(self, element: str) -> None:
        if element[0] == "Z" and self._text.startswith("Z", self._position):
            self._position += 1
            self._offset = 0
            return
        start = self._position
        match = self._match(_OFFSET)
        shown = match[0]
        # The sign and the digits are checked above; where the colons are is not.
        if len(shown) != len(element) or [c == ":" for c in shown] != [c == ":" for c in element]:
            self._position = start
            self._fail()
        hours, minutes, seconds = (int(part or 0) for part in match.groups()[1:])
        if hours > 24 or minutes > 59 or seconds > 59:
            self._fail()
        offset = hours * 3600 + minutes * 60 + seconds
        self._offset = -offset if match[1] == "-" else offset

    def _date(self, zone: Zone) -> Date:
        fields = self._fields
        hour = fields["hour"]
        if "half_hour" in fields:
            hour = fields["half_hour"]
        if self._afternoon is not None:
            hour = hour % 12 + (12 if self._afternoon else 0)
        month, day = (1, 1) if "year_day" in fields else (fields["month"], fields["day"])
        try:
            second = unix_second(fields["year"], month, day, hour, fields["minute"], fields["second"])
        except ValueError:
            self._fail()
        second += (fields.get("year_day", 1) - 1) * 86_400
        if self._offset is not None:
            second -= self._offset
            if zone.at(second)[0] != self._offset:
                zone = UTC_ZONE if self._offset == 0 else Zone("", None, self._offset)
        elif self._zone.startswith(("+", "-")) or (self._zone.startswith("GMT") and len(self._zone) > 3):
            offset = int(self._zone.removeprefix("GMT")) * 3600
            second, zone = second - offset, Zone(self._zone, None, offset)
        elif self._zone and self._zone != zone.at(zone.local(second))[1]:
            # An abbreviation the zone does not use says nothing about an offset; Go takes it for UTC.
            zone = UTC_ZONE if self._zone == "UTC" else Zone(self._zone)
        else:
            second = zone.local(second)
        return Date(second * SECOND + self._fraction, zone)


def _format_offset(offset: int, element: str) -> str:
    sign, size = ("-", -offset) if offset < 0 else ("+", offset)
    hours, minutes, seconds = size // 3600, size // 60 % 60, size % 60
    colon = ":" if ":" in element else ""
    digits = sum(c == "0" or c == "7" for c in element)
    shown = f"{sign}{hours:02}"
    if digits > 2:
        shown += f"{colon}{minutes:02}"
    return f"{shown}{colon}{seconds:02}" if digits > 4 else shown
