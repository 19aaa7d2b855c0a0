"""Iterations of a loop in the run that it is in: as many as its history can take."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from temporalio import workflow

from gorax.core.actions.constructs import MAX_ERRORS, IterationError, Loop, item_at
from gorax.core.actions.declaration import ActionFailed, StopExecution
from gorax.core.contracts import BatchResult, LoopBatch
from gorax.core.encoding import shown
from gorax.core.errors import ErrorInfo, ErrorType, StepError
from workflows.tally import results_limit
from workflows.tasks import together

if TYPE_CHECKING:
    from workflows.scope import Scope
    from workflows.walk import Walker

MAX_ERROR_MESSAGE = 500
"""Characters of the message of an iteration's error in the loop's output."""
MAX_ERROR_DETAILS = 1_000
"""Bytes of its details there."""


@dataclass(slots=True)
class _End:
    """How one iteration ended."""

    result: Any = None
    error: ErrorInfo | None = None


class Iterations:
    """One part of a loop, run here."""

    def __init__(
        self, walker: Walker, loop: Loop, scope: Scope, path: str, steps_before: Mapping[str, Any]
    ) -> None:
        self._walker = walker
        self._loop = loop
        self._scope = scope
        self._path = path
        self._actions = walker.lists.load(loop.actions)
        self._outer_steps = scope.state.steps
        self._steps = {**self._outer_steps, **steps_before}
        self._ends: dict[int, _End] = {}
        self._size = 0
        self._open = True
        self._ended = False
        self._next = 0

    async def run(self, batch: LoopBatch) -> BatchResult:
        """Run the iterations of a batch; fewer than it has when a condition, a failure or the history ends them."""
        result = BatchResult()
        try:
            await together(self._worker(batch) for _ in range(min(batch.concurrency, batch.count)))
        except ActionFailed as failed:
            result.failure = failed.error
        except StepError as error:
            result.failure = error.info(self._path.rpartition(".")[2], 1)
        except StopExecution as stop:
            result.stopped, result.stop_output = True, stop.output
        self._summarise(batch, result)
        return result

    async def _worker(self, batch: LoopBatch) -> None:
        while self._open and self._next < batch.count:
            number = self._next
            if number and self._walker.full:
                return
            self._next += 1
            await self._iterate(batch, number)

    async def _iterate(self, batch: LoopBatch, number: int) -> None:
        loop = self._loop
        index = batch.first + number
        names = {loop.index: index}
        if batch.items is not None:
            names[loop.item] = item_at(batch.items, number)
        if loop.interval and index:
            self._walker.journal.flush()
            await workflow.sleep(timedelta(seconds=loop.interval), summary=self._path)
        own = loop.concurrency > 1
        scope = self._scope.iteration(names, self._steps, own=own)
        await self._walker.budget.breathe()
        if loop.condition is not None and not scope.evaluation().condition(loop.condition):
            self._ended, self._open = True, False
            return
        try:
            result = await self._result(scope, index)
        except ActionFailed as failed:
            if loop.on_error == "stop":
                raise
            self._ends[number] = _End(error=failed.error)
            return
        self._ends[number] = _End(result)
        if batch.items is None:
            self._steps = dict(scope.state.steps)
        end = loop.break_when or loop.until
        if end is not None and scope.evaluation().condition(end):
            self._ended, self._open = True, False

    async def _result(self, scope: Scope, index: int) -> Any:
        """What one iteration gives. Raises `ActionFailed`."""
        loop = self._loop
        result = await self._walker.run_list(self._actions, scope, f"{self._path}[{index}].")
        await self._walker.budget.breathe()
        try:
            if loop.has_output:
                result = scope.evaluation().render(loop.output)
            name = f"the result of {self._path}[{index}]"
            self._size += self._walker.bound(result, name, ErrorType.OUTPUT_TOO_LARGE) + 1  # and a comma
        except StepError as error:
            raise ActionFailed(error.info(self._path.rpartition(".")[2], 1)) from error
        if not loop.keeps_results or self._size > results_limit(self._walker.request.bounds):
            # Only the last is kept: what was collected would be dropped in the end.
            for end in self._ends.values():
                end.result = None
        return result

    def _summarise(self, batch: LoopBatch, result: BatchResult) -> None:
        loop = self._loop
        ends = [self._ends[number] for number in sorted(self._ends)]
        errors = [
            IterationError(index=batch.first + number, error=_brief(end.error))
            for number, end in sorted(self._ends.items())
            if end.error is not None
        ]
        result.count = len(ends)
        result.failed = len(errors)
        result.succeeded = len(ends) - len(errors)
        result.errors = errors[:MAX_ERRORS]
        result.ended = self._ended
        result.results_bytes = self._size
        result.last = ends[-1].result if ends else None
        if loop.keeps_results and self._size <= results_limit(self._walker.request.bounds):
            result.results = [end.result for end in ends]
        outer = self._outer_steps
        result.steps = {name: step for name, step in self._steps.items() if step is not outer.get(name)}


def _brief(error: ErrorInfo) -> ErrorInfo:
    # The step has the whole of it; a hundred of these travel from batch to batch.
    details, _ = shown(error.details, MAX_ERROR_DETAILS)
    return error.model_copy(update={"message": error.message[:MAX_ERROR_MESSAGE], "details": details})
