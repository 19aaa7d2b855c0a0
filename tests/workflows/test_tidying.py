"""What tidies up comes to its end: whatever is cancelled or runs out of time meanwhile, each history replayed."""

import asyncio
from typing import Any

from temporalio.client import WorkflowHandle

from gorax.core.contracts import SIGNAL_PAUSE
from tests.support import probe
from tests.support.interpreter import Finished, Interpreter
from tests.workflows.definitions import action, definition

TIDY = action("tidy", config={"sleep": 1.5})


def tried(*actions: dict[str, Any], **rest: Any) -> dict[str, Any]:
    return action("work", "try", {"actions": list(actions), "finally": [TIDY]}, **rest)


async def running(handle: WorkflowHandle[Any, Any], path: str) -> None:
    """Wait until a probe of the run has been called."""
    key = handle.id.partition(":")[2]
    async with asyncio.timeout(15):
        while not any(call.startswith(key) and call.endswith(path) for call in probe.calls):
            await asyncio.sleep(0.02)


async def ended(interpreter: Interpreter, handle: WorkflowHandle[Any, Any]) -> Finished:
    return await asyncio.wait_for(interpreter.finish(handle), 15)


async def test_a_finally_that_has_begun_is_not_cancelled(real_interpreter: Interpreter) -> None:
    handle = await real_interpreter.start(definition(tried(), action("after")))
    await running(handle, "tidy")
    await handle.cancel()
    finished = await ended(real_interpreter, handle)
    assert finished.status == "cancelled"
    assert finished.statuses() == {"work": "cancelled", "work.tidy": "completed"}


async def test_a_cancellation_leaves_what_a_sibling_tidies_up(real_interpreter: Interpreter) -> None:
    bad = action("bad", "fail", {"message": "no"})
    branches = [
        {"name": "bad", "actions": [action("soon", config={"sleep": 0.3}), bad]},
        {"name": "good", "actions": [tried(action("long", config={"sleep": 20}))]},
    ]
    handle = await real_interpreter.start(definition(action("both", "parallel", {"branches": branches})))
    await running(handle, "tidy")
    await handle.cancel()
    finished = await ended(real_interpreter, handle)
    assert finished.status == "cancelled"
    assert finished.statuses()["both.work.tidy"] == "completed"


async def test_a_cancellation_leaves_what_tidies_up_after_a_timeout(real_interpreter: Interpreter) -> None:
    late = tried(action("long", config={"sleep": 20}), timeout=0.5)
    handle = await real_interpreter.start(definition(late))
    await running(handle, "tidy")
    await handle.cancel()
    finished = await ended(real_interpreter, handle)
    assert finished.status == "cancelled"
    assert finished.statuses()["work.tidy"] == "completed"


async def test_a_timeout_leaves_a_finally_that_has_begun(real_interpreter: Interpreter) -> None:
    finished = await real_interpreter.run(definition(tried(timeout=0.5)))
    assert finished.error is not None
    assert finished.error.type == "timeout"
    assert finished.statuses() == {"work": "failed", "work.tidy": "completed"}


async def test_a_paused_run_whose_time_is_over_tidies_up(real_interpreter: Interpreter) -> None:
    handle = await real_interpreter.start(
        definition(
            tried(action("long", config={"sleep": 20})),
            timeout=1,
            on_failure={"actions": [action("tell", config={"value": "{{error.type}}"})]},
        )
    )
    await running(handle, "long")
    await handle.signal(SIGNAL_PAUSE)
    finished = await ended(real_interpreter, handle)
    assert finished.error is not None
    assert finished.error.type == "timeout"
    assert finished.statuses()["work.tidy"] == "completed"
    assert finished.steps["on_failure.tell"].output == "timeout"


async def test_a_finally_goes_on_with_a_paused_run_that_is_cancelled(real_interpreter: Interpreter) -> None:
    two = action("work", "try", {"actions": [], "finally": [TIDY, action("last")]})
    handle = await real_interpreter.start(definition(two))
    await running(handle, "tidy")
    await handle.signal(SIGNAL_PAUSE)
    await asyncio.sleep(2)
    await handle.cancel()
    finished = await ended(real_interpreter, handle)
    assert finished.status == "cancelled"
    assert finished.statuses()["work.last"] == "completed"
