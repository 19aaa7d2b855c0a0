"""Records of steps that have no activity of their own: pure steps, branches, delays.

They reach the history as the result of a local activity, one marker for many records, written when the run is
about to wait. A run that never waits leaves its records to the closing activity.
"""

import asyncio
from collections.abc import Awaitable
from datetime import timedelta
from typing import Any

from temporalio import workflow

from gorax.core.contracts import JournalActivities, StepRecord
from gorax.core.encoding import shown
from workflows.budget import TaskBudget

MAX_VALUE_BYTES = 64_000
"""An input or output above this is shown as its size only; the run itself keeps the value."""
MAX_BATCH_BYTES = 1_000_000
_FRAME_BYTES = 1_000


class Journal:
    """Collects records and writes them in batches."""

    def __init__(self, budget: TaskBudget) -> None:
        self._budget = budget
        self._pending: list[StepRecord] = []
        self._size = 0
        self._writes: list[Awaitable[Any]] = []

    def add(self, record: StepRecord) -> None:
        """Keep a record; its large values are replaced by their sizes."""
        record.input, input_size = shown(record.input, MAX_VALUE_BYTES)
        record.output, output_size = shown(record.output, MAX_VALUE_BYTES)
        _, error_size = shown(record.error, MAX_VALUE_BYTES)
        size = input_size + output_size + error_size + _FRAME_BYTES
        if self._size + size > MAX_BATCH_BYTES:
            self.flush()
        self._pending.append(record)
        self._size += size
        self._budget.write(size)

    def flush(self) -> None:
        """Start writing what is pending; the current workflow task does not end before it is written."""
        if self._pending:
            self._writes.append(
                workflow.start_local_activity_method(
                    JournalActivities.journal,
                    self.take(),
                    start_to_close_timeout=timedelta(seconds=10),
                )
            )

    def take(self) -> list[StepRecord]:
        """The pending records, for a caller that writes them along with its own."""
        records, self._pending, self._size = self._pending, [], 0
        return records

    async def settle(self) -> None:
        """Wait until everything started is written."""
        writes, self._writes = self._writes, []
        await asyncio.gather(*writes)
