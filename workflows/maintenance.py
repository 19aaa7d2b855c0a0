"""Maintenance, run by a Temporal schedule: nothing in it is tied to one process."""

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import FailureError

from gorax.core.maintenance import (
    RECONCILER,
    MaintenanceActivities,
    ReconcileReport,
    ReconcileRequest,
    SweepActivities,
)

PASSES = 9
INTERVAL = timedelta(seconds=7)
"""Between two passes. A run of nine fills the minute until the schedule starts the next one: one short history a
minute instead of nine, and an index that is right within seconds."""


@workflow.defn(name=RECONCILER)
class Reconcile:
    """Brings the index of executions into agreement with Temporal, for a minute, and then sweeps a little."""

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
        try:
            await workflow.execute_local_activity_method(
                SweepActivities.sweep_payloads,
                start_to_close_timeout=timedelta(seconds=30),
                retry_policy=RetryPolicy(maximum_attempts=1),
            )
        except FailureError as error:
            workflow.logger.warning("the sweep of payloads failed: %s", error)
        return last
