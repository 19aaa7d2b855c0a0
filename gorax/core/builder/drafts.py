"""An action in the making, and what the compilation of a config works with."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from gorax.core.builder.expressions import Rewriter
from gorax.core.builder.fields import Fields
from gorax.core.builder.names import Definitions
from gorax.core.builder.paths import literal

Action = dict[str, Any]


@dataclass(slots=True)
class Draft:
    """What a node becomes, but for its id and its place."""

    type: str
    config: dict[str, Any]
    rest: dict[str, Any] = field(default_factory=dict)
    """Fields beside the config, such as `timeout`."""


@dataclass(frozen=True, slots=True)
class Task:
    """One node to compile."""

    fields: Fields
    rewrite: Rewriter
    all: Definitions
    inside: Rewriter
    """Rewrites what sees the names of the node's own branches, such as a loop's variables."""
    branches: Mapping[str, list[Action]]
    """The actions in the node's branches, by port."""
    new_id: Callable[[str], str]
    action_id: str
    predecessors: int
    """How many nodes lead to this one."""

    def text(self, *names: str) -> Any:
        """A field of any type with its templates rewritten."""
        return self.rewrite.value(self.fields.get(*names), self.fields.at(*names))


def value_as_expression(rewrite: Rewriter, value: Any, pointer: str) -> str:
    """A value as the original's mappings hold it: a path, a text with templates, or a constant."""
    if isinstance(value, str):
        found = rewrite.text_as_expression(value, pointer)
        return found or rewrite.path(value, pointer) or literal(value)
    if isinstance(value, list):
        return f"[{', '.join(value_as_expression(rewrite, item, pointer) for item in value)}]"
    if isinstance(value, dict):
        entries = (
            f"{literal(key)}: {value_as_expression(rewrite, item, pointer)}" for key, item in value.items()
        )
        return f"{{{', '.join(entries)}}}"
    return literal(value)
