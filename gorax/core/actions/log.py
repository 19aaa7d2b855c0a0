"""`log`: leave a message in the execution's steps."""

from typing import Any, Literal

from pydantic import Field

from gorax.core.actions.declaration import Config, FlowAction, FlowStep, Text


class LogConfig(Config):
    """What to note."""

    message: Text = Field(max_length=65_536)
    level: Literal["debug", "info", "warning", "error"] = "info"
    data: Any = None


async def run(config: LogConfig, step: FlowStep) -> Any:
    """`{message, level}`, and `data` where given."""
    entry: dict[str, Any] = {"message": config.message, "level": config.level}
    if config.data is not None:
        entry["data"] = config.data
    return entry


ACTION = FlowAction(
    name="log",
    config=LogConfig,
    summary="Leave a message in the execution's steps",
    example={"message": "order {{trigger.body.id}} accepted", "level": "info"},
    run=run,
    pure=True,
)
