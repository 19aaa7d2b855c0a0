"""What happens at the same time: breaks, cancellations, pauses and variables of branches, each history replayed."""

import asyncio
from typing import Any

import pytest
from temporalio.api.enums.v1 import WorkflowTaskFailedCause
from temporalio.client import WorkflowHandle

from gorax.core.contracts import SIGNAL_PAUSE
from tests.support import probe
from tests.support.interpreter import Interpreter
from tests.workflows.definitions import action, definition

COSTLY = "len(map(1..19900, # * 2 + 1 - 1 + 2 - 2 + 3 - 3))"
"""Most of what one evaluation may cost: a workflow task has time for some forty of these."""


def each(items: Any, *actions: dict[str, Any], **config: Any) -> dict[str, Any]:
    return action("each", "for_each", {"items": items, "actions": list(actions), **config})


async def called(handle: WorkflowHandle[Any, Any]) -> None:
    """Wait until the first probe of a run has been called."""
    while not any(key.startswith(handle.id.partition(":")[2]) for key in probe.calls):
        await asyncio.sleep(0.02)


@pytest.mark.parametrize("last", [10, 700])
async def test_a_large_concurrent_loop_breaks_with_no_item_left_out(
    interpreter: Interpreter, last: int
) -> None:
    number = action("number", "formula", {"expression": "item"})
    finished = await interpreter.run(
        definition(each(2000, number, concurrency=8, break_when=f"item == {last}"))
    )
    assert finished.status == "completed", finished.error
    count = finished.output["count"]
    assert last < count <= last + 8
    assert finished.output["results"] == list(range(count))


async def test_a_large_loop_leaves_the_variables_of_other_branches_alone(interpreter: Interpreter) -> None:
    wait = action("wait", config={"sleep": 1}, when="index == 50")
    keep = action("keep", "set", {"variables": {"n": "{{index}}"}})
    branches = [
        {"name": "loop", "actions": [each(1000, keep, wait)]},
        {
            "name": "other",
            "actions": [
                action("later", config={"sleep": 0.5}),
                action("mark", "set", {"variables": {"seen": True}}),
            ],
        },
    ]
    finished = await interpreter.run(
        definition(
            action("both", "parallel", {"branches": branches}),
            variables={"seen": False, "n": -1},
            output="{{vars}}",
        )
    )
    assert finished.output == {"seen": True, "n": 999}


async def test_a_paused_run_that_is_cancelled_runs_its_finally(real_interpreter: Interpreter) -> None:
    tried = {"actions": [action("long", config={"sleep": 20})], "finally": [action("tidy")]}
    handle = await real_interpreter.start(definition(action("work", "try", tried)))
    await called(handle)
    await handle.signal(SIGNAL_PAUSE)
    await asyncio.sleep(0.3)
    await handle.cancel()
    finished = await asyncio.wait_for(real_interpreter.finish(handle), 10)
    assert finished.status == "cancelled"
    assert finished.steps["work.tidy"].status == "completed"


async def test_a_stop_in_finally_does_not_hide_a_cancellation(real_interpreter: Interpreter) -> None:
    tried = {"actions": [action("long", config={"sleep": 20})], "finally": [action("end", "stop")]}
    handle = await real_interpreter.start(definition(action("work", "try", tried), action("after")))
    await called(handle)
    await handle.cancel()
    finished = await asyncio.wait_for(real_interpreter.finish(handle), 10)
    assert finished.status == "cancelled"
    assert "after" not in finished.steps


async def test_a_branch_that_is_given_up_while_it_starts_a_child_ends(real_interpreter: Interpreter) -> None:
    # There is no such workflow, and nobody waits: the branch starts one after the other, and mostly is in a start.
    sub = action("sub", "sub_workflow", {"workflow_id": "wf_06b8s5k0000000000000000000", "wait": False})
    for attempt in range(4):
        branches = [
            {"name": "quick", "actions": [action("quick", config={"sleep": 0.2 + 0.013 * attempt})]},
            {"name": "slow", "actions": [each(150, sub, output=None)]},
        ]
        finished = await real_interpreter.run(
            definition(action("race", "parallel", {"branches": branches, "wait": "first"}))
        )
        assert finished.steps["race.each"].status == "cancelled"
        assert sum(path.endswith(".sub") for path in finished.steps) < 100


@pytest.mark.parametrize(
    "loop",
    [
        each(60, output=f"{{{{{COSTLY}}}}}"),
        each(48, action("nap", config={"sleep": 1}), concurrency=48, output=f"{{{{{COSTLY}}}}}"),
        action("again", "while", {"until": f"index == 49 && {COSTLY} > 0 || {COSTLY} < 0", "actions": []}),
    ],
    ids=["no steps", "all at once", "while"],
)
async def test_costly_ends_of_iterations_take_turns_with_the_server(
    real_interpreter: Interpreter, loop: dict[str, Any]
) -> None:
    handle = await real_interpreter.start(definition(loop))
    finished = await asyncio.wait_for(real_interpreter.finish(handle), 60)
    assert finished.status == "completed", finished.error
    # The server itself gives up a task behind which too many events wait; what must not be is the SDK's deadlock.
    failed = [
        event.workflow_task_failed_event_attributes.cause
        for event in (await handle.fetch_history()).events
        if event.HasField("workflow_task_failed_event_attributes")
    ]
    assert WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_WORKFLOW_WORKER_UNHANDLED_FAILURE not in failed


async def test_steps_that_were_cancelled_before_they_were_tried_are_told(
    real_interpreter: Interpreter,
) -> None:
    long = {"sleep": 20}
    branches = [
        {
            "actions": [
                action(
                    name, "for_each", {"items": 60, "concurrency": 60, "actions": [action(call, config=long)]}
                )
            ]
        }
        for name, call in (("one", "first"), ("two", "second"))
    ]
    handle = await real_interpreter.start(definition(action("both", "parallel", {"branches": branches})))
    execution_id = handle.id.partition(":")[2]
    async with asyncio.timeout(15):
        while sum(key.startswith(execution_id) for key in probe.calls) < 100:
            await asyncio.sleep(0.05)
    await handle.cancel()
    finished = await asyncio.wait_for(real_interpreter.finish(handle), 15)
    assert finished.status == "cancelled"
    calls = [step for step in finished.steps.values() if step.action_id in {"first", "second"}]
    assert [(step.status, step.input["sleep"]) for step in calls] == [("cancelled", 20)] * 120
