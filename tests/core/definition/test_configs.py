"""Configs: what is judged when a definition is stored, and what is left to the run."""

from typing import Any

import pytest

from gorax.core.actions.catalogue import full_catalogue
from gorax.core.definition import (
    all_actions,
    check_config,
    config_actions,
    load_definition,
    parse_definition,
    render_config,
    without_actions,
)
from gorax.core.errors import StepError
from tests.core.definition.samples import CATALOGUE, action, log, of, problems, when


@pytest.mark.parametrize(
    "config",
    [
        {"to": "{{trigger.body.to}}"},
        {"to": "a", "count": "{{trigger.body.count}}"},
        {"to": "x" * 200 + "{{trigger.body.to}}"},
        {"to": "a", "body": "{{trigger.body}}"},
        {"to": "a", "body": {"list": ["{{trigger.body.a}}", 1]}},
    ],
)
def test_a_template_may_stand_for_any_value(config: dict[str, Any]) -> None:
    assert problems(of(action("a", "send", config))) == []


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({}, "/to: is required"),
        ({"to": "a", "cuont": 1}, "/cuont: unknown field; did you mean 'count'?"),
        ({"to": "a", "cuont": "{{trigger.body}}"}, "/cuont: unknown field; did you mean 'count'?"),
        ({"to": "a", "count": 11}, "/count: must be less than or equal to 10"),
        ({"to": "a", "count": "many"}, "/count: must be a valid integer"),
        ({"to": ["{{trigger.body}}"]}, "/to: must be a string, not a list"),
        ({"to": "a", "body": 7}, "/body: must be"),
    ],
)
def test_what_no_template_can_mend_is_refused(config: dict[str, Any], expected: str) -> None:
    assert problems(of(action("a", "send", config)))[0].startswith(f"/actions/0/config{expected}")


def test_what_an_action_does_cannot_come_from_data() -> None:
    found = problems(
        of(
            action("a", "if", {"condition": "true", "then": "{{trigger.body.actions}}"}),
            action("b", "transform", {"mapping": "{{trigger.body.mapping}}"}),
            action("c", "pick", {"cases": ["{{trigger.body.case}}"]}),
            action("d", "formula", {"expression": "{{trigger.body.formula}}"}),
        )
    )
    assert found == [
        '/actions/0/config/then: must be a list, not "{{trigger.body.actions}}"',
        '/actions/1/config/mapping: must be an object, not "{{trigger.body.mapping}}"',
        '/actions/2/config/cases/0: must be an object, not "{{trigger.body.case}}"',
        "/actions/3/config/expression: is an expression already: write it without {{ }} (column 1)",
    ]


def test_a_rule_about_the_whole_config_holds_with_templates_in_it() -> None:
    assert problems(of(action("a", "transform", {"default": "{{trigger.body.x}}"}))) == [
        "/actions/0/config: give either expression or mapping"
    ]


def test_rendering_leaves_expressions_and_actions_to_the_type() -> None:
    def render(value: Any) -> Any:
        return "rendered" if isinstance(value, str) else value

    def rendered(name: str, config: dict[str, Any]) -> dict[str, Any]:
        found = CATALOGUE.get(name)
        assert found
        return render_config(found, config, render)

    inner = [log("x")]
    assert rendered("send", {"to": "{{a}}", "count": 1}) == {"to": "rendered", "count": 1}
    assert rendered("if", {"condition": "a", "then": inner}) == {"condition": "a", "then": inner}
    assert rendered("transform", {"mapping": {"a": "b"}, "default": "{{x}}"}) == {
        "mapping": {"a": "b"},
        "default": "rendered",
    }
    cases = {"cases": [{"when": "a", "actions": inner}], "default": inner}
    assert rendered("pick", cases) == cases
    assert rendered("each", {"items": "a", "output": "{{item}}", "item": "x"}) == {
        "items": "a",
        "output": "{{item}}",
        "item": "rendered",
    }


def test_a_rendered_config_is_checked_strictly() -> None:
    send = CATALOGUE.effect("send")
    assert send
    assert check_config(send, {"to": "a", "count": 3}).count == 3
    with pytest.raises(StepError, match="config/count: must be less than") as raised:
        check_config(send, {"to": "s3cret" * 50, "count": 11, "body": "{{x}}", "oops": 1})
    assert raised.value.type == "validation"
    assert [problem["pointer"] for problem in raised.value.details["problems"]] == ["/to", "/count", "/oops"]
    assert "s3cret" not in str(raised.value) + str(raised.value.details)


def test_nested_actions_are_found_and_left_out() -> None:
    switch = CATALOGUE.get("pick")
    assert switch
    config = {"cases": [{"when": "a", "actions": [log("x")]}], "default": [log("y"), log("z")]}
    found = {pointer: [each.id for each in actions] for pointer, actions in config_actions(switch, config)}
    assert found == {"/cases/0/actions": ["x"], "/default": ["y", "z"]}
    assert without_actions(switch, config) == {"cases": [{"when": "a"}]}


def test_all_actions_are_walked_each_before_those_inside_it() -> None:
    raw = of(
        action("i", "if", when("true", [log("t", on_error=[log("h")])], [log("e")])),
        action("x", "gone", {"then": [log("unseen")]}),
        on_failure=[log("f")],
    )
    assert [(pointer, each.id) for pointer, each in all_actions(load_definition(raw), CATALOGUE)] == [
        ("/actions/0", "i"),
        ("/actions/0/config/then/0", "t"),
        ("/actions/0/config/then/0/on_error/0", "h"),
        ("/actions/0/config/else/0", "e"),
        ("/actions/1", "x"),
        ("/on_failure/0", "f"),
    ]


def test_the_example_of_every_type_is_accepted() -> None:
    for action_type in full_catalogue():
        for name in (action_type.name, *action_type.aliases):
            parse_definition(of(action("the_action", name, dict(action_type.example))), full_catalogue())
