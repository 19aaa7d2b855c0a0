"""Dry runs: what is known runs, what has effects is told, and nothing takes long."""

import time
from datetime import UTC, datetime
from typing import Any

import pytest

from gorax.core.definition import parse_definition
from gorax.core.dry_run import DryRun, dry_run
from tests.core.definition.samples import CATALOGUE, action, log, of, when

CONTEXT = {"tenant_id": "t1", "workflow_id": "wf_1", "workflow_name": "Orders", "version": 3}
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def run(raw: dict[str, Any], test_data: Any = None) -> DryRun:
    return dry_run(parse_definition(raw, CATALOGUE), CATALOGUE, test_data, context=CONTEXT, now=NOW)


def results(done: DryRun) -> dict[str, str]:
    return {step.path: step.result for step in done.steps}


def messages(done: DryRun) -> dict[str, str | None]:
    return {step.path: step.message for step in done.steps}


def sending(action_id: str, to: str = "{{trigger.body.to}}", **rest: Any) -> dict[str, Any]:
    return action(action_id, "send", {"to": to}, **rest)


def test_what_has_no_effects_runs_for_real() -> None:
    done = run(
        of(
            log("hello", "hi {{trigger.body.name}} from {{env.workflow_name}} v{{env.version}}"),
            action("sum", "formula", {"expression": "len(steps.hello.output.message) * 2"}),
            action("put", "set", {"variables": {"total": "{{steps.sum.output + 1}}"}}),
            log("said", "{{string(vars.total)}} at {{env.started_at}} in {{env.execution_id}}"),
            output={"total": "{{vars.total}}"},
        ),
        {"name": "Ann"},
    )
    assert done.valid
    assert set(results(done).values()) == {"success"}
    assert [step.output for step in done.steps] == [
        {"message": "hi Ann from Orders v3", "level": "info"},
        42,
        {"total": 43},
        {"message": "43 at 2026-03-01T12:00:00Z in dry-run", "level": "info"},
    ]
    assert done.output == {"total": 43}
    assert done.execution_time_ms > 0
    assert (done.errors, done.warnings) == ([], [])


def test_what_has_effects_is_told_with_its_input() -> None:
    config = {"to": "{{trigger.body.to}}", "body": {"k": "{{credentials.k.v}}", "n": "{{trigger.body.n}}"}}
    done = run(of(action("a", "send", config), sending("b", "{{steps.a.output.id}}")), {"to": "x", "n": [1]})
    assert results(done) == {"a": "would_run", "b": "would_run"}
    assert done.steps[0].input == {"to": "x", "body": {"k": "{{credentials.k.v}}", "n": [1]}}
    assert done.steps[1].input == {"to": "{{steps.a.output.id}}"}
    assert done.steps[1].message == "not known before a real run: steps.a.output.id"
    assert done.valid


def test_what_depends_on_an_effect_is_not_known() -> None:
    done = run(
        of(
            sending("a", "x"),
            log("b", "{{steps.a.output}}"),
            action("put", "set", {"variables": {"known": 5, "open": "{{steps.a.output.id}}"}}),
            action("c", "formula", {"expression": "vars.known * 2"}),
            action("d", "formula", {"expression": "vars.open * 2"}),
            log("e", when="steps.a.output.ok"),
            action("w", "delay", {"duration": "{{steps.a.output.wait}}"}),
            action("k", "formula", {"expression": "len(steps)"}),
        )
    )
    assert results(done) == {
        "a": "would_run",
        "b": "would_run",
        "put": "would_run",
        "c": "success",
        "d": "would_run",
        "e": "unknown",
        "w": "would_run",
        "k": "would_run",
    }
    assert messages(done)["d"] == "it depends on vars.open"
    assert messages(done)["e"] == "whether it runs is not known: it depends on steps.a.output.ok"
    assert done.valid


def test_the_branch_that_is_known_is_taken() -> None:
    raw = of(
        action("i", "if", when("trigger.body.n > 3", [log("x"), sending("s", "a")], [log("y")])),
        log("z", "{{steps.x.output.message}}"),
    )
    done = run(raw, {"n": 5})
    assert results(done) == {
        "i": "success",
        "i.x": "success",
        "i.s": "would_run",
        "i.y": "skipped",
        "z": "success",
    }
    assert done.steps[0].condition is True
    assert "then" not in done.steps[0].input
    other = run(raw, {"n": 1})
    assert results(other)["i.y"] == "success"
    assert results(other)["z"] == "error"
    assert "no key 'x' in steps" in other.errors[0].message


def test_both_branches_are_told_where_the_condition_is_not_known() -> None:
    done = run(
        of(
            sending("a", "x"),
            action(
                "i",
                "if",
                when(
                    "steps.a.output.ok",
                    [action("put", "set", {"variables": {"v": 1}}), sending("s", "b")],
                    [action("f", "fail", {"message": "not ok"}), log("bad", "{{trigger.body.nope}}")],
                ),
            ),
            log("z", "{{vars.v}}"),
            variables={"v": 0},
        ),
        {},
    )
    assert results(done) == {
        "a": "would_run",
        "i": "would_run",
        "i.put": "unknown",
        "i.s": "unknown",
        "i.f": "unknown",
        "i.bad": "error",
        "z": "would_run",
    }
    assert messages(done)["i.f"] == "whether it runs is not known: it depends on steps.a.output.ok; not ok"
    assert done.valid
    assert [warning.pointer for warning in done.warnings] == [
        "/actions/1/config/else/1",  # never runs
        "/actions/1/config/else/1/config/message",
    ]


def test_lists_inside_lists_are_followed() -> None:
    cases = {
        "cases": [
            {"when": "trigger.body.n == 1", "actions": [log("one")]},
            {"when": "trigger.body.n == 2", "actions": [log("two")]},
        ],
        "default": [log("other")],
    }
    done = run(of(action("s", "pick", cases)), {"n": 2})
    assert results(done) == {"s": "success", "s.one": "skipped", "s.two": "success", "s.other": "skipped"}


def test_a_condition_that_is_false_skips_and_passes_down_explicit_dependencies_only() -> None:
    done = run(
        of(
            log("a", when="false"),
            log("b", depends_on=["a"]),
            log("c", "{{steps.a.status}}", depends_on=["a", "d"]),
            log("d", depends_on=[]),
            log("e"),
        )
    )
    assert results(done) == {"a": "skipped", "b": "skipped", "d": "success", "c": "success", "e": "success"}
    assert messages(done)["b"] == "all that it depends on were skipped"


def test_a_defect_ends_the_run_and_is_an_error_with_its_place() -> None:
    done = run(
        of(
            log("a"),
            log("b", "id: {{trigger.body.id}}"),
            log("c"),
            on_failure=[log("f", "{{error.action_id}}")],
        ),
        {"name": 1},
    )
    assert results(done) == {"a": "success", "b": "error", "c": "skipped", "on_failure.f": "success"}
    assert messages(done)["c"] == "not reached: 'b' failed"
    assert not done.valid
    [error] = done.errors
    assert (error.pointer, error.column) == ("/actions/1/config/message", 20)
    assert error.message == "no key 'id' in trigger.body; it has name"
    assert done.steps[3].output == {"message": "b", "level": "info"}


@pytest.mark.parametrize(
    ("broken", "pointer"),
    [
        (log("x", when="trigger.body.n + 1"), "/actions/0/when"),
        (action("x", "if", when("trigger.body.n", [])), "/actions/0/config/condition"),
        (
            action("x", "transform", {"mapping": {"a": "1", "b/c": "trigger.body.z"}}),
            "/actions/0/config/mapping/b~1c",
        ),
        (action("x", "send", {"to": "a", "count": "{{trigger.body.n}}"}), "/actions/0/config/count"),
        (
            action("x", "send", {"to": "a", "body": [{"k": "{{trigger.body.z}}"}]}),
            "/actions/0/config/body/0/k",
        ),
    ],
)
def test_every_defect_has_its_place(broken: dict[str, Any], pointer: str) -> None:
    assert [error.pointer for error in run(of(broken), {"n": 99}).errors] == [pointer]


def test_a_defect_that_is_taken_care_of_is_a_warning() -> None:
    done = run(
        of(
            log("a", "{{trigger.body.nope}}", on_error="continue"),
            log("b", "{{steps.a.status}}: {{steps.a.error.type}}", on_error=[log("unused")]),
            log("c", "{{trigger.body.nope}}", on_error=[log("rescue", "{{error.message}}")]),
        ),
        {},
    )
    assert done.valid
    assert results(done) == {
        "a": "error",
        "b": "success",
        "b.unused": "skipped",
        "c": "error",
        "c.rescue": "success",
    }
    assert done.steps[1].output["message"] == "failed: expression"
    assert len(done.warnings) == 2


def test_an_end_that_is_meant_is_no_error() -> None:
    failing = run(of(action("f", "fail", {"message": "no {{trigger.body.n}}"}), log("b")), {"n": 1})
    assert failing.valid
    assert results(failing) == {"f": "error", "b": "skipped"}
    assert messages(failing)["f"] == "no 1"
    stopping = run(
        of(action("s", "stop", {"output": "{{trigger.body.n}}"}), log("b"), on_failure=[log("f")]), {"n": 1}
    )
    assert results(stopping) == {"s": "success", "b": "skipped", "on_failure.f": "skipped"}
    assert stopping.output == 1


def test_waiting_moves_the_clock_and_takes_no_time() -> None:
    done = run(
        of(action("d", "delay", {"duration": "30d"}), action("t", "formula", {"expression": "string(now())"}))
    )
    assert done.steps[0].message == "waits 30 days, 0:00:00"
    assert done.steps[0].output == {
        "started_at": "2026-03-01T12:00:00Z",
        "completed_at": "2026-03-31T12:00:00Z",
    }
    assert done.execution_time_ms < 1_000


def test_test_data_that_would_be_refused_is_an_error() -> None:
    schema = {"type": "object", "required": ["id"]}
    [error] = run(of(log("a"), input_schema=schema), {"name": "x"}).errors
    assert (error.pointer, error.message) == ("/input_schema", "test_data/id: is required")


def test_what_is_sensitive_is_not_shown() -> None:
    done = run(
        of(log("a", "{{trigger.body.secret}}", sensitive=True), log("b", "{{steps.a.output.message}}")),
        {"secret": "x"},
    )
    assert (done.steps[0].input, done.steps[0].output) == (None, None)


def test_fields_of_the_trigger_that_test_data_does_not_give_are_not_known() -> None:
    done = run(of(log("a", "{{trigger.headers.x}}"), trigger={"type": "webhook"}), {})
    assert messages(done)["a"] == "not known before a real run: trigger.headers.x"


def test_the_warnings_of_the_definition_are_told() -> None:
    done = run(of(action("s", "finish", when="false"), log("b", when="false")))
    assert [warning.pointer for warning in done.warnings] == ["/actions/0/when", "/actions/1/when"]


def test_its_result_is_json() -> None:
    done = run(of(sending("a", "x"), log("b", "{{steps.a.output}}")))
    assert DryRun.model_validate_json(done.model_dump_json()) == done


def test_test_data_of_any_depth_is_taken() -> None:
    deep: Any = "{{not a template}}"
    for _ in range(5_000):
        deep = [deep]
    done = run(
        of(
            sending("a"),
            action("b", "send", {"to": "x", "body": "{{trigger.body.deep}}"}),
            action("c", "set", {"variables": {"x": "{{trigger.body.deep}}"}}),
            log("d", "{{trigger.body.deep}}", on_error="continue"),
            log("e", "deep: {{trigger.body.deep}}", on_error="continue"),
            input_schema={"properties": {"to": {"type": "string"}}},
        ),
        {"to": "x", "deep": deep},
    )
    assert list(results(done).values()) == ["would_run", "error", "skipped", "skipped", "skipped"]


@pytest.mark.parametrize(
    "expression",
    [
        "reduce(1..19000, #acc + # * 2, 0)",
        "len(filter(1..300, len(filter(1..300, # > 1)) > 1))",
        "len(repeat('x', 200000))",
        "sum(map(1..15000, sum(trigger.body.list)))",
    ],
)
def test_the_most_expensive_definition_ends_in_time(expression: str) -> None:
    actions = [action(f"a{n}", "formula", {"expression": f"{n} + {expression}"}) for n in range(500)]
    raw = of(*(each | {"on_error": "continue"} for each in actions))
    definition = parse_definition(raw, CATALOGUE)
    start = time.process_time()
    done = dry_run(definition, CATALOGUE, {"list": list(range(1000))}, context=CONTEXT, now=NOW)
    assert time.process_time() - start < 3
    assert len(done.steps) == 500


def test_what_is_left_when_the_allowance_is_used_up_is_not_known() -> None:
    expensive = "len(filter(1..300, len(filter(1..300, # > 1)) > 1))"
    actions = [action(f"a{n}", "formula", {"expression": f"{n} + {expensive}"}) for n in range(100)]
    done = run(of(*(each | {"on_error": "continue"} for each in actions)))
    assert done.steps[0].result == "error"
    assert done.steps[-1].result == "unknown"
    assert "allowance" in (done.steps[-1].message or "")
