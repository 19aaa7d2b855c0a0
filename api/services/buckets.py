"""Buckets of time: hours, days, weeks and months as a clock in a time zone shows them."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import islice

from api.schemas.statistics import Granularity
from gorax.core.errors import Invalid

MAX_BUCKETS = 1_000
"""Of one answer."""
USUAL = {"hour": 48, "day": 30, "week": 12, "month": 12}
"""How many there are when nobody says since when."""

_HOUR = timedelta(hours=1)
_MOMENT = timedelta(microseconds=1)


def buckets(
    begin: datetime | None, end: datetime | None, granularity: Granularity, zone: tzinfo, now: datetime
) -> list[datetime]:
    """When each bucket of a range begins, in UTC, and when the last one ends.

    The first begins at `begin` or before, the last ends at `end` or later. Without an end it is that of now, and
    without a beginning there are as many buckets as are usual. Raises `Invalid` for more than `MAX_BUCKETS`, and for
    times with which no clock can do this.
    """
    try:
        last = beginning((end - _MOMENT) if end else max(now, begin or now), granularity, zone)
        if begin is None:
            begin = last
            for _ in range(USUAL[granularity] - 1):
                begin = beginning(begin - _MOMENT, granularity, zone)
        bounds = list(islice(_bounds(begin, last, granularity, zone), MAX_BUCKETS + 2))
    except OverflowError:
        raise Invalid("from: the range must be within the years 2 to 9998") from None
    if len(bounds) > MAX_BUCKETS + 1:
        raise Invalid(
            f"from: begins more than {MAX_BUCKETS} {granularity}s before the end: "
            "take a later one, or a coarser granularity"
        )
    return bounds


def days(first: datetime, last: datetime, zone: tzinfo) -> list[datetime]:
    """When each day begins from the one of a moment to the one of another, and when that ends."""
    return list(_bounds(first, beginning(last, "day", zone), "day", zone))


def _bounds(begin: datetime, last: datetime, granularity: Granularity, zone: tzinfo) -> Iterator[datetime]:
    bound = beginning(begin, granularity, zone)
    while bound <= last:
        yield bound
        bound = _next(bound, granularity, zone)
    yield bound


def beginning(moment: datetime, granularity: Granularity, zone: tzinfo) -> datetime:
    """When the bucket begins that a moment is in, in UTC."""
    local = moment.astimezone(zone)
    if granularity == "hour":
        return moment - timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
    day = local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    if granularity == "week":
        day -= timedelta(days=day.weekday())
    elif granularity == "month":
        day = day.replace(day=1)
    return day.astimezone(UTC)


def _next(bound: datetime, granularity: Granularity, zone: tzinfo) -> datetime:
    if granularity == "hour":
        return bound + _HOUR
    # However long they are and whatever the clock does in between: well inside the next one.
    inside = bound + timedelta(days={"day": 1.5, "week": 8, "month": 40}[granularity])
    return beginning(inside, granularity, zone)
