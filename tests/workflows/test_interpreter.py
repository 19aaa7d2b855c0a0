"""The interpreter's semantics, each history replayed afterwards."""

import asyncio

import pytest

from tests.support import probe
from tests.support.interpreter import Interpreter
from tests.workflows.definitions import action, definition


async def test_output_of_the_last_action_is_the_default(interpreter: Interpreter) -> None:
    finished = await interpreter.run(
        definition(
            action("double", "formula", {"expression": "trigger.body.n * 2"}),
            action("more", config={"value": "{{steps.double.output + 1}}"}),
        ),
        {"n": 20},
    )
    assert (finished.status, finished.output) == ("completed", 41)
    assert finished.order == ["double", "more"]
    assert finished.steps["double"].output == 40
    assert finished.steps["more"].input == {"value": 41}


async def test_output_template_and_variables(interpreter: Interpreter) -> None:
    finished = await interpreter.run(
        definition(
            action("name", "set", {"variables": {"who": "{{trigger.body.name}}", "n": 3}}),
            variables={"greeting": "Hello", "n": 1},
            output={
                "text": "{{vars.greeting}} {{vars.who}}",
                "n": "{{vars.n}}",
                "by": "{{env.workflow_name}}",
            },
        ),
        {"name": "Ada"},
    )
    assert finished.output == {"text": "Hello Ada", "n": 3, "by": "test"}


async def test_a_run_of_pure_steps_costs_one_marker(interpreter: Interpreter) -> None:
    finished = await interpreter.run(
        definition(*(action(f"s{n}", "formula", {"expression": str(n)}) for n in range(20)))
    )
    assert finished.output == 19
    assert len(finished.steps) == 20
    assert finished.events == [
        "workflow_execution_started_event_attributes",
        "workflow_task_scheduled_event_attributes",
        "workflow_task_started_event_attributes",
        "workflow_task_completed_event_attributes",
        "marker_recorded_event_attributes",
        "workflow_execution_completed_event_attributes",
    ]


async def test_independent_actions_run_together(interpreter: Interpreter) -> None:
    finished = await interpreter.run(
        definition(
            action("a", config={"sleep": 0.3}),
            action("b", config={"sleep": 0.3}, depends_on=[]),
            action("c", depends_on=["a", "b"], config={"value": "c"}),
        )
    )
    assert finished.output == "c"
    assert frozenset({"a", "b"}) in probe.together
    assert frozenset({"a", "b", "c"}) not in probe.together


async def test_a_skip_passes_to_those_whose_explicit_dependencies_were_all_skipped(
    interpreter: Interpreter,
) -> None:
    finished = await interpreter.run(
        definition(
            action("off", when="false"),
            action("on", depends_on=[]),
            action("only_off", depends_on=["off"]),
            action("both", depends_on=["off", "on"]),
            action("next"),
        )
    )
    assert finished.statuses() == {
        "off": "skipped",
        "on": "completed",
        "only_off": "skipped",
        "both": "completed",
        "next": "completed",
    }


async def test_a_skip_does_not_pass_down_a_sequence(interpreter: Interpreter) -> None:
    finished = await interpreter.run(definition(action("off", when="1 > 2"), action("next")))
    assert finished.statuses() == {"off": "skipped", "next": "completed"}


@pytest.mark.parametrize(("condition", "taken"), [("trigger.body.n > 5", "then"), ("false", "else")])
async def test_if_runs_one_branch(interpreter: Interpreter, condition: str, taken: str) -> None:
    branches = {"then": [action("big")], "else": [action("small")]}
    finished = await interpreter.run(
        definition(action("choice", "if", {"condition": condition, **branches})), {"n": 9}
    )
    assert finished.output == {"result": taken == "then", "taken": taken}
    nested = f"choice.{'big' if taken == 'then' else 'small'}"
    assert finished.order == ["choice", nested]
    assert finished.steps[nested].parent == "choice"
    assert finished.steps["choice"].input == {"condition": condition}


async def test_on_error_continue(interpreter: Interpreter) -> None:
    finished = await interpreter.run(
        definition(
            action("bad", config={"fail_times": 9, "retryable": False}, on_error="continue"),
            action("next", "transform", {"expression": "steps.bad.error.type + '/' + steps.bad.status"}),
        )
    )
    assert finished.output == "network/failed"
    assert finished.statuses() == {"bad": "failed", "next": "completed"}


async def test_on_error_actions_run_instead(interpreter: Interpreter) -> None:
    finished = await interpreter.run(
        definition(
            action(
                "bad",
                config={"fail_times": 9, "retryable": False},
                on_error=[action("mend", "formula", {"expression": "'mended ' + error.action_id"})],
            ),
            action("next", "formula", {"expression": "steps.mend.output"}),
        )
    )
    assert finished.output == "mended bad"
    assert finished.statuses() == {"bad": "failed", "bad.mend": "completed", "next": "completed"}


async def test_a_failure_cancels_what_runs_beside_it(real_interpreter: Interpreter) -> None:
    finished = await real_interpreter.run(
        definition(
            action("long", config={"sleep": 5}),
            action("bad", config={"fail_times": 9, "retryable": False, "sleep": 0.2}, depends_on=[]),
            action("later", depends_on=["long"]),
        )
    )
    assert finished.status == "failed"
    assert finished.statuses() == {"long": "cancelled", "bad": "failed"}


async def test_on_failure_sees_the_error(interpreter: Interpreter) -> None:
    finished = await interpreter.run(
        definition(
            action("bad", "fail", {"type": "no_stock", "message": "none left", "details": {"sku": 7}}),
            on_failure=[
                action("tell", config={"value": "{{error.type}}: {{error.message}} {{error.details.sku}}"})
            ],
        )
    )
    assert finished.status == "failed"
    assert finished.error is not None
    assert (finished.error.type, finished.error.details) == ("no_stock", {"sku": 7})
    assert finished.steps["on_failure.tell"].output == "no_stock: none left 7"


async def test_stop_ends_well_from_within(interpreter: Interpreter) -> None:
    finished = await interpreter.run(
        definition(
            action(
                "choice", "if", {"condition": "true", "then": [action("end", "stop", {"output": {"n": 1}})]}
            ),
            action("after"),
        )
    )
    assert (finished.status, finished.output) == ("completed", {"n": 1})
    assert finished.statuses() == {"choice": "completed", "choice.end": "completed"}


async def test_a_delay_of_thirty_days(interpreter: Interpreter) -> None:
    finished = await interpreter.run(
        definition(action("before", "log", {"message": "hi"}), action("wait", "delay", {"duration": "30d"}))
    )
    assert finished.status == "completed"
    step = finished.steps["wait"]
    assert step.duration_ms is not None
    assert 30 * 86_400_000 <= step.duration_ms < 31 * 86_400_000


async def test_a_waiting_step_is_seen_running(interpreter: Interpreter) -> None:
    handle = await interpreter.start(
        definition(action("before", "log", {"message": "hi"}), action("wait", "delay", {"duration": "30d"}))
    )
    execution_id = handle.id.partition(":")[2]
    for _ in range(100):
        steps = await interpreter.steps(execution_id)
        if [step.status for step in steps] == ["completed", "running"]:
            break
        await asyncio.sleep(0.05)
    else:
        raise AssertionError(steps)
    assert (steps[1].id, steps[1].type, steps[1].started_at is not None) == ("wait", "delay", True)
    assert (await interpreter.finish(handle)).status == "completed"


async def test_cancel_runs_what_is_marked_for_it(real_interpreter: Interpreter) -> None:
    handle = await real_interpreter.start(
        definition(
            action("endless", config={"sleep": 30}),
            on_failure={
                "on": ["failed", "cancelled"],
                "actions": [action("tidy", config={"value": "{{error.type}}"})],
            },
        )
    )
    while "endless" not in probe.running:
        await asyncio.sleep(0.02)
    await handle.cancel()
    finished = await real_interpreter.finish(handle)
    assert finished.status == "cancelled"
    assert finished.statuses() == {"endless": "cancelled", "on_failure.tidy": "completed"}
    assert finished.steps["on_failure.tidy"].output == "cancelled"


async def test_cancel_during_a_delay(real_interpreter: Interpreter) -> None:
    handle = await real_interpreter.start(
        definition(action("nap", config={"sleep": 0.5}), action("wait", "delay", {"duration": "1h"}))
    )
    while "nap" not in probe.running:
        await asyncio.sleep(0.02)
    await handle.cancel()
    finished = await real_interpreter.finish(handle)
    assert finished.status == "cancelled"


async def test_the_execution_has_a_timeout(interpreter: Interpreter) -> None:
    finished = await interpreter.run(
        definition(
            action("wait", "delay", {"duration": "2h"}),
            timeout="1h",
            on_failure=[action("tell", config={"value": "{{error.type}}"})],
        )
    )
    assert finished.status == "failed"
    assert finished.error is not None
    assert finished.error.type == "timeout"
    assert finished.statuses() == {"wait": "cancelled", "on_failure.tell": "completed"}


async def test_an_expression_error_fails_the_step_with_its_place(interpreter: Interpreter) -> None:
    finished = await interpreter.run(definition(action("bad", config={"value": "{{trigger.body.nope}}"})))
    assert finished.error is not None
    assert finished.error.type == "expression"
    assert finished.error.action_id == "bad"
    assert "nope" in finished.error.message
    assert finished.statuses() == {"bad": "failed"}


async def test_what_cannot_be_interpreted_fails_and_does_not_hang(interpreter: Interpreter) -> None:
    finished = await interpreter.run({"actions": "nonsense"}, checked=False)
    assert finished.status == "failed"
    assert finished.error is not None
    assert finished.error.type == "internal"


async def test_sensitive_steps_are_masked(interpreter: Interpreter) -> None:
    finished = await interpreter.run(
        definition(
            action("quiet", config={"value": "s3cret"}, sensitive=True),
            action("quick", config={"value": "s3cret"}, sensitive=True, mode="fast"),
            action("pure", "formula", {"expression": "'s3cret'"}, sensitive=True),
        )
    )
    assert {(step.input, step.output) for step in finished.steps.values()} == {("***", "***")}


async def test_clock_and_uuid_are_the_runs_own(interpreter: Interpreter) -> None:
    finished = await interpreter.run(
        definition(
            action("one", "transform", {"mapping": {"id": "uuid()", "at": "string(now())"}}),
            action("nap", "delay", {"duration": "1h"}),
            action("two", "transform", {"mapping": {"same": "steps.one.output.id != uuid()"}}),
        )
    )
    assert finished.output == {"same": True}


async def test_all_of_steps_is_a_value_of_its_moment(interpreter: Interpreter) -> None:
    finished = await interpreter.run(
        definition(
            action("a", "transform", {"expression": "steps"}),
            action("b", "transform", {"expression": "vars"}),
            action("c", "set", {"variables": {"n": 2}}),
            action(
                "d",
                "transform",
                {"mapping": {"all": "$env", "n": "steps.b.output.n", "none": "len(steps.a.output)"}},
            ),
            variables={"n": 1},
            output="{{[steps.d.output.n, steps.d.output.none]}}",
        )
    )
    assert (finished.status, finished.output) == ("completed", [1, 0])
