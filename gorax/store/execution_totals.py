"""How many executions of a tenant match, and how long they took together, however many there are.

Read from totals by spans of time, from a day to a quarter of an hour, and from the changes that are still to be folded
into them (see `gorax.store.execution_rollup`); what is less at the ends of a range is counted row by row. All of it is
one statement, and so of one moment.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from gorax.store.execution_filter import ExecutionFilter
from gorax.store.paging import addressable
from gorax.store.pieces import BEGINNING, END, WORKFLOW_SPANS, Pieces, Range, cut, minutes
from gorax.store.tables.totals import ALL_WORKFLOWS

_KIND = """
    (CAST(:statuses AS text[]) IS NULL OR one.status = ANY (CAST(:statuses AS text[])))
    AND (CAST(:trigger_type AS text) IS NULL OR one.trigger_type = CAST(:trigger_type AS text))"""
_WORKFLOW = "(CAST(:workflow_id AS text) IS NULL OR one.workflow_id = CAST(:workflow_id AS text))"
# `OFFSET 0` keeps each look-up in its index: the planner, which cannot know how short the pieces are, would rather read
# all there is once and compare it with every piece.
_TOTALS = f"""
    SELECT found.* FROM unnest(
        CAST(:spans AS smallint[]), CAST(:spans_from AS timestamptz[]), CAST(:spans_to AS timestamptz[])
    ) AS piece (span, lo, hi)
    CROSS JOIN LATERAL (
        SELECT one.begins_at AS at, one.workflow_id, one.status, one.error_action, one.error_type,
            one.executions, one.timed, one.duration_ms
        FROM execution_totals AS one WHERE one.tenant_id = :tenant AND {{scope}} AND one.span = piece.span
            AND one.begins_at >= piece.lo AND one.begins_at < piece.hi AND {_KIND} OFFSET 0
    ) AS found"""  # noqa: S608 - all of it is ours
"""The scope is left open: all workflows together, or one, or each."""
_REST = f"""
    SELECT found.* FROM unnest(CAST(:whole_from AS timestamptz[]), CAST(:whole_to AS timestamptz[]))
        AS piece (lo, hi)
    CROSS JOIN LATERAL (
        SELECT one.quarter AS at, one.workflow_id, one.status, one.error_action, one.error_type,
            one.executions, one.timed, one.duration_ms
        FROM execution_changes AS one WHERE one.tenant_id = :tenant
            AND one.quarter >= piece.lo AND one.quarter < piece.hi AND {_KIND} AND {_WORKFLOW} OFFSET 0
    ) AS found
    UNION ALL
    SELECT found.* FROM unnest(CAST(:rest_from AS timestamptz[]), CAST(:rest_to AS timestamptz[]))
        AS piece (lo, hi)
    CROSS JOIN LATERAL (
        SELECT one.started_at AS at, one.workflow_id, one.status, coalesce(one.error_action, ''),
            coalesce(one.error_type, ''), 1, CASE WHEN one.duration_ms IS NULL THEN 0 ELSE 1 END,
            coalesce(one.duration_ms, 0)
        FROM executions AS one WHERE one.tenant_id = :tenant
            AND one.started_at >= piece.lo AND one.started_at < piece.hi AND {_KIND} AND {_WORKFLOW} OFFSET 0
    ) AS found"""  # noqa: S608 - all of it is ours


def counted(scope: str) -> str:
    """A table of executions of `counted_values`: by when, workflow, status and error, with their number and durations.

    `scope` is a condition on `one.workflow_id`: which totals are read, those of all workflows together or of some.
    """
    return f"({_TOTALS.format(scope=scope)} UNION ALL {_REST}) AS counted"


_ONE_SCOPE = counted("one.workflow_id = :scope")
_SUMS = "sum(executions)::bigint AS executions, sum(timed)::bigint AS timed, sum(duration_ms)::bigint AS duration_ms"
_BY_BUCKET = text(
    f"""
    SELECT width_bucket(at, CAST(:bounds AS timestamptz[])) - 1 AS bucket, status, {_SUMS}
    FROM {_ONE_SCOPE} GROUP BY 1, 2 HAVING sum(executions) <> 0
    """  # noqa: S608 - all of it is ours
)
_SPAN = text("SELECT min(started_at), max(started_at) FROM executions WHERE tenant_id = :tenant")
_MOMENT = timedelta(microseconds=1)


class Tally(NamedTuple):
    """Some executions."""

    executions: int
    timed: int
    """How many of them have ended, and so have a duration."""
    duration_ms: int
    """Of those together."""


class ExecutionTotals:
    """The totals of one tenant."""

    def __init__(self, session: AsyncSession, tenant_id: str) -> None:
        self._session = session
        self._tenant_id = tenant_id

    async def by_bucket(self, chosen: ExecutionFilter, bounds: Sequence[datetime]) -> list[dict[str, Tally]]:
        """For each range between ascending moments in UTC, the executions of each status that started in it.

        The moments take the place of the filter's own range. A range in which nothing started has none.
        """
        buckets: list[dict[str, Tally]] = [{} for _ in bounds[1:]]
        if chosen.workflow_id is not None and not addressable(chosen.workflow_id):
            return buckets
        rows = await self._session.execute(
            _BY_BUCKET, {"bounds": list(bounds), **self._values(chosen, bounds)}
        )
        for row in rows:
            buckets[row.bucket][row.status] = Tally(row.executions, row.timed, row.duration_ms)
        return buckets

    async def by_status(self, chosen: ExecutionFilter) -> dict[str, Tally]:
        """The executions of each status that match."""
        [only] = await self.by_bucket(chosen, [chosen.from_ or BEGINNING, chosen.to or END])
        return only

    async def span(self) -> Range | None:
        """From the first start of an execution of the tenant to after the last; None when there is none."""
        first, last = (await self._session.execute(_SPAN, {"tenant": self._tenant_id})).one()
        return None if first is None else (first, last + _MOMENT)

    def _values(self, chosen: ExecutionFilter, bounds: Sequence[datetime]) -> dict[str, Any]:
        pieces = cut(bounds)
        if chosen.workflow_id is not None:
            pieces = pieces.only(*WORKFLOW_SPANS)
        scope = {"scope": chosen.workflow_id or ALL_WORKFLOWS}
        return scope | counted_values(self._tenant_id, chosen, pieces)


def counted_values(tenant_id: str, chosen: ExecutionFilter, pieces: Pieces) -> dict[str, Any]:
    """What `counted` is to count: the executions that match, in these pieces of time in place of the filter's range."""
    totals = [(span, *piece) for span, found in pieces.whole.items() for piece in found]
    limits: dict[str, list[Any]] = {"spans": [minutes(span) for span, _, _ in totals]}
    limits |= {"spans_from": [begin for _, begin, _ in totals], "spans_to": [end for _, _, end in totals]}
    for name, ranges in {"whole": pieces.covered, "rest": pieces.rest}.items():
        limits |= {f"{name}_from": [begin for begin, _ in ranges], f"{name}_to": [end for _, end in ranges]}
    return {
        "tenant": tenant_id,
        "workflow_id": chosen.workflow_id,
        "statuses": sorted(chosen.statuses) or None,
        "trigger_type": chosen.trigger_type,
        **limits,
    }
