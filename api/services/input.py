"""Whether a body may start a workflow: the form that the definition's `input_schema` asks for."""

import asyncio
from typing import Any, Protocol

from api.errors import InvalidFields
from gorax.core.steering import Steerings


class Versioned(Protocol):
    """A workflow as one version left it."""

    @property
    def id(self) -> str: ...
    @property
    def version(self) -> int: ...
    @property
    def definition(self) -> dict[str, Any]: ...


async def check_input(steerings: Steerings, workflow: Versioned, body: Any) -> None:
    """Raises `InvalidFields` with a pointer into the body for each part that is not as the schema asks."""
    if workflow.definition.get("input_schema") is None:
        return
    # Schema and body are strangers' work, and may take the fifth of a second that they are allowed.
    problems = await asyncio.to_thread(
        lambda: steerings.of(workflow.id, workflow.version, workflow.definition).input_problems(body)
    )
    if problems:
        raise InvalidFields(
            [{"field": f"body{problem.pointer}", "message": problem.message} for problem in problems]
        )
