"""Buckets of time, as clocks show them."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from api.schemas.statistics import Granularity
from api.schemas.times import zone_of
from api.services.buckets import MAX_BUCKETS, USUAL, buckets, days
from gorax.core.errors import Invalid

BERLIN, KOLKATA, HAVANA = map(zone_of, ("Europe/Berlin", "Asia/Kolkata", "America/Havana"))
NOW = datetime(2026, 3, 30, 9, 41, 7, tzinfo=UTC)


def test_days_are_as_long_as_clocks_make_them() -> None:
    bounds = buckets(
        datetime(2026, 3, 27, 23, tzinfo=UTC), datetime(2026, 3, 30, 22, tzinfo=UTC), "day", BERLIN, NOW
    )
    assert [bound.isoformat() for bound in bounds] == [
        "2026-03-27T23:00:00+00:00",
        "2026-03-28T23:00:00+00:00",
        "2026-03-29T22:00:00+00:00",  # the clocks went forward
        "2026-03-30T22:00:00+00:00",
    ]


def test_a_day_may_begin_at_one() -> None:
    # Havana's clocks go from midnight to one, and in November from one back to midnight.
    for month, day, lengths in ((3, 9, [24, 23, 24]), (11, 2, [24, 25, 24])):
        begin = datetime(2024, month, day, 12, tzinfo=HAVANA)
        bounds = days(begin, begin + timedelta(days=2), HAVANA)
        assert [(end - start) / timedelta(hours=1) for start, end in pairwise(bounds)] == lengths


@pytest.mark.parametrize("granularity", ["hour", "day", "week", "month"])
@pytest.mark.parametrize("zone", [UTC, BERLIN, KOLKATA, HAVANA])
def test_without_a_range_there_are_as_many_as_are_usual_up_to_now(
    granularity: Granularity, zone: object
) -> None:
    bounds = buckets(None, None, granularity, zone, NOW)  # type: ignore[arg-type]
    assert len(bounds) == USUAL[granularity] + 1
    assert bounds[-2] <= NOW < bounds[-1]
    assert all(one < other for one, other in pairwise(bounds))
    first = bounds[0].astimezone(zone)  # type: ignore[arg-type]
    assert (first.minute, first.second, first.microsecond) == (0, 0, 0)
    if granularity != "hour":
        assert first.hour == 0
    if granularity == "week":
        assert first.weekday() == 0
    if granularity == "month":
        assert first.day == 1


def test_a_range_is_covered_and_no_more() -> None:
    begin, end = datetime(2026, 2, 3, 4, 5, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC)
    months = buckets(begin, end, "month", UTC, NOW)
    assert [bound.isoformat()[:10] for bound in months] == ["2026-02-01", "2026-03-01", "2026-04-01"]
    assert buckets(end, None, "day", UTC, NOW) == [end, end + timedelta(days=1)]


def test_bounds() -> None:
    begin = datetime(2020, 1, 1, tzinfo=UTC)
    assert len(buckets(begin, begin + timedelta(hours=MAX_BUCKETS), "hour", UTC, NOW)) == MAX_BUCKETS + 1
    with pytest.raises(Invalid, match="from: begins more than 1000 hours before the end"):
        buckets(begin, begin + timedelta(hours=MAX_BUCKETS, seconds=1), "hour", UTC, NOW)
    with pytest.raises(Invalid, match="from: begins more than 1000 days"):
        buckets(datetime(2, 1, 1, tzinfo=UTC), None, "day", HAVANA, NOW)
    for moment in (datetime(1, 1, 1, 1, tzinfo=UTC), datetime(9999, 12, 30, 23, tzinfo=UTC)):
        for granularity in ("hour", "month"):
            try:
                buckets(None, moment, granularity, HAVANA, NOW)
            except Invalid as error:
                assert "years 2 to 9998" in str(error)  # noqa: PT017 - either is right, nothing else
