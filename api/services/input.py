"""Whether a body may start a workflow: the form that the definition's `input_schema` asks for."""

import asyncio
from typing import Any

from api.errors import InvalidFields
from gorax.core.steering import Steerings
from gorax.store.tables import Workflow


async def check_input(steerings: Steerings, workflow: Workflow, body: Any) -> None:
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
