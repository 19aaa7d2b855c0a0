"""Batches of a loop's iterations, each a Temporal workflow of its own, so that no history grows with the loop."""

from __future__ import annotations

from typing import TYPE_CHECKING

from temporalio import workflow
from temporalio.exceptions import ApplicationError, ChildWorkflowError, is_cancelled_exception

from gorax.core.actions.constructs import Loop, Span
from gorax.core.actions.declaration import ActionFailed
from gorax.core.contracts import LOOP, BatchResult, LoopBatch, LoopFrame
from gorax.core.encoding import dumps
from gorax.core.errors import ErrorInfo, ErrorType
from gorax.core.ids import temporal_workflow_id
from workflows.reuse import IterationReuse
from workflows.tally import Tally
from workflows.tasks import cancellations, raise_if_cancelled, started, together

if TYPE_CHECKING:
    from workflows.scope import Scope
    from workflows.walk import Walker

BATCH_STEPS = 250
"""About how many steps one batch runs itself; replaying thousands takes longer than a workflow task may."""
FAN = 100
"""Batches that one batch is split into: a million iterations are three levels."""
MAX_BESIDE = 4
"""Batches beside each other; a loop's concurrency is divided among them."""


def frame_of(walker: Walker, loop: Loop, scope: Scope, path: str) -> LoopFrame:
    """What all batches of a loop share."""
    request = walker.request.model_copy(update={"definition": {}, "begin": None, "reuse": {}})
    names = {name: value for name, value in scope.fixed.items() if name != "trigger"}
    return LoopFrame(request=request, loop=loop, path=path, names=names, steps=dict(scope.state.steps))


def part_of(batch: LoopBatch, offset: int, count: int) -> LoopBatch:
    """Some of the iterations of a batch."""
    items = batch.items
    match items:
        case Span():
            items = Span(start=items.start + offset * items.step, step=items.step, count=count)
        case list():
            items = items[offset : offset + count]
    return LoopBatch(first=batch.first + offset, count=count, items=items, concurrency=batch.concurrency)


class _OverError(Exception):
    """A batch ended the whole loop: an iteration failed, or stopped the execution."""

    def __init__(self, result: BatchResult) -> None:
        super().__init__()
        self.result = result


class Batches:
    """Starts batches of one loop and waits for them."""

    def __init__(self, walker: Walker, frame: LoopFrame, scope: Scope) -> None:
        self._walker = walker
        self._frame = frame
        self._scope = scope
        self._frame_bytes = len(dumps(frame))
        self._reuse = IterationReuse(walker.request.reuse, frame.path)

    @property
    def size(self) -> int:
        """Iterations of a batch that runs them itself."""
        return max(1, BATCH_STEPS // max(self._walker.lists.count(self._frame.loop.actions), 1))

    async def run(self, batch: LoopBatch) -> BatchResult:
        """Run a batch in a workflow of its own. Raises `ActionFailed` when that did not end by itself."""
        walker = self._walker
        await walker.control.gate()
        batch.variables = dict(self._scope.state.variables.values)
        batch.paused = walker.control.paused
        batch.reuse = self._reuse.within(batch.first, batch.count)
        inline = walker.request.bounds.inline
        await walker.budget.admit(inline(self._frame_bytes) + inline(len(dumps(batch))))
        walker.journal.flush()
        name = f"{self._frame.path}[{batch.first}-{batch.first + batch.count - 1}]"
        request = self._frame.request
        before = cancellations()
        handle = await started(
            workflow.start_child_workflow(
                LOOP,
                args=[self._frame, batch],
                id=f"{temporal_workflow_id(request.tenant_id, request.execution_id)}/{name}",
                result_type=BatchResult,
                cancellation_type=workflow.ChildWorkflowCancellationType.WAIT_CANCELLATION_COMPLETED,
                parent_close_policy=workflow.ParentClosePolicy.TERMINATE,
                static_summary=name[-150:],
            )
        )
        await walker.control.began(handle, told_paused=batch.paused)
        try:
            result: BatchResult = await handle
        except ChildWorkflowError as error:
            raise_if_cancelled(before)
            raise ActionFailed(_failure(error, name)) from error
        finally:
            walker.control.ended(handle)
        walker.budget.receive(inline(len(dumps(result))))
        walker.progress.take(result)
        raise_if_cancelled(before)
        if result.variables is not None:
            self._scope.state.set_variables(result.variables)
        return result

    async def split(self, batch: LoopBatch) -> BatchResult:
        """Run a batch as smaller ones: all of it, or as many as this run's history can take."""
        return await _Split(self, self._walker, self._frame.loop, batch).run()


class _Split:
    """One batch on its way as smaller ones."""

    def __init__(self, batches: Batches, walker: Walker, loop: Loop, batch: LoopBatch) -> None:
        self._batches = batches
        self._walker = walker
        self._loop = loop
        self._batch = batch
        size = batches.size
        small = batch.count <= size * FAN
        self._size = size if small else size * FAN
        # Larger ones follow each other, each with all the concurrency: there is little to lose at their seams.
        self._beside = min(MAX_BESIDE, batch.concurrency) if small else 1
        if self._beside > 1 and loop.break_when is not None and workflow.patched("break-in-turn"):
            # So do those of a loop that may end early: nothing after the items that had begun is to run.
            self._beside = 1
        self._steps = batch.steps
        self._next = 0
        self._open = True
        self._parts: dict[int, BatchResult] = {}

    async def run(self) -> BatchResult:
        """The result of the whole."""
        tally = Tally(self._loop, self._walker.request.bounds)
        over: BatchResult | None = None
        try:
            await together(self._worker(number) for number in range(self._beside))
        except _OverError as end:
            over = end.result
        for offset in sorted(self._parts):
            tally.add(self._parts[offset])
        if over is not None:
            tally.add(over)
        return tally.batch()

    async def _worker(self, number: int) -> None:
        # The first ones get what cannot be divided.
        concurrency = (self._batch.concurrency + self._beside - 1 - number) // self._beside
        while self._open and self._next < self._batch.count:
            if self._next and self._walker.full:
                return
            offset = self._next
            end = self._next = min(offset + self._size, self._batch.count)
            while offset < end and self._open:
                part = part_of(self._batch, offset, end - offset)
                part.concurrency, part.steps = concurrency, self._steps
                result = await self._batches.run(part)
                if result.stopped or result.failure is not None:
                    raise _OverError(result)
                self._parts[offset] = result
                self._steps = result.steps
                offset += result.count
                if result.ended:
                    self._open = False


def _failure(failed: ChildWorkflowError, name: str) -> ErrorInfo:
    cause = failed.cause
    if is_cancelled_exception(failed):
        return ErrorInfo(type=ErrorType.CANCELLED, message=f"{name} was cancelled")
    reason = cause.message if isinstance(cause, ApplicationError) else str(cause or failed)
    return ErrorInfo(type=ErrorType.INTERNAL, message=f"{name} did not come to its end: {reason}")
