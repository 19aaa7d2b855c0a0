"""docs/cron.md: what it shows is so."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gorax.core.cron import Cron
from gorax.core.schedules import Timing

PAGE = (Path(__file__).parents[2] / "docs" / "cron.md").read_text()
EXPRESSIONS = sorted(set(re.findall(r"`((?:[\d*/,A-Z#-]+ ){4}[\d*/,A-Z#-]+|@(?!reboot|every)\w+)`", PAGE)))


def test_the_page_has_expressions() -> None:
    assert {"0 0 13 * 5", "30 1 * * *", "@daily"} <= set(EXPRESSIONS)


@pytest.mark.parametrize("text", EXPRESSIONS)
def test_each_can_be_read(text: str) -> None:
    assert Cron.parse(text).calendars


def days_of_runs(text: str, zone: str, after: datetime) -> list[str]:
    timing = Timing(cron_expression=text, timezone=zone)
    return [run.astimezone(timing.zone).isoformat() for run in timing.next_runs(after, 2)]


def test_changes_of_the_clock_are_as_told() -> None:
    spring, autumn = datetime(2027, 3, 13, 12, tzinfo=UTC), datetime(2027, 11, 6, 12, tzinfo=UTC)
    assert days_of_runs("30 2 * * *", "America/New_York", spring)[0] == "2027-03-15T02:30:00-04:00"
    assert days_of_runs("30 1 * * *", "America/New_York", autumn) == [
        "2027-11-07T01:30:00-04:00",
        "2027-11-07T01:30:00-05:00",
    ]
    berlin = datetime(2027, 10, 30, 12, tzinfo=UTC)
    assert days_of_runs("30 2 * * *", "Europe/Berlin", berlin) == [
        "2027-10-31T02:30:00+01:00",
        "2027-11-01T02:30:00+01:00",
    ]
