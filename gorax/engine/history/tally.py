"""What became of each action of an execution, in numbers: for a picture of it, not for a list of its steps."""

from collections import Counter, defaultdict

from gorax.core.contracts import StepStatus
from gorax.core.diagram import Tally
from gorax.engine.history.folded import FoldedHistory
from gorax.engine.history.paths import action_of
from gorax.engine.history.progress import progress_of
from gorax.engine.history.tree import Tree

MAX_READS = 10
"""Histories of batches whose steps are counted one by one. Loops tell their totals without."""


async def tallies_of(tree: Tree) -> dict[str, Tally]:
    """By action id, for the actions of which any step began. Raises `Unavailable`."""
    counts: dict[str, Counter[StepStatus]] = defaultdict(Counter)
    partial: set[str] = set()
    pending = [tree.root]
    while pending:
        history = pending.pop(0)
        for trace in history.traces:
            counts[action_of(trace.path)][trace.status] += 1
        for batch in history.batches:
            if tree.reads < MAX_READS:
                pending.append(await tree.open(batch, history))
            else:
                partial.add(action_of(batch.path))
    tallies = {
        action_id: Tally(counts=dict(statuses), partial=action_id in partial)
        for action_id, statuses in counts.items()
    }
    return tallies | await _loops(tree, tree.root, partial)


async def _loops(tree: Tree, history: FoldedHistory, partial: set[str]) -> dict[str, Tally]:
    """The loops that are not inside others: of those, each iteration would have totals of its own."""
    found: dict[str, Tally] = {}
    for trace in history.traces:
        if "[" not in trace.path and (progress := await progress_of(tree, history, trace)):
            action_id = action_of(trace.path)
            found[action_id] = Tally(
                counts={trace.status: 1},
                done=progress.completed,
                total=progress.total,
                failed=progress.failed,
                partial=action_id in partial,
            )
    return found
