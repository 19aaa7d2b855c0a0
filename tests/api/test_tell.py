"""Telling runs of answers, when there is no request any more that would."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

from api.services.tell import PATIENCE, Teller
from dev.ports import free_port
from dev.temporal import Temporal
from gorax.core.actions.constructs import Answer
from gorax.engine.client import Engine
from gorax.settings import DatabaseSettings, Settings, TemporalSettings
from gorax.store.approvals import Approvals
from gorax.store.session import Database
from gorax.store.tables import Wait
from tests.store.rows import add_execution, add_workflow
from tests.support.waits import approval_wait, open_wait, opening


@pytest.fixture
def settings_(fresh_database_url: str, temporal: Temporal, directory: Path) -> Settings:
    """The run's Temporal, and a database in which no other process tells anything."""
    return Settings(
        data_dir=directory,
        database=DatabaseSettings(url=fresh_database_url),
        temporal=TemporalSettings(address=temporal.address),
    )


@pytest.fixture
async def database(settings_: Settings) -> AsyncIterator[Database]:
    """The database of these settings."""
    database = Database(settings_)
    yield database
    await database.close()


async def answered(database: Database) -> str:
    """The id of an approval that was answered, of a run that Temporal does not know."""
    row = await add_execution(database, "one", await add_workflow(database, "one"))
    request = opening(row, approval_wait())
    await open_wait(database, request)
    now = datetime.now(UTC)
    async with database.platform() as session:
        await Approvals(session, "one").answer(
            request.wait_id, Answer(decision="approved", at=now), tell_at=now
        )
        await session.commit()
    return request.wait_id


async def read(database: Database, wait_id: str) -> Wait:
    async with database.platform() as session:
        wait = await Approvals(session, "one").get(wait_id)
    assert wait is not None
    return wait


async def run_for(teller: Teller, seconds: float) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(teller.run(), seconds)


async def test_a_run_that_is_gone_is_told_once(settings_: Settings, database: Database) -> None:
    wait_id = await answered(database)
    telling = asyncio.create_task(run_for(Teller(database, await Engine.lazy(settings_)), 20))
    async with asyncio.timeout(15):
        while (wait := await read(database, wait_id)).tell_at is not None:
            await asyncio.sleep(0.05)
    telling.cancel()
    assert (wait.status, wait.tells) == ("approved", 1)


async def test_while_temporal_is_away_an_answer_stays_due(settings_: Settings, database: Database) -> None:
    away = settings_.model_copy(update={"temporal": TemporalSettings(address=f"127.0.0.1:{free_port()}")})
    wait_id = await answered(database)
    teller = Teller(database, await Engine.lazy(away))
    due = (await read(database, wait_id)).tell_at
    await run_for(teller, 2.5)
    wait = await read(database, wait_id)
    assert (wait.tell_at, wait.tells) == (due, 0)


async def test_an_answer_is_left_to_its_request_for_a_moment(settings_: Settings, database: Database) -> None:
    wait_id = await answered(database)
    async with database.platform() as session:
        wait = await session.get(Wait, wait_id)
        assert wait is not None
        wait.tell_at = datetime.now(UTC) + PATIENCE
        await session.commit()
    await run_for(Teller(database, await Engine.lazy(settings_)), PATIENCE.total_seconds() / 2)
    assert (await read(database, wait_id)).tells == 0
    await run_for(Teller(database, await Engine.lazy(settings_)), PATIENCE.total_seconds())
    assert (await read(database, wait_id)).tells == 1
