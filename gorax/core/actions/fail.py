"""`fail`: end the execution as failed."""

from typing import Annotated, Any

from pydantic import Field, StringConstraints

from gorax.core.actions.declaration import Config, FlowAction, FlowStep, Text
from gorax.core.errors import ErrorType, StepError


class FailConfig(Config):
    """The error to end with."""

    type: Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_.-]{0,63}$")] = ErrorType.REJECTED
    """Matched by `catch` and shown as the execution's `error.type`."""
    message: Text = Field(default="the workflow decided to fail", max_length=4_000)
    details: dict[str, Any] = Field(default_factory=dict)


async def run(config: FailConfig, step: FlowStep) -> Any:
    """Never returns: raises the error."""
    raise StepError(config.type, config.message, details=config.details)


ACTION = FlowAction(
    name="fail",
    config=FailConfig,
    summary="End the execution as failed",
    example={"message": "no stock for {{trigger.body.sku}}", "details": {"sku": "{{trigger.body.sku}}"}},
    run=run,
    ends=True,
)
