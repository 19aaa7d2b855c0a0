import asyncio
from collections.abc import Collection
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlmodel import col

from gorax.core.contracts import Closing
from gorax.core.errors import ErrorInfo
from gorax.core.ids import EXECUTION, new_id
from gorax.store.execution_index import ExecutionIndex, Unfinished
from gorax.store.executions import Executions
from gorax.store.session import Database
from gorax.store.tables import Execution
from gorax.store.workflows import Workflows
from tests.store.rows import DEFINITION, NOON, add_execution, add_workflow, closing

LATER = NOON + timedelta(hours=1)


async def read(database: Database, row: Execution) -> Execution:
    async with database.platform() as session:
        found = await Executions(session, row.tenant_id).get(row.id)
    assert found is not None
    return found


async def close(database: Database, ending: Closing, *, overrule: bool = False) -> bool:
    async with database.platform() as session:
        changed = await ExecutionIndex(session).close(ending, overrule=overrule)
        await session.commit()
    return changed


async def mark_started(database: Database, ids: Collection[str]) -> None:
    async with database.platform() as session:
        await ExecutionIndex(session).mark_started(ids)
        await session.commit()


async def test_pending_come_by_priority_then_age_and_tenants_take_turns(own_database: Database) -> None:
    expected = []
    for tenant in ("one", "two"):
        workflow_id = await add_workflow(own_database, tenant)
        rows = [
            await add_execution(own_database, tenant, workflow_id, priority=priority)
            for priority in (1, 3, 0, 1)
        ]
        own = sorted((-row.priority, row.id) for row in rows)
        expected += [(turn, *place) for turn, place in enumerate(own)]
    expected.sort()
    async with own_database.platform() as session:
        index = ExecutionIndex(session)
        assert await index.pending(NOON, 100) == []
        found = await index.pending(LATER, 100)
        some = await index.pending(LATER, 3)
    assert [row.id for row, _ in found] == [execution_id for _, _, execution_id in expected]
    assert [row.id for row, _ in some] == [execution_id for _, _, execution_id in expected[:3]]


async def test_a_flood_of_one_tenant_starves_no_other(own_database: Database) -> None:
    flooding, quiet = [await add_workflow(own_database, tenant) for tenant in ("flood", "quiet")]
    first = await add_execution(own_database, "flood", flooding, priority=3)
    async with own_database.platform() as session:
        await session.execute(
            text(
                "INSERT INTO executions SELECT (jsonb_populate_record(e, jsonb_build_object('id', e.id || n))).* "
                "FROM executions e, generate_series(1, 3000) n WHERE e.id = :id"
            ),
            {"id": first.id},
        )
        await session.commit()
    mine = {(await add_execution(own_database, "quiet", quiet, priority=0)).id for _ in range(5)}
    async with own_database.platform() as session:
        turn = [row.id for row, _ in await ExecutionIndex(session).pending(LATER, 10)]
    assert (len(turn), mine - set(turn)) == (10, set())


async def test_pending_brings_the_definition_that_was_accepted(own_database: Database) -> None:
    workflow_id = await add_workflow(own_database, "one")
    await add_execution(own_database, "one", workflow_id)
    async with own_database.platform() as session:
        workflows = Workflows(session, "one")
        await workflows.update(workflow_id, definition={"actions": []}, created_by="ann")
        await workflows.delete(workflow_id, "ann")
        await session.commit()
    async with own_database.platform() as session:
        [(row, definition)] = await ExecutionIndex(session).pending(LATER, 10)
    assert (row.version, definition) == (1, DEFINITION)


async def test_two_dispatchers_never_hold_the_same_row(own_database: Database) -> None:
    workflow_id = await add_workflow(own_database, "one")
    ids = {(await add_execution(own_database, "one", workflow_id)).id for _ in range(10)}
    async with own_database.platform() as first, own_database.platform() as second:
        mine = {row.id for row, _ in await ExecutionIndex(first).pending(LATER, 6)}
        theirs = {row.id for row, _ in await ExecutionIndex(second).pending(LATER, 100)}
        await ExecutionIndex(first).mark_started(mine)
        await first.commit()
    assert (len(mine), mine | theirs, mine & theirs) == (6, ids, set())
    async with own_database.platform() as session:
        # The second gave up without a commit: its rows wait again.
        assert {row.id for row, _ in await ExecutionIndex(session).pending(LATER, 100)} == theirs


async def test_many_dispatchers_start_each_row_once(own_database: Database) -> None:
    workflow_id = await add_workflow(own_database, "one")
    ids = [(await add_execution(own_database, "one", workflow_id)).id for _ in range(60)]
    started: list[str] = []

    async def dispatch() -> None:
        while True:
            async with own_database.platform() as session:
                index = ExecutionIndex(session)
                rows = [row.id for row, _ in await index.pending(LATER, 7)]
                if not rows:
                    return
                started.extend(rows)
                await index.mark_started(rows)
                await session.commit()

    await asyncio.gather(*(dispatch() for _ in range(8)))
    assert sorted(started) == ids


async def test_marking_started_touches_only_pending_rows(
    database: Database, tenant: str, workflow_id: str
) -> None:
    waiting, ended = [await add_execution(database, tenant, workflow_id) for _ in range(2)]
    await close(database, closing(ended))
    await mark_started(database, [waiting.id, ended.id, "exec_none"])
    await mark_started(database, [])
    assert (await read(database, waiting)).status == "running"
    assert (await read(database, ended)).status == "completed"


async def test_rows_are_marked_in_the_order_of_their_ids(own_database: Database) -> None:
    """Whatever order they are named or stored in: so two such statements never wait for each other."""
    workflow_id = await add_workflow(own_database, "one")
    ids = [new_id(EXECUTION) for _ in range(3)]
    rows = [await add_execution(own_database, "one", workflow_id, id=row_id) for row_id in ids[::-1]]

    async def mark() -> None:
        async with own_database.platform() as session:
            # A plan that finds the rows as they are stored, as one over many rows would.
            await session.execute(text("SET LOCAL enable_indexscan = off"))
            await session.execute(text("SET LOCAL enable_bitmapscan = off"))
            await ExecutionIndex(session).mark_started(ids[::-1])
            await session.commit()

    async with own_database.platform() as session:
        await ExecutionIndex(session).close(closing(rows[1]))
        waiting = asyncio.create_task(mark())
        # It waits for the row in the middle, holding the first and not yet the last.
        async with asyncio.timeout(5):
            while await free(own_database) != [ids[2]]:
                await asyncio.sleep(0.01)
        await session.rollback()
    await waiting
    assert [(await read(own_database, row)).status for row in rows] == ["running"] * 3


async def free(database: Database) -> list[str]:
    """The ids of the rows that nobody has locked."""
    async with database.platform() as session:
        return list(await session.scalars(select(col(Execution.id)).with_for_update(skip_locked=True)))


async def test_a_row_that_is_being_closed_does_not_hold_up_the_marks(
    database: Database, tenant: str, workflow_id: str
) -> None:
    busy, idle = [await add_execution(database, tenant, workflow_id) for _ in range(2)]
    async with database.platform() as closer, database.platform() as checker:
        await ExecutionIndex(closer).close(closing(busy))
        async with asyncio.timeout(2):
            await ExecutionIndex(checker).mark_checked([busy.id, idle.id], LATER)
        await checker.commit()
        await closer.commit()
    assert [(await read(database, row)).checked_at for row in (busy, idle)] == [NOON, LATER]


async def test_close_writes_how_it_ended(database: Database, tenant: str, workflow_id: str) -> None:
    row = await add_execution(database, tenant, workflow_id)
    error = ErrorInfo(
        type="http_5xx", message="bad\0 gateway", action_id="a", details={"status": 502, "b": "\0"}
    )
    assert await close(database, closing(row, status="failed", error=error))
    read_back = await read(database, row)
    assert (read_back.status, read_back.duration_ms) == ("failed", 1500)
    assert read_back.started_at == NOON + timedelta(seconds=1)
    assert read_back.completed_at == NOON + timedelta(seconds=2.5)
    assert (read_back.steps_completed, read_back.steps_total) == (3, 4)
    assert read_back.error is not None
    assert ErrorInfo(**read_back.error) == error.model_copy(update={"message": "bad gateway"})


async def test_without_a_known_start_the_row_keeps_its_own(
    database: Database, tenant: str, workflow_id: str
) -> None:
    row = await add_execution(database, tenant, workflow_id)
    assert await close(database, closing(row, started_at=None))
    read_back = await read(database, row)
    assert (read_back.started_at, read_back.duration_ms) == (NOON, 2500)


async def test_durations_hold_a_year_and_are_never_negative(
    database: Database, tenant: str, workflow_id: str
) -> None:
    long, skewed = [await add_execution(database, tenant, workflow_id) for _ in range(2)]
    await close(database, closing(long, started_at=NOON, completed_at=NOON + timedelta(days=365)))
    await close(database, closing(skewed, started_at=LATER, completed_at=NOON))
    assert (await read(database, long)).duration_ms == 365 * 86_400_000
    assert (await read(database, skewed)).duration_ms == 0


async def test_the_first_close_wins_and_a_repeated_one_does_nothing(
    database: Database, tenant: str, workflow_id: str
) -> None:
    row = await add_execution(database, tenant, workflow_id)
    assert await close(database, closing(row))
    assert not await close(database, closing(row))
    assert not await close(database, closing(row, status="cancelled"))
    assert (await read(database, row)).status == "completed"


async def test_a_last_task_that_was_done_again_has_the_last_word(
    database: Database, tenant: str, workflow_id: str
) -> None:
    row = await add_execution(database, tenant, workflow_id)
    assert await close(database, closing(row))
    assert await close(database, closing(row, status="failed"))
    assert (await read(database, row)).status == "failed"
    assert await close(database, closing(row, status="terminated"), overrule=True)
    assert not await close(database, closing(row))
    assert (await read(database, row)).status == "terminated"


async def test_the_truth_of_temporal_overrules(database: Database, tenant: str, workflow_id: str) -> None:
    row = await add_execution(database, tenant, workflow_id)
    error = ErrorInfo(type="internal", message="m")
    await close(database, closing(row, status="failed", error=error))
    assert not await close(database, closing(row, status="failed"), overrule=True)
    assert (await read(database, row)).error is not None
    assert await close(database, closing(row, status="terminated"), overrule=True)
    read_back = await read(database, row)
    assert (read_back.status, read_back.error) == ("terminated", None)
    running = await add_execution(database, tenant, workflow_id)
    assert await close(database, closing(running, status="timed_out"), overrule=True)


async def test_of_twenty_closings_at_once_one_counts(
    database: Database, tenant: str, workflow_id: str
) -> None:
    row = await add_execution(database, tenant, workflow_id)
    endings = ["completed", "timed_out", "cancelled", "terminated"] * 5
    changed = await asyncio.gather(*(close(database, closing(row, status=status)) for status in endings))
    assert changed.count(True) == 1
    assert (await read(database, row)).status == endings[changed.index(True)]


async def test_close_needs_an_end_and_the_right_tenant(
    database: Database, tenant: str, workflow_id: str
) -> None:
    row = await add_execution(database, tenant, workflow_id)
    for status in ("pending", "running"):
        with pytest.raises(ValueError, match=status):
            await close(database, closing(row, status=status))
    assert not await close(database, closing(row, tenant_id=f"{tenant}_other"), overrule=True)
    assert (await read(database, row)).status == "pending"


async def test_unfinished_are_those_not_checked_for_longest(own_database: Database) -> None:
    workflow_id = await add_workflow(own_database, "one")
    times: list[dict[str, Any]] = [{"accepted_at": NOON + timedelta(minutes=n)} for n in range(4)]
    rows = [await add_execution(own_database, "one", workflow_id, **time) for time in times]
    await mark_started(own_database, [rows[2].id])
    await close(own_database, closing(rows[1]))

    async def unfinished(limit: int = 10) -> list[Unfinished]:
        async with own_database.platform() as session:
            return await ExecutionIndex(session).unfinished(LATER, limit)

    assert await unfinished() == [
        Unfinished("one", rows[n].id, status, NOON + timedelta(minutes=n))
        for n, status in ((0, "pending"), (2, "running"), (3, "pending"))
    ]
    async with own_database.platform() as session:
        await ExecutionIndex(session).mark_checked([rows[0].id], LATER - timedelta(seconds=1))
        await ExecutionIndex(session).mark_checked([rows[2].id], LATER)
        await session.commit()
    assert [row.id for row in await unfinished()] == [rows[3].id, rows[0].id]
    assert [row.id for row in await unfinished(1)] == [rows[3].id]


async def test_statuses_of_those_that_are_known(database: Database, tenant: str, workflow_id: str) -> None:
    one, two = [await add_execution(database, tenant, workflow_id) for _ in range(2)]
    await close(database, closing(two))
    async with database.platform() as session:
        found = await ExecutionIndex(session).statuses([one.id, two.id, "exec_none"])
        assert await ExecutionIndex(session).statuses([]) == {}
    assert found == {one.id: "pending", two.id: "completed"}
