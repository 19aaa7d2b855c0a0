"""Which of the payloads in PostgreSQL no history refers to any more."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ARRAY, any_, bindparam, delete, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from gorax.core.ids import temporal_workflow_id
from gorax.store.tables import IDENTIFIER, INSTANT, StoredPayload

_ROWS = StoredPayload.__table__  # type: ignore[attr-defined]
_SCOPES = any_(bindparam("scopes", type_=ARRAY(IDENTIFIER)))
_AT = bindparam("at", type_=INSTANT)
_BEFORE = bindparam("before", type_=INSTANT)
_SEEN = update(_ROWS).where(_ROWS.c.scope == _SCOPES).values(checked_at=_AT, missed_at=None)
_DROP = (
    delete(_ROWS)
    .where(_ROWS.c.scope == _SCOPES, _ROWS.c.checked_at < _BEFORE, _ROWS.c.missed_at < _BEFORE)
    .returning(_ROWS.c.scope)
)
_MISSED = (
    update(_ROWS)
    .where(_ROWS.c.scope == _SCOPES, _ROWS.c.checked_at < _BEFORE)
    .values(checked_at=_AT, missed_at=func.coalesce(_ROWS.c.missed_at, _AT))
)

_NEIGHBOURS = text(
    """
    WITH given (scope, tenant_id, id) AS (
        SELECT scope, split_part(scope, ':', 1), substr(scope, strpos(scope, ':') + 1)
        FROM unnest(CAST(:scopes AS text[])) AS scopes (scope)
    )
    SELECT given.scope, inside.tenant_id, inside.parent_execution_id
    FROM given JOIN executions AS inside ON (inside.tenant_id, inside.id) = (given.tenant_id, given.id)
    WHERE inside.parent_execution_id IS NOT NULL
    UNION ALL
    SELECT given.scope, inside.tenant_id, inside.id
    FROM given
    JOIN executions AS inside ON (inside.tenant_id, inside.parent_execution_id) = (given.tenant_id, given.id)
    """
)


class PayloadSweep:
    """Finds the payloads that no history refers to any more, for maintenance."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def unchecked(self, before: datetime, limit: int) -> list[str]:
        """Executions with payloads that were neither stored nor looked up since a time, longest ago first."""
        rows = _ROWS.c
        statement = (
            select(rows.scope)
            .where(rows.checked_at < before)
            .group_by(rows.scope)
            .order_by(func.min(rows.checked_at))
            .limit(limit)
        )
        return list((await self._session.scalars(statement)).all())

    async def neighbours(self, scopes: Collection[str]) -> dict[str, list[str]]:
        """By execution, the one that runs it as a sub-workflow, and those that it runs so.

        Their histories refer to its payloads: what a sub-workflow is given is stored for itself, and what it gives for
        the execution around it.
        """
        found: dict[str, list[str]] = {scope: [] for scope in scopes}
        rows = await self._session.execute(_NEIGHBOURS, {"scopes": list(scopes)})
        for scope, tenant_id, execution_id in rows:
            found[scope].append(temporal_workflow_id(tenant_id, execution_id))
        return found

    async def seen(self, scopes: Collection[str], at: datetime) -> None:
        """Note that these executions were seen in Temporal."""
        await self._session.execute(_SEEN, {"scopes": list(scopes), "at": at})

    async def miss(self, scopes: Collection[str], before: datetime, at: datetime) -> set[str]:
        """Note that these executions are not in Temporal, and remove the payloads of those that were not before either.

        That is: which were missed before a time and not seen since. What was stored since that time is left alone.
        Returns the executions whose payloads were removed.
        """
        given = {"scopes": list(scopes), "before": before}
        dropped = await self._session.scalars(_DROP, given)
        await self._session.execute(_MISSED, {**given, "at": at})
        return set(dropped.all())
