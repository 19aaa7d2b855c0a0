"""Which parts of its context a script is sent."""

import time
from typing import Any

import pytest

from gorax.core.scripts import context_of, mentions

NAMES: dict[str, Any] = {
    "trigger": {"body": 1},
    "steps": {"a": {"output": 1}, "b-2": {"output": 2}, "c": {"output": 3}},
    "vars": {"rate": 2},
    "env": {"version": 1},
    "item": 5,
}


@pytest.mark.parametrize(
    ("source", "names", "steps"),
    [
        ("return 1", set(), set()),
        ("return context.trigger.body", {"trigger"}, set()),
        ("return context.steps.a.output + context\n  ?.steps?.['b-2'].output", {"steps"}, {"a", "b-2"}),
        ('return context["steps"]["c"].output', {"steps"}, {"c"}),
        ("return context.item * context.vars.rate", {"item", "vars"}, set()),
        ("return context.steps.later", {"steps"}, set()),
        ("return [context.steps].length", {"steps"}, {"a", "b-2", "c"}),
        ("return context.steps[context.item]", {"steps", "item"}, {"a", "b-2", "c"}),
        ("const { trigger, vars: v } = context;\nreturn 1", {"trigger", "vars"}, set()),
        ("const { steps, env } = context\nreturn 1", {"steps", "env"}, {"a", "b-2", "c"}),
        ("return other.context.trigger", set(), set()),
        ("const contextual = $context.trigger", set(), set()),
    ],
)
def test_a_script_gets_what_it_mentions(source: str, names: set[str], steps: set[str]) -> None:
    context = context_of(source, NAMES)
    assert set(context) == names
    assert set(context.get("steps", {})) == steps


@pytest.mark.parametrize(
    "source",
    [
        "return f(context)",
        "return { ...context }",
        "const all = context",
        "const { trigger, ...rest } = context",
        "const { trigger = {} } = context",
        "const { trigger } = context || {}",
        "const { trigger } = context,\n  { vars } = more(context)",
        "const { trigger } = context\n  [name]",
        "return context[name]",
        "return context /* the */ .trigger",
        "return arguments[0].trigger",
        "return eval('con' + 'text.trigger')",
    ],
)
def test_where_it_is_not_clear_it_gets_all(source: str) -> None:
    assert context_of(source, NAMES) == NAMES


def test_what_is_no_script_gets_nothing() -> None:
    assert context_of(None, NAMES) == {}


@pytest.mark.parametrize(
    "source",
    [
        "context" + " " * 65_000,
        "context." * 8_000,
        "const {" + "a," * 30_000,
        ("const { a } = context\n" * 3_000)[:65_000],
        "context.steps[" + " " * 65_000,
        "context ?. [ '" * 4_000,
    ],
)
def test_a_hostile_text_is_read_in_no_time(source: str) -> None:
    started = time.process_time()
    mentions(source)
    assert time.process_time() - started < 0.2
