"""When schedules run, as Temporal is told: in calendars and intervals. A user's cron text it would read otherwise."""

from dataclasses import dataclass
from datetime import timedelta

from temporalio.api.schedule.v1 import ScheduleSpec as ScheduleSpecMessage
from temporalio.client import ScheduleCalendarSpec, ScheduleIntervalSpec, ScheduleRange, ScheduleSpec

from gorax.core.calendars import Calendar, ranges
from gorax.core.expressions.dates import zone_data
from gorax.core.schedules import Timing


@dataclass
class _ZonedSpec(ScheduleSpec):
    """A specification that brings the rules of its time zone along.

    The server would take those of its own copy of the time zone database, which is older or newer than the one that
    runs were foretold by. The SDK has no field for what its message has one for, hence the message made here.
    """

    def _to_proto(self) -> ScheduleSpecMessage:
        message = super()._to_proto()
        if self.time_zone_name and self.time_zone_name != "UTC":
            message.timezone_data = zone_data(self.time_zone_name)
        return message


def spec_of(timing: Timing) -> ScheduleSpec:
    """The times at which Temporal begins runs: those that the timing foretells."""
    interval = timing.interval
    return _ZonedSpec(
        calendars=[_calendar(one) for one in timing.calendars],
        intervals=[] if interval is None else [ScheduleIntervalSpec(interval.every, interval.offset)],
        skip=[_calendar(one) for one in timing.excluded],
        start_at=timing.start_at,
        end_at=timing.end_at,
        jitter=timedelta(seconds=timing.jitter) or None,
        time_zone_name=timing.zone_name,
    )


def _calendar(wanted: Calendar) -> ScheduleCalendarSpec:
    return ScheduleCalendarSpec(
        second=_ranges(wanted.seconds),
        minute=_ranges(wanted.minutes),
        hour=_ranges(wanted.hours),
        day_of_month=_ranges(wanted.days),
        month=_ranges(wanted.months),
        day_of_week=_ranges(wanted.weekdays),
        year=() if wanted.years is None else _ranges(wanted.years),
    )


def _ranges(values: frozenset[int]) -> list[ScheduleRange]:
    return [ScheduleRange(first, last, step) for first, last, step in ranges(values)]
