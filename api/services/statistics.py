"""Statistics of a tenant's executions over time, from their totals."""

from collections.abc import Sequence
from datetime import UTC, datetime

from api.schemas.execution_filters import FilterQuery
from api.schemas.statistics import Stats, TrendBucket, TrendsQuery, counts_view
from api.schemas.times import zone_of
from api.services.buckets import buckets, days
from gorax.store.execution_totals import ExecutionTotals, Tally
from gorax.store.pieces import BEGINNING, END
from gorax.store.session import Database


class Statistics:
    """Counts executions; every answer is of one moment."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def stats(self, tenant_id: str, query: FilterQuery) -> Stats:
        """How many executions match, how many of them became what, and on which days they started."""
        chosen, zone = query.filter(), zone_of(query.timezone)
        async with self._database.session(tenant_id) as session:
            totals = ExecutionTotals(session, tenant_id)
            span = await totals.span()
            if span is None:
                return _stats([], [])
            bounds = _within(days(*span, zone), query)
            counted = await totals.by_bucket(chosen, bounds)
        with_any = [number for number, tallies in enumerate(counted) if tallies]
        filled = slice(with_any[0], with_any[-1] + 1) if with_any else slice(0)
        return _stats([bound.astimezone(zone) for bound in bounds[:-1]][filled], counted[filled])

    async def trends(self, tenant_id: str, query: TrendsQuery) -> list[TrendBucket]:
        """The executions of each bucket, the oldest first. Raises `Invalid` for too many."""
        begins = buckets(query.from_, query.to, query.granularity, zone_of(query.timezone), datetime.now(UTC))
        async with self._database.session(tenant_id) as session:
            totals = ExecutionTotals(session, tenant_id)
            counted = await totals.by_bucket(query.filter(), _within(begins, query))
        return [
            {"timestamp": begin, **counts_view(tallies)}
            for begin, tallies in zip(begins, counted, strict=False)
        ]


def _within(bounds: Sequence[datetime], query: FilterQuery) -> list[datetime]:
    """The bounds, as far as they are within the range that is asked for."""
    begin, end = query.from_ or BEGINNING, query.to or END
    return [min(max(bound, begin), end) for bound in bounds]


def _stats(mornings: Sequence[datetime], counted: Sequence[dict[str, Tally]]) -> Stats:
    tallies: dict[str, Tally] = {}
    for day in counted:
        for status, tally in day.items():
            so_far = tallies.get(status, Tally(0, 0, 0))
            tallies[status] = Tally(*(a + b for a, b in zip(so_far, tally, strict=True)))
    counts = counts_view(tallies)
    total, timed = counts["total"], sum(tally.timed for tally in tallies.values())
    duration = sum(tally.duration_ms for tally in tallies.values())
    return {
        "total_executions": total,
        "pending": counts["pending"],
        "running": counts["running"],
        "completed": counts["completed"],
        "failed": counts["failed"],
        "cancelled": counts["cancelled"],
        "terminated": counts["terminated"],
        "timed_out": counts["timed_out"],
        "success_rate": counts["completed"] / total if total else None,
        "average_duration_ms": round(duration / timed) if timed else None,
        "executions_by_day": [
            {"date": morning.date(), **counts_view(day)}
            for morning, day in zip(mornings, counted, strict=True)
        ],
    }
