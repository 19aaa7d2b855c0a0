"""Removes payloads that no history refers to any more.

That is those of executions that Temporal has forgotten, and that are not, or no more, in the archive.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import chain

import structlog
from temporalio import activity
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from gorax.core.maintenance import SWEEP, SweepActivities, SweepReport
from gorax.store.archive import Archive
from gorax.store.payload_sweep import PayloadSweep
from gorax.store.session import Database

UNCHECKED = timedelta(hours=1)
"""How long payloads may lie before their execution is looked up, for the first time or again. What is not found once is
left for so long too: a Temporal server that is restored from a backup, or late, still needs it."""
MAX_CHECKS = 50
CONCURRENT = 8
MAX_NAMED = 50
"""Workflows that one query of Temporal's visibility names."""

log = structlog.get_logger(__name__)


class Sweeper(SweepActivities):
    """The sweeping activity of a worker."""

    def __init__(self, client: Client, database: Database, unchecked: timedelta = UNCHECKED) -> None:
        self._client = client
        self._database = database
        self._unchecked = unchecked

    @activity.defn(name=SWEEP)
    async def sweep_payloads(self) -> SweepReport:
        """Look up the executions that were checked longest ago. Raises `Unavailable` and `RPCError`."""
        before = datetime.now(UTC) - self._unchecked
        async with self._database.platform() as session:
            scopes = await PayloadSweep(session).unchecked(before, MAX_CHECKS)
        forgotten = await self._all_but(scopes, self._is_known)
        async with self._database.platform() as session:
            neighbours = await PayloadSweep(session).neighbours(forgotten)
            archived = await Archive(session).kept({*forgotten, *chain.from_iterable(neighbours.values())})
        unkept = [scope for scope in forgotten if archived.isdisjoint([scope, *neighbours[scope]])]
        gone = await self._all_but(unkept, lambda scope: self._is_any_known(neighbours[scope]))
        async with self._database.platform() as session:
            sweep = PayloadSweep(session)
            now = datetime.now(UTC)
            dropped = await sweep.miss(gone, before, now)
            await sweep.seen([scope for scope in scopes if scope not in set(gone)], now)
            await session.commit()
        if dropped:
            log.info("removed the payloads of forgotten executions", count=len(dropped))
        return SweepReport(checked=len(scopes), dropped=len(dropped))

    async def _all_but(self, scopes: Sequence[str], test: Callable[[str], Awaitable[bool]]) -> list[str]:
        slots = asyncio.Semaphore(CONCURRENT)

        async def passes(scope: str) -> bool:
            async with slots:
                return await test(scope)

        passed = await asyncio.gather(*map(passes, scopes))
        return [scope for scope, is_passed in zip(scopes, passed, strict=True) if not is_passed]

    async def _is_known(self, workflow_id: str) -> bool:
        try:
            await self._client.get_workflow_handle(workflow_id).describe(rpc_timeout=timedelta(seconds=5))
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                return False
            raise
        return True

    async def _is_any_known(self, workflow_ids: Sequence[str]) -> bool:
        """Whether Temporal has one of many, such as the sub-workflows of a loop."""
        for first in range(0, len(workflow_ids), MAX_NAMED):
            named = ", ".join(f"'{workflow_id}'" for workflow_id in workflow_ids[first : first + MAX_NAMED])
            found = await self._client.count_workflows(
                f"WorkflowId IN ({named})", rpc_timeout=timedelta(seconds=5)
            )
            if found.count:
                return True
        return False
