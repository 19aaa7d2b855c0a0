"""The steps of an execution, from the events of its Temporal histories."""

from gorax.engine.history.fold import fold, overlay
from gorax.engine.history.folded import Batch, FoldedHistory
from gorax.engine.history.outcomes import outcomes_of
from gorax.engine.history.outline import Outline
from gorax.engine.history.paging import MAX_STEPS, StepPage, StepQuery, page_of
from gorax.engine.history.progress import Progress
from gorax.engine.history.step import Step
from gorax.engine.history.tally import tallies_of
from gorax.engine.history.tree import Tree

__all__ = [
    "MAX_STEPS",
    "Batch",
    "FoldedHistory",
    "Outline",
    "Progress",
    "Step",
    "StepPage",
    "StepQuery",
    "Tree",
    "fold",
    "outcomes_of",
    "overlay",
    "page_of",
    "tallies_of",
]
