"""Cron expressions: parsed once, refused where they cannot be meant, and compiled to calendars.

Five fields as Vixie cron reads them (minute, hour, day of the month, month, day of the week), six with leading seconds,
`@daily` and its kin, and Quartz's `L`, `W` and `#`. Each becomes calendars whose fields all have to match: what cron
joins by "or", and what depends on the length of a month, becomes several of them.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from gorax.core.calendars import FIRST_YEAR, LAST_YEAR, Calendar, every
from gorax.core.cron_words import Clock, day_words, month_words, weekday_words

MAX_LENGTH = 255
MAX_ITEMS = 60
"""Of one field, separated by commas."""

_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_WEEKDAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
_ALIASES = {
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
    "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@hourly": "0 * * * *",
}
_NUMBER = re.compile(r"[0-9]{1,4}", re.ASCII)
_ANY = frozenset({"*", "?"})

_FRIDAY, _MONDAY = 5, 1
_WORKDAYS = every(1, 5)
_LEAP = frozenset(
    year for year in range(FIRST_YEAR, LAST_YEAR + 1) if year % 4 == 0 and (year % 100 or not year % 400)
)
_LENGTHS: Final = (
    (31, Calendar(months=frozenset({1, 3, 5, 7, 8, 10, 12}))),
    (30, Calendar(months=frozenset({4, 6, 9, 11}))),
    (29, Calendar(months=frozenset({2}), years=_LEAP)),
    (28, Calendar(months=frozenset({2}), years=every(FIRST_YEAR, LAST_YEAR) - _LEAP)),
)
"""The lengths that months have, each with the months that have it."""


class CronError(ValueError):
    """A text that is no cron expression, or one that cannot be meant; the message says where and what to write."""


@dataclass(frozen=True)
class Cron:
    """A cron expression."""

    text: str
    """As it was written."""
    fields: str
    """Five or six fields, where it was written as an alias."""
    calendars: tuple[Calendar, ...]
    """It comes round when any of these does."""

    @staticmethod
    def parse(text: str) -> "Cron":
        """Read an expression of at most 255 characters. Raises `CronError`."""
        if len(text) > MAX_LENGTH:
            raise CronError(f"must be at most {MAX_LENGTH} characters")
        fields = _spelled_out(text.strip())
        parts = fields.split()
        if len(parts) not in (5, 6):
            raise CronError(_about_count(len(parts)))
        seconds = parts.pop(0) if len(parts) == 6 else "0"
        minute, hour, day, month, weekday = parts
        clock = Calendar(
            seconds=_SECOND.values(seconds),
            minutes=_MINUTE.values(minute),
            hours=_HOUR.values(hour),
            months=_MONTH.values(month),
        )
        days = _alternatives(_DAY, day)
        weekdays = _alternatives(_WEEKDAY, weekday)
        # As in Vixie cron: either day will do, unless one of the two begins with a star and so restricts nothing.
        joined = (
            [_common(one, other) for one in days for other in weekdays]
            if _is_open(day) or _is_open(weekday)
            else [*days, *weekdays]
        )
        found = tuple(compiled for one in joined if _occurs(compiled := _common(clock, one)))
        if not found:
            on = "" if weekday in _ANY else f" on {weekday}"
            raise CronError(f"there is no such day: {day} of month {month}{on} never comes")
        return Cron(text, " ".join(fields.split()), found)

    def describe(self) -> str:
        """What it means, in English."""
        *seconds, minute, hour, day, month, weekday = self.fields.split()
        clock = Clock(_SECOND.values(*seconds or "0"), _MINUTE.values(minute), _HOUR.values(hour)).words()
        dates = [_describe_days(day, weekday), month_words(_MONTH.values(month))]
        told = ", ".join(part for part in (clock, *dates) if part)
        daily = told == clock and clock.startswith("at ") and hour not in _ANY
        return f"{told[0].upper()}{told[1:]}{' every day' if daily else ''}"


@dataclass(frozen=True)
class _Field:
    """One of the places of an expression."""

    name: str
    first: int
    last: int
    names: Mapping[str, int]

    @property
    def all(self) -> frozenset[int]:
        """Every number that there is."""
        return every(self.first, self.last)

    def values(self, text: str) -> frozenset[int]:
        """The numbers that a field's text lists. Raises `CronError`."""
        return frozenset().union(*(self.item(item) for item in self.items(text)))

    def items(self, text: str) -> list[str]:
        """The parts between commas, in capitals. Raises `CronError`."""
        items = text.upper().split(",")
        if len(items) > MAX_ITEMS:
            raise CronError(f"{self.name}: at most {MAX_ITEMS} values can be listed")
        if "" in items:
            raise CronError(f"{self.name}: {text!r} has an empty value between its commas")
        return items

    def item(self, item: str) -> frozenset[int]:
        """The numbers of one part: `*`, a value, a range, each with or without a step. Raises `CronError`."""
        span, slash, step_text = item.partition("/")
        if span in _ANY:
            first, last = self.first, self.last
        elif "-" in span:
            begin, _, end = span.partition("-")
            first, last = self._number(begin, item), self._number(end, item)
        else:
            first = self._number(span, item)
            last = self.last if slash else first
        step = self._step(step_text, item) if slash else 1
        if first == 7 and self is _WEEKDAY and last < 7:
            first = 0
        if first <= last:
            numbers = range(first, last + 1, step)
        else:  # FRI-MON, 22-6: over the end and on from the beginning
            count = self.last - self.first + 1
            numbers = range(first, last + count + 1, step)
        return frozenset(self._wrapped(number) for number in numbers)

    def _wrapped(self, number: int) -> int:
        return (number - self.first) % (self.last - self.first + 1) + self.first

    def _number(self, text: str, item: str) -> int:
        if text in self.names:
            return self.names[text]
        # Sunday is 0 and 7.
        last = 7 if self is _WEEKDAY else self.last
        if not _NUMBER.fullmatch(text) or not self.first <= int(text) <= last:
            names = f", or {next(iter(self.names))} and the like" if self.names else ""
            raise CronError(
                f"{self.name}: {item!r} is not understood: there are {self.first} to {last}{names}, "
                "ranges as 1-5, steps as */5 and lists as 1,2"
            )
        return int(text)

    def _step(self, text: str, item: str) -> int:
        most = self.last - self.first
        if not _NUMBER.fullmatch(text) or not 1 <= int(text) <= most:
            hint = '; for other intervals write "every" instead, such as "90m"' if self in _CLOCK else ""
            raise CronError(f"{self.name}: the step of {item!r} must be 1 to {most}{hint}")
        return int(text)


_SECOND = _Field("second", 0, 59, {})
_MINUTE = _Field("minute", 0, 59, {})
_HOUR = _Field("hour", 0, 23, {})
_CLOCK = (_SECOND, _MINUTE, _HOUR)
_DAY = _Field("day of month", 1, 31, {})
_MONTH = _Field("month", 1, 12, {name: number for number, name in enumerate(_MONTHS, 1)})
_WEEKDAY = _Field("day of week", 0, 6, {name: number for number, name in enumerate(_WEEKDAYS)})


def _spelled_out(text: str) -> str:
    if text.upper().startswith(("TZ=", "CRON_TZ=")):
        raise CronError("a time zone does not belong here: name it in timezone")
    if not text.startswith("@"):
        return text
    if (fields := _ALIASES.get(text.lower())) is not None:
        return fields
    if text.lower().startswith("@every"):
        raise CronError('an interval is no cron expression: write it in every, such as "15m"')
    raise CronError(f"{text!r} is not understood: there are {', '.join(_ALIASES)}")


def _about_count(count: int) -> str:
    hint = "; for years, give start_at and end_at" if count == 7 else ""
    return (
        "must have five fields (minute, hour, day of month, month, day of week), "
        f"or six with seconds before them, not {count}{hint}"
    )


def _is_open(text: str) -> bool:
    return text[0] in _ANY


def _alternatives(field: _Field, text: str) -> list[Calendar]:
    """The calendars of a field of days, each of which will do."""
    plain, special = _told_apart(field, text)
    found = [one for item in special for one in _special(field, item) or ()]
    if plain:
        found.append(Calendar(days=plain) if field is _DAY else Calendar(weekdays=plain))
    return found


def _told_apart(field: _Field, text: str) -> tuple[frozenset[int], list[str]]:
    """The numbers that a field of days lists, and its `L`, `W` and `#`. Raises `CronError`."""
    items = field.items(text)
    special = [item for item in items if _special(field, item) is not None]
    return frozenset().union(*(field.item(item) for item in items if item not in special)), special


def _special(field: _Field, item: str) -> list[Calendar] | None:
    return _special_day(item) if field is _DAY else _special_weekday(item)


def _special_day(item: str) -> list[Calendar] | None:
    """What `L`, `L-3`, `LW` and `15W` stand for; None for anything else. Raises `CronError`."""
    if item == "LW":
        return [one for length, months in _LENGTHS for one in _workday_near(length, length, months)]
    if item == "L" or item.startswith("L-"):
        before = 0 if item == "L" else _counted(item[2:], 0, 27, item)
        return [replace(months, days=frozenset({length - before})) for length, months in _LENGTHS]
    if item.endswith("W"):
        day = _counted(item[:-1], 1, 31, item)
        return [
            one for length, months in _LENGTHS if day <= length for one in _workday_near(day, length, months)
        ]
    return None


def _describe_days(day: str, weekday: str) -> str:
    """The days of both fields in words; empty for every day."""
    days, special_days = _told_apart(_DAY, day)
    weekdays, special_weekdays = _told_apart(_WEEKDAY, weekday)
    nth = [found for item in special_weekdays if (found := _nth_weekday(item)) is not None]
    of_month, of_week = day_words(days, special_days), weekday_words(weekdays, nth)
    if not (_is_open(day) or _is_open(weekday)):
        return f"{of_month}, or {of_week}"
    if days == _DAY.all:
        of_month = ""
    if weekdays == _WEEKDAY.all:
        of_week = ""
    return f"{of_month}, but only {of_week}" if of_month and of_week else of_month or of_week


def _workday_near(day: int, length: int, months: Calendar) -> list[Calendar]:
    """The day itself from Monday to Friday, else the nearest such day of the same month."""
    saturday = (day - 1, _FRIDAY) if day > 1 else (day + 2, _MONDAY)
    sunday = (day + 1, _MONDAY) if day < length else (day - 2, _FRIDAY)
    return [
        replace(months, days=frozenset({day}), weekdays=_WORKDAYS),
        *(
            replace(months, days=frozenset({near}), weekdays=frozenset({on}))
            for near, on in (saturday, sunday)
        ),
    ]


def _special_weekday(item: str) -> list[Calendar] | None:
    """What `5#3` and `5L` stand for; None for anything else. Raises `CronError`."""
    if (nth := _nth_weekday(item)) is None:
        return None
    weekdays, place = nth
    if place is None:
        return [
            replace(months, days=every(length - 6, length), weekdays=weekdays) for length, months in _LENGTHS
        ]
    return [Calendar(days=every(7 * place - 6, min(7 * place, 31)), weekdays=weekdays)]


def _nth_weekday(item: str) -> tuple[frozenset[int], int | None] | None:
    """The weekdays of `5#3` or `5L` and their place in the month, None for the last one. Raises `CronError`."""
    if item == "L":
        raise CronError("day of week: L needs a day: 5L is the last Friday, 6 is every Saturday")
    name, hash_, place = item.partition("#")
    if hash_:
        return _WEEKDAY.item(name), _counted(place, 1, 5, item)
    return (_WEEKDAY.item(item[:-1]), None) if item.endswith("L") else None


def _counted(text: str, first: int, last: int, item: str) -> int:
    if not _NUMBER.fullmatch(text) or not first <= int(text) <= last:
        raise CronError(f"{item!r} is not understood: its number must be {first} to {last}")
    return int(text)


def _common(one: Calendar, other: Calendar) -> Calendar:
    """The times of the days that are in both, at the clock times of the first."""
    years = (
        one.years if other.years is None else other.years if one.years is None else one.years & other.years
    )
    return replace(
        one,
        days=one.days & other.days,
        months=one.months & other.months,
        weekdays=one.weekdays & other.weekdays,
        years=years,
    )


def _occurs(wanted: Calendar) -> bool:
    """Whether there is such a day: any of its months has one of its days."""
    if not (wanted.days and wanted.weekdays) or wanted.years == frozenset():
        return False
    return any(months.months & wanted.months and min(wanted.days) <= length for length, months in _LENGTHS)
