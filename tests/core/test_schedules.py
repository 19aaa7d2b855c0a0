"""Timings: what is due when, and which ones are refused."""

import time
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from gorax.core.schedules import Timing

NOW = datetime(2027, 1, 1, 12, tzinfo=UTC)


def due(count: int = 3, after: datetime = NOW, **timing: Any) -> list[str]:
    return [f"{run:%Y-%m-%d %H:%M:%S}" for run in Timing(**timing).next_runs(after, count)]


def test_a_cron_expression_follows_its_zone() -> None:
    nine: dict[str, Any] = {"cron_expression": "0 9 * * *", "timezone": "America/New_York"}
    assert due(1, **nine) == ["2027-01-01 14:00:00"]
    assert due(1, datetime(2027, 7, 1, tzinfo=UTC), **nine) == ["2027-07-01 13:00:00"]


def test_intervals_are_counted_from_1970() -> None:
    assert due(every="15m") == ["2027-01-01 12:15:00", "2027-01-01 12:30:00", "2027-01-01 12:45:00"]
    assert due(2, every="24h", offset="14h") == ["2027-01-01 14:00:00", "2027-01-02 14:00:00"]
    assert due(2, every="7h", offset="5m") == ["2027-01-01 18:05:00", "2027-01-02 01:05:00"]


def test_a_single_time_comes_once() -> None:
    assert due(run_at="2027-03-28T02:30:00+02:00", timezone="Europe/Berlin") == ["2027-03-28 00:30:00"]
    assert due(run_at="2026-12-31T00:00:00Z") == []


def test_both_ends_belong_to_the_range() -> None:
    ends: dict[str, Any] = {"start_at": "2027-01-03T06:00:00Z", "end_at": "2027-01-04T06:00:00Z"}
    assert due(5, cron_expression="0 6 * * *", **ends) == ["2027-01-03 06:00:00", "2027-01-04 06:00:00"]
    assert due(5, every="1d", offset="6h", **ends) == ["2027-01-03 06:00:00", "2027-01-04 06:00:00"]


def test_a_fraction_of_a_second_is_rounded_up() -> None:
    assert due(1, cron_expression="0 6 * * *", start_at="2027-01-03T06:00:00.5Z") == ["2027-01-04 06:00:00"]


def test_days_and_minutes_can_be_left_out() -> None:
    daily: dict[str, Any] = {"cron_expression": "0 9 * * *", "exclude": ["2027-01-02", "* * 4 1 *"]}
    assert due(3, **daily) == ["2027-01-03 09:00:00", "2027-01-05 09:00:00", "2027-01-06 09:00:00"]
    assert due(2, every="6h", exclude=["* 18-23 * * *"]) == ["2027-01-02 00:00:00", "2027-01-02 06:00:00"]


def test_what_is_left_out_is_a_day_of_the_zone() -> None:
    timing: dict[str, Any] = {
        "cron_expression": "0 20 * * *",
        "timezone": "America/New_York",
        "exclude": ["2027-01-01"],
    }
    assert due(1, **timing) == ["2027-01-03 01:00:00"]


def test_an_hour_that_is_left_out_has_no_run_and_one_that_comes_twice_has_two() -> None:
    """As Temporal's schedules do it west of Greenwich; docs/cron.md tells of the rest."""
    half_past_two: dict[str, Any] = {"cron_expression": "30 2 * * *", "timezone": "America/New_York"}
    assert due(2, datetime(2027, 3, 13, 12, tzinfo=UTC), **half_past_two) == [
        "2027-03-15 06:30:00",
        "2027-03-16 06:30:00",
    ]
    half_past_one: dict[str, Any] = {"cron_expression": "30 1 * * *", "timezone": "America/New_York"}
    assert due(3, datetime(2027, 11, 6, 12, tzinfo=UTC), **half_past_one) == [
        "2027-11-07 05:30:00",
        "2027-11-07 06:30:00",
        "2027-11-08 06:30:00",
    ]
    east: dict[str, Any] = {"cron_expression": "30 2 * * *", "timezone": "Europe/Berlin"}
    assert due(2, datetime(2027, 10, 30, 12, tzinfo=UTC), **east) == [
        "2027-10-31 01:30:00",
        "2027-11-01 01:30:00",
    ]


CHANGES = [datetime(2027, month, day, 20, tzinfo=UTC) for month, day in ((3, 13), (3, 27), (10, 30), (11, 6))]


@pytest.mark.parametrize(
    "zone", ["America/New_York", "Europe/Berlin", "Asia/Kolkata", "Pacific/Chatham", "UTC"]
)
def test_what_runs_in_every_hour_never_pauses(zone: str) -> None:
    """Also where the clock changes: Temporal alone would pause for an hour in Berlin."""
    timing = Timing(cron_expression="5-59/20 * * * *", timezone=zone)
    for change in CHANGES:
        for hour in range(16):
            runs = timing.next_runs(change + timedelta(hours=hour), 3)
            assert [after - before for before, after in pairwise(runs)] == [timedelta(minutes=20)] * 2
            assert {run.astimezone(ZoneInfo(zone)).minute for run in runs} == {5, 25, 45}


@pytest.mark.parametrize(
    ("timing", "message"),
    [
        ({}, "give exactly one of cron_expression, every and run_at"),
        ({"every": "1h", "cron_expression": "@daily"}, "not cron_expression and every"),
        ({"every": "1.5s"}, "every: must be whole seconds"),
        ({"every": "500ms"}, "greater than or equal to 1"),
        ({"every": "400d"}, "less than or equal to 31622400"),
        ({"every": "1h", "offset": "1h"}, "offset: must be less than every"),
        ({"cron_expression": "@daily", "offset": "1h"}, "offset: belongs to every"),
        ({"cron_expression": "61 * * * *"}, "minute: '61'"),
        ({"cron_expression": "@daily", "timezone": "Mars/Olympus"}, "there is no time zone 'Mars/Olympus'"),
        ({"cron_expression": "@daily", "timezone": "../../etc/passwd"}, "there is no time zone"),
        ({"cron_expression": "@daily", "timezone": ""}, "at least 1 character"),
        ({"run_at": "2027-01-01"}, "must be a date-time with an offset"),
        ({"run_at": "2027-01-01T00:00:00"}, "must be a date-time with an offset"),
        ({"run_at": 1_800_000_000}, "must be a date-time with an offset"),
        ({"run_at": "0001-01-01T00:00:00+14:00"}, "must be in the years"),
        ({"run_at": "9999-12-31T23:59:59-14:00"}, "must be in the years"),
        ({"run_at": "2027-01-01T00:00:00Z", "exclude": ["2027-01-01"]}, "a single run has no"),
        ({"every": "1h", "start_at": "2027-01-02T00:00:00Z", "end_at": "2027-01-01T00:00:00Z"}, "end_at"),
        (
            {
                "cron_expression": "0 0 29 2 *",
                "start_at": "2029-01-01T00:00:00Z",
                "end_at": "2031-01-01T00:00:00Z",
            },
            "would never run",
        ),
        ({"cron_expression": "0 9 * * *", "exclude": ["0 9 * * *"]}, "would never run"),
        ({"cron_expression": "* * * * * *", "exclude": ["2027-01-01"]}, "more often than once a minute"),
        ({"every": "30s", "exclude": ["2027-01-01"]}, "more often than once a minute"),
        ({"every": "1h", "exclude": ["2027-02-30"]}, "there is no date 2027-02-30"),
        ({"every": "1h", "exclude": ["christmas"]}, "must have five fields"),
        ({"every": "1h", "exclude": ["2027-01-01"] * 51}, "at most 50"),
        ({"every": "1h", "jitter": "2d"}, "less than or equal to 86400"),
        ({"every": "1h", "retries": 3}, "Extra inputs"),
    ],
)
def test_what_is_refused(timing: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        Timing(**timing)


def test_the_costliest_timing_is_checked_quickly() -> None:
    """CPU time: other processes may have the machine."""
    began = time.process_time()
    with pytest.raises(ValidationError, match="would never run"):
        Timing(
            cron_expression="* * L * 1L,2L,3L,4L,5L,6L,0L",
            timezone="Australia/Lord_Howe",
            exclude=[*["0 0 LW,1W * 1L"] * 4, "*/2 * * * *", "1/2 * * * *"],
        )
    with pytest.raises(ValidationError, match="too many of L, W and #"):
        Timing(cron_expression="0 0 LW,1W,2W,3W * 1L")
    with pytest.raises(ValidationError, match="exclude: lists too many"):
        Timing(cron_expression="@daily", exclude=["0 0 LW,1W,2W * 1L"] * 50)
    assert time.process_time() - began < 3


def test_the_costliest_run_is_foretold_quickly() -> None:
    """CPU time: other processes may have the machine."""
    began = time.process_time()
    runs = due(
        1,
        cron_expression="* * LW,1W,L,L-1 * *",
        exclude=["0-58 0-7 * * *", "59 0-7 * * *"],
        start_at="2027-11-01T00:00:00Z",
    )
    assert runs == ["2027-11-01 08:00:00"]
    assert time.process_time() - began < 1


def test_long_stretches_can_be_left_out() -> None:
    minutes: dict[str, Any] = {
        "cron_expression": "* * * * *",
        "exclude": ["* * * * SAT,SUN", "* 0-7,18-23 * * *"],
    }
    assert due(1, datetime(2027, 1, 1, 18, tzinfo=UTC), **minutes) == ["2027-01-04 08:00:00"]
    quarter: dict[str, Any] = {"every": "1m", "exclude": ["* * * 1-3,5-12 *"]}
    assert due(1, **quarter) == ["2027-04-01 00:00:00"]
