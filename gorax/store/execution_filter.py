"""Which of a tenant's executions are meant, by everything that lists or counts them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class ExecutionFilter:
    """What is not given does not restrict."""

    workflow_id: str | None = None
    statuses: Collection[str] = ()
    trigger_type: str | None = None
    from_: datetime | None = None
    """Started at this time or later."""
    to: datetime | None = None
    """Started before this time."""
    parent_execution_id: str | None = None
    schedule_id: str | None = None
    search: str | None = None
    """Has an error whose message has this in it, in capital letters or small ones."""

    @property
    def is_counted(self) -> bool:
        """Whether there are totals that tell how many match; without them the rows are counted."""
        return self.parent_execution_id is None and self.schedule_id is None and self.search is None
