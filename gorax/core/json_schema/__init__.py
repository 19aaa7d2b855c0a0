"""JSON Schema (draft 2020-12) that strangers may write, checked against bodies that strangers may send.

Common validators do neither under bounds: patterns run in a backtracking engine, and references that fan out
take exponential time. Here a schema is compiled once, patterns run in linear time, references stay inside the
schema, and every check is counted.

Not supported, and refused: `unevaluatedItems`, `unevaluatedProperties`, `$dynamicRef`, and `$id` below the
root. `format` describes and does not check, as the draft has it. Unknown keywords are refused, except `x-…`.
"""

from gorax.core.json_schema.compiler import Schema, compile_schema
from gorax.core.json_schema.nodes import SchemaError
from gorax.core.json_schema.run import MAX_STEPS, Violation

__all__ = ["MAX_STEPS", "Schema", "SchemaError", "Violation", "compile_schema"]
