"""Durations as definitions write them: `"500ms" "30s" "5m" "2h" "30d"`, ISO 8601 or a number of seconds."""

import re
from typing import Annotated, Any, Final

from pydantic import BeforeValidator, GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError

_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86_400.0, "w": 604_800.0}
_SHORT = re.compile(r"(\d{1,12}(?:\.\d{1,9})?)(ms|s|m|h|d|w)", re.ASCII)
_ISO = re.compile(
    r"P(?:(\d{1,9})W)?(?:(\d{1,9})D)?(?:T(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,12}(?:\.\d{1,9})?)S)?)?",
    re.ASCII,
)
_PATTERN = rf"^\s*(({_SHORT.pattern})+|{_ISO.pattern})\s*$"
_ACCEPTED: Final = (
    'not a duration: write "500ms", "30s", "5m", "2h", "30d", ISO 8601 such as "PT30S", '
    "or a number of seconds up to ten years"
)
# As pydantic names the bounds of a type of ours, and as JSON Schema does.
_BOUNDS = {"gt": "exclusiveMinimum", "ge": "minimum", "lt": "exclusiveMaximum", "le": "maximum"}
MAX_SECONDS = 3650 * 86_400.0


def parse_duration(value: object) -> float:
    """Seconds that `value` means, 0 up to ten years.

    Raises `ValueError` with the accepted forms when it is not a duration.
    """
    seconds = _seconds(value)
    if seconds is None or not 0 <= seconds <= MAX_SECONDS:
        raise ValueError(_ACCEPTED)
    return seconds


def _seconds(value: object) -> float | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return float(value)
    if not isinstance(value, str) or len(value) > 64:
        return None
    text = value.strip()
    if not text or text == "0":
        return 0.0 if text else None
    if parts := _SHORT.findall(text):
        if "".join(number + unit for number, unit in parts) != text:
            return None
        return sum(float(number) * _UNITS[unit] for number, unit in parts)
    if (iso := _ISO.fullmatch(text)) and any(iso.groups()):
        weeks, days, hours, minutes, seconds = (float(group or 0) for group in iso.groups())
        return weeks * 604_800 + days * 86_400 + hours * 3600 + minutes * 60 + seconds
    return None


class _Forms:
    """Tells readers of a JSON Schema of the accepted forms, and of the bounds that a field adds to a duration."""

    @staticmethod
    def __get_pydantic_json_schema__(schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        made = handler(schema)
        # A number may be one of several forms already; its own bounds are what it was given first.
        made = {**made.get("anyOf", [{}])[0], **made}
        seconds = {"type": "number", "minimum": 0, "maximum": MAX_SECONDS}
        for bound, keyword in _BOUNDS.items():
            if (given := made.get(bound, made.get(keyword))) is not None:
                seconds[keyword] = given
        return {
            "anyOf": [seconds, {"type": "string", "maxLength": 64, "pattern": _PATTERN}],
            "examples": ["500ms", "30s", "5m", "2h", "30d", "PT30S", 30],
        }


def _read(value: object) -> float:
    if isinstance(value, list | dict):
        # No template inside can make one of it, so this must not look like a matter of what they give.
        raise PydanticCustomError("duration_type", _ACCEPTED)
    return parse_duration(value)


Duration = Annotated[float, BeforeValidator(_read), _Forms()]
"""A duration in seconds, read from any of the accepted forms."""
