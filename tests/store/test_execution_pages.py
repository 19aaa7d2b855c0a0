"""Pages of executions: every filter, order and place in the list, against sorting the rows oneself."""

import random
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from gorax.store import execution_pages
from gorax.store.execution_filter import ExecutionFilter
from gorax.store.execution_pages import ExecutionPages, Listed
from gorax.store.execution_walk import NEWEST_FIRST, Position, Sort
from gorax.store.session import Database
from gorax.store.tables import Execution
from tests.store.rows import add_workflow
from tests.store.scattered import BEGIN, any_filter, made, matches, write
from tests.store.test_execution_totals import fold

SORTS = [Sort(field, descending) for field in ("started_at", "duration_ms") for descending in (True, False)]


@pytest.fixture(params=[False, True], ids=["as it is", "as if there were many"])
def scale(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    """With the ways that are taken where there are many executions, too."""
    if request.param:
        monkeypatch.setattr(execution_pages, "_SKIP_FROM", 3)
        monkeypatch.setattr(execution_pages, "_FEW", 20)
        monkeypatch.setattr(execution_pages, "MAX_FOUND", 20)
        monkeypatch.setattr(execution_pages, "_LOOKS", ((20, 3), (100, 20)))
    return bool(request.param)


async def listed(
    database: Database, tenant: str, chosen: ExecutionFilter, limit: int = 10, offset: int = 0, **more: Any
) -> Listed:
    session: AbstractAsyncContextManager[AsyncSession] = (
        database.platform(autocommit=True) if chosen.search else database.session(tenant)
    )
    async with session as one:
        return await ExecutionPages(one, tenant).page(chosen, limit, offset, **more)


def ordered(rows: Sequence[Execution], chosen: ExecutionFilter, sort: Sort) -> list[str]:
    """The ids that the list has, without asking the database."""
    found = [row for row in rows if matches(chosen)(row) and getattr(row, sort.field) is not None]
    found.sort(key=lambda row: (getattr(row, sort.field), row.id), reverse=sort.descending)
    return [row.id for row in found]


async def test_every_list_is_what_sorting_the_rows_gives(
    own_database: Database, tenant: str, scale: bool
) -> None:
    chance = random.Random(scale)
    workflows = [await add_workflow(own_database, tenant) for _ in range(2)]
    other = f"{tenant}_other"
    await write(own_database, made(chance, other, [await add_workflow(own_database, other)], 50))
    rows = made(chance, tenant, workflows, 400, days=5)
    await write(own_database, rows)
    await fold(own_database, 300)
    for turn in range(50):
        chosen = any_filter(chance, workflows, days=5)
        sort = chance.choice(SORTS) if turn % 2 else NEWEST_FIRST
        expected = ordered(rows, chosen, sort)
        limit, offset = chance.randrange(1, 30), chance.choice([0, 0, *range(0, 420, 7)])
        page = await listed(own_database, tenant, chosen, limit, offset, sort=sort)
        assert [row.id for row in page.rows] == expected[offset : offset + limit], (chosen, sort, offset)
        assert page.total == len(expected), (chosen, sort, offset)
        assert (page.next is None) is (offset + limit >= len(expected))
        if page.next is not None:
            further = await listed(own_database, tenant, chosen, limit, sort=sort, after=page.next)
            assert [row.id for row in further.rows] == expected[offset + limit : offset + 2 * limit]
            assert further.total == len(expected)


async def test_a_search_finds_what_is_in_the_message(
    own_database: Database, tenant: str, scale: bool
) -> None:
    chance = random.Random(3)
    workflows = [await add_workflow(own_database, tenant) for _ in range(2)]
    rows = made(chance, tenant, workflows, 300)
    await write(own_database, rows)
    for words in ("REFUSED", "100%", "5_0", "5%0", "ÑAND", "\\"):
        for chosen in (ExecutionFilter(), any_filter(chance, workflows)):
            searched = replace(chosen, search=words)
            for sort in SORTS[:2]:
                expected = ordered(rows, searched, sort)
                page = await listed(own_database, tenant, searched, 15, 2, sort=sort)
                assert [row.id for row in page.rows] == expected[2:17], (searched, sort)
                assert page.total == len(expected) or (scale and page.total >= 20)
    other = f"{tenant}_other"
    assert await listed(own_database, other, ExecutionFilter(search="503")) == ([], 0, None)


@pytest.mark.parametrize(
    "looks",
    [
        pytest.param(((20, 2), (200, 20)), id="seen at a look"),
        pytest.param(((20, 2), (21, 20)), id="common only among the newest"),
        pytest.param(((1, 2),), id="not among the newest"),
    ],
)
async def test_of_a_common_search_the_total_is_at_least_so_many(
    own_database: Database, tenant: str, monkeypatch: pytest.MonkeyPatch, looks: tuple[tuple[int, int], ...]
) -> None:
    monkeypatch.setattr(execution_pages, "_FEW", 10)
    monkeypatch.setattr(execution_pages, "MAX_FOUND", 20)
    monkeypatch.setattr(execution_pages, "_LOOKS", looks)
    rows = made(random.Random(3), tenant, [await add_workflow(own_database, tenant)], 300)
    await write(own_database, rows)
    chosen = ExecutionFilter(search="orders")
    expected = ordered(rows, chosen, NEWEST_FIRST)
    assert len(expected) > 20
    page = await listed(own_database, tenant, chosen, 10, 5)
    assert ([row.id for row in page.rows], page.total) == (expected[5:15], 20)
    assert page.next is not None
    rest = await listed(own_database, tenant, chosen, 100, after=page.next)
    assert [row.id for row in rest.rows] == expected[15:115]


async def test_a_list_that_is_read_by_cursors_is_whole_whatever_begins_meanwhile(
    own_database: Database, tenant: str
) -> None:
    chance = random.Random(5)
    workflows = [await add_workflow(own_database, tenant)]
    rows = made(chance, tenant, workflows, 90)
    await write(own_database, rows)
    read: list[str] = []
    after: Position | None = None
    while True:
        page = await listed(own_database, tenant, ExecutionFilter(), 20, after=after)
        read += [row.id for row in page.rows]
        if page.next is None:
            break
        after = page.next
        newer = made(chance, tenant, workflows, 5)
        for row in newer:
            row.started_at = BEGIN + timedelta(days=30)
        await write(own_database, newer)
    assert read == ordered(rows, ExecutionFilter(), NEWEST_FIRST)


async def test_a_place_that_no_execution_has_is_a_place(own_database: Database, tenant: str) -> None:
    rows = made(random.Random(6), tenant, [await add_workflow(own_database, tenant)], 30)
    await write(own_database, rows)
    middle = BEGIN + timedelta(days=1.5)
    page = await listed(own_database, tenant, ExecutionFilter(), 100, after=Position(middle, "exec_"))
    assert [row.id for row in page.rows] == ordered(rows, ExecutionFilter(to=middle), NEWEST_FIRST)
    assert page.total == 30
