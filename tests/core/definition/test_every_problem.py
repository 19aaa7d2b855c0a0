"""A refusal tells all that is wrong at once, and nothing that is only a consequence of it."""

import copy
from collections.abc import Iterator
from typing import Any

import pytest

from gorax.core.actions.catalogue import full_catalogue
from gorax.core.definition import InvalidDefinition, parse_definition
from gorax.core.definition.problems import is_within, join
from tests.core.definition.samples import action, log, of, problems, when


def places(raw: Any) -> list[str]:
    """The pointers of what is wrong."""
    return [problem.partition(":")[0] for problem in problems(raw)]


def test_problems_of_all_kinds_are_told_together() -> None:
    raw = of(
        log("first", "{{trigger.bdy}}", retry={"max_attempts": 0}),
        action("send", "send", {"to": 5, "body": ["{{ 1 + }}", "{{steps.nope.output}}", "{{ 2 * }}"]}),
        action("pick", "if", when("steps.later.output", [log("inner", "{{vars.nope}}"), {"id": "x"}])),
        log("later", "{{item}}", when="{{true}}"),
        timeout="never",
        on_failure=[log("alarm", "{{error.kind}}")],
        output="{{steps.first.outptu}}",
        input_schema={"type": "strin"},
    )
    assert sorted(places(raw)) == sorted(
        [
            "/timeout",
            "/actions/0/retry/max_attempts",
            "/input_schema/type",
            "/actions/2/config/then/1/type",
            "/actions/1/config/to",
            "/actions/0/config/message",
            "/actions/1/config/body/0",
            "/actions/1/config/body/1",
            "/actions/1/config/body/2",
            "/actions/3/when",
            "/actions/3/config/message",
            "/on_failure/0/config/message",
            "/output",
        ]
    )


def test_an_id_that_occurs_twice_hides_nothing() -> None:
    raw = of(
        action("a", "send", {"to": 1}),
        action("a", "send", {"count": 0, "to": "x"}),
        log("b", "{{steps.a.output}} {{steps.c.output}} {{trigger.nope}}"),
    )
    assert places(raw) == [
        "/actions/1/id",
        "/actions/0/config/to",
        "/actions/1/config/count",
        "/actions/2/config/message",
        "/actions/2/config/message",
    ]


def test_two_broken_references_and_a_broken_config_are_three_problems() -> None:
    raw = of(
        action("a", "send", {"to": "{{steps.b.output}}"}),
        log("b", "{{steps.c.output}}"),
        action("d", "send", {}),
    )
    assert places(raw) == ["/actions/2/config/to", "/actions/0/config/to", "/actions/1/config/message"]


def test_a_broken_step_in_a_loop_does_not_hide_what_is_read_too_early() -> None:
    loop = action("loop", "each", {"items": "[1]", "actions": [log("in", "x", retry={"backoff": 0}), {
        "id": "send", "type": "send", "config": {"to": 1}}]})  # fmt: skip
    found = places(of(log("a", "{{steps.b.output}}"), loop, log("b", "{{steps.in.output}}")))
    assert found == [
        "/actions/1/config/actions/0/retry/backoff",
        "/actions/1/config/actions/1/config/to",
        "/actions/0/config/message",
        "/actions/2/config/message",
    ]


def test_what_follows_from_a_problem_is_not_told() -> None:
    unordered = of(log("a", depends_on=["b"]), log("b", depends_on=["a"]), log("c", "{{steps.b.output}}"))
    assert len(problems(unordered)) == 1
    unnamed = of({"id": "not an id", "type": "log", "config": {"message": "x"}}, log("b", depends_on=["a b"]))
    assert places(unnamed) == ["/actions/0/id", "/actions/1/depends_on/0"]
    unknown = of(action("a", "pikc", {"cases": [{"actions": [log("in")]}]}), log("b", "{{steps.in.output}}"))
    assert places(unknown) == ["/actions/0/type"]
    started = of(log("a", "{{trigger.headers.x}}"), trigger={"type": "webhok"})
    assert places(started) == ["/trigger/type"]
    named = of(action("a", "each", {"items": "[1]", "item": 5, "actions": [log("b", "{{item}} {{it}}")]}))
    assert places(named) == ["/actions/0/config/item"]
    variables = of(log("a", "{{vars.limit}}"), variables={"not a name": 1})
    assert places(variables) == ["/variables/not a name"]
    broken: Any = 1
    actions = of(broken, log("b", "{{steps.a.output}}", depends_on=[]), log("c", "{{ nope }}"))
    # Nobody knows what the first is called.
    assert places(actions) == ["/actions/0", "/actions/2/config/message"]


def test_a_frame_that_is_none_at_all_is_one_problem() -> None:
    assert places({"actions": 5, "output": "{{ nope }}"}) == ["/actions"]
    assert places([1]) == [""]
    assert places({"actions": []}) == ["/actions"]


def test_reads_of_what_is_nowhere_are_told_in_a_broken_tree_too() -> None:
    raw = of(
        log("a", on_eror="continue"), log("b", "{{steps.a.output}}{{steps.nope.output}}{{steps.z.output}}")
    )
    raw["actions"].append(log("z"))
    assert places(raw) == ["/actions/0/on_eror", "/actions/1/config/message"]
    assert "no action" in problems(raw)[1]
    assert '"nope"' in problems(raw)[1]


SOUND: dict[str, Any] = {
    "trigger": {"type": "webhook"},
    "variables": {"limit": 5},
    "actions": [
        {"id": "get", "type": "http", "when": "vars.limit > 1", "retry": {"max_attempts": 3},
         "config": {"url": "https://x/{{trigger.headers.h}}", "headers": {"A": "{{vars.limit}}"}}},
        {"id": "note", "type": "set", "config": {"variables": {"total": "{{steps.get?.output}}"}}},
        {"id": "each", "type": "for_each", "config": {
            "items": "trigger.body.rows", "item": "row", "index": "n", "actions": [
                log("first", "{{row}} {{n}} {{vars.total}}"),
                log("second", "{{steps.first.output}}", depends_on=["first"])]}},
        {"id": "try", "type": "try", "config": {
            "actions": [log("risky")],
            "catch": [{"actions": [log("caught", "{{error.message}}")]}]}},
        {"id": "fork", "type": "parallel", "on_error": [log("rescue", "{{error.type}}")], "config": {
            "branches": [{"name": "one", "actions": [log("inside", "{{steps.each.output}}")]}]}},
        log("last", "{{steps.inside?.output}}{{steps.note.output}}", depends_on=["fork", "note"]),
    ],
    "on_failure": {"actions": [log("alarm", "{{steps.get?.output}} {{error.message}}")]},
    "output": {"o": "{{steps.last.output}}"},
}  # fmt: skip


def below(value: Any, pointer: str = "") -> Iterator[tuple[str, Any, str | int]]:
    """Every place in a JSON tree: its pointer, what holds it, and its key there."""
    if isinstance(value, dict | list):
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield join(pointer, key), value, key
            yield from below(item, join(pointer, key))


def named_in(value: Any) -> set[str]:
    """The ids in a JSON tree."""
    return {holder["id"] for _, holder, key in below([value]) if key == "id" and isinstance(holder, dict)}


@pytest.mark.parametrize("wrong", [5, None, "{{ 1 + }}", {"x y": [None]}, [[]]], ids=repr)
def test_one_mistake_is_told_where_it_is_and_nowhere_else(wrong: Any) -> None:
    parse_definition(SOUND, full_catalogue())
    refused = 0
    for pointer, _, _ in list(below(SOUND)):
        raw = copy.deepcopy(SOUND)
        holder, key = next((holder, key) for place, holder, key in below(raw) if place == pointer)
        # Ids that are gone with it are rightly missed elsewhere.
        if not (isinstance(holder[key], dict) and "id" in holder[key]) and named_in(holder[key]):
            continue
        holder[key] = copy.deepcopy(wrong)
        try:
            parse_definition(raw, full_catalogue())
        except InvalidDefinition as error:
            refused += 1
            for problem in error.problems:
                near = is_within(problem.pointer, pointer) or is_within(pointer, problem.pointer)
                assert near, f"{pointer} = {wrong!r}: {problem}"
    assert refused > 30
