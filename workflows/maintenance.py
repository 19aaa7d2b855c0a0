"""Maintenance, run by a Temporal schedule: nothing in it is tied to one process."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, TypeVar

from temporalio import workflow
from temporalio.common import RetryPolicy, VersioningBehavior
from temporalio.exceptions import FailureError

from gorax.core.maintenance import (
    KEEPER,
    RECONCILER,
    ArchiveActivities,
    CompareRequest,
    MaintenanceActivities,
    PurgeActivities,
    ReconcileReport,
    ReconcileRequest,
    RetentionActivities,
    SweepActivities,
    TwinActivities,
)

T = TypeVar("T")

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
            report = await _attempt(
                MaintenanceActivities.reconcile_executions,
                ReconcileRequest(since=last.seen_until if last else None),
                failed="a pass of the reconciler failed",
            )
            last = report or last
            is_last = number == PASSES - 1
            await _attempt(
                TwinActivities.compare_schedules,
                CompareRequest(thoroughly=is_last and workflow.now().minute % THOROUGH_MINUTES == 0),
                seconds=60,
                failed="comparing schedules failed",
            )
        await _attempt(SweepActivities.sweep_payloads, failed="the sweep of payloads failed")
        await _attempt(PurgeActivities.purge_events, failed="the purge of events failed")
        return last


@workflow.defn(name=KEEPER)
class Keep:
    """Archives executions before Temporal forgets them, and removes those that were kept long enough.

    Not by the reconciler: while this works through thousands of runs, the index is to stay right within seconds.
    """

    @workflow.run
    async def run(self) -> None:
        """One pass."""
        await _attempt(ArchiveActivities.archive_runs, seconds=90, failed="archiving failed")
        await _attempt(RetentionActivities.expire_executions, failed="removing old executions failed")


@workflow.defn(name=RECONCILER, versioning_behavior=VersioningBehavior.AUTO_UPGRADE)
class ReconcileOnAnyBuild(Reconcile):
    """The same for workers that have a build."""

    @workflow.run
    async def run(self) -> ReconcileReport | None:
        """As above."""
        return await super().run()


@workflow.defn(name=KEEPER, versioning_behavior=VersioningBehavior.AUTO_UPGRADE)
class KeepOnAnyBuild(Keep):
    """The same for workers that have a build."""

    @workflow.run
    async def run(self) -> None:
        """As above."""
        await super().run()


def maintenance(*, builds: bool) -> tuple[type, ...]:
    """The workflows of the maintenance, for workers that have a build or have none.

    With builds, a minute's run that waited for one whose workers are gone would keep all later ones from beginning.
    Temporal takes no word about builds from workers without.
    """
    return (ReconcileOnAnyBuild, KeepOnAnyBuild) if builds else (Reconcile, Keep)


async def _attempt(
    activity: Callable[..., Awaitable[T]], *args: Any, failed: str, seconds: int = 30
) -> T | None:
    """What an activity gives; None, and a line in the log, when it fails. The next run is the next attempt."""
    try:
        result: T = await workflow.execute_local_activity_method(
            activity,
            args=args,
            start_to_close_timeout=timedelta(seconds=seconds),
            retry_policy=RetryPolicy(maximum_attempts=1),
        )
    except FailureError as error:
        workflow.logger.warning("%s: %s", failed, error)
        return None
    return result
