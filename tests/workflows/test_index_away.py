"""A run that ends while PostgreSQL is away ends all the same, and its row is closed later."""

import asyncio
from pathlib import Path

from temporalio.client import Client

from dev.guard import Guard
from dev.temporal import Temporal
from gorax.engine.converter import data_converter
from gorax.settings import DatabaseSettings, Settings, TemporalSettings, WorkerSettings
from tests.support.interpreter import running_interpreter
from tests.support.servers import migrate, running_postgres


async def test_closing_waits_for_the_index(tmp_path: Path, guard: Guard, temporal: Temporal) -> None:
    tmp_path.chmod(0o755)
    with running_postgres(tmp_path, guard) as (server, process):
        settings = Settings(
            data_dir=tmp_path,
            database=DatabaseSettings(url=server.create_database("away")),
            temporal=TemporalSettings(address=temporal.address, task_queue="index-away"),
            worker=WorkerSettings(sandbox=True, shutdown_grace=1),
        )
        migrate(settings, tmp_path, guard)
        process.kill()
    client = await Client.connect(temporal.address, data_converter=data_converter())
    async with running_interpreter(client, settings) as interpreter:
        handle = await interpreter.start(
            {"actions": [{"id": "a", "type": "formula", "config": {"expression": "6 * 7"}}]}
        )
        async with asyncio.timeout(20):
            # The first attempt failed inside the task: from now on the server tries.
            while not (await handle.describe()).raw_description.pending_activities:
                await asyncio.sleep(0.1)
        with running_postgres(tmp_path, guard):
            finished = await interpreter.finish(handle)
    assert (finished.status, finished.output) == ("completed", 42)
    assert finished.statuses() == {"a": "completed"}
