"""Whether an event is to begin an execution, as its webhook's schema and filter say."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from gorax.core.expressions import Environment, ExpressionError, compile_expression
from gorax.core.json_schema import Schema

MAX_REASON = 500
"""Characters of a reason."""


def evaluate(expression: str, trigger: Mapping[str, Any]) -> Any:
    """What an expression of a webhook gives for an event. Raises `ExpressionError`."""
    environment = Environment({"trigger": trigger}, now=lambda: datetime.now(UTC), uuid=lambda: str(uuid4()))
    return compile_expression(expression).evaluate(environment)


def unwanted(schema: Schema | None, expression: str | None, trigger: Mapping[str, Any]) -> str | None:
    """Why the event is to begin nothing; None when it is to begin an execution."""
    if schema is not None and (violations := schema.violations(trigger["body"])):
        first = violations[0]
        return f"input_schema: body{first.pointer} {first.message}"[:MAX_REASON]
    if expression is None:
        return None
    try:
        value = evaluate(expression, trigger)
    except ExpressionError as error:
        return f"filter: {error}"[:MAX_REASON]
    return None if value is True else "filter: it is not true for this event"
