"""Large outputs on their way out of the worker."""

import asyncio

import psycopg

from gorax.settings import Settings
from tests.support import probe
from tests.support.interpreter import Interpreter
from tests.workflows.definitions import action, definition

SILENCE = 9.0
"""Seconds: more than a worker may be silent while a step runs, and less than a statement may take."""


async def test_a_step_whose_output_takes_long_to_store_is_not_run_again(
    real_interpreter: Interpreter, settings: Settings
) -> None:
    url = settings.database_url.replace("+psycopg", "")
    async with await psycopg.AsyncConnection.connect(url) as connection:
        await connection.execute("LOCK TABLE payloads IN EXCLUSIVE MODE")
        handle = await real_interpreter.start(definition(action("make", config={"size": 300_000})))
        async with asyncio.timeout(10):
            while not probe.calls:
                await asyncio.sleep(0.05)
        await asyncio.sleep(SILENCE)
        await connection.rollback()
    finished = await real_interpreter.finish(handle)
    assert (finished.status, finished.steps["make"].attempts) == ("completed", 1)
    assert list(probe.calls.values()) == [1]


async def test_many_large_outputs_at_once_are_stored_in_turn(real_interpreter: Interpreter) -> None:
    makers = [action(f"m{n}", config={"size": 8_000_000, "sleep": 1}, depends_on=[]) for n in range(24)]
    finished = await real_interpreter.run(
        definition(*makers, output="{{len(steps.m0.output) + len(steps.m23.output)}}")
    )
    assert (finished.status, finished.output) == ("completed", 16_000_000)
    assert set(probe.calls.values()) == {1}
