"""The interpreter's semantics, each history replayed afterwards."""

import asyncio
from typing import Any

import pytest

from tests.support import probe
from tests.support.interpreter import Interpreter


def action(
    name: str, type_: str = "probe", config: dict[str, Any] | None = None, **rest: Any
) -> dict[str, Any]:
    return {"id": name, "type": type_, "config": config or {}, **rest}


def definition(*actions: dict[str, Any], **rest: Any) -> dict[str, Any]:
    return {"actions": list(actions), **rest}


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


async def test_a_hundred_run_at_a_time_and_the_rest_after(interpreter: Interpreter) -> None:
    finished = await interpreter.run(
        definition(*(action(f"p{n}", config={"sleep": 0.05}, depends_on=[]) for n in range(150)))
    )
    assert finished.status == "completed"
    assert set(finished.statuses().values()) == {"completed"}
    assert max(map(len, probe.together)) <= 100


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


async def test_retries_until_it_works(interpreter: Interpreter) -> None:
    finished = await interpreter.run(
        definition(
            action("flaky", config={"fail_times": 2, "value": "ok"}, retry={"initial_interval": "10s"})
        )
    )
    assert finished.output == "ok"
    assert finished.steps["flaky"].attempts == 3
    assert finished.steps["flaky"].duration_ms is not None
    assert finished.steps["flaky"].duration_ms > 20_000


async def test_the_last_attempt_decides(interpreter: Interpreter) -> None:
    finished = await interpreter.run(
        definition(action("never", config={"fail_times": 99}, retry={"max_attempts": 2}), action("after"))
    )
    assert finished.status == "failed"
    assert finished.error is not None
    assert finished.error.model_dump() == {
        "type": "network",
        "message": "attempt 2 failed",
        "action_id": "never",
        "attempt": 2,
        "details": {"attempt": 2},
    }
    assert finished.statuses() == {"never": "failed"}


@pytest.mark.parametrize(
    ("retry", "error", "retryable", "attempts"),
    [
        ({"retry_on": ["http_5"]}, "http_5xx", True, 3),
        ({"retry_on": ["http_5"]}, "network", True, 1),
        ({"retry_on": ["http_4xx"]}, "http_4xx", False, 3),
        ({"not_on": ["net"]}, "network", True, 1),
        ({}, "http_4xx", False, 1),
    ],
)
async def test_retry_on_and_not_on(
    interpreter: Interpreter, retry: dict[str, Any], error: str, retryable: bool, attempts: int
) -> None:
    config = {"fail_times": 9, "error": error, "retryable": retryable}
    finished = await interpreter.run(definition(action("step", config=config, retry=retry)))
    assert finished.status == "failed"
    assert finished.steps["step"].attempts == attempts


async def test_retry_after_is_honoured(interpreter: Interpreter) -> None:
    finished = await interpreter.run(
        definition(action("busy", config={"fail_times": 1, "retry_after": 600, "value": 1}))
    )
    assert finished.steps["busy"].duration_ms is not None
    assert finished.steps["busy"].duration_ms >= 600_000


async def test_a_step_that_takes_too_long_fails_with_timeout(interpreter: Interpreter) -> None:
    finished = await interpreter.run(
        definition(action("slow", config={"sleep": 20}, timeout="200ms", retry={"max_attempts": 1}))
    )
    assert finished.error is not None
    assert (finished.error.type, finished.error.action_id) == ("timeout", "slow")


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
        steps = await interpreter.runs.steps("tenant_interpreter", execution_id) or []
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


async def test_a_fast_step_is_one_marker(interpreter: Interpreter) -> None:
    finished = await interpreter.run(definition(action("quick", config={"value": 5}, mode="fast")))
    assert finished.output == 5
    assert not any("activity_task" in event for event in finished.events)
    assert finished.steps["quick"].input == {"value": 5}


async def test_a_fast_step_that_fails_goes_on_as_an_activity(interpreter: Interpreter) -> None:
    finished = await interpreter.run(
        definition(action("quick", config={"fail_times": 1, "value": 5}, mode="fast"))
    )
    assert finished.output == 5
    assert finished.steps["quick"].attempts == 2
    assert any("activity_task" in event for event in finished.events)


async def test_a_fast_step_that_is_slow_gets_its_whole_time(interpreter: Interpreter) -> None:
    finished = await interpreter.run(
        definition(action("quick", config={"sleep": 4, "value": 5}, mode="fast", retry={"max_attempts": 1}))
    )
    assert finished.output == 5
    assert finished.statuses() == {"quick": "completed"}


async def test_a_fast_step_that_must_not_be_retried_fails_at_once(interpreter: Interpreter) -> None:
    finished = await interpreter.run(
        definition(action("quick", config={"fail_times": 9, "retryable": False}, mode="fast"))
    )
    assert finished.statuses() == {"quick": "failed"}
    assert finished.steps["quick"].attempts == 1


async def test_an_output_over_the_bound_fails_without_retries(interpreter: Interpreter) -> None:
    finished = await interpreter.run(definition(action("huge", config={"size": 20_000})), output_bytes=10_000)
    assert finished.error is not None
    assert finished.error.type == "output_too_large"
    assert finished.steps["huge"].attempts == 1


async def test_inputs_of_many_parallel_steps_stay_under_the_message_limit(interpreter: Interpreter) -> None:
    finished = await interpreter.run(
        definition(
            *(action(f"p{n}", config={"value": "{{trigger.body.big}}"}, depends_on=[]) for n in range(12))
        ),
        {"big": "y" * 600_000},
    )
    assert finished.status == "completed"
    assert len(finished.steps) == 12


async def test_a_full_history_fails_the_run_before_the_server_ends_it(interpreter: Interpreter) -> None:
    finished = await interpreter.run(
        definition(*(action(f"s{n}", config={"value": "{{trigger.body.big}}"}) for n in range(40))),
        {"big": "y" * 700_000},
    )
    assert finished.status == "failed"
    assert finished.error is not None
    assert finished.error.type == "output_too_large"
    assert "history" in finished.error.message


async def test_many_large_records_stay_under_the_message_limit(interpreter: Interpreter) -> None:
    big = "{{trigger.body.big}}"
    finished = await interpreter.run(
        definition(*(action(f"n{n}", "log", {"message": big, "data": big}) for n in range(60))),
        {"big": "y" * 60_000},
    )
    assert finished.status == "completed"
    assert len(finished.steps) == 60


async def test_large_fast_answers_stay_under_the_message_limit(interpreter: Interpreter) -> None:
    finished = await interpreter.run(
        definition(
            *(action(f"s{n}", config={"size": 60_000}, mode="fast") for n in range(50)),
            action("large", config={"size": 900_000}, mode="fast"),
            *(action(f"p{n}", config={"size": 60_000}, mode="fast", depends_on=[]) for n in range(50)),
            output="{{len(steps.large.output)}}",
        )
    )
    assert (finished.status, finished.output) == ("completed", 900_000)
    assert set(finished.statuses().values()) == {"completed"}


async def test_large_error_details_are_cut(interpreter: Interpreter) -> None:
    config = {"details": {"x": "{{trigger.body.big}}", "y": "{{trigger.body.big}}"}}
    finished = await interpreter.run(
        definition(
            *(action(f"f{n}", "fail", config, on_error="continue") for n in range(5)),
            action("f", "fail", config),
        ),
        {"big": "y" * 700_000},
    )
    assert finished.status == "failed"
    assert finished.error is not None
    assert finished.error.details == {"truncated": True}


async def test_a_value_put_in_a_thousand_times_is_refused_without_being_written(
    interpreter: Interpreter,
) -> None:
    variables = {f"v{n}": "{{trigger.body}}" for n in range(200)}
    many = [action(f"m{n}", "set", {"variables": variables}, on_error="continue") for n in range(7)]
    finished = await interpreter.run(definition(*many), {"numbers": [1] * 300_000})
    assert finished.status == "completed"
    assert {step.error and step.error.type for step in finished.steps.values()} == {"validation"}


async def test_large_values_passed_on_and_on_take_turns_with_the_server(interpreter: Interpreter) -> None:
    passing = [action(f"t{n}", "transform", {"expression": "trigger.body"}) for n in range(60)]
    finished = await interpreter.run(
        definition(*passing, output="{{len(steps.t59.output.numbers)}}"), {"numbers": [1] * 300_000}
    )
    assert (finished.status, finished.output) == ("completed", 300_000)


async def test_values_nested_ever_deeper_are_refused(interpreter: Interpreter) -> None:
    deeper = [action(f"d{n}", "set", {"variables": {"x": ["{{vars.x}}"]}}) for n in range(300)]
    finished = await interpreter.run(definition(*deeper, variables={"x": 0}))
    assert finished.status == "failed"
    assert finished.error is not None
    assert "levels" in finished.error.message


async def test_handlers_run_though_the_history_is_full(interpreter: Interpreter) -> None:
    finished = await interpreter.run(
        definition(
            *(action(f"s{n}", config={"value": "{{trigger.body.big}}"}) for n in range(40)),
            on_failure=[action("alarm", config={"value": "{{error.type}}"})],
        ),
        {"big": "y" * 700_000},
    )
    assert finished.status == "failed"
    assert finished.steps["on_failure.alarm"].output == "output_too_large"


async def test_a_failed_fast_step_that_is_not_retried_is_shown_failed(interpreter: Interpreter) -> None:
    finished = await interpreter.run(
        definition(
            action("x", config={"fail_times": 9}, mode="fast", retry={"max_attempts": 1}, on_error="continue")
        )
    )
    assert finished.status == "completed"
    assert finished.statuses() == {"x": "failed"}


async def test_a_host_that_is_slow_is_not_tried_fast_again(interpreter: Interpreter) -> None:
    finished = await interpreter.run(
        definition(*(action(f"s{n}", config={"sleep": 0.8, "value": n}, mode="fast") for n in range(3)))
    )
    assert finished.output == 2
    assert sum("marker" in event for event in finished.events) == 2  # one try, and the closing


async def test_expensive_expressions_take_turns_with_the_server(interpreter: Interpreter) -> None:
    heavy = "len(filter(1..15000, # % 7 == 3))"
    finished = await interpreter.run(
        definition(*(action(f"h{n}", "formula", {"expression": heavy}) for n in range(60)))
    )
    assert finished.status == "completed"
    assert finished.output == 2143


async def test_an_expression_error_fails_the_step_with_its_place(interpreter: Interpreter) -> None:
    finished = await interpreter.run(definition(action("bad", config={"value": "{{trigger.body.nope}}"})))
    assert finished.error is not None
    assert finished.error.type == "expression"
    assert finished.error.action_id == "bad"
    assert "nope" in finished.error.message
    assert finished.statuses() == {"bad": "failed"}


async def test_a_crash_of_a_connector_is_a_failed_step(interpreter: Interpreter) -> None:
    finished = await interpreter.run(
        definition(action("bad", config={"crash": True}, retry={"max_attempts": 1}))
    )
    assert finished.error is not None
    assert finished.error.type == "internal"


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
