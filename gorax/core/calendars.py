"""Calendar specs: sets of local times, and when they come round, exactly as Temporal's schedules see it.

Temporal fires what its own arithmetic says. Ours follows it through clock changes too, so that what is promised for a
schedule is what fires: see docs/cron.md, and the tests, which hold both against each other.
"""

import calendar
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import pairwise

FIRST_YEAR, LAST_YEAR = 2000, 2100
"""Temporal's calendars know these years."""

_SECOND = timedelta(seconds=1)
_HOUR = timedelta(hours=1)


def every(first: int, last: int) -> frozenset[int]:
    """All numbers from one to another."""
    return frozenset(range(first, last + 1))


@dataclass(frozen=True)
class Calendar:
    """The local times whose every field is in the field's set."""

    seconds: frozenset[int] = frozenset({0})
    minutes: frozenset[int] = every(0, 59)
    hours: frozenset[int] = every(0, 23)
    days: frozenset[int] = every(1, 31)
    """Of the month."""
    months: frozenset[int] = every(1, 12)
    weekdays: frozenset[int] = every(0, 6)
    """0 is Sunday."""
    years: frozenset[int] | None = None
    """None for all."""

    @property
    def hourly(self) -> bool:
        """Whether it is the same in each hour of all days."""
        whole = Calendar()
        return replace(self, seconds=whole.seconds, minutes=whole.minutes) == whole

    def earlier(self, minutes: int) -> "Calendar":
        """An hourly calendar, moved."""
        return replace(self, minutes=frozenset((minute - minutes) % 60 for minute in self.minutes))

    def has(self, local: datetime) -> bool:
        """Whether a local time is one of these."""
        return (
            (self.years is None or local.year in self.years)
            and local.month in self.months
            and local.day in self.days
            and _weekday(local) in self.weekdays
            and local.hour in self.hours
            and local.minute in self.minutes
            and local.second in self.seconds
        )

    def end_of(self, local: datetime) -> datetime:
        """How long a local time and all that follow it are of these: to the end of the day, of the hour, or not."""
        if self.seconds != every(0, 59) or self.minutes != every(0, 59):
            return local
        hour = 23 if self.hours == every(0, 23) else local.hour
        return local.replace(hour=hour, minute=59, second=59)

    def next(self, after: datetime, zone: tzinfo) -> datetime | None:
        """The first of these times after a moment, in UTC; None when there is none up to the year 2100."""
        after = after.astimezone(UTC).replace(microsecond=0)
        return _Search(self, after, zone).run()


class _Search:
    """Goes from field to field, from the outermost one inwards, until all match."""

    def __init__(self, wanted: Calendar, after: datetime, zone: tzinfo) -> None:
        self._wanted = wanted
        self._zone = zone
        local = after.astimezone(zone)
        self._year, self._month, self._day = local.year, local.month, local.day
        self._hour, self._minute, self._second = local.hour, local.minute, local.second + 1
        # In the second round of a repeated hour all that is found lies an hour later than its clock time says.
        self._repeated = (after - _HOUR).astimezone(zone).hour == local.hour

    def run(self) -> datetime | None:
        wanted = self._wanted
        while True:
            self._carry()
            if self._year > LAST_YEAR:
                return None
            if wanted.years is not None and self._year not in wanted.years:
                self._begin_year(self._year + 1)
            elif self._month not in wanted.months:
                self._begin_month(self._month + 1)
            elif self._day not in wanted.days or _weekday(self._local()) not in wanted.weekdays:
                self._begin_day(self._day + 1)
            elif self._hour not in wanted.hours:
                self._begin_hour(self._hour + 1)
                self._repeated = False
            elif self._minute not in wanted.minutes:
                self._minute, self._second = self._minute + 1, 0
            elif self._second not in wanted.seconds:
                self._second += 1
            elif self._local().hour != self._hour:  # a time that the clock leaves out
                self._begin_hour(self._hour + 1)
            else:
                return self._moment() + (_HOUR if self._repeated else timedelta())

    def _carry(self) -> None:
        if self._second >= 60:
            self._minute, self._second = self._minute + 1, 0
        if self._minute >= 60:
            self._next_hour()
        if self._hour >= 24:
            self._day, self._hour = self._day + 1, 0
        if self._month <= 12 and self._day > calendar.monthrange(self._year, self._month)[1]:
            self._month, self._day = self._month + 1, 1
        if self._month > 12:
            self._year, self._month = self._year + 1, 1

    def _next_hour(self) -> None:
        here = self._at(self._hour, 0, 0)
        there = self._at(self._hour + 1, 0, 0)
        self._minute = 0
        if not self._repeated and there - here > _HOUR:
            self._repeated = True  # the clock shows this hour a second time
        else:
            self._hour += 1
            self._repeated = False

    def _begin_year(self, year: int) -> None:
        self._year = year
        self._begin_month(1)

    def _begin_month(self, month: int) -> None:
        self._month = month
        self._begin_day(1)

    def _begin_day(self, day: int) -> None:
        self._day = day
        self._begin_hour(0)
        self._repeated = False

    def _begin_hour(self, hour: int) -> None:
        self._hour, self._minute, self._second = hour, 0, 0

    def _at(self, hour: int, minute: int, second: int) -> datetime:
        """The moment that Temporal takes a clock time for, one that occurs twice or never included."""
        clock = datetime(self._year, self._month, self._day, tzinfo=UTC) + timedelta(
            hours=hour, minutes=minute, seconds=second
        )
        guess = clock - _offset(clock, self._zone)
        return clock - _offset(guess, self._zone)

    def _moment(self) -> datetime:
        return self._at(self._hour, self._minute, self._second)

    def _local(self) -> datetime:
        return self._moment().astimezone(self._zone)


def ranges(values: Iterable[int]) -> tuple[tuple[int, int, int], ...]:
    """Numbers as ranges: first, last and step of each."""
    numbers = sorted(values)
    steps = {later - earlier for earlier, later in pairwise(numbers)}
    if len(steps) == 1:
        return ((numbers[0], numbers[-1], steps.pop()),)
    found: list[tuple[int, int, int]] = []
    for number in numbers:
        if found and found[-1][1] == number - 1:
            found[-1] = (found[-1][0], number, 1)
        else:
            found.append((number, number, 1))
    return tuple(found)


class Earliest:
    """The times of several calendars, asked for after one moment and then after later ones.

    A calendar is searched again only once its time has passed: most of those that `L` and `W` stand for are far off.
    """

    def __init__(self, calendars: Iterable[Calendar], zone: tzinfo) -> None:
        self._zone = zone
        self._coming: list[tuple[Calendar, datetime]] = []
        self._unsearched = list(calendars)

    def next(self, after: datetime) -> datetime | None:
        """The first time of any calendar after a moment that is no earlier than the one before."""
        passed = [one for one, due in self._coming if due <= after]
        self._coming = [(one, due) for one, due in self._coming if due > after]
        for one in (*self._unsearched, *passed):
            if (due := one.next(after, self._zone)) is not None:
                self._coming.append((one, due))
        self._unsearched = []
        return min((due for _, due in self._coming), default=None)


def _offset(moment: datetime, zone: tzinfo) -> timedelta:
    offset = moment.astimezone(zone).utcoffset()
    assert offset is not None
    return offset


def _weekday(moment: datetime) -> int:
    return moment.isoweekday() % 7
