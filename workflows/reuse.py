"""What a retried loop takes over from the execution before, by iteration."""

from collections.abc import Mapping

from gorax.core.contracts import StepOutcome


class IterationReuse:
    """The reused outcomes of the steps inside one loop."""

    def __init__(self, reuse: Mapping[str, StepOutcome], path: str) -> None:
        """`path` is that of the loop's step."""
        self._by_index: dict[int, dict[str, StepOutcome]] = {}
        inside = f"{path}["
        for step, outcome in reuse.items():
            if step.startswith(inside):
                index = int(step[len(inside) :].partition("]")[0])
                self._by_index.setdefault(index, {})[step] = outcome

    def within(self, first: int, count: int) -> dict[str, StepOutcome]:
        """Those of some iterations, so that a batch carries no more than it needs."""
        if not self._by_index:
            return {}
        return {
            step: outcome
            for index in range(first, first + count)
            for step, outcome in self._by_index.get(index, {}).items()
        }
