"""`if`: run one of two lists of actions."""

from typing import Any

from pydantic import Field

from gorax.core.actions.declaration import ActionList, Config, Expr, FlowAction, FlowStep


class IfConfig(Config):
    """The condition and its two ways on."""

    condition: Expr
    """Must give true or false."""
    then: ActionList = Field(default_factory=list)
    else_: ActionList = Field(default_factory=list, alias="else")


async def run(config: IfConfig, step: FlowStep) -> Any:
    """`{result, taken}`: what the condition was and which list ran."""
    result = step.condition(config.condition)
    await step.run(config.then if result else config.else_)
    return {"result": result, "taken": "then" if result else "else"}


ACTION = FlowAction(
    name="if",
    aliases=("conditional", "condition"),
    config=IfConfig,
    summary="Choose between two lists of actions",
    example={
        "condition": "trigger.body.total > 1000",
        "then": [{"id": "note", "type": "log", "config": {"message": "a big order"}}],
        "else": [],
    },
    run=run,
)
