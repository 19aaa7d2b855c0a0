"""Dates, durations, zones and Go's layouts."""

from typing import Any

import pytest

from gorax.core.expressions import ExpressionError

WEDNESDAY = 'let d = date("2023-03-08T15:04:05.123456789Z"); '


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2023-08-14", "2023-08-14T00:00:00Z"),
        ("2023-08-14 10:11:12", "2023-08-14T10:11:12Z"),
        ("2023-08-14T10:11:12.5+02:00", "2023-08-14T08:11:12.5Z"),
        ("14 Aug 23 10:11 UTC", "2023-08-14T10:11:00Z"),
        ("Monday, 14-Aug-23 10:11:12 UTC", "2023-08-14T10:11:12Z"),
        ("Mon, 14 Aug 2023 10:11:12 GMT", "2023-08-14T10:11:12Z"),
        ("0000-02-29", "0000-02-29T00:00:00Z"),
        ("9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"),
    ],
)
def test_standard_layouts(evaluate: Any, text: str, expected: str) -> None:
    assert evaluate("date(text)", {"text": text}) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "tomorrow",
        "2023-02-29",
        "2023-13-01",
        "2023-08-14T25:00:00Z",
        "2023-08-14T10:11:12",
        "2023-8-14",
        "9" * 99,
    ],
)
def test_no_dates(evaluate: Any, text: str) -> None:
    with pytest.raises(ExpressionError, match="invalid date"):
        evaluate("date(text)", {"text": text})


@pytest.mark.parametrize(
    ("layout", "expected"),
    [
        ("2006-01-02T15:04:05Z07:00", "2023-03-08T15:04:05Z"),
        ("Mon Jan _2 15:04:05 2006", "Wed Mar  8 15:04:05 2023"),
        ("Monday, January 2, '06 at 3:04PM", "Wednesday, March 8, '23 at 3:04PM"),
        ("1/2 03:04:05.000 pm", "3/8 03:04:05.123 pm"),
        ("05.999999999 05,00", "05.123456789 05,12"),
        ("002 __2 MST -0700 -07:00 Z0700", "067  67 UTC +0000 +00:00 Z"),
        ("Janus Monk", "Janus Monk"),
        ("", ""),
    ],
)
def test_formatting(evaluate: Any, layout: str, expected: str) -> None:
    assert evaluate(WEDNESDAY + "d.Format(layout)", {"layout": layout}) == expected
    assert evaluate(WEDNESDAY + "format_date(d, layout)", {"layout": layout}) == expected


@pytest.mark.parametrize(
    ("text", "layout", "expected"),
    [
        ("08/03/2023 3:04pm", "02/01/2006 3:04pm", "2023-03-08T15:04:00Z"),
        ("12:30 AM", "03:04 PM", "0000-01-01T00:30:00Z"),
        ("March 8, 1969", "January 2, 2006", "1969-03-08T00:00:00Z"),
        ("68 69", "06 06", "1969-01-01T00:00:00Z"),
        ("2023 067", "2006 002", "2023-03-08T00:00:00Z"),
        ("2023-03-08 15:04:05.25 +0530", "2006-01-02 15:04:05 -0700", "2023-03-08T09:34:05.25Z"),
        ("20230308", "20060102", "2023-03-08T00:00:00Z"),
        ("Wed mar  8", "Mon Jan _2", "0000-03-08T00:00:00Z"),
    ],
)
def test_parsing_with_a_layout(evaluate: Any, text: str, layout: str, expected: str) -> None:
    assert evaluate("date(text, layout)", {"text": text, "layout": layout}) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('date("2023-07-01 12:00:00", "2006-01-02 15:04:05", "America/New_York")', "2023-07-01T16:00:00Z"),
        ('date("2023-01-01 12:00:00", "2006-01-02 15:04:05", "America/New_York")', "2023-01-01T17:00:00Z"),
        ('date(timezone("Asia/Kolkata"), "2023-01-01")', "2022-12-31T18:30:00Z"),
        ('now(timezone("Asia/Tokyo")).Hour()', 16),
        ('now().In(timezone("Asia/Tokyo")).Format("15:04 MST -07:00")', "16:08 JST +09:00"),
        ('now().In("Asia/Tokyo").Location().String()', "Asia/Tokyo"),
        ('format_date("2023-08-14T22:00:00Z", "2006-01-02 MST", "Europe/Berlin")', "2023-08-15 CEST"),
        ('date("2023-08-14T00:00:00+02:00").Format("15:04 Z07:00")', "00:00 +02:00"),
        ('date("2023-08-14T00:00:00+02:00").UTC().String()', "2023-08-13 22:00:00 +0000 UTC"),
    ],
)
def test_zones(evaluate: Any, source: str, expected: Any) -> None:
    assert evaluate(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("[d.Year(), d.Month(), d.Day(), d.Hour(), d.Minute(), d.Second()]", [2023, 3, 8, 15, 4, 5]),
        ("[d.Weekday(), d.YearDay(), d.Nanosecond()]", [3, 67, 123456789]),
        ("[d.Unix(), d.UnixMilli(), d.UnixMicro()]", [1678287845, 1678287845123, 1678287845123456]),
        ("d.UnixNano()", 1678287845123456789),
        ('d.Add(duration("1h")) - d', "1h0m0s"),
        ('d.Sub(d.Add(duration("1h")))', "-1h0m0s"),
        ("d.AddDate(1, -3, 24).Format('2006-01-02')", "2024-01-01"),
        ("date('2024-01-31').AddDate(0, 1, 0)", "2024-03-02T00:00:00Z"),
        ("[d.Before(now()), d.After(now()), d.Equal(d)]", [True, False, True]),
        ('d.Truncate(duration("1h"))', "2023-03-08T15:00:00Z"),
        ('d.Round(duration("10s"))', "2023-03-08T15:04:10Z"),
        ('add_duration(d, "1d") - d', "24h0m0s"),
        ('add_duration("2024-02-28", duration("48h"))', "2024-03-01T00:00:00Z"),
        ("d == date(d.Format('2006-01-02T15:04:05.999999999Z07:00'))", True),
        ("d < now() and now() >= d and max([d.Year(), 1]) == 2023", True),
    ],
)
def test_date_arithmetic(evaluate: Any, source: str, expected: Any) -> None:
    assert evaluate(WEDNESDAY + source) == expected


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("0", "0s"),
        ("1h", "1h0m0s"),
        ("90m", "1h30m0s"),
        ("1.5s", "1.5s"),
        ("-1m30s", "-1m30s"),
        ("1500us", "1.5ms"),
        ("10µs", "10µs"),
        ("7ns", "7ns"),
        ("2d", "48h0m0s"),
        (".5h", "30m0s"),
    ],
)
def test_durations(evaluate: Any, text: str, shown: str) -> None:
    assert evaluate("duration(text)", {"text": text}) == shown


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('duration("1h") + duration("1m") - duration("30s")', "1h0m30s"),
        ('2 * duration("1h") == duration("2h") and duration("1h") * 0.5 == duration("30m")', True),
        ('-duration("1s")', "-1s"),
        ('[duration("90m").Hours(), duration("90m").Minutes(), duration("1ms").Seconds()]', [1.5, 90, 0.001]),
        ('[duration("1.5ms").Milliseconds(), duration("1ms").Nanoseconds()]', [1, 1000000]),
        (
            '[duration("-1s").Abs(), duration("1m29s").Round(duration("1m")), duration("1h").String()]',
            [
                "1s",
                "1m0s",
                "1h0m0s",
            ],
        ),
        ('duration("1h") > duration("59m")', True),
    ],
)
def test_duration_arithmetic(evaluate: Any, source: str, expected: Any) -> None:
    assert evaluate(source) == expected


@pytest.mark.parametrize(
    "source",
    [
        'date("9999-12-31") + duration("48h")',
        "now().AddDate(99999, 0, 0)",
        "now().AddDate(0, 0, -9999999999)",
        'date("0000-01-01") - duration("1ns")',
        'duration("2562047h") * 2',
        'date("9999-12-31") - date("0000-01-01")',
        'duration("9" * 70 + "h")',
        "now().Format(1)",
        "now().Add(1)",
        "now().In(1)",
        "now() + 1",
        'date("2023-01-01", "2006", "UTC", 1)',
        'now().Format("2" + repeat("0", 500))',
    ],
)
def test_dates_out_of_bounds(evaluate: Any, source: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        evaluate(source)

    assert "internal" not in caught.value.message


@pytest.mark.parametrize(
    "name", ["Africa/Abidjan", "Europe/London", "Pacific/Kiritimati", "America/St_Johns"]
)
@pytest.mark.parametrize("date", ["0001-01-03", "1900-06-01", "2037-07-01", "9999-12-29"])
def test_every_date_in_every_zone(evaluate: Any, name: str, date: str) -> None:
    source = "let d = date(text, '2006-01-02', zone); d.Format('2006-01-02 15:04:05')"

    assert evaluate(source, {"text": date, "zone": name}) == f"{date} 00:00:00"


@pytest.mark.parametrize("date", ["0000-01-01", "9999-12-31"])
@pytest.mark.parametrize("name", ["Asia/Tokyo", "America/New_York"])
def test_the_ends_of_the_calendar(evaluate: Any, name: str, date: str) -> None:
    assert evaluate("date(text).Format('2006-01-02')", {"text": date}) == date
    for source in ("date(text, '2006-01-02', zone)", "date(text).In(zone).Format('2006')"):
        try:
            shown = evaluate(source, {"text": date, "zone": name})
        except ExpressionError as error:
            shown = error.message
        assert "internal error" not in shown
