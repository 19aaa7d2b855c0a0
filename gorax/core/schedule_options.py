"""What a schedule says beside its times: what its runs bring, and how they get along with each other."""

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema, model_validator

from gorax.core.durations import Duration

Overlap = Literal["skip", "buffer_one", "buffer_all", "cancel_other", "terminate_other", "allow_all"]
"""What becomes of a run that is due while the one before has not ended."""

MIN_CATCHUP = 10
"""Temporal takes no shorter catch-up windows."""
MAX_CATCHUP = 366 * 86_400
MAX_RUNS = 1_000_000


class ScheduleOptions(BaseModel):
    """The options of a schedule."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    payload: Annotated[Any, WithJsonSchema({"description": "Any JSON value."})] = Field(default_factory=dict)
    """What its executions have as `trigger.body`."""
    overlap: Overlap = "skip"
    """What becomes of a run that is due while the one before has not ended: it is skipped; waits, as the only one or
    with any number of others; begins once the other is cancelled or terminated; or begins at once beside it."""
    catchup_window: Annotated[Duration, Field(ge=MIN_CATCHUP, le=MAX_CATCHUP)] = 600.0
    """How long a run that could not begin in time, because Temporal was away, may still begin: a duration of ten
    seconds up to a year."""
    pause_on_failure: Annotated[bool, Field(strict=True)] = False
    """Disable the schedule when one of its executions fails or times out. Not possible with `allow_all`."""
    remaining_runs: Annotated[int, Field(ge=1, le=MAX_RUNS, strict=True)] | None = None
    """How many executions it may still begin, backfilled ones included; null for any number."""

    @model_validator(mode="after")
    def _is_followed(self) -> Self:
        if self.pause_on_failure and self.overlap == "allow_all":
            raise ValueError(
                "pause_on_failure: not possible with overlap allow_all, whose runs nobody follows"
            )
        return self
