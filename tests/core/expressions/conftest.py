"""An environment that gives the same answers every time."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from gorax.core.expressions import Environment, Meter, compile_expression

NOW = datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)

Evaluate = Callable[..., Any]


@pytest.fixture(scope="session")
def environment() -> Callable[[dict[str, Any]], Environment]:
    """Builds an environment of the given names."""

    def build(names: dict[str, Any]) -> Environment:
        return Environment(names, now=lambda: NOW, uuid=lambda: "5b6e0a52-0000-4000-8000-000000000001")

    return build


@pytest.fixture(scope="session")
def evaluate(environment: Callable[[dict[str, Any]], Environment]) -> Evaluate:
    """Evaluates a source with the given names."""

    def run(source: str, names: dict[str, Any] | None = None, meter: Meter | None = None) -> Any:
        return compile_expression(source).evaluate(environment(names or {}), meter)

    return run
