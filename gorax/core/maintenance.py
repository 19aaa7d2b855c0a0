"""Messages of the maintenance, and the activities that its workflow calls."""

from abc import ABC, abstractmethod
from datetime import datetime

from pydantic import BaseModel
from temporalio import activity

RECONCILER = "Reconcile"
"""The Temporal workflow type of the maintenance that compares the index with Temporal."""

KEEPER = "Keep"
"""The Temporal workflow type of the maintenance that archives executions, and removes those kept long enough."""

RECONCILE = "reconcile_executions"
SWEEP = "sweep_payloads"
PURGE = "purge_events"
COMPARE = "compare_schedules"
ARCHIVE = "archive_runs"
EXPIRE = "expire_executions"


class ReconcileRequest(BaseModel):
    """Where a pass of the reconciler begins."""

    since: datetime | None = None
    """The last end that an earlier pass saw; None for a first one."""


class ReconcileReport(BaseModel):
    """What one pass of the reconciler did."""

    checked: int = 0
    closed: int = 0
    seen_until: datetime


class SweepReport(BaseModel):
    """What one sweep of the payloads did."""

    checked: int = 0
    """Executions that were looked up in Temporal."""
    dropped: int = 0
    """Those that it has no more, whose payloads were removed."""


class PurgeReport(BaseModel):
    """What one purge of events and entries did."""

    events: int = 0
    """Those that were removed, older than they are kept."""
    keys: int = 0
    """Keys that were removed, by which repeated events were recognised."""
    entries: int = 0
    """Entries of the audit log that were removed, older than they are kept."""


class CompareRequest(BaseModel):
    """How schedules are to be compared with their twins."""

    thoroughly: bool = False
    """One by one, even where nothing hints at a difference."""


class CompareReport(BaseModel):
    """What one comparison of schedules found."""

    taken_in: int = 0
    """Twins that somebody had paused or resumed in Temporal."""
    behind: int = 0
    """Twins that knew something else than the schedule."""
    lost: int = 0
    """Schedules that had no twin any more."""
    orphans: int = 0
    """Twins of no schedule, which were removed."""


class ArchiveReport(BaseModel):
    """What one pass of the archive did."""

    archived: int = 0
    """Runs: of executions, and of batches of their loops."""
    behind_seconds: float = 0
    """How much later the newest run that was due ended than the first that is not archived yet, at most."""


class ExpireReport(BaseModel):
    """What one removal of old executions did."""

    executions: int = 0


class MaintenanceActivities(ABC):
    """Keeping the index in agreement with Temporal."""

    @activity.defn(name=RECONCILE)
    @abstractmethod
    async def reconcile_executions(self, request: ReconcileRequest) -> ReconcileReport:
        """Close the index rows of runs that ended without closing their own."""


class SweepActivities(ABC):
    """Removing what no history refers to any more."""

    @activity.defn(name=SWEEP)
    @abstractmethod
    async def sweep_payloads(self) -> SweepReport:
        """Remove the payloads of some executions that Temporal no longer has."""


class PurgeActivities(ABC):
    """Removing what has been kept long enough."""

    @activity.defn(name=PURGE)
    @abstractmethod
    async def purge_events(self) -> PurgeReport:
        """Remove some of the events, and of the audit log's entries, that are older than they are kept."""


class TwinActivities(ABC):
    """Keeping schedules in agreement with Temporal's."""

    @activity.defn(name=COMPARE)
    @abstractmethod
    async def compare_schedules(self, request: CompareRequest) -> CompareReport:
        """Have twins told again that differ from their schedules, and remove those of none."""


class ArchiveActivities(ABC):
    """Keeping what Temporal forgets."""

    @activity.defn(name=ARCHIVE)
    @abstractmethod
    async def archive_runs(self) -> ArchiveReport:
        """Archive some of the runs that ended long enough ago."""


class RetentionActivities(ABC):
    """Removing what its tenant has kept long enough."""

    @activity.defn(name=EXPIRE)
    @abstractmethod
    async def expire_executions(self) -> ExpireReport:
        """Remove some of the executions that ended too long ago."""
