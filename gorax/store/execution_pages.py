"""Pages of a tenant's executions, which cost the same however many there are.

How many match is known from totals, and so is, for a page far down, in which hour it begins.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from itertools import pairwise
from typing import NamedTuple, get_args

from sqlalchemy import Select
from sqlalchemy.ext.asyncio import AsyncSession

from gorax.core.contracts import ExecutionStatus
from gorax.store.execution_filter import ExecutionFilter
from gorax.store.execution_totals import ExecutionTotals
from gorax.store.execution_walk import NEWEST_FIRST, Position, Sort, Walk
from gorax.store.paging import addressable
from gorax.store.pieces import BEGINNING, DAY, HOUR, Range
from gorax.store.tables import Execution

MAX_PASSED = 1_000
"""The largest offset in a list by duration or of a search, where there are no totals of what comes before."""
MAX_FOUND = 1_000
"""At least so many of what it finds a search counts; beyond, its total may be less than there are."""

_WITH_ERRORS = frozenset(get_args(ExecutionStatus)) - {"pending", "running", "completed"}
"""Statuses in which an execution may have an error."""
_FEW = 10_000
"""Executions that are rather all looked at than looked for in an index of all durations or texts."""
_LOOKS = ((2_000, 200), (10_000, MAX_FOUND))
"""Of so many of the newest errors so many have to match for a text to be a common one. The index of texts is quick for
what is rare, and slow for what every tenth error says; these are the other way round."""
_SKIP_FROM = 200
"""Rows that are rather passed over one by one than found in totals."""
_BUCKETS = 50


class Listed(NamedTuple):
    """A part of a list."""

    rows: list[Execution]
    """Without their triggers."""
    total: int
    """How many the whole list has."""
    next: Position | None
    """Behind which place the next part begins; None when this is the last."""


class ExecutionPages:
    """The lists of one tenant."""

    def __init__(self, session: AsyncSession, tenant_id: str) -> None:
        """For a search on a session of the platform: in a tenant's own, row-level security keeps its index out."""
        self._session = session
        self._tenant_id = tenant_id
        self._totals = ExecutionTotals(session, tenant_id)

    async def page(
        self,
        chosen: ExecutionFilter,
        limit: int,
        offset: int = 0,
        *,
        sort: Sort = NEWEST_FIRST,
        after: Position | None = None,
    ) -> Listed:
        """At most `limit` executions that match: from `offset` on, or those behind a place."""
        named = (chosen.workflow_id, chosen.parent_execution_id, chosen.schedule_id)
        if not all(addressable(name) for name in named if name):
            return Listed([], 0, None)
        walk = Walk(self._tenant_id, chosen, sort, after)
        if chosen.search is not None:
            return await self._search(walk, limit, offset)
        if sort.field == "duration_ms":
            return await self._by_duration(walk, limit, offset)
        return await self._by_time(walk, limit, offset)

    async def _by_time(self, walk: Walk, limit: int, offset: int) -> Listed:
        start: tuple[Walk, int] | None = walk, offset
        if offset > _SKIP_FROM and walk.after is None and walk.chosen.is_counted:
            start = await self._skip(walk, offset)
        rows: list[Execution] = []
        if start is not None:
            begin, passing = start
            rows = await self._rows(begin.rows(limit + 1, passing))
        if walk.after is None and len(rows) <= limit and (rows or offset == 0):
            total = offset + len(rows)  # a page that is not full says itself how many there are
        else:
            total = await self._count(walk)
        return _listed(rows, limit, total, walk.sort)

    async def _by_duration(self, walk: Walk, limit: int, offset: int) -> Listed:
        total = await self._count(walk)
        statement = (
            walk.rows_of_few(_FEW, limit + 1, offset) if total <= _FEW else walk.rows(limit + 1, offset)
        )
        return _listed(await self._rows(statement), limit, total, walk.sort)

    async def _search(self, walk: Walk, limit: int, offset: int) -> Listed:
        others = replace(walk.chosen, search=None)
        if not others.is_counted or await self._with_errors(others) <= _FEW:
            most = _FEW
        else:
            most = MAX_FOUND
            if await self._is_common(walk):
                return _listed(await self._rows(walk.rows(limit + 1, offset)), limit, most, walk.sort)
            walk = replace(walk, by_text=True)
        found = (await self._session.execute(walk.count(most))).scalar_one()
        statement = walk.rows_of_few(most, limit + 1, offset)
        if found == most:
            # What is common, walking along the list comes upon soon.
            statement = replace(walk, by_text=False).rows(limit + 1, offset)
        return _listed(await self._rows(statement), limit, found, walk.sort)

    async def _is_common(self, walk: Walk) -> bool:
        """Whether so many of the newest errors match that the others need not be counted."""
        for newest, enough in _LOOKS:
            if (await self._session.execute(walk.count_newest(newest, enough))).scalar_one() < enough:
                return False
        return True

    async def _with_errors(self, chosen: ExecutionFilter) -> int:
        """How many executions the other filters leave to be searched."""
        statuses = _WITH_ERRORS.intersection(chosen.statuses or _WITH_ERRORS)
        if not statuses:
            return 0
        tallies = await self._totals.by_status(replace(chosen, statuses=statuses))
        return sum(tally.executions for tally in tallies.values())

    async def _count(self, walk: Walk) -> int:
        if not walk.chosen.is_counted:
            return (await self._session.execute(walk.count())).scalar_one()
        tallies = (await self._totals.by_status(walk.chosen)).values()
        by_time = walk.sort.field == "started_at"
        return sum(tally.executions if by_time else tally.timed for tally in tallies)

    async def _skip(self, walk: Walk, passing: int) -> tuple[Walk, int] | None:
        """A walk from within an hour of what is so many rows from the beginning of this one, and how many of them are
        still to be passed from there; None when this one ends before."""
        chosen, span = walk.chosen, await self._totals.span()
        if span is None:
            return None
        first, last = span
        begin, end = max(chosen.from_ or first, first), min(chosen.to or last, last)
        while end - begin > HOUR and passing > _SKIP_FROM:
            bounds = _bounds(begin, end)
            tallies = await self._totals.by_bucket(chosen, bounds)
            counts = [sum(tally.executions for tally in bucket.values()) for bucket in tallies]
            buckets = list(zip(pairwise(bounds), counts, strict=True))
            part = _part_of(buckets[::-1] if walk.sort.descending else buckets, passing)
            if part is None:
                return None
            (begin, end), passing = part
        rest = replace(chosen, to=end) if walk.sort.descending else replace(chosen, from_=begin)
        return replace(walk, chosen=rest), passing

    async def _rows(self, statement: Select[Execution]) -> list[Execution]:
        return list((await self._session.scalars(statement)).all())


def _listed(rows: list[Execution], limit: int, total: int, sort: Sort) -> Listed:
    """A page of `limit`, of one more row than that if there are more."""
    if len(rows) <= limit:
        return Listed(rows, total, None)
    last = rows[limit - 1]
    return Listed(rows[:limit], total, Position(getattr(last, sort.field), last.id))


def _part_of(buckets: Iterable[tuple[Range, int]], passing: int) -> tuple[Range, int] | None:
    """The bucket in which the row is that comes after `passing` others, and how many of those are in it."""
    for bucket, count in buckets:
        if passing < count:
            return bucket, passing
        passing -= count
    return None


def _bounds(begin: datetime, end: datetime) -> list[datetime]:
    """Moments that cut a range into some fifty parts; between its ends, they are where days or else hours begin."""
    step = DAY * max(1, (end - begin) // (DAY * _BUCKETS)) if end - begin > 2 * DAY else HOUR
    bounds, moment = [begin], begin - (begin - BEGINNING) % step + step
    while moment < end:
        bounds.append(moment)
        moment += step
    return [*bounds, end]
