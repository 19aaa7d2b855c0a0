"""From a place in the compiled definition back to the place in what was authored."""

from collections.abc import Mapping, Sequence
from typing import Any

from gorax.core.builder.reading import Node
from gorax.core.definition.problems import join


def authored_pointer(
    pointer: str,
    definition: Mapping[str, Any],
    raw: Mapping[str, Any],
    nodes: Mapping[str, Node],
    trigger: Node | None,
) -> tuple[str, str | None]:
    """The pointer of the node that the innermost action of a compiled pointer comes from, and of the field of
    its config as far as both have it; with the field where only the compiled config has it."""
    parts = [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]
    node, rest = _innermost(parts, definition, nodes)
    if node is None and parts[:1] == ["trigger"] and trigger:
        node, rest = trigger, parts[1:]
    if node is None:
        return (pointer if parts and parts[0] in raw else ""), None
    if rest[:1] != ["config"]:
        return node.pointer, None
    here: Any = node.config
    found: list[str | int] = []
    for part in rest[1:]:
        if isinstance(here, Mapping) and part in here:
            here = here[part]
        elif isinstance(here, list) and part.isdecimal() and int(part) < len(here):
            here = here[int(part)]
        else:
            break
        found.append(part)
    return join(node.config_at, *found), None if found or len(rest) < 2 else rest[1]


def _innermost(
    parts: Sequence[str], definition: Mapping[str, Any], nodes: Mapping[str, Node]
) -> tuple[Node | None, Sequence[str]]:
    node: Node | None = None
    rest: Sequence[str] = ()
    here: Any = definition
    for place, part in enumerate(parts):
        if isinstance(here, Mapping) and part in here:
            here = here[part]
        elif isinstance(here, list) and part.isdecimal() and int(part) < len(here):
            here = here[int(part)]
        else:
            break
        if (
            isinstance(here, Mapping)
            and isinstance(here.get("id"), str)
            and here["id"] in nodes
            and "type" in here
        ):
            node, rest = nodes[here["id"]], parts[place + 1 :]
    return node, rest
