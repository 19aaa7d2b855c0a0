"""JSON as every process writes it: Temporal payloads, database columns and HTTP responses."""

import gc
from typing import Any

import orjson
from pydantic import BaseModel

from gorax.core.weight import TooHeavyError, weigh

LARGE_BYTES = 100_000
"""Of a JSON text that may hold so many objects that reading it starts the garbage collector."""

_OPTIONS = orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS


def dumps(value: Any) -> bytes:
    """`value` as compact JSON; models are written field by field, date-times in UTC with `Z`.

    Raises `TypeError` for what JSON cannot hold, such as integers over 64 bits.
    """
    return orjson.dumps(value, default=_fields, option=_OPTIONS)


def _fields(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return dict(iter(value))  # `dict(value)` would call a field named `keys`
    if isinstance(value, set | frozenset):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")


def encoded_size(value: Any, limit: int) -> int:
    """How many bytes `value` has as JSON, found out without encoding what is far too large.

    Raises `TooHeavyError` when that is over `limit` or the value is nested too deeply, and `TypeError` for what JSON
    cannot hold.
    """
    weigh(value, limit)
    size = len(dumps(value))
    if size > limit:
        raise TooHeavyError(f"has more than {limit} bytes")
    return size


def shown(value: Any, limit: int) -> tuple[Any, int]:
    """`value` and its encoded size; above `limit` bytes a note that it was cut stands for it.

    For records that people read, where the value itself is kept elsewhere.
    """
    try:
        return value, encoded_size(value, limit)
    except TooHeavyError:
        return {"truncated": True}, 0


def loads(data: bytes | str) -> Any:
    """The value of a JSON text. Raises `ValueError` when it is none."""
    if len(data) < LARGE_BYTES or not gc.isenabled():
        return orjson.loads(data)
    # The collector would look through the new objects again and again while they are made, and find nothing: of
    # 20 MB that takes more than half of the time.
    gc.disable()
    try:
        return orjson.loads(data)
    finally:
        gc.enable()
