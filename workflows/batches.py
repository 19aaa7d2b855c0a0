"""Batches of a loop's iterations, each a Temporal workflow of its own, so that no history grows with the loop."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from temporalio import workflow
from temporalio.exceptions import ApplicationError, ChildWorkflowError, is_cancelled_exception

from gorax.core.actions.constructs import Loop, Span
from gorax.core.actions.declaration import ActionFailed
from gorax.core.batch_ids import MAX_LENGTH, PATH_MEMO, BatchId
from gorax.core.contracts import LOOP, BatchResult, LoopBatch, LoopFrame
from gorax.core.encoding import dumps
from gorax.core.errors import ErrorInfo, ErrorType
from gorax.core.ids import temporal_workflow_id
from gorax.core.mentions import steps_read
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
RUN_PARTS = 1_000
"""Batches begun in a run after which the rest goes on elsewhere; each has some ten events in its history."""
MAX_BESIDE = 4
"""Batches beside each other; a loop's concurrency is divided among them."""


def frame_of(walker: Walker, loop: Loop, scope: Scope, path: str) -> LoopFrame:
    """What all batches of a loop share."""
    request = walker.request.model_copy(update={"definition": {}, "begin": None, "reuse": {}})
    names = {name: value for name, value in scope.fixed.items() if name != "trigger"}
    steps = scope.state.steps
    # One may have the rows that the loop goes through, and every batch gets the frame.
    read = steps_read(loop.model_dump(), steps.keys())
    steps = {name: step for name, step in steps.items() if name in read}
    return LoopFrame(request=request, loop=loop, path=path, names=names, steps=steps)


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
        batch_bytes = len(dumps(batch))
        span = BatchId(self._frame.path, batch.first, batch.first + batch.count - 1)
        before = cancellations()
        try:
            async with walker.budget.beside(self._frame_bytes + batch_bytes):
                await walker.budget.admit(inline(self._frame_bytes) + inline(batch_bytes))
                walker.journal.flush()
                result = await self._result(batch, span)
        except ChildWorkflowError as error:
            raise_if_cancelled(before)
            raise ActionFailed(_failure(error, span.name)) from error
        walker.budget.receive(inline(len(dumps(result))))
        walker.progress.take(result)
        raise_if_cancelled(before)
        if result.variables is not None:
            self._scope.state.set_variables(result.variables)
        return result

    async def _result(self, batch: LoopBatch, span: BatchId) -> BatchResult:
        """Raises `ChildWorkflowError`."""
        control = self._walker.control
        handle = await started(self._start(batch, span))
        # A cancellation that came meanwhile was passed on to the batch, whose end is waited for.
        control.began(handle, told_paused=batch.paused)
        try:
            return await handle
        finally:
            control.ended(handle)

    async def _start(self, batch: LoopBatch, span: BatchId) -> workflow.ChildWorkflowHandle[Any, BatchResult]:
        request = self._frame.request
        run = temporal_workflow_id(request.tenant_id, request.execution_id)
        workflow_id, memo = span.within(run), None
        if len(workflow_id) > MAX_LENGTH:
            workflow_id, memo = span.shortened(run).within(run), {PATH_MEMO: span.path}
        return await workflow.start_child_workflow(
            LOOP,
            args=[self._frame, batch],
            id=workflow_id,
            result_type=BatchResult,
            cancellation_type=workflow.ChildWorkflowCancellationType.WAIT_CANCELLATION_COMPLETED,
            parent_close_policy=workflow.ParentClosePolicy.TERMINATE,
            memo=memo,
            static_summary=span.name[-150:],
        )

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
        if self._beside > 1 and loop.break_when is not None:
            # So do those of a loop that may end early: nothing after the items that had begun is to run.
            self._beside = 1
        self._steps = batch.steps
        self._next = 0
        self._begun = 0
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
            if self._next and self._full():
                return
            offset = self._next
            end = self._next = min(offset + self._size, self._batch.count)
            while offset < end and self._open:
                part = part_of(self._batch, offset, min(self._size, end - offset))
                part.concurrency, part.steps = concurrency, self._steps
                self._begun += 1
                result = await self._batches.run(part)
                if result.stopped or result.failure is not None:
                    raise _OverError(result)
                self._parts[offset] = result
                self._steps = result.steps
                offset += result.count
                if result.ended:
                    self._open = False
                elif result.count < part.count:
                    # Its history was full before: more would be handed over and come back each time.
                    self._size = max(1, min(self._size, result.count))

    def _full(self) -> bool:
        """Whether the rest is to go on elsewhere; what was begun is finished here, so that no gap is left."""
        return self._walker.full or self._begun > RUN_PARTS


def _failure(failed: ChildWorkflowError, name: str) -> ErrorInfo:
    cause = failed.cause
    if is_cancelled_exception(failed):
        return ErrorInfo(type=ErrorType.CANCELLED, message=f"{name} was cancelled")
    reason = cause.message if isinstance(cause, ApplicationError) else str(cause or failed)
    return ErrorInfo(type=ErrorType.INTERNAL, message=f"{name} did not come to its end: {reason}")
