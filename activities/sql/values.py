"""Values between JSON and PostgreSQL."""

import base64
import json
import math
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from ipaddress import IPv4Address, IPv4Interface, IPv4Network, IPv6Address, IPv6Interface, IPv6Network
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

_TEXTS = (UUID, IPv4Address, IPv4Interface, IPv4Network, IPv6Address, IPv6Interface, IPv6Network)
MAX_INTEGER = 2**63


def as_params(params: list[Any] | Mapping[str, Any]) -> list[Any] | dict[str, Any]:
    """Parameters as the driver takes them: lists and objects as JSON."""
    if isinstance(params, list):
        return [_as_param(value) for value in params]
    return {name: _as_param(value) for name, value in params.items()}


def _as_param(value: Any) -> Any:
    return (
        Jsonb(value, dumps=lambda given: json.dumps(given, ensure_ascii=False))
        if isinstance(value, list | dict)
        else value
    )


def _dumps(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def as_json(value: Any) -> Any:
    """A column's value as JSON has it.

    Numbers that JSON's would change (`numeric`, infinities) are texts, bytes are base64, times are ISO 8601.
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
        case datetime() | date() | time():
            return value.isoformat()
        case timedelta():
            return value.total_seconds()
        case bytes() | bytearray() | memoryview():
            return base64.b64encode(bytes(value)).decode()
        case list() | tuple():
            return [as_json(item) for item in value]
        case dict():
            return {str(key): as_json(item) for key, item in value.items()}
        case _ if isinstance(value, _TEXTS):
            return str(value)
        case _:
            return str(value)
