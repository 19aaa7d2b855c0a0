"""The outcomes of an execution's completed steps, for another execution to use instead of running them again."""

from gorax.core.actions.catalogue import flow_catalogue
from gorax.core.contracts import StepOutcome
from gorax.core.definition.shape import is_leaf
from gorax.core.encoding import dumps
from gorax.core.errors import Invalid
from gorax.engine.history.folded import Trace
from gorax.engine.history.tree import Tree

MAX_BYTES = 32_000_000
"""Encoded outcomes of one execution, with their paths."""


async def outcomes_of(tree: Tree) -> dict[str, StepOutcome]:
    """By path, the real outcomes of completed steps, also of sensitive ones.

    Of a step that holds others or sets variables it only says that it completed: that is not all that came of it. Left
    out are outputs of which the history has but a note that they were cut. Raises `Invalid` when they are too large
    together, and `Unavailable`.
    """
    found: dict[str, StepOutcome] = {}
    size = 0
    async for trace in tree.all_traces():
        if trace.status != "completed" or (outcome := await _outcome(tree, trace)) is None:
            continue
        size += len(trace.path) + len(dumps(outcome))
        if size > MAX_BYTES:
            raise Invalid(
                f"the results of the completed steps have over {MAX_BYTES} bytes together: run it from the beginning"
            )
        found[trace.path] = outcome
    return found


async def _outcome(tree: Tree, trace: Trace) -> StepOutcome | None:
    if trace.outcome is not None:
        [outcome] = await tree.converter.decode([trace.outcome], [StepOutcome])
        return StepOutcome.model_validate(outcome)
    flow = flow_catalogue().flow(trace.type)
    if flow is not None and not is_leaf(flow):
        return StepOutcome(attempts=trace.attempts)
    if trace.output == {"truncated": True}:
        return None
    return StepOutcome(output=trace.output, attempts=trace.attempts)
