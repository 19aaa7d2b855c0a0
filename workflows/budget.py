"""What one workflow task may compute and hand over, so that no definition can stall or break a run.

A workflow task has ten seconds, its thread two before the SDK calls it a deadlock, and its answer 4 MB before the
server ends the run; a run's history has 50 MB. Counting is by work done and never by a clock or by the shape of the
history, so a replay yields at the same places.
"""

import asyncio

from temporalio import workflow

from gorax.core.errors import ErrorType, StepError

FUEL_PER_TASK = 1_000_000
"""Evaluation steps, well under a second of CPU, after which the run takes a new task."""
BYTES_PER_TASK = 2_000_000
"""Encoded inputs and records, after which the run takes a new task; what is added last may go over it."""
HISTORY_BYTES = 40_000_000
"""Encoded inputs, outputs and records of a run, after which its steps fail: the server ends a run at 50 MB."""
YIELD_SUMMARY = "yield"
"""Summary of the timers that only start a new task: readers of the history pass them over."""


class TaskBudget:
    """Counts the work since the last pause and pauses when there is too much of it."""

    def __init__(self) -> None:
        self._fuel = 0
        self._bytes = 0
        self._history = 0
        self._gate = asyncio.Lock()

    def burn(self, fuel: int) -> None:
        """Count evaluation steps that were made."""
        self._fuel += fuel

    def write(self, size: int) -> None:
        """Count bytes that this task hands over; negative takes back what was admitted and not used."""
        self._bytes += size
        self._history += size

    def receive(self, size: int) -> None:
        """Count bytes that somebody else adds to the history."""
        self._history += size

    async def admit(self, size: int = 0) -> None:
        """Wait until there is room to go on, and to hand over `size` bytes; count them.

        Raises `StepError` of type `output_too_large` when the history of the run is full.
        """
        if self._history + size > HISTORY_BYTES:
            raise StepError(
                ErrorType.OUTPUT_TOO_LARGE,
                f"the history of this execution would have over {HISTORY_BYTES} bytes: "
                "pass less data from step to step",
            )
        async with self._gate:
            if self._fuel > FUEL_PER_TASK or (self._bytes and self._bytes + size > BYTES_PER_TASK):
                await workflow.sleep(0.001, summary=YIELD_SUMMARY)
                self._fuel = self._bytes = 0
            self.write(size)
