"""What one workflow task may compute and hand over, so that no definition can stall or break a run.

A workflow task has ten seconds, its thread two before the SDK calls it a deadlock, and its answer 4 MB before the
server ends the run; a run's history has 50 MB. Counting is by work done and never by a clock or by the shape of the
history, so a replay yields at the same places.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from temporalio import workflow

from gorax.core.contracts import StepRecord
from gorax.core.errors import ErrorType, StepError

FUEL_PER_TASK = 1_000_000
"""Evaluation steps, well under a second of CPU, after which the run takes a new task."""
BYTES_PER_TASK = 2_000_000
"""Encoded inputs and records, after which the run takes a new task; what is added last may go over it."""
HISTORY_BYTES = 40_000_000
"""Encoded inputs, outputs and records of a run, after which its steps fail: the server ends a run at 50 MB."""
RESERVE_BYTES = 4_000_000
"""What handlers and the closing may add to a history that is full."""
HELD_BYTES = 200_000_000
"""Encoded outputs of a run's steps, wherever they are kept: the worker has them in memory while the run is there."""
BYTES_PER_FUEL = 4
"""Bytes that are walked and encoded in the time of one evaluation step where they are all small numbers."""
TRIES_PER_TASK = 10
"""Fast tries after which the run takes a new task: what no task has recorded yet is done again when a worker dies."""
UNTOLD_SECONDS = 0.1
"""From the beginning of a task's first fast try to the end of its last, after which the next one gets a new task: until
the task is done, nobody who watches the execution sees what became of them."""
HEAVY_BYTES = 1_000_000
"""The input of a batch that takes noticeable time to look at."""
BESIDE_BYTES = 32_000_000
"""Encoded inputs of the batches of loops that a run has beside each other, if it has more than one: those that run
them have them in memory."""
YIELD_SUMMARY = "yield"
"""Summary of the timers that only start a new task: readers of the history pass them over."""

_UNTOLD = timedelta(seconds=UNTOLD_SECONDS)


class TaskBudget:
    """Counts the work since the last pause and pauses when there is too much of it."""

    def __init__(self) -> None:
        self._fuel = 0
        self._bytes = 0
        self._tries = 0
        self._first_try: datetime | None = None
        self._untold = timedelta()
        self._held = 0
        self._history = 0
        self._limit = HISTORY_BYTES
        self._beside = 0
        self._gate = asyncio.Lock()

    @property
    def history(self) -> int:
        """Bytes in the history of the run, as far as they are counted."""
        return self._history

    @property
    def held(self) -> int:
        """Bytes of the outputs that the run was given."""
        return self._held

    def burn(self, fuel: int) -> None:
        """Count evaluation steps that were made."""
        self._fuel += fuel

    def try_fast(self) -> None:
        """Count a fast try, whose result is recorded with the task."""
        self._tries += 1

    def tried(self, record: StepRecord) -> None:
        """Note when a fast try ran, by the clock of its worker as the history has it."""
        if self._first_try is None or record.started_at < self._first_try:
            self._first_try = record.started_at
        self._untold = max(self._untold, (record.completed_at or record.started_at) - self._first_try)

    def handle(self, size: int) -> None:
        """Count bytes that this task looks at: walking and encoding them takes time too."""
        self._fuel += size // BYTES_PER_FUEL

    def fits(self, size: int) -> bool:
        """Whether `size` bytes can be handed over without a pause."""
        return self._fuel <= FUEL_PER_TASK and self._bytes + size <= BYTES_PER_TASK

    def open_reserve(self) -> None:
        """Let handlers run though the history is full."""
        self._limit = HISTORY_BYTES + RESERVE_BYTES

    def write(self, size: int) -> None:
        """Count bytes that this task hands over; negative takes back what was admitted and not used."""
        self._bytes += size
        self._history += size

    def receive(self, size: int) -> None:
        """Count bytes that somebody else adds to the history."""
        self._history += size

    def hold(self, size: int) -> None:
        """Count an output that the run keeps. Raises `StepError` of type `output_too_large` when there are too many."""
        self._held += size
        if self._held > HELD_BYTES:
            raise StepError(
                ErrorType.OUTPUT_TOO_LARGE,
                f"the outputs of this execution's steps would have over {HELD_BYTES} bytes: "
                "keep less of each, or process them in a loop",
            )

    @asynccontextmanager
    async def beside(self, size: int) -> AsyncIterator[None]:
        """Hold `size` encoded bytes beside what others hold so; wait until there is room for them, or nothing else."""
        if size > HEAVY_BYTES or self._full_beside(size):
            self.handle(size)
            # Of all that see at the same time that there is room, the first one takes it.
            while self._full_beside(size):
                await workflow.wait_condition(lambda: not self._full_beside(size))
        self._beside += size
        try:
            yield
        finally:
            self._beside -= size

    def _full_beside(self, size: int) -> bool:
        return self._beside > 0 and self._beside + size > BESIDE_BYTES

    async def breathe(self) -> None:
        """Wait where much was computed since the last step began: many iterations may end in one task, or have no step.

        Raises as `admit` does.
        """
        if self._fuel > FUEL_PER_TASK:
            await self.admit()

    async def admit(self, size: int = 0, *, holds_task: bool = False) -> None:
        """Wait until there is room to go on, and to hand over `size` bytes; count them.

        What `holds_task` keeps the task from being done, and so from being seen.

        Raises `StepError` of type `output_too_large` when the history of the run is full.
        """
        if self._history + size > self._limit:
            raise StepError(
                ErrorType.OUTPUT_TOO_LARGE,
                f"the history of this execution would have over {HISTORY_BYTES} bytes: "
                "pass less data from step to step",
            )
        async with self._gate:
            if (
                self._fuel > FUEL_PER_TASK
                or self._tries >= TRIES_PER_TASK
                or (self._bytes and self._bytes + size > BYTES_PER_TASK)
                or (holds_task and self._untold > _UNTOLD)
            ):
                await workflow.sleep(0.001, summary=YIELD_SUMMARY)
                self._fuel = self._bytes = self._tries = 0
                self._first_try, self._untold = None, timedelta()
            self.write(size)
