"""The rows of schedules, and who tells their twins of what."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update
from sqlmodel import col

from gorax.core.ids import SCHEDULE, new_id
from gorax.store.schedule_index import ScheduleIndex
from gorax.store.schedule_runs import ScheduleRuns
from gorax.store.schedules import Schedules
from gorax.store.session import Database
from gorax.store.tables import Schedule
from gorax.store.workflows import Workflows
from tests.store.rows import add_workflow

NOW = datetime.now(UTC)
TENANT = "tenant_rows"


async def add(database: Database, workflow_id: str, *, due: datetime = NOW, **values: Any) -> str:
    """The id of a new schedule of the workflow."""
    columns = {
        "timing": {"every": 60},
        "enabled": True,
        "overlap": "skip",
        "catchup_window": 600,
        "pause_on_failure": False,
        **values,
    }
    async with database.platform() as session:
        row = await Schedules(session, TENANT).create(
            id=new_id(SCHEDULE),
            workflow_id=workflow_id,
            of_definition=False,
            values=columns,
            created_by="ann",
            due=due,
        )
        await session.commit()
    assert row is not None
    return row.id


async def tell(database: Database, schedule_id: str) -> None:
    """Note that the twin knows all, and is active."""
    async with database.platform() as session:
        index = ScheduleIndex(session)
        wanted = await index.take(schedule_id)
        assert wanted is not None
        await index.told(wanted.row, datetime.now(UTC), active=True)
        await session.commit()


async def test_who_waits_longest_is_told_first_and_by_one_alone(own_database: Database) -> None:
    workflow_id = await add_workflow(own_database, TENANT)
    first = await add(own_database, workflow_id, due=NOW - timedelta(seconds=2))
    second = await add(own_database, workflow_id, due=NOW - timedelta(seconds=1))
    later = await add(own_database, workflow_id, due=NOW + timedelta(minutes=1))
    async with own_database.platform() as mine, own_database.platform() as others:
        index = ScheduleIndex(mine)
        assert await index.next(NOW, 10) == [first, second]
        wanted = await index.take(first)
        assert wanted is not None
        assert (wanted.workflow_name, wanted.workflow_enabled) == ("Orders", True)
        assert await ScheduleIndex(others).take(first) is None
        await index.told(wanted.row, NOW, active=True)
        await mine.commit()
        assert await ScheduleIndex(others).take(first) is None  # nothing to tell
        assert await ScheduleIndex(others).take(later) is not None  # before its time, by who changed it


async def test_only_who_has_to_follow_its_workflow_does(own_database: Database) -> None:
    workflow_id = await add_workflow(own_database, TENANT)
    active = await add(own_database, workflow_id)
    paused = await add(own_database, workflow_id, enabled=False)
    for schedule_id in (active, paused):
        await tell(own_database, schedule_id)
    async with own_database.platform() as session:
        await session.execute(update(Schedule).where(col(Schedule.id) == paused).values(twin_active=False))
        for enabled, due in ((True, []), (False, [active])):
            workflow = await Workflows(session, TENANT).update(workflow_id, enabled=enabled, created_by="bob")
            assert workflow is not None
            await Schedules(session, TENANT).follow(workflow, due=NOW)
            assert await ScheduleIndex(session).next(NOW, 10) == due


@pytest.mark.parametrize("is_new", [True, False])
async def test_who_is_told_while_its_workflow_changes_is_told_again(
    own_database: Database, is_new: bool
) -> None:
    workflow_id = await add_workflow(own_database, TENANT)
    schedule_id = await add(own_database, workflow_id)
    if not is_new:
        await tell(own_database, schedule_id)
    before, after = (False, True) if not is_new else (True, False)

    async def set_enabled(enabled: bool) -> None:
        async with own_database.platform() as session:
            workflow = await Workflows(session, TENANT).update(workflow_id, enabled=enabled, created_by="bob")
            assert workflow is not None
            await Schedules(session, TENANT).follow(workflow, due=NOW)
            await session.commit()

    await set_enabled(before)
    async with own_database.platform() as session:
        index = ScheduleIndex(session)
        wanted = await index.take(schedule_id)
        assert wanted is not None
        assert wanted.workflow_enabled is before
        changing = asyncio.create_task(set_enabled(after))
        await asyncio.wait([changing], timeout=0.5)  # Temporal is told meanwhile
        await index.told(wanted.row, NOW, active=before)
        await session.commit()
    await changing
    async with own_database.platform() as session:
        assert await ScheduleIndex(session).next(NOW, 10) == [schedule_id]


async def test_what_was_changed_meanwhile_is_not_overruled(own_database: Database) -> None:
    schedule_id = await add(own_database, await add_workflow(own_database, TENANT))
    async with own_database.platform() as session:
        index = ScheduleIndex(session)
        assert not await index.take_in(schedule_id, 1, NOW, paused=True, reason="r")  # it is still to be told
        await session.commit()
    await tell(own_database, schedule_id)
    async with own_database.platform() as session:
        index = ScheduleIndex(session)
        assert not await index.take_in(schedule_id, 2, NOW, paused=True, reason="r")
        assert await index.take_in(schedule_id, 1, NOW, paused=True, reason="r")
        await session.commit()
        listed = await Schedules(session, TENANT).get(schedule_id)
    assert listed is not None
    row = listed.schedule
    assert (row.enabled, row.pause_reason, row.generation, row.sync_due_at) == (False, "r", 2, NOW)


async def test_the_last_runs_are_counted_exactly(own_database: Database) -> None:
    workflow_id = await add_workflow(own_database, TENANT)
    limited = await add(own_database, workflow_id, remaining_runs=2)
    free = await add(own_database, workflow_id)
    await tell(own_database, limited)
    async with own_database.platform() as session:
        runs = ScheduleRuns(session, TENANT)
        assert [await runs.count_down(limited) for _ in range(4)] == [True, True, False, False]
        assert [await runs.count_down(free) for _ in range(2)] == [True, True]
        assert await ScheduleRuns(session, "tenant_other").get(limited) is None
        assert await ScheduleIndex(session).next(datetime.now(UTC), 10) == [free, limited]


async def test_a_run_that_is_passed_over_counts_for_nobody(own_database: Database) -> None:
    workflow_id = await add_workflow(own_database, TENANT)
    limited = await add(own_database, workflow_id, remaining_runs=2)
    free = await add(own_database, workflow_id)
    used_up = await add(own_database, workflow_id, remaining_runs=0)
    for schedule_id in (limited, free, used_up):
        await tell(own_database, schedule_id)
    async with own_database.platform() as session:
        for schedule_id in (limited, free, used_up):
            await ScheduleRuns(session, TENANT).skipped(schedule_id, NOW, "the tenant is suspended")
        # Temporal has counted it, and is told how many there are.
        assert await ScheduleIndex(session).next(datetime.now(UTC), 10) == [limited]
        wanted = await ScheduleIndex(session).take(limited)
        assert wanted is not None
        assert (wanted.row.remaining_runs, wanted.row.generation) == (2, 2)


async def test_a_deleted_workflow_gets_no_schedule(own_database: Database) -> None:
    workflow_id = await add_workflow(own_database, TENANT)
    schedule_id = await add(own_database, workflow_id)
    async with own_database.platform() as session:
        await Workflows(session, TENANT).delete(workflow_id, "ann")
        schedules = Schedules(session, TENANT)
        await schedules.delete_of([workflow_id], by="ann", due=NOW)
        for given in (workflow_id, "wf_none", "wf_\0"):
            made = await schedules.create(
                id=new_id(SCHEDULE),
                workflow_id=given,
                of_definition=False,
                values={},
                created_by="ann",
                due=NOW,
            )
            assert made is None
        assert await schedules.get(schedule_id) is None
        assert await schedules.list(10, 0) == ([], 0)
        index = ScheduleIndex(session)
        assert list(await index.known([schedule_id])) == [schedule_id]  # until its twin is gone
        await index.gone(schedule_id)
        assert await index.known([schedule_id]) == {}
