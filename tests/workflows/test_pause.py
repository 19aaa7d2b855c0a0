"""Pausing a run, its loops' batches included, each history replayed afterwards."""

import asyncio

from gorax.core.contracts import SIGNAL_PAUSE, SIGNAL_RESUME
from tests.support import probe
from tests.support.interpreter import Interpreter
from tests.workflows.definitions import action, definition


def _calls(execution_id: str) -> int:
    return sum(count for key, count in probe.calls.items() if key.startswith(execution_id))


async def test_a_paused_run_begins_no_step(real_interpreter: Interpreter) -> None:
    steps = [action(f"s{number}", config={"sleep": 0.3}) for number in range(3)]
    handle = await real_interpreter.start(definition(*steps))
    execution_id = handle.id.partition(":")[2]
    while not _calls(execution_id):
        await asyncio.sleep(0.02)
    await handle.signal(SIGNAL_PAUSE)
    await asyncio.sleep(1)
    assert _calls(execution_id) == 1
    await handle.signal(SIGNAL_RESUME)
    finished = await real_interpreter.finish(handle)
    assert finished.status == "completed"
    assert _calls(execution_id) == 3


async def test_a_pause_reaches_the_batches_of_a_loop(real_interpreter: Interpreter) -> None:
    call = action("call", config={"sleep": 0.02})
    loop = action("each", "for_each", {"items": 320, "concurrency": 8, "actions": [call]})
    handle = await real_interpreter.start(definition(loop))
    execution_id = handle.id.partition(":")[2]
    while _calls(execution_id) < 50:
        await asyncio.sleep(0.02)
    await handle.signal(SIGNAL_PAUSE)
    await asyncio.sleep(1)
    paused_at = _calls(execution_id)
    await asyncio.sleep(1)
    assert _calls(execution_id) == paused_at < 320
    await handle.signal(SIGNAL_RESUME)
    finished = await real_interpreter.finish(handle)
    assert (finished.status, _calls(execution_id)) == ("completed", 320)


async def test_a_paused_run_can_be_cancelled(real_interpreter: Interpreter) -> None:
    handle = await real_interpreter.start(
        definition(
            action("a", config={"sleep": 0.3}),
            action("b"),
            on_failure={"on": ["cancelled"], "actions": [action("tidy")]},
        )
    )
    await handle.signal(SIGNAL_PAUSE)
    await asyncio.sleep(1)
    await handle.cancel()
    finished = await asyncio.wait_for(real_interpreter.finish(handle), 5)
    assert finished.status == "cancelled"
    assert finished.statuses()["on_failure.tidy"] == "completed"
