"""The histories of one execution: its own, and those of the batches of its loops, read as far as they are needed."""

from collections.abc import AsyncIterator, Awaitable, Callable

from temporalio.converter import DataConverter

from gorax.engine.history.folded import Batch, FoldedHistory, Trace
from gorax.engine.history.outline import Outline

MAX_RUNNING = 250
"""Running batches that are looked into; what is in others is not counted before they end."""
MAX_HELD = 64_000_000
"""Bytes of histories that grow, kept for the rest of the request."""

ReadBatch = Callable[[Batch, Outline, bool], Awaitable[FoldedHistory]]
"""Reads the history of a batch: of which definition, and whether the run that it is a part of has ended."""

_UNREAD = FoldedHistory(traces=(), batches=(), closed=False, over=False)


class Tree:
    """What is read of an execution for one request: a history that grows is read once, and stays as it was then."""

    def __init__(self, root: FoldedHistory, read: ReadBatch, converter: DataConverter) -> None:
        self.root = root
        self.outline = root.outline or Outline({})
        self.converter = converter
        self.reads = 0
        """Histories of batches that were looked into."""
        self._read = read
        self._running: set[str] = set()
        self._held = 0
        self._known: dict[str, FoldedHistory] = {}
        self._sizes: dict[str, int] = {}

    async def open(self, batch: Batch, parent: FoldedHistory) -> FoldedHistory:
        """What a batch's own history tells of. Raises `Unavailable`."""
        if batch.run_id is None:
            return _UNREAD
        if (known := self._known.get(batch.run_id)) is not None:
            return known
        if not (batch.ended or parent.over):
            if len(self._running) >= MAX_RUNNING and batch.run_id not in self._running:
                return _UNREAD
            self._running.add(batch.run_id)
        self.reads += 1
        history = await self._read(batch, self.outline, parent.over or batch.ended)
        # Closed ones are kept by whoever reads them, within a bound.
        if not history.closed and self._held + history.bytes <= MAX_HELD:
            self._held += history.bytes
            self._known[batch.run_id] = history
        return history

    async def size(self, batch: Batch, parent: FoldedHistory) -> int:
        """How many steps began in a batch. Raises `Unavailable`."""
        if batch.counts is not None:
            return batch.counts.steps_begun
        key = batch.run_id or batch.workflow_id
        if key not in self._sizes:
            history = await self.open(batch, parent)
            inner = [await self.size(smaller, history) for smaller in history.batches]
            self._sizes[key] = len(history.traces) + sum(inner)
        return self._sizes[key]

    async def all_traces(self) -> AsyncIterator[Trace]:
        """Every step of the whole execution. Raises `Unavailable`."""
        for trace in self.root.traces:
            yield trace
        pending = [(batch, self.root) for batch in self.root.batches]
        while pending:
            batch, parent = pending.pop()
            if batch.run_id is None:
                continue
            # Not by `open`: there may be thousands, and none is needed again.
            history = await self._read(batch, self.outline, parent.over or batch.ended)
            for trace in history.traces:
                yield trace
            pending += [(smaller, history) for smaller in history.batches]
