"""What a definition asks of the body that starts it."""

from typing import Any

from gorax.core.definition.model import Definition
from gorax.core.definition.problems import Problem
from gorax.core.json_schema import Schema, compile_schema


def input_problems(definition: Definition, body: Any) -> list[Problem]:
    """Where the body does not have the form that `input_schema` asks for; empty without a schema.

    The pointers are into the body. Bounded in time, whatever the schema and the body are.
    """
    if definition.input_schema is None:
        return []
    return schema_problems(compile_schema(definition.input_schema), body)


def schema_problems(schema: Schema, body: Any) -> list[Problem]:
    """The same for an `input_schema` that is compiled already."""
    violations = schema.violations(body)
    return [Problem(pointer=violation.pointer, message=violation.message) for violation in violations]
