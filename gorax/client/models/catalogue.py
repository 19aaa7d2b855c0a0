"""What can be written in a definition."""

from typing import Any, Literal

from gorax.client.models.common import Model


class Defaults(Model):
    """What holds for an action of a type that does not say otherwise."""

    timeout: float | None
    """Seconds of one attempt; None where a type runs inside the workflow."""
    max_attempts: int
    mode: Literal["durable", "fast"] | str | None
    fast_when: dict[str, list[str]]


class ActionType(Model):
    """One action type."""

    name: str
    aliases: list[str]
    kind: Literal["flow", "effect"] | str
    summary: str
    description: str | None
    output: str | None
    config_schema: dict[str, Any]
    """JSON Schema (draft 2020-12), templates included."""
    example: dict[str, Any]
    """A config that is accepted."""
    defaults: Defaults
