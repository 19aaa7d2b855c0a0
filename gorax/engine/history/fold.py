"""From the events of a Temporal history to the steps and batches that it tells of."""

from collections.abc import AsyncIterable, Iterable
from dataclasses import replace

from temporalio.api.enums.v1 import PendingActivityState
from temporalio.api.history.v1 import HistoryEvent
from temporalio.api.workflow.v1 import PendingActivityInfo
from temporalio.converter import DataConverter

from gorax.engine.history.arrangement import arranged
from gorax.engine.history.events import ATTRIBUTES, Traces, end, error_of
from gorax.engine.history.folded import FoldedHistory
from gorax.engine.history.outline import Outline

_CLOSING = {
    f"workflow_execution_{end}{ATTRIBUTES}"
    for end in ("completed", "failed", "canceled", "terminated", "timed_out", "continued_as_new")
}

_WAITING = frozenset(
    {
        PendingActivityState.PENDING_ACTIVITY_STATE_SCHEDULED,
        PendingActivityState.PENDING_ACTIVITY_STATE_PAUSED,
    }
)
"""An activity that is to begin the attempt that Temporal says of it."""


async def fold(
    events: AsyncIterable[HistoryEvent],
    converter: DataConverter,
    *,
    loop: str | None = None,
    outline: Outline | None = None,
    over: bool = False,
) -> FoldedHistory:
    """What a history tells of.

    Of a batch, `loop` is the path of its loop, `outline` that of the execution's own history, and `over` says that
    the run that it is a part of has ended: what had not ended by then counts as cancelled.
    """
    found = Traces(converter)
    last: HistoryEvent | None = None
    async for event in events:
        await found.read(event)
        last = event
    if outline is None:
        outline = await found.outline()
    return folded(found, last, outline, loop=loop, over=over)


def folded(
    found: Traces, last: HistoryEvent | None, outline: Outline, *, loop: str | None, over: bool
) -> FoldedHistory:
    """What the events that were read tell of, `last` being the last of them; see `fold`.

    Steps that run are copies, as they may be overlaid or come to their end here: it can be asked again after more
    events.
    """
    closed = last is not None and closes(last)
    now = {
        path: replace(trace) if trace.status == "running" else trace for path, trace in found.by_path.items()
    }
    history = FoldedHistory(
        traces=arranged(now, outline, loop),
        batches=found.children.batches,
        closed=closed,
        over=closed or over,
        bytes=found.bytes,
        outline=outline if loop is None else None,
    )
    if history.over and last is not None:
        for trace in history.traces:
            if trace.status == "running":
                end(trace, "cancelled", last)
    return history


def closes(event: HistoryEvent) -> bool:
    """Whether a history ends with this event."""
    return event.WhichOneof("attributes") in _CLOSING


async def overlay(
    history: FoldedHistory, pending: Iterable[PendingActivityInfo], converter: DataConverter
) -> None:
    """Tell the running steps how far they are: their attempt, and why the last one failed."""
    by_path = {trace.path: trace for trace in history.traces if trace.status == "running"}
    for activity in pending:
        trace = by_path.get(activity.activity_id)
        if trace is None:
            continue
        begun = activity.attempt - (activity.state in _WAITING)
        if begun > 0:
            trace.attempts += begun - 1  # beside those before it was an activity
        else:
            trace.status = "pending"
        if activity.HasField("last_failure"):
            trace.error = await error_of(activity.last_failure, converter)
