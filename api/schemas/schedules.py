"""Schedules: what is sent and what comes back."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal, NamedTuple, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    WithJsonSchema,
    create_model,
    field_validator,
    model_validator,
)
from typing_extensions import TypedDict

from api.schemas.common import InDigits, PageQuery, RequestBody
from api.schemas.schedule_settings import ScheduleSettings
from api.schemas.times import read_moment
from gorax.core.expressions.dates import load_zone
from gorax.core.schedule_options import Overlap
from gorax.core.schedules import MAX_RUNS, Timing
from gorax.store.schedules import Listed


class CreateSchedule(ScheduleSettings):
    """A new schedule. One of `cron_expression`, `every` and `run_at` says when."""

    enabled: Annotated[bool, Field(strict=True)] = True


class _Update(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    enabled: Annotated[bool, Field(strict=True)] | None = None

    @model_validator(mode="after")
    def _changes_something(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("must have at least one field that is to change")
        if "enabled" in self.model_fields_set and self.enabled is None:
            raise ValueError("enabled: must be true or false")  # a schedule is always either
        return self


def _left_out(name: str) -> Any:
    field = ScheduleSettings.model_fields[name]
    kind: Any = Annotated[(field.annotation, *field.metadata)] if field.metadata else field.annotation
    return kind | None, Field(default=None, description=field.description)


UpdateSchedule = create_model(
    "UpdateSchedule",
    __base__=_Update,
    __doc__="""What changes; a field left out stays as it is, and null takes away what there is. Of `cron_expression`,
    `every` and `run_at`, the one that is given takes the place of the others.""",
    **{name: _left_out(name) for name in ScheduleSettings.model_fields},
)


def _instant(value: object) -> object:
    return read_moment(value, first_year=1970)


Instant = Annotated[
    datetime, BeforeValidator(_instant), WithJsonSchema({"type": "string", "format": "date-time"})
]


class BackfillRequest(RequestBody):
    """A range of the past whose runs are to be made up for."""

    from_: Instant = Field(alias="from")
    """The first moment of the range."""
    to: Instant
    """The last one; at most now."""
    overlap: Overlap = "buffer_all"
    """What becomes of a run while the one before has not ended; by default they run one after the other."""

    @field_validator("to")
    @classmethod
    def _in_the_past(cls, to: datetime, fields: ValidationInfo) -> datetime:
        begin = fields.data.get("from_")
        if begin is not None and to < begin:
            raise ValueError("must not be before from")
        if to > datetime.now(UTC):
            raise ValueError("must not be in the future")
        return to


class SchedulesQuery(PageQuery):
    """Which schedules are wanted."""

    enabled: Literal["true", "false"] | None = Field(
        default=None, description="Only those that are enabled themselves, or only those that are not."
    )


class RunsQuery(BaseModel):
    """How many runs are wanted."""

    model_config = ConfigDict(extra="forbid")

    count: Annotated[int, Field(ge=1, le=MAX_RUNS), InDigits] = Field(
        default=10, description="Maximum number of runs."
    )


class Shown(NamedTuple):
    """A schedule, and what follows from it."""

    listed: Listed
    next_run: datetime | None


class Skip(TypedDict):
    """A run that was passed over."""

    at: datetime
    reason: str


class ScheduleSummary(TypedDict):
    """A schedule as lists show it."""

    id: str
    workflow_id: str
    workflow_name: str
    cron_expression: str | None
    every: Any
    run_at: Any
    timezone: str
    enabled: bool
    pause_reason: str | None
    """Why it is not enabled, where Temporal or an operator there paused it."""
    next_run: datetime | None
    """None when it begins nothing: it or its workflow is disabled, or no runs remain."""
    last_run: datetime | None
    """When the newest of its executions started."""
    managed_by: Literal["api", "definition"]
    """`definition`: it is the trigger of the workflow's definition, and changes with it."""
    last_skip: Skip | None
    """The last run that was passed over, if one was."""


class ScheduleView(ScheduleSummary):
    """A schedule."""

    offset: Any
    jitter: Any
    start_at: Any
    end_at: Any
    exclude: Any
    payload: Any
    overlap: Overlap
    catchup_window: float
    """Seconds."""
    pause_on_failure: bool
    remaining_runs: int | None
    synced: bool
    """Whether Temporal knows of the last change; it soon does."""
    error: str | None
    """Why Temporal does not take it."""
    created_at: datetime
    created_by: str
    updated_at: datetime
    updated_by: str


class BackfillView(TypedDict):
    """A backfill that is accepted."""

    count: int
    """Runs that were due. Those whose execution there is already do not run again."""
    first: datetime
    last: datetime


def schedule_summary(shown: Shown) -> ScheduleSummary:
    """The schedule as lists show it."""
    listed = shown.listed
    row = listed.schedule
    return {
        "id": row.id,
        "workflow_id": row.workflow_id,
        "workflow_name": listed.workflow_name,
        "cron_expression": row.timing.get("cron_expression"),
        "every": row.timing.get("every"),
        "run_at": row.timing.get("run_at"),
        "timezone": row.timing.get("timezone", "UTC"),
        "enabled": row.enabled,
        "pause_reason": row.pause_reason,
        "next_run": shown.next_run,
        "last_run": listed.last_run,
        "managed_by": "definition" if row.of_definition else "api",
        "last_skip": (
            None if row.skipped_at is None else {"at": row.skipped_at, "reason": row.skip_reason or ""}
        ),
    }


def schedule_view(shown: Shown) -> ScheduleView:
    """The schedule whole."""
    row = shown.listed.schedule
    return {
        **schedule_summary(shown),
        "offset": row.timing.get("offset"),
        "jitter": row.timing.get("jitter"),
        "start_at": row.timing.get("start_at"),
        "end_at": row.timing.get("end_at"),
        "exclude": row.timing.get("exclude"),
        "payload": row.payload,
        "overlap": row.overlap,  # type: ignore[typeddict-item]
        "catchup_window": row.catchup_window,
        "pause_on_failure": row.pause_on_failure,
        "remaining_runs": row.remaining_runs,
        "synced": row.sync_due_at is None,
        "error": row.sync_error,
        "created_at": row.created_at,
        "created_by": row.created_by,
        "updated_at": row.updated_at,
        "updated_by": row.updated_by,
    }


def runs_view(timing: Timing, after: datetime, count: int) -> list[str]:
    """When the next runs are due, in the offset of the time zone."""
    zone = load_zone(timing.timezone).rules or UTC
    return [run.astimezone(zone).isoformat() for run in timing.next_runs(after, count)]
