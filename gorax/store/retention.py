"""Executions that their tenants have kept long enough."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, exists, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from gorax.core.contracts import TERMINAL
from gorax.store.archive import RunKey
from gorax.store.tables import ArchivedRun, Execution

_FINITE = text(
    """
    SELECT id, CAST(quotas ->> 'retention_days' AS integer) FROM tenants
    WHERE CAST(quotas ->> 'retention_days' AS integer) >= 0 ORDER BY id
    """
)


class Retention:
    """Removes executions in batches, for maintenance. What somebody else works on just now is passed over."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def periods(self) -> dict[str, timedelta]:
        """By tenant, how long executions are kept after their end, where that is not for ever."""
        return {row[0]: timedelta(days=row[1]) for row in await self._session.execute(_FINITE)}

    async def expired(self, tenant_id: str, before: datetime, limit: int) -> Sequence[str]:
        """The tenant's oldest executions that ended before a time, locked.

        What another execution began stays as long as that one, which tells of it and may have results of it.
        """
        parent = aliased(Execution)
        oldest = (
            select(col(Execution.id))
            .where(
                col(Execution.tenant_id) == tenant_id,
                # Whatever ended before it began before it: that is what an index knows.
                col(Execution.started_at) < before,
                col(Execution.completed_at) < before,
                col(Execution.status).in_(sorted(TERMINAL)),
                ~exists().where(col(parent.id) == col(Execution.parent_execution_id)),
            )
            .order_by(col(Execution.started_at), col(Execution.id))
            .limit(limit)
            .with_for_update(skip_locked=True, of=Execution)
        )
        return (await self._session.scalars(oldest)).all()

    async def objects(self, execution_ids: Collection[str]) -> list[RunKey]:
        """Their archived runs whose histories are in the object store."""
        found = select(col(ArchivedRun.workflow_id), col(ArchivedRun.run_id)).where(
            col(ArchivedRun.execution_id).in_(execution_ids), col(ArchivedRun.data).is_(None)
        )
        return [(row[0], row[1]) for row in await self._session.execute(found)]

    async def payloads(self, execution_ids: Collection[str]) -> list[str]:
        """The names of the objects that have payloads of theirs."""
        names = select(func.unnest(col(ArchivedRun.payloads))).where(
            col(ArchivedRun.execution_id).in_(execution_ids)
        )
        return list((await self._session.scalars(names.distinct())).all())

    async def remove(self, execution_ids: Collection[str]) -> None:
        """Remove executions, and with them what waits in them and their archived runs."""
        await self._session.execute(
            delete(Execution)
            .where(col(Execution.id).in_(execution_ids))
            .execution_options(synchronize_session=False)
        )
