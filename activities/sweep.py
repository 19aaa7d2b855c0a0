"""Removes payloads that no history refers to any more: those of executions that Temporal has forgotten."""

import asyncio
from datetime import UTC, datetime, timedelta

import structlog
from temporalio import activity
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from gorax.core.contracts import SWEEP, SweepActivities, SweepReport
from gorax.store.payloads import PayloadSweep
from gorax.store.session import Database

UNCHECKED = timedelta(hours=1)
"""How long payloads may lie before their execution is looked up, for the first time or again."""
MAX_CHECKS = 50
CONCURRENT = 8

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
        async with self._database.session() as session:
            scopes = await PayloadSweep(session).unchecked(before, MAX_CHECKS)
        slots = asyncio.Semaphore(CONCURRENT)

        async def known(scope: str) -> bool:
            async with slots:
                return await self._is_known(scope)

        found = await asyncio.gather(*(known(scope) for scope in scopes))
        gone = [scope for scope, is_known in zip(scopes, found, strict=True) if not is_known]
        async with self._database.session() as session:
            sweep = PayloadSweep(session)
            await sweep.drop(gone, before)
            await sweep.keep([scope for scope in scopes if scope not in set(gone)], datetime.now(UTC))
            await session.commit()
        if gone:
            log.info("removed the payloads of forgotten executions", count=len(gone))
        return SweepReport(checked=len(scopes), dropped=len(gone))

    async def _is_known(self, workflow_id: str) -> bool:
        try:
            await self._client.get_workflow_handle(workflow_id).describe(rpc_timeout=timedelta(seconds=5))
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                return False
            raise
        return True
