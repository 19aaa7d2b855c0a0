"""Every example of docs/expressions.md."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from gorax.core.expressions import ExpressionError, compile_expression, compile_template
from gorax.core.expressions.functions import FUNCTIONS, METHODS
from gorax.core.expressions.predicates import PREDICATES
from tests.docs.fences import fences

FILE = Path(__file__).parents[3] / "docs" / "expressions.md"
PAGE = FILE.read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return [fence.text for fence in fences(FILE, language)]


def examples(language: str) -> list[tuple[str, str]]:
    lines = [line for block in blocks(language) for line in block.splitlines()]
    return [(source, expected) for source, _, expected in (line.rpartition(" -> ") for line in lines)]


CONTEXT = json.loads(blocks("json")[0])


@pytest.mark.parametrize(("source", "expected"), examples("expr"))
def test_expression(environment: Any, source: str, expected: str) -> None:
    env = environment(CONTEXT)
    if expected.startswith("error: "):
        with pytest.raises(ExpressionError) as caught:
            compile_expression(source).evaluate(env)
        assert caught.value.message == expected.removeprefix("error: ")
        return
    assert compile_expression(source).evaluate(env) == json.loads(expected)


@pytest.mark.parametrize(("text", "expected"), examples("template"))
def test_template(environment: Any, text: str, expected: str) -> None:
    assert compile_template(text).render(environment(CONTEXT)) == json.loads(expected)


def test_there_are_examples() -> None:
    assert len(examples("expr")) > 50
    assert len(examples("template")) > 8


@pytest.mark.parametrize("name", sorted({*FUNCTIONS, *PREDICATES, *METHODS}))
def test_every_function_is_on_the_page(name: str) -> None:
    assert re.search(rf"`{name}[`(]", PAGE), f"{name} is not documented"
