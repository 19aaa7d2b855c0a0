"""A step as the API shows it."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel
from temporalio.api.common.v1 import Payload

from gorax.core.contracts import StepOutcome, StepStatus
from gorax.core.errors import ErrorInfo
from gorax.core.masking import MASK
from gorax.engine.history.folded import FoldedHistory, Trace
from gorax.engine.history.paths import action_of, parent_of
from gorax.engine.history.progress import Progress, progress_of
from gorax.engine.history.tree import Tree
from gorax.vault import Damaged


class Step(BaseModel):
    """One step."""

    id: str
    """Its path: unique in the execution and the same at every reading."""
    action_id: str
    type: str
    status: StepStatus
    started_at: datetime | None = None
    completed_at: datetime | None = None
    duration_ms: int | None = None
    attempts: int = 1
    input: Any = None
    output: Any = None
    """While it waits for an answer or another execution: that one's id."""
    error: ErrorInfo | None = None
    """Why it failed; of a running step, why its last attempt did."""
    parent: str | None = None
    """The path of the step, or of the iteration, that it is nested in."""
    progress: Progress | None = None
    """Of a loop."""


async def show(tree: Tree, history: FoldedHistory, trace: Trace, *, reveal: bool = False) -> Step:
    """The step, with what is confidential masked unless it is to be revealed. Raises `Unavailable`."""
    hidden = trace.sensitive and not reveal
    output = MASK if hidden else trace.output
    if trace.outcome is not None and not hidden:
        output = await _output(tree, trace.outcome)
    waiting = trace.status == "running" and trace.awaits is not None
    return Step(
        id=trace.path,
        action_id=action_of(trace.path),
        type=trace.type,
        status=trace.status,
        started_at=trace.started_at,
        completed_at=trace.completed_at,
        duration_ms=_milliseconds(trace.started_at, trace.completed_at),
        attempts=trace.attempts,
        input=MASK if hidden else trace.input,
        output=trace.awaits if waiting else output,
        error=trace.error,
        parent=parent_of(trace.path),
        progress=await progress_of(tree, history, trace),
    )


async def _output(tree: Tree, outcome: Payload) -> Any:
    try:
        [read] = await tree.converter.decode([outcome], [StepOutcome])
    except Damaged as error:
        # The other steps can be read all the same.
        return {"unreadable": str(error)}
    return StepOutcome.model_validate(read).output


def _milliseconds(start: datetime | None, end: datetime | None) -> int | None:
    return None if start is None or end is None else round((end - start).total_seconds() * 1000)
