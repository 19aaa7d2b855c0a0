"""What the texts of actions may read of the steps before them."""

import time

import pytest

from gorax.core.mentions import steps_read

KNOWN = {"load", "load-2", "a", "rows"}


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("steps.load.output", {"load"}),
        ("{{steps.load?.output}} and {{ steps?.rows.output }}", {"load", "rows"}),
        ("steps['a'].output + steps[\"load-2\"].output", {"a", "load-2"}),
        ("{{steps.load-2.output}}", {"load", "load-2"}),
        ("steps.loaded", set()),
        ("mysteps.load + steps_of.a", set()),
        ("vars.load + item.rows", set()),
        ("return context.steps.a.output", {"a"}),
    ],
)
def test_what_is_named(text: str, read: set[str]) -> None:
    assert steps_read({"actions": [{"config": {"deep": [text]}}]}, KNOWN) == read
    assert steps_read({text: None}, KNOWN) == read


@pytest.mark.parametrize(
    "text",
    [
        "steps",
        "keys(steps)",
        "steps[vars.name].output",
        "steps['a' + 'b']",
        "steps['\\x61']",
        "steps /* all */ .a",
        "'a' in steps or true",
        "steps ?? {}",
        "let s = steps; s.a",
        "$env['st' + 'eps'].a",
        "const { steps } = context",
        "return f(context)",
        "return context['st' + 'eps'].a",
        "return arguments[0]",
        "return eval('x')",
        r"return context.st\u0065ps.a.output",
    ],
)
def test_what_may_be_any(text: str) -> None:
    assert steps_read([text], KNOWN) == KNOWN


def test_every_text_counts() -> None:
    assert steps_read(
        [{"when": "steps.a.output"}, "steps.rows", 1, None, {"x": {"y": "steps.load"}}], KNOWN
    ) == {
        "a",
        "rows",
        "load",
    }


def test_many_mentions_and_many_steps_take_a_moment() -> None:
    known = {f"step_{number}" for number in range(500)}
    began = time.process_time()
    assert steps_read(["steps.step_1;" * 40_000], known) == {"step_1"}
    assert steps_read(["steps." + "a-" * 250_000], known) == set()
    assert time.process_time() - began < 1
