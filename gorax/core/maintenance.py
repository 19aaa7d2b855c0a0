"""Messages of the maintenance, and the activities that its workflow calls."""

from abc import ABC, abstractmethod
from datetime import datetime

from pydantic import BaseModel
from temporalio import activity

RECONCILER = "Reconcile"
"""The Temporal workflow type of the maintenance that compares the index with Temporal."""

RECONCILE = "reconcile_executions"
SWEEP = "sweep_payloads"


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
