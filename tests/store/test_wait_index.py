import asyncio
from collections.abc import Sequence
from datetime import timedelta

import pytest

from gorax.core.actions.constructs import Answer
from gorax.store.approvals import Approvals
from gorax.store.session import Database
from gorax.store.tables import Execution
from gorax.store.wait_index import Untold, WaitIndex
from tests.store.rows import add_execution, add_workflow
from tests.support.waits import NOW, approval_wait, close_wait, open_wait, opening

SECOND = timedelta(seconds=1)


@pytest.fixture
async def execution(own_database: Database) -> Execution:
    """An execution in a database that no other test sees."""
    return await add_execution(own_database, "one", await add_workflow(own_database, "one"))


async def answered(database: Database, row: Execution, number: int) -> str:
    """The id of an answered wait, whose run is to be told `number` seconds after `NOW`."""
    request = opening(row, approval_wait())
    await open_wait(database, request)
    async with database.platform() as session:
        answer = Answer(decision="approved", by="ann", at=NOW, payload=number)
        await Approvals(session, row.tenant_id).answer(request.wait_id, answer, tell_at=NOW + number * SECOND)
        await session.commit()
    return request.wait_id


async def due(database: Database, seconds: float, limit: int = 10) -> Sequence[Untold]:
    async with database.platform() as session:
        return await WaitIndex(session).due(NOW + seconds * SECOND, limit)


def ids(untold: Sequence[Untold]) -> list[str]:
    return [one.answered.wait_id for one in untold]


async def test_answers_are_due_at_their_time(own_database: Database, execution: Execution) -> None:
    third, first, second = [await answered(own_database, execution, number) for number in (3, 1, 2)]
    assert await due(own_database, 0.5) == []
    assert ids(await due(own_database, 2)) == [first, second]
    assert ids(await due(own_database, 9)) == [first, second, third]
    assert ids(await due(own_database, 9, limit=1)) == [first]
    [one] = await due(own_database, 1)
    assert (one.temporal_id, one.tells) == (f"one:{execution.id}", 0)
    assert one.answered.answer == Answer(decision="approved", by="ann", at=NOW, payload=1)


async def test_a_closed_wait_is_due_no_more(own_database: Database, execution: Execution) -> None:
    request = opening(execution, approval_wait())
    await open_wait(own_database, request)
    async with own_database.platform() as session:
        answer = Answer(decision="approved", at=NOW)
        await Approvals(session, "one").answer(request.wait_id, answer, tell_at=NOW)
        await session.commit()
    assert ids(await due(own_database, 1)) == [request.wait_id]
    await close_wait(own_database, request, "answered")
    assert await due(own_database, 1) == []
    async with own_database.platform() as session:
        await WaitIndex(session).tell_at([request.wait_id], NOW)
        await session.commit()
    assert await due(own_database, 1) == []


async def test_what_was_told_is_told_again_later_and_at_last_never(
    own_database: Database, execution: Execution
) -> None:
    wait_id = await answered(own_database, execution, 0)
    for tells, next_ in enumerate((5, 60, None)):
        async with own_database.platform() as session:
            index = WaitIndex(session)
            [one] = await index.due(NOW + 60 * SECOND, 10)
            assert one.tells == tells
            await index.told({wait_id: None if next_ is None else NOW + next_ * SECOND})
            await session.commit()
        if next_ is not None:
            assert await due(own_database, next_ - 1) == []
    assert await due(own_database, 1_000_000) == []


async def test_two_tellers_never_hold_the_same_row(own_database: Database, execution: Execution) -> None:
    wanted = [await answered(own_database, execution, 0) for _ in range(6)]
    told: list[str] = []

    async def tell() -> None:
        while True:
            async with own_database.platform() as session:
                index = WaitIndex(session)
                mine = ids(await index.due(NOW + SECOND, 2))
                if not mine:
                    return
                told.extend(mine)
                await asyncio.sleep(0.01)
                await index.told(dict.fromkeys(mine))
                await session.commit()

    await asyncio.gather(*(tell() for _ in range(4)))
    assert sorted(told) == sorted(wanted)
