"""Cron expressions: what they mean, what they compile to, and what is refused."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice

import pytest
from croniter import croniter
from hypothesis import given, settings
from hypothesis import strategies as st

from gorax.core.calendars import LAST_YEAR, Earliest, ranges
from gorax.core.cron import Cron, CronError

START = datetime(2027, 1, 1, tzinfo=UTC)


def runs(text: str, after: datetime = START) -> Iterator[datetime]:
    """Its times in UTC after a moment."""
    calendars = Cron.parse(text).calendars
    coming = Earliest(calendars, UTC)
    due = coming.next(after)
    while due is not None:
        yield due
        due = coming.next(due)


def days(text: str, count: int) -> list[str]:
    return [f"{due:%Y-%m-%d}" for due in islice(runs(text), count)]


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        ("0 9 * * *", "01-01 09:00", "01-02 09:00"),
        ("*/15 * * * *", "01-01 00:15", "01-01 00:30"),
        ("5/20 * * * *", "01-01 00:05", "01-01 00:25"),
        ("0-10/5,30 3 * * *", "01-01 03:00", "01-01 03:05"),
        ("0 0 1 */6 *", "07-01 00:00", "01-01 00:00"),
        ("0 0 * * MON", "01-04 00:00", "01-11 00:00"),
        ("0 0 * * mon-Wed", "01-04 00:00", "01-05 00:00"),
        ("0 0 * * 7", "01-03 00:00", "01-10 00:00"),
        ("0 0 * * 5-7", "01-02 00:00", "01-03 00:00"),
        ("0 0 * * 7-1", "01-03 00:00", "01-04 00:00"),
        ("0 0 * * FRI-MON", "01-02 00:00", "01-03 00:00"),
        ("0 22-1 * * *", "01-01 01:00", "01-01 22:00"),
        ("0 0 1 jan,JUL *", "07-01 00:00", "01-01 00:00"),
        ("0 0 ? * *", "01-02 00:00", "01-03 00:00"),
        ("@hourly", "01-01 01:00", "01-01 02:00"),
        ("@Daily", "01-02 00:00", "01-03 00:00"),
        ("@midnight", "01-02 00:00", "01-03 00:00"),
        ("@weekly", "01-03 00:00", "01-10 00:00"),
        ("@monthly", "02-01 00:00", "03-01 00:00"),
        ("@yearly", "01-01 00:00", "01-01 00:00"),
        ("@annually", "01-01 00:00", "01-01 00:00"),
        ("  0   9 *  * *  ", "01-01 09:00", "01-02 09:00"),
    ],
)
def test_what_five_fields_mean(text: str, first: str, second: str) -> None:
    assert [f"{due:%m-%d %H:%M}" for due in islice(runs(text), 2)] == [first, second]


def test_six_fields_begin_with_seconds() -> None:
    assert [f"{due:%H:%M:%S}" for due in islice(runs("*/25 1 * * * *"), 4)] == [
        "00:01:00",
        "00:01:25",
        "00:01:50",
        "01:01:00",
    ]


def test_either_day_will_do_when_both_are_restricted() -> None:
    """Friday or the 13th: Temporal's own cron strings would mean Friday the 13th."""
    assert days("0 0 13 * 5", 5) == ["2027-01-08", "2027-01-13", "2027-01-15", "2027-01-22", "2027-01-29"]


def _uneven_monday(day: datetime) -> bool:
    return day.day % 2 == 1 and day.isoweekday() == 1


def _thirteenth_on_an_even_weekday(day: datetime) -> bool:
    return day.day == 13 and day.isoweekday() in (7, 2, 4, 6)


def _monday(day: datetime) -> bool:
    return day.isoweekday() == 1


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("0 0 */2 * MON", _uneven_monday),
        ("0 0 13 * */2", _thirteenth_on_an_even_weekday),
        ("0 0 ? * MON", _monday),
    ],
)
def test_a_day_that_begins_with_a_star_restricts_together_with_the_other(
    text: str, wanted: Callable[[datetime], bool]
) -> None:
    """As Vixie cron has it."""
    assert all(wanted(due) for due in islice(runs(text), 30))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0 0 L * *", ["2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30"]),
        ("0 0 L-2 * *", ["2027-01-29", "2027-02-26", "2027-03-29", "2027-04-28"]),
        ("0 0 L 2 *", ["2027-02-28", "2028-02-29", "2029-02-28", "2030-02-28"]),
        ("0 0 LW * *", ["2027-01-29", "2027-02-26", "2027-03-31", "2027-04-30"]),
        ("0 0 1W * *", ["2027-02-01", "2027-03-01", "2027-04-01", "2027-05-03"]),
        ("0 0 15W 5,8 *", ["2027-05-14", "2027-08-16", "2028-05-15", "2028-08-15"]),
        ("0 0 31W * *", ["2027-01-29", "2027-03-31", "2027-05-31", "2027-07-30"]),
        ("0 0 * * 5L", ["2027-01-29", "2027-02-26", "2027-03-26", "2027-04-30"]),
        ("0 0 * * FRI#3", ["2027-01-15", "2027-02-19", "2027-03-19", "2027-04-16"]),
        ("0 0 * * 7#5", ["2027-01-31", "2027-05-30", "2027-08-29", "2027-10-31"]),
        ("0 0 1 * 5#3", ["2027-01-15", "2027-02-01", "2027-02-19", "2027-03-01"]),
    ],
)
def test_days_counted_from_the_end_nearest_and_nth(text: str, expected: list[str]) -> None:
    assert days(text, 4) == expected


def _nearest_workday(year: int, month: int, day: int) -> date:
    near = [date(year, month, day) + timedelta(days=by) for by in (0, -1, 1, -2, 2)]
    return next(one for one in near if one.month == month and one.isoweekday() < 6)


@pytest.mark.parametrize("day", range(1, 29))
def test_nearest_workdays_of_ten_years(day: int) -> None:
    expected = [_nearest_workday(year, month, day) for year in range(2027, 2037) for month in range(1, 13)]
    found = [due.date() for due in islice(runs(f"0 0 {day}W * *", START - timedelta(seconds=1)), 120)]
    assert found == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "must have five fields"),
        ("* * * *", "not 4"),
        ("* * * * * * 2027", "give start_at and end_at"),
        ("60 * * * *", "minute: '60' is not understood: there are 0 to 59"),
        ("* 24 * * *", "hour: '24'"),
        ("* * 0 * *", "day of month: '0'"),
        ("* * 32 * *", "day of month: '32'"),
        ("* * * 13 *", "month: '13'"),
        ("* * * * 8", "day of week: '8'"),
        ("* * * * FUNDAY", "day of week: 'FUNDAY'"),
        ("* * * FOO *", "or JAN and the like"),
        ("1,,2 * * * *", "empty value"),
        ("-1 * * * *", "minute: '-1'"),
        ("1-2-3 * * * *", "minute: '1-2-3'"),
        ("*/0 * * * *", "must be 1 to 59"),
        ("0 0 */31 2 *", "day of month: the step of '*/31' must be 1 to 30"),
        ("*/90 * * * *", 'write "every"'),
        ("*/x * * * *", "the step of"),
        ("1/2/3 * * * *", "the step of"),
        ("٣ * * * *", "minute"),
        ("0 0 30 2 *", "never comes"),
        ("0 0 31 4,6,9,11 *", "never comes"),
        ("0 0 31W 2 *", "never comes"),
        ("0 0 L * *#2", "L of month * on *#2 never comes"),
        ("0 0 * * L", "5L is the last Friday"),
        ("0 0 * * 5#6", "must be 1 to 5"),
        ("0 0 L-40 * *", "must be 0 to 27"),
        ("0 0 W * *", "must be 1 to 31"),
        ("0 0 L,32 * *", "day of month: '32'"),
        ("@reboot", "@reboot"),
        ("@every 5m", "write it in every"),
        ("TZ=UTC 0 0 * * *", "name it in timezone"),
        ("CRON_TZ=Europe/Berlin 0 0 * * *", "name it in timezone"),
        ("* * * * *" + " " * 300, "at most 255"),
        (",".join(["1"] * 61) + " * * * *", "at most 60"),
        ("H * * * *", "minute: 'H'"),
        ("0 0 * * 1\x00", "day of week"),
    ],
)
def test_what_cannot_be_meant_is_refused(text: str, message: str) -> None:
    with pytest.raises(CronError) as refused:
        Cron.parse(text)
    assert message in str(refused.value)


@given(st.text(max_size=60) | st.text(alphabet="0123456789*/-,?LW#@ MONJAN", max_size=40))
@settings(max_examples=150, deadline=None)
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        cron = Cron.parse(text)
    except CronError:
        return
    assert cron.describe()
    first = Earliest(cron.calendars, UTC).next(START)
    assert first is None or first > START


def _field(first: int, last: int) -> st.SearchStrategy[str]:
    number = st.integers(first, last)
    # croniter takes 3-3 for the whole circle.
    pair = st.lists(number, min_size=2, max_size=2, unique=True).map(sorted)
    span = pair.map(lambda ends: f"{ends[0]}-{ends[1]}")
    step = st.tuples(st.just("*") | span, st.integers(1, last - first)).map(lambda of: f"{of[0]}/{of[1]}")
    item = number.map(str) | span | step
    return st.just("*") | st.lists(item, min_size=1, max_size=3).map(",".join)


EXPRESSIONS = st.tuples(_field(0, 59), _field(0, 23), _field(1, 28), _field(1, 12), _field(0, 6)).map(
    " ".join
)


@given(EXPRESSIONS, st.datetimes(datetime(2027, 1, 1), datetime(2036, 12, 31)))
@settings(max_examples=150, deadline=None)
def test_five_fields_are_those_of_croniter(text: str, start: datetime) -> None:
    """An implementation that shares nothing with ours, where both read a day that begins with a star alike."""
    start = start.replace(microsecond=0, tzinfo=UTC)
    day, _, weekday = text.split()[2:]
    if day != "*" and weekday != "*" and "*" in day[0] + weekday[0]:
        return
    other = croniter(text, start)
    # Every day of the week in numbers is for croniter what a star is, and for Vixie cron it is not.
    if weekday != "*" and other.expanded[4] == ["*"]:
        return
    assert list(islice(runs(text, start), 5)) == [other.get_next(datetime) for _ in range(5)]


def test_times_end_with_the_century() -> None:
    last = datetime(LAST_YEAR, 12, 31, 23, 59, 59, tzinfo=UTC)
    assert next(runs("0 0 * * *", last), None) is None
    assert days("0 0 29 2 *", 100)[-1] == "2096-02-29"


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({5}, ((5, 5, 1),)),
        ({0, 15, 30, 45}, ((0, 45, 15),)),
        ({1, 2, 3, 7, 9, 10}, ((1, 3, 1), (7, 7, 1), (9, 10, 1))),
        (set(), ()),
    ],
)
def test_numbers_become_ranges(values: set[int], expected: tuple[tuple[int, int, int], ...]) -> None:
    assert ranges(values) == expected
