"""A page of the steps of an execution.

The order is that of the histories: a history's own steps, then those of its batches, one batch after the other. A
batch that ended says in its result how many steps it and its own batches tell of, so a page looks into the few that
it shows and passes over the others. Where such a count is larger than what is told (a step may be cancelled before it
leaves a trace), the places that are left stay empty: the others keep theirs.
"""

from collections.abc import Set
from dataclasses import dataclass, field
from typing import Literal

from pydantic import BaseModel

from gorax.core.contracts import StepStatus
from gorax.core.encoding import dumps
from gorax.core.errors import Invalid
from gorax.engine.history.folded import Batch, Counts, FoldedHistory, Trace
from gorax.engine.history.paths import is_inside, iterations_of
from gorax.engine.history.step import Step, show
from gorax.engine.history.tree import Tree

MAX_STEPS = 1_000
"""Steps of a page."""
MAX_BYTES = 16_000_000
"""Encoded steps of a page, but for one that is larger than that alone."""
MAX_READS = 200
"""Histories of batches that one page looks into."""


@dataclass(frozen=True)
class StepQuery:
    """Which steps are wanted."""

    limit: int = MAX_STEPS
    offset: int = 0
    parent: str | None = None
    """Only what is inside this step, or inside this iteration of a loop."""
    statuses: Set[StepStatus] = field(default_factory=frozenset)
    """Only steps of these; of any where there are none."""
    reveal: bool = False
    """Give the real values of sensitive steps: to who may see them, and to nobody else."""


class StepPage(BaseModel):
    """Some of the steps of an execution."""

    steps: list[Step] = []
    total: int | None = 0
    """How many there are, so far; None where that would take too long to find out."""
    limit: int
    offset: int
    next_offset: int | None = None
    """Where the next page begins; None at the end. A page ends early when its steps are large."""

    @property
    def has_more(self) -> bool:
        """Whether there is a next page."""
        return self.next_offset is not None


async def page_of(tree: Tree, query: StepQuery) -> StepPage:
    """The page. Raises `Unavailable`, and `Invalid` when too many batches would have to be looked into."""
    paging = _Paging(tree, query)
    await paging.visit(tree.root)
    return paging.page()


class _Paging:
    """One way through the histories of an execution, from its first step to its last."""

    def __init__(self, tree: Tree, query: StepQuery) -> None:
        self._tree = tree
        self._query = query
        self._steps: list[Step] = []
        self._bytes = 0
        self._position = 0
        self._end: int | None = None
        """The position behind the page, once that is full."""
        self._stopped = False
        """Whether the rest was not counted, because that would take looking into batches for their statuses."""

    def page(self) -> StepPage:
        """What was found. Raises `Invalid` when that is nothing, and it may be only because there was too much."""
        end = self._end
        if self._stopped and not self._steps:
            raise Invalid(
                "status: too many batches of loops would have to be looked through: "
                "ask for one iteration with parent, such as parent=each_order[17]"
            )
        more = end is not None and (self._stopped or end < self._position)
        return StepPage(
            steps=self._steps,
            total=None if self._stopped else self._position,
            limit=self._query.limit,
            offset=self._query.offset,
            next_offset=end if more else None,
        )

    async def visit(self, history: FoldedHistory) -> None:
        """Go through a history and its batches."""
        for trace in history.traces:
            if self._wants(trace):
                await self._pass(history, trace)
        for batch in history.batches:
            if self._stopped:
                return
            extent = _extent(batch, self._query.parent)
            if extent != "none":
                await self._visit_batch(history, batch, extent)

    async def _visit_batch(
        self, history: FoldedHistory, batch: Batch, extent: Literal["all", "part"]
    ) -> None:
        size = _size(batch.counts, self._query.statuses) if batch.counts and extent == "all" else None
        if size is None:
            await self._look_into(history, batch)
            return
        behind = self._position + size
        if size and self._end is None and behind > self._query.offset:
            if self._tree.reads >= MAX_READS and self._steps:
                self._end = self._position
            else:
                await self.visit(await self._tree.open(batch, history))
        self._position = behind

    async def _look_into(self, history: FoldedHistory, batch: Batch) -> None:
        """Go through a batch of which it is not known how many of the wanted steps it tells of."""
        if self._query.statuses:
            if self._end is None and self._tree.reads >= MAX_READS:
                self._end = self._position
            if self._end is not None:
                self._stopped = True
                return
        await self.visit(await self._tree.open(batch, history))

    async def _pass(self, history: FoldedHistory, trace: Trace) -> None:
        if self._end is None and self._position >= self._query.offset:
            step = await show(self._tree, history, trace, reveal=self._query.reveal)
            self._bytes += len(dumps(step))
            if self._steps and self._bytes > MAX_BYTES:
                self._end = self._position
            else:
                self._steps.append(step)
                if len(self._steps) == self._query.limit:
                    self._end = self._position + 1
        self._position += 1

    def _wants(self, trace: Trace) -> bool:
        query = self._query
        return (query.parent is None or is_inside(trace.path, query.parent)) and (
            not query.statuses or trace.status in query.statuses
        )


def _extent(batch: Batch, parent: str | None) -> Literal["all", "part", "none"]:
    """How much of a batch is inside the parent."""
    if parent is None or batch.path == parent or is_inside(batch.path, parent):
        return "all"
    for loop, index in iterations_of(parent):
        if loop == batch.path and batch.first <= index <= batch.last:
            return "part"
    return "none"


def _size(counts: Counts, statuses: Set[StepStatus]) -> int | None:
    """How many steps of these statuses a batch that ended tells of; None where its result does not say."""
    if not statuses:
        return counts.steps_begun
    sizes = _sizes(counts)
    return sum(sizes[status] for status in statuses) if statuses <= sizes.keys() else None


def _sizes(counts: Counts) -> dict[StepStatus, int]:
    """By status, how many steps a batch that ended tells of, as far as its result says."""
    begun, total, completed = counts.steps_begun, counts.steps_total, counts.steps_completed
    sizes: dict[StepStatus, int] = {"running": 0, "pending": 0, "completed": completed}
    if counts.steps_failed is not None:
        return {
            **sizes,
            "skipped": begun - total,
            "failed": counts.steps_failed,
            "timed_out": counts.steps_timed_out,
            "cancelled": total - completed - counts.steps_failed - counts.steps_timed_out,
        }
    # One that ended earlier does not tell the others apart, unless there are none.
    if total == begun:
        sizes["skipped"] = 0
    if completed == begun:
        sizes |= {"failed": 0, "timed_out": 0, "cancelled": 0}
    return sizes
