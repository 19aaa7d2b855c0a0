"""Retries, timeouts and fast tries of steps with effects, each history replayed afterwards."""

from typing import Any

import pytest

from tests.support.interpreter import Interpreter
from tests.workflows.definitions import action, definition


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


async def test_a_crash_of_a_connector_is_a_failed_step(interpreter: Interpreter) -> None:
    finished = await interpreter.run(
        definition(action("bad", config={"crash": True}, retry={"max_attempts": 1}))
    )
    assert finished.error is not None
    assert finished.error.type == "internal"
