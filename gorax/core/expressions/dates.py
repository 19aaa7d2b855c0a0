"""Dates, durations and time zones, after Go's package time: integers of nanoseconds and a zone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from importlib import resources
from io import BytesIO
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from .errors import ExpressionError

SECOND: Final = 1_000_000_000
MINUTE: Final = 60 * SECOND
HOUR: Final = 3600 * SECOND
DAY_SECONDS: Final = 86_400

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_ORDINAL: Final = date(1970, 1, 1).toordinal()
# The Gregorian calendar repeats every 400 years; the year 0, which a bare time of day falls into and Python's
# calendar lacks, is computed as the year 400.
_CYCLE_DAYS: Final = 146_097
_FIRST_SECOND: Final = (date(400, 1, 1).toordinal() - _CYCLE_DAYS - _EPOCH_ORDINAL) * DAY_SECONDS
_LAST_SECOND: Final = (date(9999, 12, 31).toordinal() - _EPOCH_ORDINAL + 1) * DAY_SECONDS - 1
_MAX_DURATION: Final = 2**63 - 1

_UNITS: Final = {
    "ns": 1,
    "us": 1000,
    "µs": 1000,
    "μs": 1000,
    "ms": 1_000_000,
    "s": SECOND,
    "m": MINUTE,
    "h": HOUR,
    "d": 24 * HOUR,
}
_DURATION: Final = re.compile(r"([+-]?)((?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:ns|us|µs|μs|ms|s|m|h|d))+|0)")
_DURATION_PART: Final = re.compile(r"([0-9]*)\.?([0-9]*)(ns|us|µs|μs|ms|s|m|h|d)")
_ZONE_NAME: Final = re.compile(r"[A-Za-z0-9_+-]{1,32}(/[A-Za-z0-9_+-]{1,32}){0,3}")


@dataclass(frozen=True, slots=True, order=True)
class Duration:
    """A span of time; at most about 292 years, as in Go."""

    ns: int

    def __post_init__(self) -> None:
        if abs(self.ns) > _MAX_DURATION:
            raise ExpressionError("the duration is longer than 292 years")

    def __str__(self) -> str:
        if self.ns == 0:
            return "0s"
        sign, ns = ("-", -self.ns) if self.ns < 0 else ("", self.ns)
        if ns < SECOND:
            unit, size = ("ns", 1) if ns < 1000 else ("µs", 1000) if ns < 1_000_000 else ("ms", 1_000_000)
            return f"{sign}{_decimal(ns, size)}{unit}"
        hours, rest = divmod(ns, HOUR)
        minutes, rest = divmod(rest, MINUTE)
        seconds = f"{_decimal(rest, SECOND)}s"
        if hours:
            return f"{sign}{hours}h{minutes}m{seconds}"
        return f"{sign}{minutes}m{seconds}" if minutes else f"{sign}{seconds}"


@dataclass(frozen=True, slots=True)
class Zone:
    """A time zone; ``rules`` of None means a fixed ``offset`` in seconds."""

    name: str
    rules: tzinfo | None = None
    offset: int = 0

    def at(self, second: int) -> tuple[int, str]:
        """Offset from UTC in seconds and abbreviation at a Unix time."""
        if self.rules is None:
            return self.offset, self.name
        return _offset(_EPOCH + timedelta(seconds=_in_calendar(second)), self.rules)

    def local(self, second: int) -> int:
        """The Unix time at which a clock of this zone shows what UTC's shows at ``second``."""
        if self.rules is None:
            return second - self.offset
        shown = (_EPOCH + timedelta(seconds=_in_calendar(second))).replace(tzinfo=self.rules)
        offset = shown.utcoffset()
        return second - (int(offset.total_seconds()) if offset else 0)


UTC_ZONE: Final = Zone("UTC")


class Civil(NamedTuple):
    """What a calendar and a clock on the wall show."""

    year: int
    month: int
    day: int
    hour: int
    minute: int
    second: int
    weekday: int
    """0 is Sunday."""
    year_day: int
    """1 is the first of January."""


@dataclass(frozen=True, slots=True)
class Date:
    """An instant (``ns`` since 1970 in UTC) and the zone it is shown in; years 0 to 9999."""

    ns: int
    zone: Zone = UTC_ZONE

    def __post_init__(self) -> None:
        if not _FIRST_SECOND <= self.ns // SECOND <= _LAST_SECOND:
            raise ExpressionError("the date is outside the years 0 to 9999")

    def civil(self) -> Civil:
        """Calendar and clock in the date's zone."""
        second = self.ns // SECOND
        return civil(second + self.zone.at(second)[0])

    def rfc3339(self) -> str:
        """In UTC, with as many digits of a second as needed."""
        c = civil(self.ns // SECOND)
        fraction = f"{self.ns % SECOND:09}".rstrip("0")
        clock = f"{c.hour:02}:{c.minute:02}:{c.second:02}{'.' if fraction else ''}{fraction}"
        return f"{c.year:04}-{c.month:02}-{c.day:02}T{clock}Z"


def civil(second: int) -> Civil:
    """The calendar at a Unix time (in UTC)."""
    days, clock = divmod(second, DAY_SECONDS)
    ordinal, cycle = days + _EPOCH_ORDINAL, 0
    if ordinal < 1:
        ordinal, cycle = ordinal + _CYCLE_DAYS, 400
    elif ordinal > date.max.toordinal():
        ordinal, cycle = ordinal - _CYCLE_DAYS, -400
    day = date.fromordinal(ordinal)
    hour, rest = divmod(clock, 3600)
    minute, seconds = divmod(rest, 60)
    year_day = day.toordinal() - date(day.year, 1, 1).toordinal() + 1
    weekday = day.isoweekday() % 7
    return Civil(day.year - cycle, day.month, day.day, hour, minute, seconds, weekday, year_day)


def unix_second(year: int, month: int, day: int, hour: int, minute: int, second: int) -> int:
    """The Unix time of a calendar date in UTC; raises ValueError for one that does not exist."""
    cycle = 400 if year < 1 else 0
    days = date(year + cycle, month, day).toordinal() - _EPOCH_ORDINAL - (_CYCLE_DAYS if cycle else 0)
    return days * DAY_SECONDS + hour * 3600 + minute * 60 + second


def from_datetime(moment: datetime) -> Date:
    """A Python datetime; one without a zone is taken for UTC."""
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    passed = moment - _EPOCH
    seconds = passed.days * DAY_SECONDS + passed.seconds
    return Date(seconds * SECOND + passed.microseconds * 1000)


def parse_duration(text: str) -> Duration:
    """``1h30m``, ``-1.5s``, ``300ms``; beyond Go also ``d`` for 24 hours."""
    match = _DURATION.fullmatch(text) if len(text) <= 64 else None
    if match is None:
        raise ExpressionError(f"invalid duration {text[:64]!r}: write for example '1h30m', '45s' or '300ms'")
    total = 0
    for whole, fraction, unit in _DURATION_PART.findall(match[2]):
        size = _UNITS[unit]
        total += int(whole or 0) * size + int(fraction or 0) * size // 10 ** len(fraction)
    return Duration(-total if match[1] == "-" else total)


@lru_cache(maxsize=256)
def load_zone(name: str) -> Zone:
    """A zone of the IANA database, from the pinned ``tzdata`` package: machines differ, replays must not."""
    if name in ("", "UTC"):
        return UTC_ZONE
    data = zone_data(name)
    try:
        return Zone(name, ZoneInfo.from_file(BytesIO(data), key=name))
    except ValueError as error:
        raise ExpressionError(f"unknown time zone {name!r}") from error


def zone_data(name: str) -> bytes:
    """The rules of a zone as the ``tzdata`` package holds them, in the format of RFC 9636 (TZif)."""
    if _ZONE_NAME.fullmatch(name) is None:
        raise ExpressionError(f"unknown time zone {name[:64]!r}")
    try:
        return resources.files("tzdata").joinpath("zoneinfo", *name.split("/")).read_bytes()
    except OSError as error:
        raise ExpressionError(f"unknown time zone {name!r}") from error


def _in_calendar(second: int) -> int:
    # Zones are asked through Python's calendar, which ends on both sides before ours does.
    return min(max(second, _FIRST_SECOND + 368 * DAY_SECONDS), _LAST_SECOND - 2 * DAY_SECONDS)


def _offset(moment: datetime, rules: tzinfo) -> tuple[int, str]:
    local = moment.astimezone(rules)
    offset = local.utcoffset()
    return int(offset.total_seconds()) if offset else 0, local.tzname() or ""


def _decimal(ns: int, size: int) -> str:
    whole, rest = divmod(ns, size)
    if rest == 0:
        return str(whole)
    digits = len(str(size)) - 1
    return f"{whole}.{rest:0{digits}}".rstrip("0")
