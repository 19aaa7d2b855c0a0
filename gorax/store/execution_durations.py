"""How long a tenant's executions took, by workflow: exact, from the durations of all that match."""

from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from gorax.store.execution_filter import ExecutionFilter
from gorax.store.paging import addressable

MAX_WORKFLOWS = 1_000
"""Workflows that are told of: those with the most executions."""

# The index of workflows has the durations in it: the rows themselves are not read.
_DURATIONS = text(
    """
    SELECT measured.workflow_id, coalesce(workflows.name, measured.workflow_id) AS workflow_name, executions,
        average, shortest, longest, percentiles
    FROM (
        SELECT workflow_id, count(*) AS executions, round(avg(duration_ms))::bigint AS average,
            min(duration_ms) AS shortest, max(duration_ms) AS longest,
            percentile_disc(ARRAY[0.5, 0.95, 0.99]) WITHIN GROUP (ORDER BY duration_ms) AS percentiles
        FROM executions
        WHERE tenant_id = :tenant AND duration_ms IS NOT NULL
            AND (CAST(:workflow_id AS text) IS NULL OR workflow_id = CAST(:workflow_id AS text))
            AND (CAST(:statuses AS text[]) IS NULL OR status = ANY (CAST(:statuses AS text[])))
            AND (CAST(:trigger_type AS text) IS NULL OR trigger_type = CAST(:trigger_type AS text))
            AND started_at >= coalesce(CAST(:from AS timestamptz), '-infinity')
            AND started_at < coalesce(CAST(:to AS timestamptz), 'infinity')
        GROUP BY workflow_id ORDER BY executions DESC, workflow_id LIMIT :most
    ) AS measured
    LEFT JOIN workflows ON workflows.id = measured.workflow_id
    ORDER BY executions DESC, measured.workflow_id
    """
)


class Durations(NamedTuple):
    """How long a workflow's executions took, in milliseconds; percentiles are durations that occurred."""

    workflow_id: str
    workflow_name: str
    executions: int
    average: int
    shortest: int
    longest: int
    p50: int
    p95: int
    p99: int


class ExecutionDurations:
    """The durations of one tenant."""

    def __init__(self, session: AsyncSession, tenant_id: str) -> None:
        self._session = session
        self._tenant_id = tenant_id

    async def by_workflow(self, chosen: ExecutionFilter) -> list[Durations]:
        """Of each workflow the executions that match and have ended; the workflow with most of them first.

        The percentile p is the shortest duration that at least p percent do not exceed.
        """
        if chosen.workflow_id is not None and not addressable(chosen.workflow_id):
            return []
        values = {
            "tenant": self._tenant_id,
            "workflow_id": chosen.workflow_id,
            "statuses": sorted(chosen.statuses) or None,
            "trigger_type": chosen.trigger_type,
            "from": chosen.from_,
            "to": chosen.to,
            "most": MAX_WORKFLOWS,
        }
        rows = await self._session.execute(_DURATIONS, values)
        return [Durations(*row[:-1], *row.percentiles) for row in rows]
