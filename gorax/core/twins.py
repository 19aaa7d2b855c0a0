"""What Temporal is told of a schedule: the message from who keeps schedules to who speaks with Temporal.

A schedule is a row; its twin is the schedule of Temporal's that makes it run, under the id `<tenant>:<schedule id>`.
"""

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from gorax.core.ids import EXECUTION
from gorax.core.schedule_options import Overlap
from gorax.core.schedules import Timing


class Twin(BaseModel):
    """Everything about a schedule that Temporal has to know."""

    model_config = ConfigDict(frozen=True)

    tenant_id: str
    schedule_id: str
    workflow_id: str
    workflow_name: str
    timing: Timing
    active: bool
    """False to begin nothing, for the reason in `note`."""
    note: str | None
    overlap: Overlap
    catchup_window: float
    """Seconds."""
    pause_on_failure: bool
    remaining_runs: int | None
    generation: int
    """Of the row: tells a twin that is behind."""
    was_active: bool = False
    """Whether it begins runs by what its row knows. If it is paused all the same, somebody else paused it, and it stays
    paused until the row knows that, too."""


class Backfill(BaseModel):
    """A range of time whose runs are to be made up for, both ends included."""

    model_config = ConfigDict(frozen=True)

    begin: datetime
    end: datetime
    overlap: Overlap


class Sighting(BaseModel):
    """A twin as Temporal shows it."""

    model_config = ConfigDict(frozen=True)

    tenant_id: str
    schedule_id: str
    generation: int
    """What it was last told."""
    told_active: bool
    """Whether it was to begin runs by that."""
    paused: bool
    """Whether it does not, now."""
    note: str | None


def execution_prefix(schedule_id: str) -> str:
    """What the ids of a schedule's executions begin with; Temporal adds the time that a run was due."""
    return f"{EXECUTION}_{schedule_id.partition('_')[2]}"
