"""Cron expressions and timings that are tried out: what is sent and what comes back."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field
from typing_extensions import TypedDict

from gorax.core.schedules import MAX_RUNS, Moment, Timing, ZoneName


class ParseCron(BaseModel):
    """A cron expression that may be wrong."""

    model_config = ConfigDict(extra="forbid", strict=True, use_attribute_docstrings=True)

    cron_expression: Annotated[str, Field(max_length=1000)]
    """Anything that might be one."""
    timezone: ZoneName = "UTC"
    """The IANA time zone of its times."""


class ParsedCron(TypedDict):
    """What it means."""

    valid: Literal[True]
    description: str
    next_5_runs: list[datetime]
    """In the offset that the zone has then."""


class NotCron(TypedDict):
    """Why it means nothing."""

    valid: Literal[False]
    error: str


class PreviewRuns(Timing):
    """When a schedule would run: one of `cron_expression`, `every` and `run_at`, with its bounds and exceptions."""

    count: Annotated[int, Field(ge=1, le=MAX_RUNS, strict=True)] = 10
    """How many runs are wanted."""
    after: Moment | None = None
    """The runs after this; by default after now."""
