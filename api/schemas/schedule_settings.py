"""A schedule's settings as people write them, and as its row keeps them."""

from functools import lru_cache
from typing import Any

from gorax.core.encoding import dumps, loads
from gorax.core.schedule_options import ScheduleOptions
from gorax.core.schedules import Timing
from gorax.store.tables import Schedule

MAX_KEPT = 1_000
"""Timings that a process remembers: reading one takes longer than all else that a list does with its row."""

_TIMING = set(Timing.model_fields)
_OPTIONS = set(ScheduleOptions.model_fields)


class ScheduleSettings(ScheduleOptions, Timing):
    """When, what and how."""


def columns_of(settings: ScheduleSettings) -> dict[str, Any]:
    """What the row keeps of them."""
    timing = settings.model_dump(mode="json", include=_TIMING, exclude_none=True)
    options = {name: getattr(settings, name) for name in _OPTIONS}
    return {"timing": timing, **options, "runs_limit": settings.remaining_runs}


def settings_of(row: Schedule) -> dict[str, Any]:
    """What the row keeps, as it could be written again."""
    return {**row.timing, **{name: getattr(row, name) for name in _OPTIONS}}


def timing_of(row: Schedule) -> Timing:
    """When the row's runs are due."""
    return _timing(dumps(row.timing))


@lru_cache(MAX_KEPT)
def _timing(text: bytes) -> Timing:
    return Timing.model_validate(loads(text))
