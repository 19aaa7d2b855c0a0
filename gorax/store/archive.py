"""The archive of runs, as far as the database knows of it."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ARRAY, any_, bindparam, func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from gorax.core.ids import execution_of
from gorax.store.tables import IDENTIFIER, ArchivedRun, ArchiveProgress, Execution

RunKey = tuple[str, str]
"""Temporal's ids of a workflow and of one of its runs."""

_THERE = select(col(ArchivedRun.workflow_id), col(ArchivedRun.run_id)).where(
    col(ArchivedRun.run_id) == any_(bindparam("run_ids", type_=ARRAY(IDENTIFIER))),
    col(ArchivedRun.workflow_id) == any_(bindparam("workflow_ids", type_=ARRAY(IDENTIFIER))),
)
_EXECUTIONS = select(col(Execution.tenant_id), col(Execution.id)).where(
    col(Execution.id) == any_(bindparam("ids", type_=ARRAY(IDENTIFIER)))
)
# Whose execution has no row any more, by the time that its history is read, was kept long enough.
_KEEP = text(
    """
    INSERT INTO archived_runs (tenant_id, execution_id, workflow_id, run_id, closed_at, data, payloads, archived_at)
    SELECT tenant_id, id, :workflow_id, :run_id, :closed_at, :data, :payloads, now()
    FROM executions WHERE tenant_id = :tenant_id AND id = :execution_id
    FOR KEY SHARE
    ON CONFLICT DO NOTHING
    """
)


class Archive:
    """All tenants' archived runs, for maintenance and for who reads what Temporal no longer has."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def newest(self, workflow_id: str) -> str | None:
        """The id of a workflow's last run."""
        last = (
            select(col(ArchivedRun.run_id))
            .where(col(ArchivedRun.workflow_id) == workflow_id)
            .order_by(col(ArchivedRun.closed_at).desc())
            .limit(1)
        )
        return (await self._session.scalars(last)).one_or_none()

    async def get(self, workflow_id: str, run_id: str) -> ArchivedRun | None:
        """The run, with its history."""
        return await self._session.get(ArchivedRun, (workflow_id, run_id))

    async def wanted(self, runs: Sequence[RunKey]) -> list[RunKey]:
        """Those of the runs that are not kept yet, and whose execution there is."""
        given = {"workflow_ids": [key[0] for key in runs], "run_ids": [key[1] for key in runs]}
        there = {(row[0], row[1]) for row in await self._session.execute(_THERE, given)}
        missing = [key for key in runs if key not in there]
        owners = {key: execution_of(key[0]) for key in missing}
        ids = sorted({execution_id for _, execution_id in owners.values()})
        known = {(row[0], row[1]) for row in await self._session.execute(_EXECUTIONS, {"ids": ids})}
        return [key for key in missing if owners[key] in known]

    async def keep(
        self, key: RunKey, closed_at: datetime, data: bytes | None, payloads: Sequence[str]
    ) -> None:
        """Keep a run, unless its execution is gone; again is the same as once.

        `data` is None for an object; `payloads` are the names of those that are to be removed with the run.
        """
        workflow_id, run_id = key
        tenant_id, execution_id = execution_of(workflow_id)
        row = {
            "tenant_id": tenant_id,
            "execution_id": execution_id,
            "workflow_id": workflow_id,
            "run_id": run_id,
            "closed_at": closed_at,
            "data": data,
            "payloads": list(payloads),
        }
        await self._session.execute(_KEEP, row)

    async def kept(self, workflow_ids: Collection[str]) -> set[str]:
        """Those of these workflows that have a run in the archive."""
        found = select(col(ArchivedRun.workflow_id)).where(col(ArchivedRun.workflow_id).in_(workflow_ids))
        return set((await self._session.scalars(found)).all())

    async def until(self, namespace: str) -> datetime | None:
        """Before when every run of a Temporal namespace that closed is in the archive."""
        progress = await self._session.get(ArchiveProgress, namespace)
        return None if progress is None else progress.archived_until

    async def advance(self, namespace: str, until: datetime) -> None:
        """Note that every run that closed before a time is in the archive."""
        row = insert(ArchiveProgress).values(namespace=namespace, archived_until=until)
        latest = func.greatest(col(ArchiveProgress.archived_until), row.excluded.archived_until)
        await self._session.execute(
            row.on_conflict_do_update(index_elements=["namespace"], set_={"archived_until": latest})
        )
