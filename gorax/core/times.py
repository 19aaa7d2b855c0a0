"""Times as texts."""

from datetime import UTC, datetime


def rfc3339(moment: datetime) -> str:
    """A time as definitions and histories see it: UTC, with `Z`. Raises `OverflowError` at the calendar's ends."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
