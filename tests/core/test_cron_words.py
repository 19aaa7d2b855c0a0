"""Cron expressions in English: the words, and that they are true."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from gorax.core.cron import Cron, CronError

MINUTES = (
    "*",
    "0",
    "1",
    "30",
    "*/15",
    "0-45/15",
    "5/20",
    "5,25,45",
    "*/7",
    "7/7",
    "50-10",
    "10-20",
    "0,30",
    "*,5",
)
HOURS = ("*", "0", "9", "*/2", "1-23/2", "*/5", "5/3", "9-17", "22-1", "8-18/2", "9,17", "0-23", "0-3,6-12")
DAYS = (
    "*",
    "?",
    "13",
    "1-31",
    "1-7",
    "*/2",
    "1-31/2",
    "5/3",
    "28-3",
    "*,13",
    "1,15",
    "L",
    "L-2",
    "LW",
    "1W,15W",
    "1,L",
)
WEEKDAYS = (
    "*",
    "MON",
    "0,7",
    "FRI-MON",
    "5/3",
    "*/2",
    "1-7",
    "1-5",
    "5#3",
    "1,5#3",
    "MON-FRI#2",
    "*#2",
    "5L",
    "1L,5L",
)
MONTHS = ("*", "2", "*/6", "NOV-FEB", "1-12", "5/3")

FIRST_DAY = datetime(2027, 1, 1, tzinfo=UTC)
TWO_YEARS = [FIRST_DAY + timedelta(days=day) for day in range(2 * 366)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("0 9 * * *", "At 09:00 AM every day"),  # the API reference's own example
        ("@daily", "At 12:00 AM every day"),
        ("0 12 * * ?", "At 12:00 PM every day"),
        ("30 0 9 * * *", "At 09:00:30 AM every day"),
        ("0 9,17 * * *", "At 09:00 AM and 05:00 PM every day"),
        ("0 22-1 * * *", "At 12:00 AM, 01:00 AM, 10:00 PM and 11:00 PM every day"),
        ("* * * * *", "Every minute"),
        ("* * * * * *", "Every second"),
        ("*/15 * * * *", "Every 15 minutes"),
        ("5/20 * * * *", "Every 20 minutes, starting at 5 minutes past the hour"),
        ("*/25 * * * *", "At 0, 25 and 50 minutes past the hour"),
        ("1 * * * *", "At 1 minute past the hour"),
        ("@hourly", "Every hour"),
        ("0 */2 * * *", "Every 2 hours"),
        ("30 1-23/2 * * *", "Every 2 hours from 01:30 AM"),
        ("0 9-17 * * *", "Every hour from 09:00 AM through 05:00 PM"),
        (
            "50-10 3 * * *",
            "At 0 through 10 and 50 through 59 minutes past the hour, between 03:00 AM and 03:59 AM every day",
        ),
        ("10-20 * * * *", "Every minute from 10 through 20 past the hour"),
        ("*/15 9-17 * * MON-FRI", "Every 15 minutes, between 09:00 AM and 05:59 PM, Monday through Friday"),
        ("*/20 0 9 * * *", "Every 20 seconds, at 0 minutes past the hour, between 09:00 AM and 09:59 AM"),
        ("0 9 * * MON-FRI", "At 09:00 AM, Monday through Friday"),
        ("0 9 * JUL WED,FRI", "At 09:00 AM, on Wednesday and Friday, in July"),
        ("0 0 * NOV-FEB *", "At 12:00 AM, from November through February"),
        ("0 0 * * 5/3", "At 12:00 AM, on Friday"),
        ("0 0 * * 0,7", "At 12:00 AM, on Sunday"),
        ("0 0 */2 * *", "At 12:00 AM, every 2 days from day 1 through 31 of the month"),
        ("0 0 13 * 5", "At 12:00 AM, on day 13 of the month, or on Friday"),
        ("0 0 */2 * MON", "At 12:00 AM, every 2 days from day 1 through 31 of the month, but only on Monday"),
        ("0 0 * *,* 1,*", "At 12:00 AM every day"),
        ("0 0 L * *", "At 12:00 AM, on the last day of the month"),
        ("0 0 l-1 * *", "At 12:00 AM, 1 day before the last day of the month"),
        ("0 0 L-2 * *", "At 12:00 AM, 2 days before the last day of the month"),
        ("0 0 LW,15 * *", "At 12:00 AM, on day 15 of the month and on the last weekday of the month"),
        ("0 0 15W * *", "At 12:00 AM, on the weekday nearest day 15 of the month"),
        ("0 0 ? * 5#3", "At 12:00 AM, on the third Friday of the month"),
        ("0 0 * * 1,5#3", "At 12:00 AM, on Monday and on the third Friday of the month"),
        ("0 0 * * MON-TUE#2", "At 12:00 AM, on the second Monday and Tuesday of the month"),
        ("0 0 1 * 5L", "At 12:00 AM, on day 1 of the month, or on the last Friday of the month"),
    ],
)
def test_descriptions(text: str, words: str) -> None:
    assert Cron.parse(text).describe() == words


def days_of(text: str) -> list[datetime]:
    calendars = Cron.parse(text).calendars
    return [day for day in TWO_YEARS if any(one.has(day) for one in calendars)]


def times_of(text: str) -> list[tuple[int, int]]:
    calendars = Cron.parse(text).calendars
    times = product(range(24), range(60))
    return [
        time
        for time in times
        if any(one.has(FIRST_DAY.replace(hour=time[0], minute=time[1])) for one in calendars)
    ]


def test_what_reads_the_same_is_due_at_the_same_times() -> None:
    seen: dict[str, tuple[str, object]] = {}
    for minute, hour in product(MINUTES, HOURS):
        text = f"{minute} {hour} * * *"
        due = times_of(text)
        assert seen.setdefault(Cron.parse(text).describe(), (text, due))[1] == due, (text, seen)


def test_what_reads_the_same_is_due_on_the_same_days() -> None:
    seen: dict[str, tuple[str, object]] = {}
    for day, weekday, month in [*product(DAYS, WEEKDAYS, ("*",)), *product(DAYS[:4], WEEKDAYS[:4], MONTHS)]:
        text = f"0 0 {day} {month} {weekday}"
        try:
            words = Cron.parse(text).describe()
        except CronError:
            continue
        due = days_of(text)
        first = seen.setdefault(words, (text, due))
        assert first[1] == due, f"{first[0]} and {text} are both {words!r}"


@pytest.mark.parametrize("day", [day for day in DAYS if day not in "*?"])
def test_two_fields_of_days_are_joined_as_they_are_due(day: str) -> None:
    """ "Or" is what either field has by itself, "but only" what both have."""
    of_month = set(days_of(f"0 0 {day} * *"))
    for weekday in WEEKDAYS[1:]:
        text = f"0 0 {day} * {weekday}"
        of_week = set(days_of(f"0 0 * * {weekday}"))
        try:
            words = Cron.parse(text).describe()
        except CronError:
            assert not of_month & of_week
            continue
        if ", or " in words:
            assert set(days_of(text)) == of_month | of_week, words
        else:
            assert set(days_of(text)) == of_month & of_week, words
            assert ", but only " in words or len(of_month) == len(TWO_YEARS) or len(of_week) == len(TWO_YEARS)
