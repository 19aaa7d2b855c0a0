"""Values between JSON and PostgreSQL."""

import base64
import json
import math
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import psycopg
from psycopg.abc import Buffer, Loader
from psycopg.types import datetime as moments
from psycopg.types.json import Jsonb, set_json_loads

from gorax.core.times import rfc3339

MAX_INTEGER = 2**63
_SCALARS = (str, int, float, bool, type(None))


def as_params(params: Sequence[Any] | Mapping[str, Any]) -> Sequence[Any] | Mapping[str, Any]:
    """Parameters as the driver takes them."""
    if isinstance(params, Mapping):
        return {name: _as_param(value) for name, value in params.items()}
    return [_as_param(value) for value in params]


def _as_param(value: Any) -> Any:
    if isinstance(value, list) and all(isinstance(item, _SCALARS) for item in value):
        # As an array, so that `= ANY(…)` takes it. An array has one type: 1 beside 2.5 is 1.0.
        fractions = any(isinstance(item, float) for item in value)
        return [float(item) if fractions and _is_integer(item) else item for item in value]
    return Jsonb(value, dumps=json.dumps) if isinstance(value, list | dict) else value


def _is_integer(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def as_json(value: Any) -> Any:
    """A column's value as JSON has it.

    Numbers that JSON's would change (`numeric`, infinities) are texts, bytes are base64, times are ISO 8601 and in
    UTC where they have a zone, intervals are seconds. What has no form of its own is the text that it has there.
    """
    match value:
        case None | bool() | str():
            return value
        case int():
            return value if -MAX_INTEGER <= value < 2 * MAX_INTEGER else str(value)
        case float():
            return value if math.isfinite(value) else str(value)
        case Decimal():
            return str(value)
        case datetime():
            return value.isoformat() if value.tzinfo is None else _in_utc(value)
        case date() | time():
            return value.isoformat()
        case timedelta():
            return value.total_seconds()
        case bytes() | bytearray() | memoryview():
            return base64.b64encode(bytes(value)).decode()
        case list() | tuple():
            return [as_json(item) for item in value]
        case dict():
            return {str(key): as_json(item) for key, item in value.items()}
        case _:
            return str(value)


def _in_utc(moment: datetime) -> str:
    try:
        return rfc3339(moment)
    except OverflowError:  # the first and the last day of the calendar
        return moment.isoformat()


def _reading(loader: type[Loader]) -> type[Loader]:
    """`loader`, but what Python has no value for stays the text that it is: `infinity`, a year 10,000, 24:00."""

    class Reading(loader):  # type: ignore[misc, valid-type]
        def load(self, data: Buffer) -> Any:
            try:
                return super().load(data)
            except psycopg.Error:
                return bytes(data).decode()

    return Reading


_LOADERS: Mapping[str, type[Loader]] = {
    "date": _reading(moments.DateLoader),
    "time": _reading(moments.TimeLoader),
    "timetz": _reading(moments.TimetzLoader),
    "timestamp": _reading(moments.TimestampLoader),
    "timestamptz": _reading(moments.TimestamptzLoader),
    "interval": _reading(moments.IntervalLoader),
}


def _json_value(data: str | bytes) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError):  # a number of thousands of digits, or lists in lists without end
        return data if isinstance(data, str) else data.decode()


def prepare(connection: psycopg.AsyncConnection[Any]) -> None:
    """Have the connection read whatever a column may hold."""
    set_json_loads(_json_value, connection)
    for name, loader in _LOADERS.items():
        connection.adapters.register_loader(name, loader)
