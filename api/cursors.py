"""Cursors: places in a list as clients carry them, to go on from there.

What is in one is no secret and no right: it only says behind which row to go on, in the tenant of whoever sends it.
"""

import base64
from datetime import UTC, datetime

from gorax.core.encoding import dumps, loads
from gorax.core.errors import Invalid
from gorax.store.execution_walk import Position, Sort
from gorax.store.paging import addressable

MAX_CURSOR = 1_000
"""Characters of a cursor."""

_MAX_ID = 255


def cursor_of(position: Position, sort: Sort) -> str:
    """The place as text that fits into an address."""
    value = position.value
    text = value.isoformat() if isinstance(value, datetime) else value
    return base64.urlsafe_b64encode(dumps([sort.field, text, position.id])).rstrip(b"=").decode()


def position_of(cursor: str, sort: Sort) -> Position:
    """The place that a cursor of a list in this order stands for. Raises `Invalid`."""
    try:
        field, value, row_id = loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if field != sort.field:
            raise Invalid("cursor: is of a list in another order: send the same sort, or no cursor")
        if not isinstance(row_id, str) or len(row_id) > _MAX_ID or not addressable(row_id):
            raise ValueError("not an id")
        return Position(_value(value, sort), row_id)
    except (ValueError, TypeError, OverflowError):
        raise Invalid("cursor: must be the next_cursor of an earlier page") from None


def _value(value: object, sort: Sort) -> datetime | int:
    if sort.field == "duration_ms":
        if type(value) is not int or not 0 <= value < 2**63:
            raise ValueError("not a duration")
        return value
    if not isinstance(value, str):
        raise TypeError("not a time")
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError("a time without its zone")
    return moment.astimezone(UTC)
