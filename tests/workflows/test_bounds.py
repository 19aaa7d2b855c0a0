"""What one run may compute, hand over and keep, each history replayed afterwards."""

from tests.support import probe
from tests.support.interpreter import Interpreter
from tests.workflows.definitions import action, definition


async def test_a_hundred_run_at_a_time_and_the_rest_after(interpreter: Interpreter) -> None:
    finished = await interpreter.run(
        definition(*(action(f"p{n}", config={"sleep": 0.05}, depends_on=[]) for n in range(150)))
    )
    assert finished.status == "completed"
    assert set(finished.statuses().values()) == {"completed"}
    assert max(map(len, probe.together)) <= 100


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
        definition(*(action(f"s{n}", config={"value": "{{trigger.body.big}}"}) for n in range(230))),
        {"big": "y" * 100_000},
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
            *(action(f"s{n}", config={"value": "{{trigger.body.big}}"}) for n in range(230)),
            on_failure=[action("alarm", config={"value": "{{error.type}}"})],
        ),
        {"big": "y" * 100_000},
    )
    assert finished.status == "failed"
    assert finished.steps["on_failure.alarm"].output == "output_too_large"


async def test_expensive_expressions_take_turns_with_the_server(interpreter: Interpreter) -> None:
    heavy = "len(filter(1..15000, # % 7 == 3))"
    finished = await interpreter.run(
        definition(*(action(f"h{n}", "formula", {"expression": heavy}) for n in range(60)))
    )
    assert finished.status == "completed"
    assert finished.output == 2143
