"""What one workflow task may compute and hand over, so that no definition can stall or break a run.

A workflow task has ten seconds, its thread two before the SDK calls it a deadlock, and its answer 4 MB before the
server ends the run. Counting is by work done and never by a clock or by the shape of the history, so a replay
yields at the same places.
"""

import asyncio

from temporalio import workflow

FUEL_PER_TASK = 1_000_000
"""Evaluation steps, well under a second of CPU, after which the run takes a new task."""
BYTES_PER_TASK = 2_500_000
"""Encoded inputs of steps, after which the run takes a new task."""
YIELD_SUMMARY = "yield"
"""Summary of the timers that only start a new task: readers of the history pass them over."""


class TaskBudget:
    """Counts the work since the last pause and pauses when there is too much of it."""

    def __init__(self) -> None:
        self._fuel = 0
        self._bytes = 0
        self._gate = asyncio.Lock()

    def burn(self, fuel: int) -> None:
        """Count evaluation steps that were made."""
        self._fuel += fuel

    async def admit(self, size: int = 0) -> None:
        """Wait until there is room to go on, and to hand over `size` bytes."""
        async with self._gate:
            if self._fuel > FUEL_PER_TASK or (self._bytes and self._bytes + size > BYTES_PER_TASK):
                await workflow.sleep(0.001, summary=YIELD_SUMMARY)
                self._fuel = self._bytes = 0
            self._bytes += size
