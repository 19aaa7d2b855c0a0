"""Dry runs of loops."""

import time

import pytest

from gorax.core.definition import parse_definition
from gorax.core.dry_run import dry_run
from tests.core.definition.samples import action, log, of
from tests.core.dry_run.runs import CATALOGUE, results, run

ASK = action("ask", "http", {"url": "https://api.example.com/{{item}}"})
DOUBLE = action("double", "formula", {"expression": "item * 2"})


def test_a_short_loop_runs() -> None:
    done = run(of(action("each", "for_each", {"items": "trigger.body", "actions": [DOUBLE]})), [1, 2])
    assert results(done) == {"each": "success", "each[0].double": "success", "each[1].double": "success"}
    assert done.output == {"count": 2, "succeeded": 2, "failed": 0, "results": [2, 4]}


def test_of_a_long_loop_the_first_iterations_are_told() -> None:
    loop = action("each", "for_each", {"items": 1_000, "actions": [DOUBLE]})
    done = run(of(loop, log("after", "{{string(steps.each.output.count)}}")))
    assert len(done.steps) == 7
    assert done.steps[0].message == "simulated 5 times, 995 more would follow"
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
    assert results(done) == {"first": "would_run", "each": "would_run", "each[0].ask": "unknown"}


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


def test_an_iteration_starts_without_the_steps_of_the_one_before() -> None:
    seen = action("seen", "formula", {"expression": "keys(steps)"})
    config = {"items": 2, "actions": [seen, log("later")]}
    done = run(of(log("before"), action("each", "for_each", config)))
    assert done.output["results"][0]["message"] == "hello"
    assert [step.output for step in done.steps if step.action_id == "seen"] == [["before"], ["before"]]


@pytest.mark.parametrize(("concurrency", "total"), [(1, 6), (3, 0)])
def test_variables_carry_on_in_turn_but_not_beside(concurrency: int, total: int) -> None:
    add = action("add", "set", {"variables": {"sum": "{{vars.sum + item}}"}})
    config = {"items": "1..3", "actions": [add], "concurrency": concurrency}
    done = run(of(action("each", "for_each", config), variables={"sum": 0}, output="{{vars.sum}}"))
    assert done.output == total


def test_variables_that_more_iterations_would_set_are_not_known() -> None:
    add = action("add", "set", {"variables": {"sum": "{{vars.sum + item}}"}})
    each = action("each", "for_each", {"items": "1..100", "actions": [add]})
    done = run(
        of(
            each,
            log("a", "{{string(vars.sum)}}"),
            log("b", "{{vars.other}}"),
            variables={"sum": 0, "other": 1},
        )
    )
    assert (results(done)["a"], results(done)["b"]) == ("would_run", "success")


def test_every_iteration_tells_the_branch_that_it_takes() -> None:
    choice = {"value": "item", "cases": [{"equals": 1, "actions": [log("one")]}], "default": [log("other")]}
    done = run(of(action("each", "for_each", {"items": "1..2", "actions": [action("s", "switch", choice)]})))
    assert results(done) == {
        "each": "success",
        "each[0].s": "success",
        "each[0].s.one": "success",
        "each[0].s.other": "skipped",
        "each[1].s": "success",
        "each[1].s.one": "skipped",
        "each[1].s.other": "success",
    }


def test_a_loop_ends_where_its_condition_says() -> None:
    config = {
        "items": "1..100",
        "actions": [DOUBLE],
        "break_when": "steps.double.output > 3",
        "output": "{{item}}!",
    }
    done = run(of(action("each", "for_each", config)))
    assert done.output == {"count": 2, "succeeded": 2, "failed": 0, "results": ["1!", "2!"]}
    assert done.steps[0].message == "simulated 2 times, as often as it would run"


def test_a_condition_that_is_not_known_leaves_the_end_of_a_loop_open() -> None:
    config = {
        "until": "steps.ask.output.body.done",
        "actions": [action("ask", "http", {"url": "https://a.example"})],
    }
    done = run(of(action("poll", "while", config)))
    assert results(done) == {"poll": "would_run", "poll[0].ask": "would_run"}
    assert done.steps[0].message == "it depends on steps.ask.output.body.done"


def test_the_clock_waits_between_iterations() -> None:
    config = {"items": 3, "actions": [log("a")]}
    waiting = {
        "until": "index == 2",
        "interval": "1h",
        "actions": [action("t", "formula", {"expression": "now()"})],
    }
    done = run(of(action("each", "for_each", config), action("w", "while", waiting)))
    times = [step.output for step in done.steps if step.action_id == "t"]
    assert [(times[n + 1] > times[n]) for n in range(2)] == [True, True]


def test_a_loop_that_may_not_run_is_told_once() -> None:
    each = action(
        "each", "for_each", {"items": "1..50", "actions": [DOUBLE]}, when="steps.ask.output.body.go"
    )
    done = run(of(action("ask", "http", {"url": "https://a.example"}), each))
    assert results(done) == {"ask": "would_run", "each": "unknown", "each[0].double": "unknown"}


def test_a_loop_over_nothing_says_so() -> None:
    done = run(of(action("each", "for_each", {"items": [], "actions": [DOUBLE]})))
    assert results(done) == {"each": "success", "each[0].double": "skipped"}
    assert done.output == {"count": 0, "succeeded": 0, "failed": 0, "results": []}


def test_nested_loops_stay_within_the_allowance() -> None:
    inner = action("leaf", "formula", {"expression": "len(map(1..5000, # * 2))"})
    for depth in range(8):
        inner = action(f"loop{depth}", "for_each", {"items": 1_000, "item": f"i{depth}", "actions": [inner]})
    definition = parse_definition(of(inner), CATALOGUE)
    start = time.process_time()
    done = dry_run(definition, CATALOGUE, None, context={})
    assert time.process_time() - start < 2
    assert len(done.steps) < 3_000
