"""Times in query parameters."""

from datetime import UTC, datetime

import pytest
from pydantic import TypeAdapter, ValidationError

from api.schemas.times import From, To

FROM = TypeAdapter[datetime | None](From)
TO = TypeAdapter[datetime | None](To)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2024-01-31", datetime(2024, 1, 31, tzinfo=UTC)),
        ("2024-01-31T10:00:00Z", datetime(2024, 1, 31, 10, tzinfo=UTC)),
        ("2024-01-31T10:00:00", datetime(2024, 1, 31, 10, tzinfo=UTC)),
        ("2024-01-31T10:00:00+02:00", datetime(2024, 1, 31, 8, tzinfo=UTC)),
        ("2024-01-31T10:00:00 02:00", datetime(2024, 1, 31, 8, tzinfo=UTC)),
        ("2024-01-31 10:00", datetime(2024, 1, 31, 10, tzinfo=UTC)),
        ("2024-01-31T10:00:00.123456-0130", datetime(2024, 1, 31, 11, 30, 0, 123456, tzinfo=UTC)),
    ],
)
def test_iso_8601_is_read(text: str, moment: datetime) -> None:
    assert FROM.validate_python(text) == moment


def test_a_plain_date_ends_a_range_at_its_end() -> None:
    assert TO.validate_python("2024-02-28") == datetime(2024, 2, 29, tzinfo=UTC)
    assert TO.validate_python("2024-02-28T00:00:00Z") == datetime(2024, 2, 28, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "2024-13-01",
        "2024-02-30",
        "1706695200",
        "20240131",
        "2024-W05-3",
        "2024-01-31T25:00:00",
        "0001-01-01T00:00:00+23:59",
        "9999-12-31T23:59:59-23:59",
        "2024-01-31T10:00:00Z\0",
        "9" * 10_000,
    ],
)
def test_anything_else_is_refused_with_the_forms(text: str) -> None:
    with pytest.raises(ValidationError, match="must be a date such as"):
        FROM.validate_python(text)


def test_the_last_day_of_all_is_no_end() -> None:
    with pytest.raises(ValidationError, match="must be a date such as"):
        TO.validate_python("9999-12-31")
