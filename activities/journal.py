"""Keeps the history's records and the index of executions."""

from datetime import UTC, datetime

from temporalio import activity

from gorax.core.contracts import CLOSE, JOURNAL, Closing, JournalActivities, StepRecord
from gorax.store.execution_index import ExecutionIndex
from gorax.store.session import Database


class Books(JournalActivities):
    """The journal and closing activities of a worker."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @activity.defn(name=JOURNAL)
    async def journal(self, records: list[StepRecord]) -> list[StepRecord]:
        """The records, for the marker."""
        return records

    @activity.defn(name=CLOSE)
    async def close_execution(self, closing: Closing) -> list[StepRecord]:
        """Write the end of an execution. Again is the same as once. Raises `Unavailable`."""
        # The run's own clock stands still while its last fast steps pass.
        closing.completed_at = max(closing.completed_at, datetime.now(UTC))
        async with self._database.session(closing.tenant_id) as session:
            await ExecutionIndex(session).close(closing)
            await session.commit()
        return closing.records
