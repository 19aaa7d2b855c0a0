"""Dry runs of the types that hold other actions, or wait."""

from typing import Any

import pytest

from gorax.core.actions.catalogue import full_catalogue
from gorax.core.definition import parse_definition
from gorax.core.dry_run import DryRun, dry_run
from tests.core.definition.samples import action, log, of

CATALOGUE = full_catalogue()
ASK = action("ask", "http", {"url": "https://api.example.com/{{item}}"})
DOUBLE = action("double", "formula", {"expression": "item * 2"})


def run(raw: dict[str, Any], test_data: Any = None) -> DryRun:
    return dry_run(parse_definition(raw, CATALOGUE), CATALOGUE, test_data, context={})


def results(done: DryRun) -> dict[str, str]:
    return {step.path: step.result for step in done.steps}


def test_a_short_loop_runs() -> None:
    done = run(of(action("each", "for_each", {"items": "trigger.body", "actions": [DOUBLE]})), [1, 2])
    assert results(done) == {"each": "success", "each[0].double": "success", "each[1].double": "success"}
    assert done.output == {"count": 2, "succeeded": 2, "failed": 0, "results": [2, 4]}


def test_of_a_long_loop_the_first_iterations_are_told() -> None:
    loop = action("each", "for_each", {"items": 1_000, "actions": [DOUBLE]})
    done = run(of(loop, log("after", "{{string(steps.each.output.count)}}")))
    assert len(done.steps) == 7
    assert done.steps[0].message == "5 iterations were tried, and 995 more would follow"
    assert results(done)["after"] == "would_run"


def test_effects_in_a_loop_are_told_with_their_input() -> None:
    done = run(of(action("each", "for_each", {"items": "trigger.body", "actions": [ASK]})), ["a", "b"])
    assert [step.input for step in done.steps[1:]] == [
        {"url": "https://api.example.com/a"},
        {"url": "https://api.example.com/b"},
    ]
    assert results(done)["each"] == "would_run"


def test_a_loop_over_what_is_not_known_tells_its_body_once() -> None:
    each = action("each", "for_each", {"items": "steps.first.output.body", "actions": [ASK]})
    done = run(of(action("first", "http", {"url": "https://api.example.com"}), each))
    assert results(done) == {"first": "would_run", "each": "would_run", "each.ask": "unknown"}


@pytest.mark.parametrize("on_error", ["stop", "continue"])
def test_failures_in_a_loop(on_error: str) -> None:
    bad = action("bad", "fail", {"message": "no {{item}}"}, when="item == 2")
    config = {"items": "1..3", "actions": [bad, DOUBLE], "on_error": on_error}
    done = run(of(action("each", "for_each", config)))
    if on_error == "continue":
        assert done.output["results"] == [2, None, 6]
    else:
        assert results(done)["each"] == "error"


def test_a_while_runs_to_its_end() -> None:
    count = action("count", "set", {"variables": {"n": "{{vars.n + 1}}"}})
    done = run(of(action("again", "while", {"until": "vars.n == 3", "actions": [count]}), variables={"n": 0}))
    assert done.output == {"iterations": 3, "last": {"n": 3}}


def test_try_catches_what_fails_for_certain() -> None:
    attempt = {
        "actions": [action("bad", "fail", {"type": "no_stock"})],
        "catch": [{"errors": ["no_"], "actions": [log("mend", "{{error.type}}")]}],
        "finally": [log("tidy")],
    }
    done = run(of(action("attempt", "try", attempt)))
    assert results(done) == {
        "attempt": "success",
        "attempt.bad": "error",
        "attempt.mend": "success",
        "attempt.tidy": "success",
    }
    assert done.output["caught"]["type"] == "no_stock"


def test_what_a_try_gives_is_not_known_before_its_effects_are() -> None:
    attempt = {"actions": [action("ask", "http", {"url": "https://api.example.com"})]}
    done = run(of(action("attempt", "try", attempt), log("after", "{{steps.attempt.output.output}}")))
    assert results(done) == {"attempt": "success", "attempt.ask": "would_run", "after": "would_run"}


def test_branches_and_waits() -> None:
    branches = [
        {"name": "a", "actions": [log("one")]},
        {"name": "b", "actions": [action("asked", "approval", {"title": "ok?"})]},
    ]
    done = run(
        of(
            action("fork", "parallel", {"branches": branches}),
            action("sub", "sub_workflow", {"workflow_id": "wf_1", "input": {"a": 1}}),
            action("signal", "wait_for_signal", {"name": "go"}),
            action("answer", "respond", {"body": "done"}),
        )
    )
    assert results(done) == {
        "fork": "would_run",
        "fork.one": "success",
        "fork.asked": "would_run",
        "sub": "would_run",
        "signal": "would_run",
        "answer": "success",
    }
    assert {step.action_id: step.message for step in done.steps}["asked"] == "it waits for an approval"


def test_nested_loops_stay_within_the_allowance() -> None:
    inner = action("leaf", "formula", {"expression": "len(map(1..5000, # * 2))"})
    for depth in range(8):
        inner = action(f"loop{depth}", "for_each", {"items": 1_000, "item": f"i{depth}", "actions": [inner]})
    done = run(of(inner))
    assert done.execution_time_ms < 5_000
