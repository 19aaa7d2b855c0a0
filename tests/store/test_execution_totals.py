"""Totals of executions against the rows themselves, whatever has happened to them."""

import asyncio
import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise, product

import pytest
from sqlalchemy import text

from gorax.core.contracts import Closing
from gorax.core.errors import ErrorInfo
from gorax.store.execution_filter import ExecutionFilter
from gorax.store.execution_index import ExecutionIndex
from gorax.store.execution_rollup import ExecutionRollup
from gorax.store.execution_totals import ExecutionTotals, Tally
from gorax.store.executions import Executions
from gorax.store.session import Database
from gorax.store.tables import Execution
from tests.store.rows import NOON, accept, add_execution, add_workflow, closing
from tests.store.scattered import BEGIN, any_filter, made, matches, write

DAYS = [BEGIN.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=day) for day in range(6)]
DAYS_AHEAD = [day - timedelta(hours=5, minutes=30) for day in DAYS]
"""Days where clocks are five and a half hours ahead."""


def tallies(rows: Sequence[Execution]) -> dict[str, Tally]:
    """What is true of the rows."""
    found: dict[str, Tally] = {}
    for row in rows:
        so_far = found.get(row.status, Tally(0, 0, 0))
        found[row.status] = Tally(
            so_far.executions + 1,
            so_far.timed + (row.duration_ms is not None),
            so_far.duration_ms + (row.duration_ms or 0),
        )
    return found


async def fold(database: Database, most: int = 1_000_000) -> None:
    async with database.platform() as session:
        await ExecutionRollup(session).fold(most)
        await session.commit()


async def wrong(database: Database, tenant: str, *, repair: bool = False) -> int:
    """How many totals are not what the rows make them."""
    found = 0
    async with database.platform() as session:
        rollup = ExecutionRollup(session)
        for day in await rollup.days(tenant):
            found += await rollup.check(tenant, day, repair=repair)
        await session.commit()
    return found


async def by_status(database: Database, tenant: str, chosen: ExecutionFilter) -> dict[str, Tally]:
    async with database.session(tenant) as session:
        return await ExecutionTotals(session, tenant).by_status(chosen)


async def everything(database: Database, tenant: str) -> list[Execution]:
    async with database.session(tenant) as session:
        return (await Executions(session, tenant).list(ExecutionFilter(), 100_000, 0))[0]


@pytest.mark.parametrize("folded", ["nothing", "some", "everything"])
async def test_whatever_the_filter_totals_are_what_the_rows_are(
    own_database: Database, tenant: str, folded: str
) -> None:
    chance = random.Random(folded)
    workflows = [await add_workflow(own_database, tenant) for _ in range(2)]
    other = f"{tenant}_other"
    await write(own_database, made(chance, other, [await add_workflow(own_database, other)], 50))
    rows = made(chance, tenant, workflows, 300)
    await write(own_database, rows)
    if folded != "nothing":
        await fold(own_database, 200 if folded == "some" else 1_000)
    for _ in range(60):
        chosen = any_filter(chance, workflows)
        assert await by_status(own_database, tenant, chosen) == tallies(list(filter(matches(chosen), rows)))
    async with own_database.session(tenant) as session:
        totals = ExecutionTotals(session, tenant)
        for bounds, chosen in product(
            (DAYS, DAYS_AHEAD, [*DAYS_AHEAD[:3], *DAYS[3:]]),
            (any_filter(chance, workflows), replace(any_filter(chance, workflows), workflow_id=None)),
        ):
            kind = matches(replace(chosen, from_=None, to=None))
            assert await totals.by_bucket(chosen, bounds) == [
                tallies([row for row in rows if begin <= row.started_at < end and kind(row)])
                for begin, end in pairwise(bounds)
            ]
        assert await totals.span() == (
            min(row.started_at for row in rows),
            max(row.started_at for row in rows) + timedelta(microseconds=1),
        )
    assert await wrong(own_database, tenant) == 0


async def test_nothing_has_no_totals(database: Database, tenant: str) -> None:
    async with database.session(tenant) as session:
        totals = ExecutionTotals(session, tenant)
        assert await totals.by_status(ExecutionFilter()) == {}
        assert await totals.by_status(ExecutionFilter(workflow_id="wf_\0")) == {}
        assert await totals.by_bucket(ExecutionFilter(), DAYS) == [{}] * 5
        assert await totals.span() is None


async def test_totals_follow_whatever_happens_to_executions(own_database: Database, tenant: str) -> None:
    """Several at once accept, begin, end, overrule, roll back and remove, while others fold and look."""
    chance = random.Random(8)
    workflow_id = await add_workflow(own_database, tenant)
    done = asyncio.Event()

    async def live(chance: random.Random) -> None:
        for _ in range(12):
            at = BEGIN + timedelta(hours=chance.randrange(60))
            row = await add_execution(own_database, tenant, workflow_id, accepted_at=at)
            async with own_database.platform() as session:
                index = ExecutionIndex(session)
                await index.mark_started([row.id])
                if chance.random() < 0.2:
                    continue  # killed before it commits
                await session.commit()
                if chance.random() < 0.8:
                    # It began when it was another hour.
                    began = at + timedelta(hours=chance.randrange(3))
                    await index.close(_ending(chance, row, began))
                    if chance.random() < 0.3:
                        await index.close(_ending(chance, row, began), overrule=True)
                    await session.commit()
                if chance.random() < 0.2:
                    await session.execute(text("DELETE FROM executions WHERE id = :id"), {"id": row.id})
                    await session.commit()

    async def look() -> None:
        # Of one moment each: totals never know of more or fewer executions than there are.
        while not done.is_set():
            async with own_database.session(tenant) as session:
                await session.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
                counted = sum(
                    tally.executions
                    for tally in (
                        await ExecutionTotals(session, tenant).by_status(ExecutionFilter())
                    ).values()
                )
                rows = (await session.execute(text("SELECT count(*) FROM executions"))).scalar_one()
            assert counted == rows

    async def keep_folding() -> None:
        while not done.is_set():
            await fold(own_database, chance.randrange(1, 30))

    helpers = [asyncio.create_task(task) for task in (look(), keep_folding(), keep_folding())]
    await asyncio.gather(*(live(random.Random(number)) for number in range(6)))
    done.set()
    await asyncio.gather(*helpers)
    for _ in range(2):
        rows = await everything(own_database, tenant)
        assert await by_status(own_database, tenant, ExecutionFilter()) == tallies(rows)
        assert await wrong(own_database, tenant) == 0
        await fold(own_database)
    async with own_database.platform() as session:
        assert (await session.execute(text("SELECT count(*) FROM execution_changes"))).scalar_one() == 0
        # Nothing is kept of what is gone.
        empty = "SELECT count(*) FROM execution_totals WHERE executions = 0"
        assert (await session.execute(text(empty))).scalar_one() == 0


def _ending(chance: random.Random, row: Execution, began: datetime) -> Closing:
    status = chance.choice(["completed", "failed", "cancelled", "terminated", "timed_out"])
    error = None if status == "completed" else ErrorInfo(type="network", message="gone", action_id="a")
    end = began + timedelta(milliseconds=chance.randrange(100_000))
    return closing(row, status=status, started_at=began, completed_at=end, error=error)


async def test_a_check_repairs_what_is_wrong_and_then_finds_nothing(
    own_database: Database, tenant: str
) -> None:
    chance = random.Random(1)
    workflows = [await add_workflow(own_database, tenant) for _ in range(2)]
    rows = made(chance, tenant, workflows, 200)
    await write(own_database, rows)
    await fold(own_database, 150)
    right = await by_status(own_database, tenant, ExecutionFilter())
    async with own_database.platform() as session:
        for damage in (
            "UPDATE execution_totals SET timed = timed + 1 WHERE span = 360 AND status = 'completed'",
            "DELETE FROM execution_totals WHERE span = 1440 AND status = 'failed'",
            "UPDATE execution_totals SET executions = executions + 3 WHERE span = 60 AND status = 'completed'",
            "UPDATE execution_totals SET timed = timed + 1 WHERE span = 15 AND status = 'failed'",
            "UPDATE execution_totals SET duration_ms = 0 WHERE status = 'timed_out'",
            "UPDATE execution_totals SET begins_at = begins_at - interval '30 days' WHERE status = 'running'",
            "DELETE FROM execution_changes WHERE status = 'cancelled'",
        ):
            await session.execute(text(damage))
        await session.commit()
    assert await by_status(own_database, tenant, ExecutionFilter()) != right
    found = await wrong(own_database, tenant)
    assert found > 10
    assert await wrong(own_database, tenant, repair=True) == found
    assert await wrong(own_database, tenant) == 0
    assert await by_status(own_database, tenant, ExecutionFilter()) == right
    await fold(own_database)
    assert await by_status(own_database, tenant, ExecutionFilter()) == right


async def test_an_error_with_nul_characters_is_kept_and_found(database: Database, tenant: str) -> None:
    workflow_id = await add_workflow(database, tenant)
    row = await add_execution(database, tenant, workflow_id)
    # Real ones, one that is only the text of an escape, and both together.
    details = {"a\0b": ["\0\0", "\\u0000", "\\\0"]}
    error = ErrorInfo(type="script", message="no\0thing", action_id="run", details=details)
    async with database.platform() as session:
        assert await ExecutionIndex(session).close(closing(row, status="failed", error=error))
        await session.commit()
    async with database.session(tenant) as session:
        read = await Executions(session, tenant).get(row.id)
        assert read is not None
        assert read.error is not None
        assert read.error["details"] == details
        assert (read.error_type, read.error_action, read.error_message) == ("script", "run", "nothing")


async def test_writing_waits_for_nobody_who_folds(own_database: Database, tenant: str) -> None:
    workflow_id = await add_workflow(own_database, tenant)
    await add_execution(own_database, tenant, workflow_id)
    async with own_database.platform() as folding:
        assert await ExecutionRollup(folding).fold(100) is False
        async with asyncio.timeout(2), own_database.session(tenant) as session:
            assert await accept(Executions(session, tenant), workflow_id, accepted_at=NOON)
            await session.commit()
        # Another folder leaves it to the first.
        await fold(own_database)
        counted = await by_status(own_database, tenant, ExecutionFilter())
        assert counted["pending"].executions == 2
        await folding.commit()
    counted = await by_status(own_database, tenant, ExecutionFilter())
    assert counted["pending"].executions == 2
