"""Ending, pausing and repeating executions."""

from datetime import datetime
from typing import Literal

from typing_extensions import TypedDict

from api.schemas.common import Note, RequestBody
from gorax.store.tables import Execution


class Terminate(RequestBody):
    """Ending an execution at once."""

    reason: Note | None = None
    """Shown as the message of the execution's error."""


class Rerun(RequestBody):
    """Beginning anew with the trigger of an execution."""

    version: Literal["same", "current"] = "same"
    """Which version of the workflow runs: that of the execution, or the one that is saved now."""


class StopView(TypedDict):
    """That an execution was asked to end."""

    kind: str
    """`cancel`: by its handlers; `terminate`: at once."""
    requested_at: datetime
    requested_by: str
    reason: str | None


class ExecutionState(TypedDict):
    """Where an execution stands after what was asked of it."""

    id: str
    workflow_id: str
    status: str
    paused: bool
    stop: StopView | None


def stop_view(row: Execution) -> StopView | None:
    """Who asked that it end, if somebody did."""
    if row.stop is None or row.stop_requested_at is None:
        return None
    return {
        "kind": row.stop,
        "requested_at": row.stop_requested_at,
        "requested_by": row.stop_requested_by or "",
        "reason": row.stop_reason,
    }


def execution_state(row: Execution) -> ExecutionState:
    """Where the execution stands."""
    return {
        "id": row.id,
        "workflow_id": row.workflow_id,
        "status": row.status,
        "paused": row.paused,
        "stop": stop_view(row),
    }
