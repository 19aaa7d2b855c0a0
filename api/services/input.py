"""Whether a body may start a workflow: the form that the definition's `input_schema` asks for."""

import asyncio
from typing import Any

from api.errors import InvalidFields
from api.services.definitions import action_form
from gorax.core.definition import input_problems, load_definition
from gorax.store.tables import Workflow


async def check_input(workflow: Workflow, body: Any) -> None:
    """Raises `InvalidFields` with a pointer into the body for each part that is not as the schema asks."""
    if workflow.definition.get("input_schema") is None:
        return
    # Schema and body are strangers' work, and may take the fifth of a second that they are allowed.
    problems = await asyncio.to_thread(
        lambda: input_problems(load_definition(action_form(workflow.definition)), body)
    )
    if problems:
        raise InvalidFields(
            [{"field": f"body{problem.pointer}", "message": problem.message} for problem in problems]
        )
