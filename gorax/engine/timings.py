"""When schedules run, as Temporal is told: in calendars and intervals. A user's cron text it would read otherwise."""

from datetime import timedelta

from temporalio.client import ScheduleCalendarSpec, ScheduleIntervalSpec, ScheduleRange, ScheduleSpec

from gorax.core.calendars import Calendar, ranges
from gorax.core.schedules import Timing


def spec_of(timing: Timing) -> ScheduleSpec:
    """The times at which Temporal begins runs: those that the timing foretells."""
    interval = timing.interval
    return ScheduleSpec(
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
