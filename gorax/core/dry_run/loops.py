"""The first iterations of a loop, simulated."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gorax.core.actions.constructs import MAX_ERRORS, IterationError, Loop, LoopResult, item_at
from gorax.core.actions.declaration import ActionFailed
from gorax.core.dry_run.knowledge import MAX_VALUE_BYTES, Knowledge, Unknown
from gorax.core.errors import ErrorType, StepError
from gorax.core.weight import TooHeavyError, weigh

if TYPE_CHECKING:
    from gorax.core.dry_run.flow import DryStep

MAX_ITERATIONS = 5
"""Iterations that are simulated; what the others do is not known."""


class LoopWalk:
    """One loop on its way through the simulation."""

    def __init__(self, step: DryStep, loop: Loop) -> None:
        self._step = step
        self._loop = loop
        self._result = LoopResult()
        self._results: list[Any] = []
        self._steps = step.scope.parts["steps"]
        self._begun = step.now()
        self.note: str | None = None
        """What is to be told of the loop."""

    def run(self) -> LoopResult:
        """Simulate the loop. Raises `ActionFailed`, and `Unknown` where there may be more iterations than these."""
        count, result = self._loop.iterations, self._result
        # Where it is not known that the loop runs at all, one iteration tells what there is to tell.
        most = min(count, 1 if self._step.supposed else MAX_ITERATIONS)
        while result.count < most and not result.ended and not self._step.scope.allowance.spent:
            self._iterate(result.count)
        if result.count < count and not result.ended:
            told = (
                "more may follow" if self._loop.items is None else f"{count - result.count} more would follow"
            )
            raise Unknown(f"simulated {_times(result.count)}, {told}")
        if result.count:
            self.note = f"simulated {_times(result.count)}, as often as it would run"
        result.results = self._kept()
        return result

    def _iterate(self, index: int) -> None:
        loop, result = self._loop, self._result
        names: dict[str, Any] = {loop.index: index}
        if loop.items is not None:
            names[loop.item] = item_at(loop.items, index)
        if index:
            self._step.scope.clock.wait(loop.interval)
        scope = self._step.scope.iteration(names, self._steps.copy(), own=loop.concurrency > 1)
        if loop.condition is not None and not self._step.truth(scope, loop.condition):
            result.ended = True
            return
        try:
            result.last = self._output(scope, index)
        except ActionFailed as failed:
            if loop.on_error == "stop":
                raise
            result.failed += 1
            result.last = None
            result.errors = [*result.errors, IterationError(index=index, error=failed.error)][:MAX_ERRORS]
        else:
            result.succeeded += 1
            if loop.items is None:
                self._steps = scope.parts["steps"]
            end = loop.break_when or loop.until
            result.ended = end is not None and self._step.truth(scope, end)
        result.count += 1
        self._results.append(result.last)
        if self._step.scope.clock.over(loop.timeout, self._begun):
            raise StepError(ErrorType.TIMEOUT, f"{self._step.path} takes longer than {loop.timeout:g} s")

    def _output(self, scope: Knowledge, index: int) -> Any:
        loop = self._loop
        last = self._step.run_list(loop.actions, scope, f"{self._step.path}[{index}].")
        return scope.render([], "/config/output", loop.output) if loop.has_output else last

    def _kept(self) -> list[Any] | None:
        try:
            weigh(self._results, MAX_VALUE_BYTES * 3 // 4)
        except TooHeavyError:
            return None
        return self._results


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"
