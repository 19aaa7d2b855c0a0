"""Maintenance, run by a Temporal schedule: nothing in it is tied to one process."""

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import FailureError

from gorax.core.maintenance import (
    RECONCILER,
    CompareRequest,
    MaintenanceActivities,
    PurgeActivities,
    ReconcileReport,
    ReconcileRequest,
    SweepActivities,
    TwinActivities,
)

PASSES = 9
INTERVAL = timedelta(seconds=7)
"""Between two passes. A run of nine fills the minute until the schedule starts the next one: one short history a
minute instead of nine, and an index that is right within seconds."""
THOROUGH_MINUTES = 10
"""How often schedules are compared one by one; in between it is enough that their number is right."""


@workflow.defn(name=RECONCILER)
class Reconcile:
    """Brings the index of executions into agreement with Temporal, for a minute, and then tidies up a little."""

    @workflow.run
    async def run(self) -> ReconcileReport | None:
        """The last pass's report; None when none succeeded."""
        last: ReconcileReport | None = None
        for number in range(PASSES):
            if number:
                await workflow.sleep(INTERVAL)
            try:
                last = await workflow.execute_local_activity_method(
                    MaintenanceActivities.reconcile_executions,
                    ReconcileRequest(since=last.seen_until if last else None),
                    start_to_close_timeout=timedelta(seconds=30),
                    retry_policy=RetryPolicy(maximum_attempts=1),
                )
            except FailureError as error:
                workflow.logger.warning("a pass of the reconciler failed: %s", error)
            # Runs that began before there were schedules to compare have no such activity in their histories.
            if workflow.patched("compare-schedules"):
                is_last = number == PASSES - 1
                await self._compare(thoroughly=is_last and workflow.now().minute % THOROUGH_MINUTES == 0)
        try:
            await workflow.execute_local_activity_method(
                SweepActivities.sweep_payloads,
                start_to_close_timeout=timedelta(seconds=30),
                retry_policy=RetryPolicy(maximum_attempts=1),
            )
        except FailureError as error:
            workflow.logger.warning("the sweep of payloads failed: %s", error)
        # Runs that began before there were events to purge have no such activity in their histories.
        if workflow.patched("purge-events"):
            await self._purge()
        return last

    async def _compare(self, *, thoroughly: bool) -> None:
        try:
            await workflow.execute_local_activity_method(
                TwinActivities.compare_schedules,
                CompareRequest(thoroughly=thoroughly),
                start_to_close_timeout=timedelta(seconds=60),
                retry_policy=RetryPolicy(maximum_attempts=1),
            )
        except FailureError as error:
            workflow.logger.warning("comparing schedules failed: %s", error)

    async def _purge(self) -> None:
        try:
            await workflow.execute_local_activity_method(
                PurgeActivities.purge_events,
                start_to_close_timeout=timedelta(seconds=30),
                retry_policy=RetryPolicy(maximum_attempts=1),
            )
        except FailureError as error:
            workflow.logger.warning("the purge of events failed: %s", error)
