"""`set`: put values under `vars.*` for all that runs after it."""

from typing import Annotated, Any

from pydantic import Field, StringConstraints

from gorax.core.actions.declaration import Config, FlowAction, FlowStep, SetsVariables

VariableName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,63}$")]


class SetConfig(Config):
    """The variables to set."""

    variables: Annotated[dict[VariableName, Any], SetsVariables()] = Field(min_length=1, max_length=200)
    """Name → value or template."""


async def run(config: SetConfig, step: FlowStep) -> Any:
    """The variables as they were set."""
    step.set_variables(config.variables)
    return config.variables


ACTION = FlowAction(
    name="set",
    aliases=("set_variables", "set_variable"),
    config=SetConfig,
    summary="Set variables for the actions that follow",
    example={"variables": {"greeting": "Hello {{trigger.body.name}}"}},
    run=run,
    pure=True,
)
