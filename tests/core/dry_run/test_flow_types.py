"""Dry runs of the types that hold other actions, or wait."""

import time
from typing import Any

import pytest

from gorax.core.definition import parse_definition
from gorax.core.dry_run import dry_run
from tests.core.definition.samples import action, log, of
from tests.core.dry_run.runs import CATALOGUE, results, run

DOUBLE = action("double", "formula", {"expression": "item * 2"})


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
    assert results(done) == {"attempt": "would_run", "attempt.ask": "would_run", "after": "would_run"}
    assert done.steps[0].output == {"caught": None, "output": "{{steps.ask.output}}"}


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


@pytest.mark.parametrize(
    ("broken", "message", "pointer"),
    [
        (
            action("x", "for_each", {"items": "trigger.body.n", "actions": [DOUBLE]}),
            "items must give a list",
            "",
        ),
        (
            action("x", "for_each", {"items": 9, "max_iterations": 3, "actions": [DOUBLE]}),
            "there are 9 items",
            "",
        ),
        (
            action("x", "while", {"condition": "true", "max_iterations": 2, "actions": [log("y")]}),
            "after 2 iter",
            "",
        ),
        (
            action("x", "while", {"condition": "1", "actions": [log("y")]}),
            "must give true or false",
            "/condition",
        ),
        (
            action("x", "for_each", {"items": 2, "break_when": "index.z", "actions": [DOUBLE]}),
            "",
            "/break_when",
        ),
        (action("x", "for_each", {"items": 2, "output": "{{index.z}}", "actions": [DOUBLE]}), "", "/output"),
        (
            action("x", "switch", {"value": "trigger.body.z", "cases": [{"equals": 1}]}),
            "no key 'z'",
            "/value",
        ),
        (
            action("x", "for_each", {"items": 2, "actions": [log("y", "{{trigger.body.z}}")]}),
            "no key 'z'",
            "/actions/0/config/message",
        ),
    ],
)
def test_what_fails_for_certain_is_an_error_with_its_place(broken: Any, message: str, pointer: str) -> None:
    [error] = run(of(broken), {"n": "text"}).errors
    assert error.message.startswith(message)
    assert error.pointer == f"/actions/0/config{pointer}"


def test_a_defect_that_is_caught_is_a_warning() -> None:
    attempt = {
        "actions": [log("bad", "{{trigger.body.z}}"), log("rest")],
        "catch": [{"actions": [log("mend")]}],
    }
    done = run(of(action("attempt", "try", attempt)), {})
    assert done.valid
    assert [warning.pointer for warning in done.warnings] == ["/actions/0/config/actions/0/config/message"]
    assert results(done) == {
        "attempt": "success",
        "attempt.bad": "error",
        "attempt.rest": "skipped",
        "attempt.mend": "success",
    }
    assert {step.action_id: step.message for step in done.steps}["rest"] == "not reached: 'bad' failed"


def test_a_failure_that_nothing_catches_goes_on_after_finally() -> None:
    attempt = {
        "actions": [action("bad", "fail", {"type": "other"})],
        "catch": [{"errors": ["no_"], "actions": [log("mend")]}],
        "finally": [log("tidy")],
    }
    done = run(
        of(action("attempt", "try", attempt), log("after"), on_failure=[log("told", "{{error.type}}")])
    )
    assert results(done) == {
        "attempt": "error",
        "attempt.bad": "error",
        "attempt.tidy": "success",
        "attempt.mend": "skipped",
        "after": "skipped",
        "on_failure.told": "success",
    }
    assert done.valid


def test_a_stop_in_a_branch_ends_the_execution() -> None:
    branches = [{"actions": [action("end", "stop", {"output": 7})]}, {"actions": [log("beside")]}]
    done = run(of(action("fork", "parallel", {"branches": branches}), log("after")))
    assert done.output == 7
    assert results(done)["after"] == "skipped"


def test_all_branches_are_told_although_one_fails() -> None:
    branches = [{"actions": [action("bad", "fail")]}, {"actions": [log("beside")]}]
    done = run(of(action("fork", "parallel", {"branches": branches})))
    assert results(done) == {"fork": "error", "fork.bad": "error", "fork.beside": "success"}


def test_of_a_race_it_is_not_known_who_wins() -> None:
    branches = [
        {
            "actions": [
                action(
                    "put",
                    "set",
                    {"variables": {"v": n}},
                )
            ]
        }
        for n in (1,)
    ]
    branches.append({"actions": [log("other")]})
    fork = action("fork", "parallel", {"branches": branches, "wait": "first"})
    done = run(
        of(fork, log("a", "{{string(vars.v)}}"), log("b", "{{steps.other?.status}}"), variables={"v": 0})
    )
    assert results(done) == {
        "fork": "would_run",
        "fork.put": "success",
        "fork.other": "success",
        "a": "would_run",
        "b": "would_run",
    }


def test_a_branch_waits_while_another_does() -> None:
    branches = [{"actions": [action(f"d{n}", "delay", {"duration": n * 60})]} for n in (3, 1)]
    clock = action("t", "formula", {"expression": "(now() - date(steps.start.output)).Minutes()"})
    start = action("start", "formula", {"expression": "now()"})
    assert run(of(start, action("fork", "parallel", {"branches": branches}), clock)).output == 3


def test_actions_beside_each_other_wait_at_the_same_time() -> None:
    done = run(
        of(
            action("start", "formula", {"expression": "now()"}),
            action("long", "delay", {"duration": "3m"}, depends_on=["start"]),
            action("short", "delay", {"duration": "1m"}, depends_on=["start"]),
            action(
                "t",
                "formula",
                {"expression": "(now() - date(steps.start.output)).Minutes()"},
                depends_on=["short"],
            ),
            action(
                "u",
                "formula",
                {"expression": "(now() - date(steps.start.output)).Minutes()"},
                depends_on=["t", "long"],
            ),
        )
    )
    assert [step.output for step in done.steps if step.action_id in "tu"] == [1, 3]


@pytest.mark.parametrize(
    ("slow", "pointer"),
    [
        (action("x", "delay", {"duration": "2m"}, timeout="1m"), "/timeout"),
        (
            action(
                "x", "while", {"until": "false", "interval": "1m", "timeout": "90s", "actions": [log("y")]}
            ),
            "/config",
        ),
    ],
)
def test_what_takes_too_long_fails(slow: Any, pointer: str) -> None:
    [error] = run(of(slow)).errors
    assert error.pointer == f"/actions/0{pointer}"
    assert "x takes longer than" in error.message
    caught = {"actions": [slow], "catch": [{"errors": ["timeout"], "actions": [log("late")]}]}
    assert results(run(of(action("attempt", "try", caught))))["attempt.late"] == "success"


@pytest.mark.parametrize(
    ("value", "equals", "same"),
    [
        (1, 1.0, True),
        (1, True, False),
        ([1], [True], False),
        ({"a": [1, None]}, {"a": [1, None]}, True),
        ("1", 1, False),
        (None, None, True),
        (False, None, False),
    ],
)
def test_values_are_compared_as_in_expressions(value: Any, equals: Any, same: bool) -> None:
    choice = {"value": "trigger.body", "cases": [{"equals": equals, "actions": [log("a")]}]}
    done = run(of(action("s", "switch", choice)), value)
    assert done.output == {"matched": 0 if same else None}


def test_a_choice_by_what_is_not_known_tells_every_case() -> None:
    cases = [{"equals": "{{steps.ask.output.body}}", "actions": [log("one")]}]
    choice = {"value": "trigger.body", "cases": cases, "default": [log("other")]}
    done = run(of(action("ask", "http", {"url": "https://a.example"}), action("s", "switch", choice)), 1)
    assert results(done) == {"ask": "would_run", "s": "would_run", "s.one": "unknown", "s.other": "unknown"}


def test_a_hundred_cases_inside_each_other_are_told_in_time() -> None:
    def case(number: int) -> dict[str, Any]:
        choice = {"value": "item", "cases": [{"equals": 2, "actions": [log(f"log{number}")]}]}
        loop = {"items": "1..3", "actions": [action(f"switch{number}", "switch", choice)]}
        branches = {"branches": [{"actions": [action(f"each{number}", "for_each", loop)]}]}
        tried = {"actions": [action(f"fork{number}", "parallel", branches)], "finally": []}
        return action(f"try{number}", "try", tried)

    definition = parse_definition(of(*map(case, range(100))), CATALOGUE)
    start = time.process_time()
    done = dry_run(definition, CATALOGUE, None, context={})
    assert time.process_time() - start < 2
    assert len(done.steps) == 900
    assert set(results(done).values()) == {"success", "skipped"}
