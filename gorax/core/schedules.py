"""When a schedule runs: a cron expression, an interval or a single time, within bounds and with exceptions.

The same `Timing` makes the twin at Temporal and foretells its runs, both of them from the calendars and the interval
that it is compiled to.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import cache, cached_property
from itertools import islice
from typing import Annotated, NamedTuple, Self

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from gorax.core.calendars import FIRST_YEAR, LAST_YEAR, Calendar, Earliest, every
from gorax.core.cron import MAX_LENGTH, Cron
from gorax.core.durations import Duration
from gorax.core.expressions.dates import load_zone
from gorax.core.expressions.errors import ExpressionError

MIN_INTERVAL, MAX_INTERVAL = 1, 366 * 86_400
MAX_JITTER = 86_400
MAX_EXCLUSIONS = 50
MAX_RUNS = 100
"""That are foretold at once."""
MAX_EXCLUDED = 500
"""Days, hours or single times in a row that exclusions may take away."""
MAX_CALENDARS = 32
"""That one expression may stand for; and four times as many that all exclusions may."""
MIN_DISTANCE_WITH_EXCLUSIONS = 60
"""Seconds. Temporal looks at every time that is excluded: a year of seconds would keep it busy."""

KINDS = ("cron_expression", "every", "run_at")
"""The ways to say when; one takes the place of another."""

_SAMPLE_DAYS = range(365 * 50, 365 * 130, 10)
"""Since 1970, on which the offset of a time zone is looked up, to see whether it changes by whole hours."""

_SECOND = timedelta(seconds=1)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _zone_name(name: str) -> str:
    try:
        load_zone(name)
    except ExpressionError:
        raise ValueError(
            f'there is no time zone {name!r}: name one of the IANA database, such as "Europe/Berlin"'
        ) from None
    return name


def _cron_text(text: str) -> str:
    Cron.parse(text)
    return text


def _whole_second(moment: datetime) -> datetime:
    if not FIRST_YEAR < moment.year < LAST_YEAR:
        raise ValueError(f"must be in the years {FIRST_YEAR + 1} to {LAST_YEAR - 1}")
    whole = moment.astimezone(UTC).replace(microsecond=0)
    return whole + _SECOND if moment.microsecond else whole


def _moment(value: object) -> object:
    # Numbers would be taken for seconds since 1970, and a strict model takes no text.
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) and len(value) <= 40 else value
    except ValueError:
        moment = None
    if not isinstance(moment, datetime) or moment.tzinfo is None:
        raise ValueError('must be a date-time with an offset, such as "2027-01-31T09:00:00Z"')
    return moment


def _exclusion(text: str) -> str:
    _excluded(text)
    return text


ZoneName = Annotated[str, StringConstraints(min_length=1, max_length=64), AfterValidator(_zone_name)]
CronText = Annotated[str, StringConstraints(min_length=1, max_length=MAX_LENGTH), AfterValidator(_cron_text)]
Moment = Annotated[AwareDatetime, BeforeValidator(_moment), AfterValidator(_whole_second)]
"""A date-time with an offset, at a whole second: a fraction is rounded up, as Temporal counts in seconds."""
Exclusion = Annotated[str, StringConstraints(min_length=1, max_length=MAX_LENGTH), AfterValidator(_exclusion)]

SPENT = "leaves no time that is still to come"
"""What is wrong with the field that `Timing.spent` names."""


class Interval(NamedTuple):
    """Runs at equal distances, counted from 1970."""

    every: timedelta
    offset: timedelta

    def next(self, after: datetime) -> datetime:
        """The first of these times after a moment."""
        passed = math.floor((after - _EPOCH - self.offset) / self.every)
        return _EPOCH + self.offset + (passed + 1) * self.every


class Timing(BaseModel):
    """When a schedule runs: by exactly one of `cron_expression`, `every` and `run_at`."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    cron_expression: CronText | None = None
    """Five fields, six with leading seconds, or an alias such as @daily; see docs/cron.md."""
    every: Annotated[Duration, Field(ge=MIN_INTERVAL, le=MAX_INTERVAL)] | None = None
    """The time between two runs, in whole seconds: a duration such as 15m, up to a year."""
    offset: Annotated[Duration, Field(ge=0, le=MAX_INTERVAL)] = 0.0
    """With `every`: runs are due at its multiples since 1970, plus this."""
    run_at: Moment | None = None
    """The one time of a schedule that runs once."""
    timezone: ZoneName = "UTC"
    """The IANA time zone of the cron expression and of the exclusions."""
    jitter: Annotated[Duration, Field(ge=0, le=MAX_JITTER)] = 0.0
    """Each run begins at random up to this much later, but before the next one is due."""
    start_at: Moment | None = None
    """No run is due before it."""
    end_at: Moment | None = None
    """No run is due after it."""
    exclude: Annotated[list[Exclusion], Field(max_length=MAX_EXCLUSIONS)] = Field(default_factory=list)
    """Dates such as 2027-12-25, on which nothing runs, and cron expressions, in whose minutes nothing does."""

    @model_validator(mode="after")
    def _is_possible(self) -> Self:
        given = [name for name in KINDS if getattr(self, name) is not None]
        if len(given) != 1:
            found = f", not {' and '.join(given)}" if given else ""
            raise ValueError(f"give exactly one of cron_expression, every and run_at{found}")
        for name in ("every", "offset"):
            if (value := getattr(self, name)) is not None and value != int(value):
                raise ValueError(f"{name}: must be whole seconds")
        if self.offset and self.every is None:
            raise ValueError("offset: belongs to every, which is not given")
        if self.every is not None and self.offset >= self.every:
            raise ValueError("offset: must be less than every")
        if self.run_at is not None and (self.start_at or self.end_at or self.exclude):
            raise ValueError("run_at: a single run has no start_at, end_at or exclude")
        if self.start_at and self.end_at and self.end_at < self.start_at:
            raise ValueError("end_at: must not be before start_at")
        if len(self._written) > MAX_CALENDARS:
            raise ValueError("cron_expression: lists too many of L, W and #: make several schedules of it")
        if len(self.excluded) > 4 * MAX_CALENDARS:
            raise ValueError("exclude: lists too many of L, W and #")
        if self.exclude and self._distance < MIN_DISTANCE_WITH_EXCLUSIONS:
            raise ValueError("exclude: not possible for what runs more often than once a minute")
        if next(self.runs_after(self.start_at or _EPOCH), None) is None:
            raise ValueError("it would never run: start_at, end_at and exclude leave no time of it")
        return self

    @property
    def zone(self) -> tzinfo:
        """What `calendars` and `excluded` are local times of."""
        return load_zone(self.zone_name).rules or UTC

    @property
    def zone_name(self) -> str:
        """The name of `zone`: `timezone`, or UTC for times that do not depend on it."""
        return "UTC" if self.run_at is not None or self._minutes_ahead is not None else self.timezone

    @cached_property
    def calendars(self) -> tuple[Calendar, ...]:
        """The local times of a cron expression or of `run_at`."""
        if self.run_at is not None:
            return (_single(self.run_at.astimezone(UTC)),)
        ahead = self._minutes_ahead
        return self._written if ahead is None else tuple(one.earlier(ahead) for one in self._written)

    @cached_property
    def _written(self) -> tuple[Calendar, ...]:
        return () if self.cron_expression is None else Cron.parse(self.cron_expression).calendars

    @cached_property
    def _minutes_ahead(self) -> int | None:
        """Of what runs in every hour: how many minutes past UTC's hour the zone's hour begins, if always as many.

        In UTC it goes on evenly where the clock changes: told in the zone, Temporal would leave out runs in autumn
        east of Greenwich. None for what has to be told in the zone.
        """
        if self.exclude or not self._written or not all(one.hourly for one in self._written):
            return None
        return _minutes_ahead(self.timezone)

    @cached_property
    def interval(self) -> Interval | None:
        """The interval of `every`."""
        if self.every is None:
            return None
        return Interval(timedelta(seconds=self.every), timedelta(seconds=self.offset))

    @cached_property
    def excluded(self) -> tuple[Calendar, ...]:
        """The local times that are left out."""
        return tuple(one for text in self.exclude for one in _excluded(text))

    def next_runs(self, after: datetime, count: int) -> list[datetime]:
        """Up to `count` (at most 100) runs that are due after a moment, in UTC; jitter is not foretold."""
        return list(islice(self.runs_after(after), min(count, MAX_RUNS)))

    def runs_after(self, after: datetime) -> Iterator[datetime]:
        """The runs that are due after a moment, in UTC, one after the other."""
        if self.start_at is not None:
            after = max(after, self.start_at - _SECOND)
        excluded = 0
        coming = Earliest(self.calendars, self.zone)
        while excluded < MAX_EXCLUDED and (due := self._next(after, coming)) is not None:
            if self.end_at is not None and due > self.end_at:
                return
            local = due.astimezone(self.zone)
            reason = next((one for one in self.excluded if one.has(local)), None)
            if reason is None:
                excluded = 0
                yield due
                after = due
            else:
                excluded += 1
                after = max(due, reason.end_of(local))

    def spent(self, now: datetime) -> str | None:
        """What leaves no time that is still to come: the name of a field, or None when there are such times.

        Such a schedule would wait for ever, and look as if it were to run.
        """
        if self.next_runs(now, 1):
            return None
        return next(name for name in ("run_at", "end_at", "exclude", *KINDS) if getattr(self, name))

    @property
    def _distance(self) -> float:
        """Seconds between two runs at least, as far as minutes are concerned."""
        if self.every is not None:
            return self.every
        return min((60 / len(one.seconds) for one in self._written), default=60)

    def _next(self, after: datetime, coming: Earliest) -> datetime | None:
        if self.interval is not None:
            due = self.interval.next(after)
            return due if due.year <= LAST_YEAR else None
        return coming.next(after)


@cache
def _minutes_ahead(timezone: str) -> int | None:
    rules = load_zone(timezone).rules or UTC
    seen = {
        moment.astimezone(rules).utcoffset()
        for moment in (_EPOCH + timedelta(days=day) for day in _SAMPLE_DAYS)
    }
    ahead = {offset.total_seconds() % 3600 for offset in seen if offset is not None}
    return int(ahead.pop()) // 60 if len(ahead) == 1 else None


def _single(local: datetime) -> Calendar:
    return Calendar(
        seconds=frozenset({local.second}),
        minutes=frozenset({local.minute}),
        hours=frozenset({local.hour}),
        days=frozenset({local.day}),
        months=frozenset({local.month}),
        years=frozenset({local.year}),
    )


def _excluded(text: str) -> tuple[Calendar, ...]:
    """The calendars of an exclusion. Raises `ValueError`."""
    whole = every(0, 59)
    if not _DATE.fullmatch(text):
        cron = Cron.parse(text)
        if len(cron.fields.split()) == 6:
            return cron.calendars
        return tuple(replace(one, seconds=whole) for one in cron.calendars)
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"there is no date {text}") from None
    return (
        Calendar(
            seconds=whole,
            days=frozenset({day.day}),
            months=frozenset({day.month}),
            years=frozenset({day.year}),
        ),
    )
