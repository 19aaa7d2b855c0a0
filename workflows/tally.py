"""The results of the parts of a loop, put together."""

from typing import Any

from gorax.core.actions.constructs import MAX_ERRORS, IterationError, Loop, LoopResult
from gorax.core.actions.declaration import ActionFailed, StopExecution
from gorax.core.contracts import BatchResult, Bounds


def results_limit(bounds: Bounds) -> int:
    """The most bytes that the results of a loop may have together: its output has more than them in it."""
    return bounds.step_output_bytes * 3 // 4


class Tally:
    """Adds up parts in the order of their iterations."""

    def __init__(self, loop: Loop, bounds: Bounds) -> None:
        self._limit = results_limit(bounds)
        self._size = 0
        self._last = BatchResult()
        self.count = 0
        self._succeeded = 0
        self._failed = 0
        self._results: list[Any] | None = [] if loop.keeps_results else None
        self._last_result: Any = None
        self._errors: list[IterationError] = []

    @property
    def over(self) -> bool:
        """Whether the loop came to its end before its last iteration."""
        return self._last.ended or self._last.stopped or self._last.failure is not None

    def add(self, part: BatchResult) -> None:
        """Take in the part that follows those before."""
        self._last = part
        self.count += part.count
        self._succeeded += part.succeeded
        self._failed += part.failed
        self._errors = [*self._errors, *part.errors][:MAX_ERRORS]
        self._size += part.results_bytes
        if part.count:
            self._last_result = part.last
        if self._results is not None and part.results is not None and self._size <= self._limit:
            self._results += part.results
        else:
            self._results = None

    def batch(self) -> BatchResult:
        """The parts as one result."""
        return BatchResult(
            count=self.count,
            succeeded=self._succeeded,
            failed=self._failed,
            errors=self._errors,
            results=self._results,
            results_bytes=self._size,
            last=self._last_result,
            ended=self._last.ended,
            failure=self._last.failure,
            stopped=self._last.stopped,
            stop_output=self._last.stop_output,
            steps=self._last.steps,
        )

    def loop(self) -> LoopResult:
        """How the loop went. Raises what ended it: `ActionFailed`, `StopExecution`."""
        if self._last.stopped:
            raise StopExecution(self._last.stop_output)
        if self._last.failure is not None:
            raise ActionFailed(self._last.failure)
        return LoopResult(
            count=self.count,
            succeeded=self._succeeded,
            failed=self._failed,
            results=self._results,
            last=self._last_result,
            errors=self._errors,
            ended=self._last.ended,
        )
