"""Whether an event is to begin an execution, as its webhook's schema and filter say."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple
from uuid import uuid4

from gorax.core.expressions import DEFAULT_FUEL, Environment, ExpressionError, Meter, compile_expression
from gorax.core.json_schema import MAX_STEPS, Schema

MAX_REASON = 500
"""Characters of a reason."""


class Allowance(NamedTuple):
    """How much work an expression and a schema may be."""

    fuel: int
    steps: int


WHOLE: Final = Allowance(DEFAULT_FUEL, MAX_STEPS)
"""All that there is: a fifth of a second at worst."""
GLANCE: Final = Allowance(4_000, 1_000)
"""A millisecond for each. Nearly all events need less, and none keeps others waiting for longer."""


class CostlyError(Exception):
    """It is more work than was allowed, and not more than all that there is."""


def evaluate(expression: str, trigger: Mapping[str, Any], allowance: Allowance = WHOLE) -> Any:
    """What an expression of a webhook gives for an event. Raises `ExpressionError` and `CostlyError`."""
    environment = Environment({"trigger": trigger}, now=lambda: datetime.now(UTC), uuid=lambda: str(uuid4()))
    meter = Meter(allowance.fuel)
    try:
        return compile_expression(expression).evaluate(environment, meter)
    except ExpressionError:
        if meter.left < 0 and allowance is not WHOLE:
            raise CostlyError from None
        raise


def unwanted(
    schema: Schema | None, expression: str | None, trigger: Mapping[str, Any], allowance: Allowance = WHOLE
) -> str | None:
    """Why the event is to begin nothing; None when it is to begin an execution. Raises `CostlyError`."""
    if schema is not None:
        found = schema.check(trigger["body"], allowance.steps)
        if not found.complete and allowance is not WHOLE:
            raise CostlyError
        if found.violations:
            first = found.violations[0]
            return f"input_schema: body{first.pointer} {first.message}"[:MAX_REASON]
    if expression is None:
        return None
    try:
        value = evaluate(expression, trigger, allowance)
    except ExpressionError as error:
        return f"filter: {error}"[:MAX_REASON]
    return None if value is True else "filter: it is not true for this event"
