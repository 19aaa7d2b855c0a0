"""`delay`: wait for a while, or until a time, on a durable timer."""

from datetime import timedelta
from typing import Any, Self

from pydantic import AwareDatetime, field_validator, model_validator

from gorax.core.actions.declaration import Config, FlowAction, FlowStep
from gorax.core.durations import Duration
from gorax.core.times import rfc3339

MAX_DELAY = 365 * 86_400


class DelayConfig(Config):
    """Either `duration` or `until`."""

    duration: Duration | None = None
    """At most 365 days."""
    until: AwareDatetime | None = None
    """A time with its zone, such as `2026-01-01T09:00:00Z`; one that has passed does not wait."""

    @field_validator("duration")
    @classmethod
    def _bounded(cls, value: float | None) -> float | None:
        if value is not None and value > MAX_DELAY:
            raise ValueError("at most 365 days")
        return value

    @model_validator(mode="after")
    def _one_of(self) -> Self:
        if (self.duration is None) == (self.until is None):
            raise ValueError("give either duration or until")
        return self


async def run(config: DelayConfig, step: FlowStep) -> Any:
    """`{started_at, completed_at}`."""
    started_at = step.now()
    until = config.until or started_at + timedelta(seconds=config.duration or 0)
    seconds = min((until - started_at).total_seconds(), MAX_DELAY)
    if seconds > 0:
        await step.sleep(seconds)
    return {"started_at": rfc3339(started_at), "completed_at": rfc3339(step.now())}


ACTION = FlowAction(
    name="delay",
    aliases=("wait", "sleep"),
    config=DelayConfig,
    summary="Wait for a duration or until a time",
    example={"duration": "30s"},
    run=run,
)
