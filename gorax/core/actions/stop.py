"""`stop`: end the execution as completed, before its last action."""

from typing import Any

from gorax.core.actions.declaration import Config, FlowAction, FlowStep, StopExecution


class StopConfig(Config):
    """What the execution gives as its output."""

    output: Any = None


async def run(config: StopConfig, step: FlowStep) -> Any:
    """Never returns: ends the execution."""
    raise StopExecution(config.output)


ACTION = FlowAction(
    name="stop",
    config=StopConfig,
    summary="End the execution as completed",
    example={"output": {"reason": "nothing to do"}},
    run=run,
    ends=True,
)
