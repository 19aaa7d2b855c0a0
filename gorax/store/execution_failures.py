"""Which of a tenant's workflows fail most, in which of their steps, and with what errors."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple, get_args

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from gorax.core.contracts import TriggerType
from gorax.store.execution_filter import ExecutionFilter
from gorax.store.execution_totals import counted, counted_values
from gorax.store.paging import addressable
from gorax.store.pieces import BEGINNING, DAY, END, cut

FAILING = ("failed", "timed_out")
"""Statuses of executions that count as failures."""
MAX_TYPES = 3
"""Types of errors that are told of a step: those that most of its failures have."""

_LOOKED_AT = 100
"""Failures of a workflow, of each status and trigger, among which an example of an error is looked for."""

_IS_FAILURE = "status = ANY (CAST(:failing AS text[]))"
_ALL = counted(
    "one.workflow_id IN (SELECT id FROM workflows WHERE tenant_id = :tenant "
    "AND (CAST(:workflow_id AS text) IS NULL OR id = CAST(:workflow_id AS text)))"
)
_WORKFLOWS = text(
    f"""
    SELECT worst.*, coalesce(workflows.name, worst.workflow_id) AS workflow_name FROM (
        SELECT workflow_id, sum(executions)::bigint AS executions,
            (sum(executions) FILTER (WHERE {_IS_FAILURE}))::bigint AS failures
        FROM {_ALL} GROUP BY workflow_id HAVING sum(executions) FILTER (WHERE {_IS_FAILURE}) > 0
        ORDER BY failures DESC, workflow_id LIMIT :most
    ) AS worst LEFT JOIN workflows ON workflows.id = worst.workflow_id
    ORDER BY failures DESC, worst.workflow_id
    """  # noqa: S608 - all of it is ours
)
# Examples are looked for only of what is told, and only among the newest: walking on to the last one of a rare error
# would read all failures of its workflow.
_STEPS = text(
    f"""
    WITH errors AS (
        SELECT workflow_id, error_action, error_type, sum(executions)::bigint AS failures
        FROM {_ALL} WHERE {_IS_FAILURE} GROUP BY 1, 2, 3 HAVING sum(executions) > 0
    ), steps AS (
        SELECT workflow_id, error_action, sum(failures)::bigint AS failures
        FROM errors GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT :most
    ), told AS MATERIALIZED (
        SELECT steps.failures AS all_failures, errors.*, row_number() OVER (
            PARTITION BY workflow_id, error_action ORDER BY errors.failures DESC, error_type
        ) AS place
        FROM steps JOIN errors USING (workflow_id, error_action)
    ), newest AS (
        SELECT DISTINCT ON (recent.workflow_id, recent.error_action, recent.error_type) recent.*
        FROM (SELECT DISTINCT workflow_id FROM told) AS failing
        CROSS JOIN unnest(CAST(:failing AS text[])) AS ended (status)
        CROSS JOIN unnest(CAST(:triggers AS text[])) AS begun (trigger_type)
        CROSS JOIN LATERAL (
            SELECT one.id, one.workflow_id, one.started_at, one.error_message,
                coalesce(one.error_action, '') AS error_action, coalesce(one.error_type, '') AS error_type
            FROM executions AS one
            WHERE one.tenant_id = :tenant AND one.workflow_id = failing.workflow_id
                AND one.status = ended.status AND one.trigger_type = begun.trigger_type
                AND one.started_at >= :begin AND one.started_at < :end
            ORDER BY one.started_at DESC, one.id DESC LIMIT :looked_at
        ) AS recent
        ORDER BY recent.workflow_id, recent.error_action, recent.error_type, recent.started_at DESC, recent.id DESC
    )
    SELECT told.*, coalesce(workflows.name, told.workflow_id) AS workflow_name,
        newest.id AS execution_id, newest.started_at, newest.error_message
    FROM told
    LEFT JOIN workflows ON workflows.id = told.workflow_id
    LEFT JOIN newest USING (workflow_id, error_action, error_type)
    WHERE told.place <= :types
    ORDER BY told.all_failures DESC, told.workflow_id, told.error_action, told.place
    """  # noqa: S608 - all of it is ours
)


class FailingWorkflow(NamedTuple):
    """A workflow of which executions failed."""

    workflow_id: str
    executions: int
    failures: int
    workflow_name: str


class StepError(NamedTuple):
    """Failures of a step with errors of one type, and the newest of them, where it is among the workflow's newest."""

    type: str
    failures: int
    execution_id: str | None
    started_at: datetime | None
    message: str | None


@dataclass
class FailingStep:
    """A step in which executions of a workflow failed; without an action where no step did."""

    workflow_id: str
    workflow_name: str
    action_id: str | None
    failures: int
    errors: list[StepError] = field(default_factory=list)


class ExecutionFailures:
    """The failures of one tenant."""

    def __init__(self, session: AsyncSession, tenant_id: str) -> None:
        self._session = session
        self._tenant_id = tenant_id

    async def workflows(self, chosen: ExecutionFilter, most: int) -> list[FailingWorkflow]:
        """The workflows with the most failures that match, most first, and all executions that match but for status."""
        if chosen.workflow_id is not None and not addressable(chosen.workflow_id):
            return []
        rows = await self._session.execute(_WORKFLOWS, self._values(chosen, most))
        return [FailingWorkflow(*row) for row in rows]

    async def steps(self, chosen: ExecutionFilter, most: int) -> list[FailingStep]:
        """The steps with the most failures that match, most first."""
        if chosen.workflow_id is not None and not addressable(chosen.workflow_id):
            return []
        begin, end = chosen.from_ or BEGINNING, chosen.to or END
        values = {**self._values(chosen, most), "types": MAX_TYPES}
        values |= {"begin": begin, "end": end, "looked_at": _LOOKED_AT}
        steps: dict[tuple[str, str], FailingStep] = {}
        for row in await self._session.execute(_STEPS, values):
            step = steps.setdefault(
                (row.workflow_id, row.error_action),
                FailingStep(row.workflow_id, row.workflow_name, row.error_action or None, row.all_failures),
            )
            step.errors.append(
                StepError(row.error_type, row.failures, row.execution_id, row.started_at, row.error_message)
            )
        return list(steps.values())

    def _values(self, chosen: ExecutionFilter, most: int) -> dict[str, object]:
        pieces = cut([chosen.from_ or BEGINNING, chosen.to or END]).only(DAY)
        return {
            **counted_values(self._tenant_id, chosen, pieces),
            "statuses": None,
            "failing": [status for status in FAILING if status in (chosen.statuses or FAILING)],
            "triggers": [chosen.trigger_type] if chosen.trigger_type else list(get_args(TriggerType)),
            "most": most,
        }
