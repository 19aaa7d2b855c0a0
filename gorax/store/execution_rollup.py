"""Keeps the totals of executions: folds the changes that their rows have left into them, and checks them.

Every change of an execution's row leaves a row in `execution_changes`, in the same transaction. What is counted is the
totals and the changes together, so it is exact whether or not anything has been folded, and folding changes nothing
but how quickly it is read. It moves rows from the one to the other within a statement: who reads meanwhile sees them in
one place.
"""

from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from gorax.store.pieces import DAY, QUARTER, SPANS, WORKFLOW_SPANS, minutes

_LOCK = int.from_bytes(b"totals")
"""Held by whoever changes totals, until its transaction ends."""

_KEY = "tenant_id, workflow_id, span, begins_at, status, trigger_type, error_action, error_type"
# Of each change: all spans of the whole tenant, and of its workflow those of an hour and more. Errors are told apart by
# a workflow's day alone. With more there would be as many totals as executions.
_LEVELS = "(VALUES {}) AS level (whole, span)".format(
    ", ".join(
        f"({whole}, {minutes(span)})"
        for whole, spans in (("true", SPANS), ("false", WORKFLOW_SPANS))
        for span in spans
    )
)
# UTC's days began with this one.
_BEGINNING_OF = "date_bin({span}, {moment}, timestamptz '2000-01-01Z')"
_QUARTER = _BEGINNING_OF.format(span=f"'{minutes(QUARTER)} minutes'", moment="started_at")
_WITH_ERRORS = f"NOT level.whole AND level.span = {minutes(DAY)}"
_CELL = f"""
    changed.tenant_id,
    CASE WHEN level.whole THEN '' ELSE changed.workflow_id END AS workflow_id,
    level.span::smallint AS span,
    {_BEGINNING_OF.format(span="make_interval(mins => level.span)", moment="changed.quarter")} AS begins_at,
    changed.status, changed.trigger_type,
    CASE WHEN {_WITH_ERRORS} THEN changed.error_action ELSE '' END AS error_action,
    CASE WHEN {_WITH_ERRORS} THEN changed.error_type ELSE '' END AS error_type"""
_SUMS = """
    sum(executions)::bigint AS executions, sum(timed)::bigint AS timed, sum(duration_ms)::bigint AS duration_ms"""
_SOME = "HAVING sum(executions) <> 0 OR sum(timed) <> 0 OR sum(duration_ms) <> 0"
# Adds what `cells` has to the totals; those that come to nothing go.
_MERGE = """
    MERGE INTO execution_totals AS total USING cells ON
        total.tenant_id = cells.tenant_id AND total.workflow_id = cells.workflow_id AND total.span = cells.span
        AND total.begins_at = cells.begins_at AND total.status = cells.status
        AND total.trigger_type = cells.trigger_type
        AND total.error_action = cells.error_action AND total.error_type = cells.error_type
    WHEN MATCHED AND total.executions + cells.executions = 0 AND total.timed + cells.timed = 0
        AND total.duration_ms + cells.duration_ms = 0 THEN DELETE
    WHEN MATCHED THEN UPDATE SET executions = total.executions + cells.executions,
        timed = total.timed + cells.timed, duration_ms = total.duration_ms + cells.duration_ms
    WHEN NOT MATCHED THEN INSERT (tenant_id, workflow_id, span, begins_at, status, trigger_type, error_action,
        error_type, executions, timed, duration_ms)
        VALUES (cells.tenant_id, cells.workflow_id, cells.span, cells.begins_at, cells.status, cells.trigger_type,
        cells.error_action, cells.error_type, cells.executions, cells.timed, cells.duration_ms)"""

_TRY_LOCK = text("SELECT pg_try_advisory_xact_lock(:lock)")
_TAKE_LOCK = text("SELECT pg_advisory_xact_lock(:lock)")
_FOLD = text(
    f"""
    WITH changed AS (
        DELETE FROM execution_changes
        WHERE ctid = ANY (ARRAY(SELECT ctid FROM execution_changes LIMIT :most))
        RETURNING *
    ), cells AS (
        SELECT {_CELL}, {_SUMS} FROM changed CROSS JOIN {_LEVELS} GROUP BY 1, 2, 3, 4, 5, 6, 7, 8 {_SOME}
    ) {_MERGE}
    """  # noqa: S608 - all of it is ours
)
_MORE = text("SELECT EXISTS (SELECT FROM execution_changes)")
_TENANTS = text("SELECT id FROM tenants ORDER BY id")
_DAYS = text(
    """
    SELECT date_trunc('day', started_at, 'UTC') FROM executions WHERE tenant_id = :tenant
    UNION SELECT date_trunc('day', quarter, 'UTC') FROM execution_changes WHERE tenant_id = :tenant
    UNION SELECT date_trunc('day', begins_at, 'UTC') FROM execution_totals WHERE tenant_id = :tenant
    ORDER BY 1
    """
)
# What the totals of a day lack: what its rows make them, less the changes that are still to come, less what they are.
_LACKING = f"""
    WITH counted AS (
        SELECT tenant_id, {_QUARTER} AS quarter, workflow_id, status, trigger_type,
            coalesce(error_action, '') AS error_action, coalesce(error_type, '') AS error_type,
            count(*) AS executions, count(duration_ms) AS timed, coalesce(sum(duration_ms), 0) AS duration_ms
        FROM executions
        WHERE tenant_id = :tenant AND started_at >= :day AND started_at < :next_day
        GROUP BY 1, 2, 3, 4, 5, 6, 7
    ), changed AS (
        SELECT * FROM counted
        UNION ALL
        SELECT tenant_id, quarter, workflow_id, status, trigger_type, error_action, error_type,
            -executions, -timed, -duration_ms
        FROM execution_changes WHERE tenant_id = :tenant AND quarter >= :day AND quarter < :next_day
    ), cells AS (
        SELECT {_KEY}, {_SUMS} FROM (
            SELECT {_CELL}, executions, timed, duration_ms FROM changed CROSS JOIN {_LEVELS}
            UNION ALL
            SELECT {_KEY}, -executions, -timed, -duration_ms FROM execution_totals
            WHERE tenant_id = :tenant AND begins_at >= :day AND begins_at < :next_day
        ) AS both_sides GROUP BY {_KEY} {_SOME}
    )"""  # noqa: S608 - all of it is ours
_CHECK = text(f"{_LACKING} SELECT count(*) FROM cells")  # noqa: S608 - all of it is ours
_REPAIR = text(f"{_LACKING} {_MERGE}")


class ExecutionRollup:
    """The totals of all tenants, for who maintains them."""

    def __init__(self, session: AsyncSession) -> None:
        """On a session of the platform."""
        self._session = session

    async def fold(self, most: int) -> bool:
        """Fold at most so many changes into the totals; whether there are more.

        While somebody else folds it does nothing, and says False.
        """
        if not (await self._session.execute(_TRY_LOCK, {"lock": _LOCK})).scalar_one():
            return False
        await self._session.execute(_FOLD, {"most": most})
        return bool((await self._session.execute(_MORE)).scalar_one())

    async def tenants(self) -> list[str]:
        """All tenants, also those that are deleted."""
        return list((await self._session.scalars(_TENANTS)).all())

    async def days(self, tenant_id: str) -> list[datetime]:
        """The days, in UTC, of which a tenant has executions or totals."""
        return list((await self._session.scalars(_DAYS, {"tenant": tenant_id})).all())

    async def check(self, tenant_id: str, day: datetime, *, repair: bool) -> int:
        """How many totals of a tenant's day are not what its rows make them; with `repair` they are from then on.

        Executions may change meanwhile: rows, changes and totals are read as they were at one moment.
        """
        await self._session.execute(_TAKE_LOCK, {"lock": _LOCK})
        values = {"tenant": tenant_id, "day": day, "next_day": day + timedelta(days=1)}
        wrong: int = (await self._session.execute(_CHECK, values)).scalar_one()
        if wrong and repair:
            await self._session.execute(_REPAIR, values)
        return wrong
