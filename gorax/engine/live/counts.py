"""How far an execution is, in numbers."""

from collections.abc import Mapping
from typing import NamedTuple

from gorax.engine.history.folded import FoldedHistory
from gorax.engine.history.outline import Outline


class Counted(NamedTuple):
    """Steps, those of loops' batches among them as far as their histories are followed or have told their totals."""

    completed: int
    total: int
    """Those that began and were not skipped; while it runs, with the definition's own actions still to come."""


def counted(root: FoldedHistory, followed: Mapping[str, FoldedHistory], outline: Outline) -> Counted:
    """How far an execution is; `followed` are the histories of batches, by the ids of their runs."""
    completed, total = _within(root, followed)
    if not root.over:
        seen = {trace.path for trace in root.traces}
        total += sum(action not in seen for action in outline.own_actions)
    return Counted(completed, total)


def _within(history: FoldedHistory, followed: Mapping[str, FoldedHistory]) -> Counted:
    completed = sum(trace.status == "completed" for trace in history.traces)
    total = sum(trace.status != "skipped" for trace in history.traces)
    for batch in history.batches:
        if batch.counts is not None:
            completed += batch.counts.steps_completed
            total += batch.counts.steps_total
        elif (inside := followed.get(batch.run_id or "")) is not None:
            below = _within(inside, followed)
            completed, total = completed + below.completed, total + below.total
    return Counted(completed, total)
