"""How far a loop is."""

from collections.abc import Sequence

from pydantic import BaseModel

from gorax.core.contracts import TERMINAL
from gorax.core.definition import Action
from gorax.engine.history.folded import Batch, FoldedHistory, Trace
from gorax.engine.history.paths import action_of, is_inside
from gorax.engine.history.tree import Tree


class Progress(BaseModel):
    """Totals of a loop, while it runs and after."""

    total: int | None = None
    """Iterations that it has if nothing ends it before; None while that is not known."""
    completed: int = 0
    """Iterations that have ended, well or not."""
    succeeded: int = 0
    failed: int = 0
    steps: int = 0
    """Steps begun inside it."""
    batches: int = 0
    """Child workflows that it was divided among, not counting those that divided it further."""


async def progress_of(tree: Tree, history: FoldedHistory, trace: Trace) -> Progress | None:
    """How far a loop is that this history has begun; None of a step that is no loop. Raises `Unavailable`."""
    body = tree.outline.body_of(trace.path)
    if body is None:
        return None
    progress = Progress()
    await _add(progress, tree, history, trace.path, body)
    progress.steps = sum(len(inside) for inside in history.iterations.get(trace.path, {}).values())
    for batch in history.batches:
        if batch.path == trace.path:
            progress.batches += 1
        if batch.path == trace.path or is_inside(batch.path, trace.path):
            progress.steps += await tree.size(batch, history)
    if trace.status in TERMINAL:
        _settle(progress, trace)
    if tree.outline.counts_items(trace.path):
        ends = [batch.last + 1 for batch in history.batches if batch.path == trace.path]
        known = progress.completed if trace.status == "completed" else None
        progress.total = max(ends, default=known)
    return progress


async def _add(
    progress: Progress, tree: Tree, history: FoldedHistory, path: str, body: Sequence[Action]
) -> None:
    """Count the iterations that a history tells of, and those of its batches."""
    for inside in history.iterations.get(path, {}).values():
        failed = _end(path, body, inside)
        if failed is not None:
            progress.completed += 1
            progress.failed += failed
            progress.succeeded += not failed
    for batch in history.batches:
        if batch.path == path:
            await _add_batch(progress, tree, history, batch, body)


async def _add_batch(
    progress: Progress, tree: Tree, history: FoldedHistory, batch: Batch, body: Sequence[Action]
) -> None:
    if (counts := batch.counts) is None:
        await _add(progress, tree, await tree.open(batch, history), batch.path, body)
        return
    # The iteration that ended its batch is not among those that the batch counts.
    broken = counts.failure is not None
    progress.completed += counts.count + broken
    progress.succeeded += counts.succeeded
    progress.failed += counts.failed + broken


def _end(path: str, body: Sequence[Action], inside: Sequence[Trace]) -> bool | None:
    """Whether an iteration failed; None while it runs, or when it did not come to its end."""
    if any(trace.status in {"running", "pending"} for trace in inside):
        return None
    prefix = inside[0].path.index(".", len(path)) + 1
    own = {action_of(trace.path): trace for trace in inside if "." not in trace.path[prefix:]}
    for action in body:
        trace = own.get(action.id)
        if trace is not None and trace.status in {"failed", "timed_out"} and action.on_error == "fail":
            return True
    if all(action.id in own and own[action.id].status != "cancelled" for action in body):
        return False
    return None


def _settle(progress: Progress, trace: Trace) -> None:
    """Take the loop's own totals where it has told them: what is wrong with an iteration may show in no step of it."""
    if not isinstance(trace.output, dict):
        return
    counts = [trace.output.get(name) for name in ("count", "succeeded", "failed")]
    match counts:
        case [int(count), int(succeeded), int(failed)]:
            progress.completed, progress.succeeded, progress.failed = count, succeeded, failed
