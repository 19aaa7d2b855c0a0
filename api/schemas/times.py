"""Times, in ISO 8601: in query parameters a date or a date-time, in bodies a date-time with its zone."""

import re
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Annotated

from pydantic import BeforeValidator, ValidationInfo, WithJsonSchema

from gorax.core.expressions.dates import load_zone

_DATE = r"\d{4}-\d\d-\d\d"
_CLOCK = r"\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?"
# An unescaped `+` in a query arrives as a space.
_FORM = re.compile(rf"({_DATE})(?:[Tt ]({_CLOCK})(?:([Zz])|([ +-])(\d\d):?(\d\d))?)?", re.ASCII)
_FORMS = 'must be a date such as "2024-01-31" or a date-time such as "2024-01-31T10:00:00Z"'


def _parse(value: object, fields: ValidationInfo, *, through: bool) -> datetime | None:
    if value is None:
        return None
    form = _FORM.fullmatch(value) if isinstance(value, str) else None
    if form is None:
        raise ValueError(_FORMS)
    day, clock, z, sign, hours, minutes = form.groups()
    try:
        moment = datetime.fromisoformat(f"{day}T{clock or '00:00'}")
        if through and clock is None:
            moment += timedelta(days=1)
        if sign:
            offset = datetime.strptime(f"{sign.replace(' ', '+')}{hours}{minutes}", "%z").tzinfo
            return moment.replace(tzinfo=offset).astimezone(UTC)
        named: dict[str, str] | None = fields.data  # None outside of a model
        zone = zone_of(named.get("timezone") if named and not z else None)
        return moment.replace(tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError(_FORMS) from None


def zone_of(name: str | None) -> tzinfo:
    """The rules of a time zone that has been found to be one; without a name it is UTC."""
    return (load_zone(name).rules or UTC) if name else UTC


def _parse_from(value: object, fields: ValidationInfo) -> datetime | None:
    return _parse(value, fields, through=False)


def _parse_to(value: object, fields: ValidationInfo) -> datetime | None:
    return _parse(value, fields, through=True)


From = Annotated[
    datetime | None,
    BeforeValidator(_parse_from),
    WithJsonSchema({"type": "string", "examples": ["2024-01-01", "2024-01-01T10:00:00Z"]}),
]
"""The first moment of a range; without a zone it is of the field `timezone` before it, or UTC."""

To = Annotated[
    datetime | None,
    BeforeValidator(_parse_to),
    WithJsonSchema({"type": "string", "examples": ["2024-01-31", "2024-01-31T10:00:00Z"]}),
]
"""The moment before which a range ends; a plain date means through the end of that day."""


def read_moment(value: object, first_year: int = 1901) -> datetime:
    """A date-time with its zone, not before a year, in UTC. Raises `ValueError`."""
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) and len(value) <= 40 else None
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None or not first_year <= moment.year < 9000:
        raise ValueError('must be a time with its zone, such as "2027-01-31T00:00:00Z"')
    return moment.astimezone(UTC)


def _moment(value: object) -> datetime | None:
    return None if value is None else read_moment(value)


Moment = Annotated[
    datetime | None,
    BeforeValidator(_moment),
    WithJsonSchema({"anyOf": [{"type": "string", "format": "date-time"}, {"type": "null"}]}),
]
"""A moment, or none, in a request's body."""


def later_than_from(to: datetime | None, fields: ValidationInfo) -> datetime | None:
    """Of a model with `from_` and `to`: the validator that refuses a range without a moment in it."""
    begin = fields.data.get("from_")
    if begin is not None and to is not None and to <= begin:
        raise ValueError("must be later than from")
    return to
