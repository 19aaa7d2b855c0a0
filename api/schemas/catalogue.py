"""Action types as an editor needs them."""

import inspect
from typing import Any, Literal

from typing_extensions import TypedDict

from gorax.core.actions.declaration import ActionType, EffectAction, FlowAction, Mode
from gorax.core.schema import config_schema


class Defaults(TypedDict):
    """What holds for an action of a type that does not say otherwise."""

    timeout: float | None
    """Seconds of one attempt; null where a type runs inside the workflow, and no attempt is timed."""
    max_attempts: int
    mode: Mode | None
    fast_when: dict[str, list[str]]
    """Fields of the config and their values under which the mode is `fast`."""


class ActionTypeView(TypedDict):
    """One action type."""

    name: str
    aliases: list[str]
    kind: Literal["flow", "effect"]
    """`flow` runs inside the workflow, `effect` in an activity."""
    summary: str
    description: str | None
    """Of its config."""
    output: str | None
    """What it gives."""
    config_schema: dict[str, Any]
    """JSON Schema (draft 2020-12), templates included."""
    example: dict[str, Any]
    """A config that is accepted."""
    defaults: Defaults


def action_type_view(action_type: ActionType[Any]) -> ActionTypeView:
    """The type as the API shows it."""
    return {
        "name": action_type.name,
        "aliases": [*action_type.aliases],
        "kind": "effect" if isinstance(action_type, EffectAction) else "flow",
        "summary": action_type.summary,
        "description": inspect.getdoc(action_type.config),
        "output": _output(action_type),
        "config_schema": config_schema(action_type),
        "example": {**action_type.example},
        "defaults": _defaults(action_type),
    }


def _output(action_type: ActionType[Any]) -> str | None:
    if isinstance(action_type, FlowAction | EffectAction):
        return inspect.getdoc(action_type.run)
    return None


def _defaults(action_type: ActionType[Any]) -> Defaults:
    if not isinstance(action_type, EffectAction):
        return {"timeout": None, "max_attempts": 1, "mode": None, "fast_when": {}}
    traits = action_type.traits
    return {
        "timeout": traits.timeout,
        "max_attempts": traits.max_attempts,
        "mode": traits.mode,
        "fast_when": {name: [*values] for name, values in traits.fast_when.items()},
    }
