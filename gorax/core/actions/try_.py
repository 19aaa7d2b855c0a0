"""`try`: take care of the failure of some actions, and tidy up whatever happens."""

from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from gorax.core.actions.declaration import (
    ActionFailed,
    ActionList,
    Config,
    FlowAction,
    FlowStep,
    NestedActions,
    Scope,
)
from gorax.core.errors import ErrorInfo

MAX_CATCHES = 50

_Handler = Annotated[
    list[dict[str, Any]], NestedActions(), Scope(names=("error",), sees=("actions",), certain=False)
]
_Last = Annotated[list[dict[str, Any]], NestedActions(), Scope(sees=("actions", "catch"), certain=False)]


class Catch(Config):
    """What to do about some errors."""

    errors: list[Annotated[str, Field(min_length=1, max_length=64)]] | None = Field(
        default=None, min_length=1, max_length=50
    )
    """Types, matched by prefix. Left out: every error."""
    actions: _Handler = Field(default_factory=list)
    """They see `error`."""


class TryConfig(Config):
    """What to try, what to do when it fails, and what to do in any case."""

    actions: ActionList = Field(default_factory=list)
    catch: list[Catch] = Field(default_factory=list, max_length=MAX_CATCHES)
    """The first that matches runs; without one the failure goes on after `finally`."""
    finally_: _Last = Field(default_factory=list, alias="finally")
    """Runs last, also when the execution is cancelled; nothing breaks it off but the execution's end."""

    @model_validator(mode="after")
    def _reachable(self) -> Self:
        if any(catch.errors is None for catch in self.catch[:-1]):
            raise ValueError("a catch without errors takes every error, so it must be the last one")
        return self


async def run(config: TryConfig, step: FlowStep) -> Any:
    """`{caught, output}`: the error that was taken care of, or null, and the last output."""
    try:
        return await _attempt(config, step)
    finally:
        await step.tidy_up(config.finally_)


async def _attempt(config: TryConfig, step: FlowStep) -> Any:
    try:
        return {"caught": None, "output": await step.run(config.actions)}
    except ActionFailed as failed:
        error = failed.error
        handler = next((catch for catch in config.catch if _matches(catch, error)), None)
        if handler is None:
            raise
    output = await step.run(handler.actions, error=error)
    return {"caught": error.model_dump(mode="json"), "output": output}


def _matches(catch: Catch, error: ErrorInfo) -> bool:
    return catch.errors is None or any(error.type.startswith(prefix) for prefix in catch.errors)


ACTION = FlowAction(
    name="try",
    aliases=("try_catch",),
    config=TryConfig,
    summary="Catch errors of actions, and tidy up",
    example={
        "actions": [
            {"id": "pay", "type": "http", "config": {"method": "POST", "url": "https://api.example.com/pay"}}
        ],
        "catch": [
            {
                "errors": ["http_4xx"],
                "actions": [{"id": "declined", "type": "log", "config": {"message": "{{error.message}}"}}],
            }
        ],
        "finally": [{"id": "done", "type": "log", "config": {"message": "tried to pay"}}],
    },
    run=run,
)
