"""The checks of the types that hold other actions: their names, what can be read around them, usual mistakes."""

import json
import time
from typing import Any

import pytest

from gorax.core.actions.catalogue import flow_catalogue
from gorax.core.definition import InvalidDefinition, parse_definition, warnings_of
from gorax.core.definition.outlining import MAX_NESTING
from tests.core.definition.samples import action, log, of

CATALOGUE = flow_catalogue()


def found(*actions: dict[str, Any], **rest: Any) -> list[str]:
    """What is wrong with a definition, each as `pointer: message`; else what is warned of, with `warning ` before."""
    try:
        definition = parse_definition(of(*actions, **rest), CATALOGUE)
    except InvalidDefinition as error:
        return [str(problem).removeprefix("definition") for problem in error.problems]
    warned = warnings_of(definition, CATALOGUE)
    return [f"warning {str(problem).removeprefix('definition')}" for problem in warned]


def each(*actions: dict[str, Any], name: str = "each", items: Any = "1..3", **config: Any) -> dict[str, Any]:
    return action(name, "for_each", {"items": items, "actions": list(actions), **config})


def fork(*branches: list[dict[str, Any]], **config: Any) -> dict[str, Any]:
    return action("fork", "parallel", {"branches": [{"actions": branch} for branch in branches], **config})


def nested(depth: int) -> dict[str, Any]:
    inner = log("leaf")
    for level in range(depth):
        inner = each(inner, name=f"l{level}", item=f"i{level}")
    return inner


@pytest.mark.parametrize(
    "items",
    ["trigger.body", [1, "a", {"b": None}], [], 0, 1_000_000, {"to": 5}, {"from": 9, "to": 1, "step": -2}],
)
def test_items(items: Any) -> None:
    assert found(each(log("a"), items=items)) == []


@pytest.mark.parametrize(
    ("items", "message"),
    [
        ("{{trigger.body.items}}", ": is an expression already: write it without {{ }} (column 1)"),
        ("trigger.body.", ": unexpected end of expression"),
        (["{{trigger.body}}"], ": templates are not rendered here: write the whole list as one expression"),
        ([{"a": ["{{trigger.body}}"]}], ": templates are not rendered here"),
        (1_000_001, ": must be less than or equal to 1000000"),
        (-1, ": must be greater than or equal to 0"),
        (2.5, ": must be a valid integer"),
        (True, ': must be an expression, a list, a number or {"from", "to", "step"}'),
        (None, ': must be an expression, a list, a number or {"from", "to", "step"}'),
        ({"from": 1}, "/to: is required"),
        ({"to": 9, "step": 0}, "/step: must not be 0"),
        ({"to": "{{trigger.body.n}}"}, "/to: must be a valid integer"),
        ({"to": 9, "by": 2}, "/by: unknown field"),
    ],
)
def test_items_that_cannot_be_looped_over(items: Any, message: str) -> None:
    assert found(each(log("a"), items=items))[0].startswith(f"/actions/0/config/items{message}")


@pytest.mark.parametrize(
    ("names", "message"),
    [
        ({"item": "steps"}, '/item: "steps" has a meaning of its own: choose another name'),
        ({"item": "trigger"}, '/item: "trigger" has a meaning of its own'),
        ({"item": "vars"}, '/item: "vars" has a meaning of its own'),
        ({"index": "env"}, '/index: "env" has a meaning of its own'),
        ({"index": "error"}, '/index: "error" has a meaning of its own'),
        ({"item": "credentials"}, '/item: "credentials" has a meaning of its own'),
        ({"item": "in"}, '/item: "in" cannot be read in expressions'),
        ({"item": "nil"}, '/item: "nil" cannot be read in expressions'),
        ({"item": "index"}, '/index: "index" is the name of the item already'),
        ({"item": "x", "index": "x"}, '/index: "x" is the name of the item already'),
        ({"item": "an-item"}, "/item: must match pattern"),
        ({"item": "{{trigger.body.name}}"}, "/item: must be a name itself"),
    ],
)
def test_names_of_a_loop(names: dict[str, str], message: str) -> None:
    assert found(each(log("a"), **names))[0].startswith(f"/actions/0/config{message}")


def test_a_loop_inside_a_loop_may_have_the_same_names() -> None:
    inner = each(log("x", "{{item.id}} {{index}}"), name="inner", items="item.lines")
    assert found(each(inner, items="trigger.body")) == []


def test_what_a_loop_inside_a_loop_sees() -> None:
    inner = each(
        log("x", "{{order.id}} {{line.id}} {{number}} {{index}} {{steps.a.output}}"),
        name="inner",
        items="order.lines",
        item="line",
    )
    assert found(each(log("a"), inner, item="order", index="number")) == []
    assert (
        'there is no name "line" here'
        in found(each(log("a"), inner, log("b", "{{line}}"), item="order", index="number"))[0]
    )


def test_what_is_in_a_loop_is_only_read_there() -> None:
    reads = log("z", "{{item}}{{steps.a.output}}")
    messages = found(each(log("a"), fork([log("b")])), reads, output="{{steps.b.output}}")
    assert 'there is no name "item" here' in messages[0]
    assert "'a' runs inside 'each', and cannot be read here" in messages[1]
    assert "'b' runs inside 'fork', and cannot be read here" in messages[2]


def test_what_the_fields_of_a_loop_see() -> None:
    config = {
        "break_when": "item > 1 && steps.a.status == 'completed'",
        "output": "{{index}} {{steps.a.output}}",
    }
    assert found(each(log("a"), **config)) == []
    assert 'there is no name "item" here' in found(each(log("a"), items="item.lines"))[0]
    assert "'a' runs inside 'each'" in found(each(log("a"), items="steps.a.output"))[0]


def test_a_condition_before_the_first_iteration_has_no_steps_yet() -> None:
    def loop(**config: str) -> list[str]:
        return found(action("w", "while", {"actions": [log("p")], **config}))

    assert "'p' may not have run here" in loop(condition="steps.p.output.more")[0]
    assert loop(condition="steps.p?.output?.more ?? true") == []
    assert loop(until="steps.p.output.done || index == 3") == []
    assert loop(until="a", condition="b")[0].startswith("/actions/0/config: give either condition or until")


def test_branches_cannot_read_each_other_and_are_read_afterwards() -> None:
    both = [log("a")], [log("b", "{{steps.a.output}}")]
    assert "'a' runs inside 'fork', and cannot be read here" in found(fork(*both))[0]
    after = log("z", "{{steps.a.output}}")
    assert found(fork([log("a")], [log("b")]), after) == []
    assert found(fork([log("a")], [log("b")], wait="all"), after) == []


@pytest.mark.parametrize("wait", ["first", 1])
def test_a_branch_that_is_not_waited_for_may_not_have_run(wait: Any) -> None:
    raw = fork([log("a")], [log("b")], wait=wait), log("z", "{{steps.a.output}}")
    assert "'a' may not have run here" in found(*raw)[0]


def test_handlers_see_what_was_tried_with_doubt_in_whatever_order_it_is_written() -> None:
    config = {
        "finally": [log("f", "{{steps.a?.output}} {{steps.c?.output}}")],
        "catch": [{"actions": [log("c", "{{error.type}} {{steps.a.output}}")]}],
        "actions": [log("a")],
    }
    [warning] = found(action("t", "try", config))
    assert warning.startswith(
        "warning /actions/0/config/catch/0/actions/0/config/message: 'a' may not have run"
    )
    late = {**config, "catch": [{"actions": [log("c", "{{steps.f?.output}}")]}]}
    assert "'f' runs inside 't', and cannot be read here" in found(action("t", "try", late))[0]


@pytest.mark.parametrize(
    ("type_", "config", "message"),
    [
        ("try", {"catch": [{}, {"errors": ["x"]}]}, ": a catch without errors takes every error"),
        ("try", {"catch": [{"errors": []}]}, "/catch/0/errors: must have at least 1 item"),
        ("switch", {"cases": [{"equals": 1}]}, ": give value, which a case with equals is compared with"),
        ("switch", {"value": "1", "cases": [{}]}, "/cases/0: give either equals or when"),
        ("switch", {"value": "1", "cases": [{"equals": 1, "when": "true"}]}, "/cases/0: give either"),
        ("switch", {"value": "{{1}}", "cases": [{"equals": 1}]}, "/value: is an expression already"),
        ("switch", {"cases": []}, "/cases: must have at least 1 item"),
        ("parallel", {"branches": [{}], "wait": 2}, ": wait is 2, and there are 1 branches"),
        ("parallel", {"branches": [{"name": "1"}, {}]}, ": two branches have the same name"),
        (
            "approval",
            {"title": "a", "on_timeout": "reject"},
            ": give timeout, after which on_timeout applies",
        ),
        ("approval", {"title": "a", "timeout": 1, "on_timeout": "escalate"}, ': on_timeout "escalate" and'),
        ("approval", {"title": "a", "escalate_to": ["b"]}, ': on_timeout "escalate" and escalate_to'),
        ("approval", {"title": "a", "form": [{"name": "n", "type": "money"}]}, "/form: /0/type:"),
        ("approval", {"title": "a", "form": {"type": "objekt"}}, "/form: /type:"),
        ("wait_for_signal", {"name": "a", "schema": {"type": 7}}, "/schema: /type:"),
        ("wait_for_signal", {"name": "a b"}, "/name: must match pattern"),
        ("respond", {"headers": {"Content-Length": "9"}}, "/headers/Content-Length: is about the connection"),
        ("respond", {"headers": {"X": "a\r\nb"}}, "/headers/X: must match pattern"),
        ("respond", {"status": 99}, "/status: must be greater than or equal to 200"),
        ("sub_workflow", {"workflow_id": "wf_1", "version": 0}, "/version: must be"),
        ("sub_workflow", {}, "/workflow_id: is required"),
    ],
)
def test_mistakes_in_configs(type_: str, config: dict[str, Any], message: str) -> None:
    assert found(action("a", type_, config))[0].startswith(f"/actions/0/config{message}")


def test_a_form_that_comes_from_data_is_looked_at_when_it_is_there() -> None:
    assert found(action("a", "approval", {"title": "a", "form": "{{trigger.body.form}}"})) == []


def test_a_header_may_be_any_value() -> None:
    assert found(action("a", "respond", {"headers": {"X-Count": 3}})) == []


def test_lists_inside_each_other_have_a_bound() -> None:
    assert found(nested(MAX_NESTING - 1)) == []
    [problem] = found(nested(MAX_NESTING))
    assert problem.endswith(f"actions must not be nested deeper than {MAX_NESTING} lists")


def test_an_action_in_a_loop_waits_for_those_beside_it_alone() -> None:
    body = log("a", depends_on=[]), log("b", depends_on=[]), log("c", depends_on=["a", "b"])
    assert found(each(*body)) == []
    [problem] = found(log("before"), each(*body, log("d", depends_on=["a", "before"])))
    assert problem == (
        "/actions/1/config/actions/3/depends_on/1: 'before' is not in this list: "
        "an action can only wait for those beside it"
    )
    reads = log("d", "{{steps.b.output}}", depends_on=["a"])
    assert "'b' need not have finished before 'd' starts" in found(each(*body, reads))[0]


def test_an_answer_in_a_loop_is_warned_of() -> None:
    assert found(action("r", "respond")) == []
    [warning] = found(each(fork([action("r", "respond")])))
    assert warning == (
        "warning /actions/0/config/actions/0/config/branches/0/actions/0: "
        "runs again and again inside 'each': only the first 'respond' counts"
    )


@pytest.mark.parametrize("type_", ["switch", "parallel", "sub_workflow", "approval"])
def test_a_retry_of_what_runs_inside_the_workflow_is_warned_of(type_: str) -> None:
    declared = CATALOGUE.get(type_)
    assert declared
    raw = action("a1", type_, dict(declared.example), retry={"max_attempts": 5})
    assert f"warning /actions/0/retry: has no effect: '{type_}' runs inside the workflow, once" in found(raw)


def test_a_definition_of_the_largest_size_is_checked_in_time() -> None:
    def case(number: int) -> dict[str, Any]:
        inner = log(f"leaf{number}", f"{{{{item}}}} {{{{steps.pre{number}.output.message}}}} " + "x" * 3_000)
        choice = {"value": "item", "cases": [{"equals": 1, "actions": [inner]}, {"when": "index > 1"}]}
        loop = each(log(f"pre{number}"), action(f"s{number}", "switch", choice), name=f"e{number}")
        branches = {"branches": [{"actions": [loop]}]}
        tried = {"actions": [action(f"p{number}", "parallel", branches)], "catch": [{"errors": ["x"]}]}
        return action(f"t{number}", "try", tried)

    raw = of(*(case(number) for number in range(80)), each(*(log(f"w{n}", "x" * 9_000) for n in range(19))))
    assert 450_000 < len(json.dumps(raw)) < 512 * 1024
    start = time.process_time()
    definition = parse_definition(raw, CATALOGUE)
    assert warnings_of(definition, CATALOGUE) == []
    assert time.process_time() - start < 1
