"""Reading nodes and edges, with all their bounds: what passes has ids, types and configs of the right form."""

from collections.abc import Mapping, Set
from dataclasses import dataclass
from typing import Any

from gorax.core.builder.kinds import REFUSED, TRIGGERS, kind_of
from gorax.core.definition.problems import Findings, InvalidDefinition, Problem, did_you_mean, join, quoted

MAX_NODES = 500
MAX_EDGES = 2_000
MAX_NODE_ID = 128
"""Characters of a node's id, and of its type."""

# What the editor keeps beside the config where it spreads a config's fields over `data`.
_DISPLAY = frozenset({"label", "name", "type", "nodeType", "config", "metadata", "status", "icon", "color"})
_CATEGORIES = frozenset({"trigger", "action", "control", "ai"})


@dataclass(frozen=True, slots=True)
class Node:
    """One node, in one form whatever form it was written in."""

    index: int
    """Its place in `nodes`."""
    id: str
    kind: str
    """Of an action (see `kinds`), or the type of a trigger."""
    is_trigger: bool
    name: str | None
    config: Mapping[str, Any]
    config_at: str
    """JSON pointer of the config."""

    @property
    def pointer(self) -> str:
        return join("/nodes", self.index)

    def at(self, *fields: str) -> str:
        """JSON pointer of a field of the config."""
        return join(self.config_at, *fields)


@dataclass(frozen=True, slots=True)
class Edge:
    """One edge between nodes that are there."""

    pointer: str
    source: int
    target: int
    id: str
    """Empty where it has none."""
    names: tuple[str, ...]
    """Label and handle: what a branch may be called, in lower case and without the node's id before it."""


@dataclass(frozen=True, slots=True)
class Canvas:
    """All of it."""

    nodes: list[Node]
    edges: list[Edge]


def read_canvas(raw: Mapping[str, Any], findings: Findings) -> Canvas:
    """The nodes and edges of a definition. Raises `InvalidDefinition` with what is wrong with their form."""
    listed = _list(raw, "nodes", MAX_NODES, findings)
    if not listed and not findings.problems:
        findings.add("/nodes", "must hold at least one node")
    nodes = [node for index, item in enumerate(listed) if (node := _node(index, item, findings))]
    seen: dict[str, int] = {}
    for node in nodes:
        if node.id in seen:
            findings.add(join(node.pointer, "id"), f"node {seen[node.id]} is called {quoted(node.id)} too")
        seen.setdefault(node.id, node.index)
    edges = _list(raw, "edges", MAX_EDGES, findings)
    # An edge to a node that was refused would only repeat that the node was refused.
    refused = {item["id"] for item in listed if isinstance(item, dict) and isinstance(item.get("id"), str)}
    ends = _Ends({node.id: node for node in reversed(nodes)}, refused - seen.keys())
    read = [edge for index, item in enumerate(edges) if (edge := _edge(index, item, ends, findings))]
    findings.settle()
    return Canvas(nodes, read)


def _list(raw: Mapping[str, Any], field: str, limit: int, findings: Findings) -> list[Any]:
    value = raw.get(field)
    if not isinstance(value, list):
        findings.add(f"/{field}", "is required" if value is None else "must be a list")
        return []
    if len(value) > limit:
        message = f"must have at most {limit:,} {field}, not {len(value):,}"
        raise InvalidDefinition([Problem(pointer=f"/{field}", message=message)])
    return value


def _node(index: int, raw: Any, findings: Findings) -> Node | None:
    pointer = join("/nodes", index)
    if not isinstance(raw, dict):
        findings.add(pointer, f"must be an object, not {quoted(raw)}")
        return None
    data = raw.get("data")
    if data is not None and not isinstance(data, dict):
        findings.add(join(pointer, "data"), f"must be an object, not {quoted(data)}")
        return None
    node_id = _text(raw, "id", pointer, findings)
    node_type = _text(raw, "type", pointer, findings)
    config, config_at = _config(raw, data or {}, pointer)
    if node_id is None or node_type is None:
        return None
    if not isinstance(config, dict):
        findings.add(config_at, f"must be an object, not {quoted(config)}")
        return None
    full = _full_type(node_type, data or {}, config)
    if full != node_type and "type" in config:
        config = {key: value for key, value in config.items() if key != "type"}
    if full in TRIGGERS:
        return Node(index, node_id, TRIGGERS[full], True, _name(raw, data or {}), config, config_at)
    kind = kind_of(full)
    if full.startswith("trigger:") or kind in REFUSED:
        reason = REFUSED.get(kind) or "the triggers are trigger:webhook, trigger:schedule and trigger:manual"
        findings.add(join(pointer, "type"), f"{quoted(full)} cannot be compiled: {reason}")
        return None
    return Node(index, node_id, kind, False, _name(raw, data or {}), config, config_at)


def _text(raw: Mapping[str, Any], field: str, pointer: str, findings: Findings) -> str | None:
    value = raw.get(field)
    if isinstance(value, str) and 0 < len(value) <= MAX_NODE_ID:
        return value
    message = "is required" if value is None else f"must be a string of 1 to {MAX_NODE_ID} characters"
    findings.add(join(pointer, field), message)
    return None


def _config(raw: Mapping[str, Any], data: Mapping[str, Any], pointer: str) -> tuple[Any, str]:
    if data.get("config") is not None:
        return data["config"], join(pointer, "data", "config")
    if raw.get("config") is not None:
        return raw["config"], join(pointer, "config")
    return {key: value for key, value in data.items() if key not in _DISPLAY}, join(pointer, "data")


def _full_type(node_type: str, data: Mapping[str, Any], config: Mapping[str, Any]) -> str:
    """The type with its category. The editor's own form and old exports have the rest of it elsewhere."""
    if node_type not in _CATEGORIES:
        return node_type
    for rest in (data.get("type"), data.get("nodeType"), config.get("type")):
        if isinstance(rest, str) and 0 < len(rest) <= MAX_NODE_ID:
            return rest if ":" in rest else f"{node_type}:{rest}"
    return node_type


def _name(raw: Mapping[str, Any], data: Mapping[str, Any]) -> str | None:
    for value in (data.get("name"), data.get("label"), raw.get("name")):
        if isinstance(value, str) and value:
            return value[:200]
    return None


@dataclass(frozen=True, slots=True)
class _Ends:
    known: Mapping[str, Node]
    refused: Set[str]
    """Ids of nodes that are not among them for a reason that is told."""


def _edge(index: int, raw: Any, nodes: _Ends, findings: Findings) -> Edge | None:
    pointer = join("/edges", index)
    if not isinstance(raw, dict):
        findings.add(pointer, f"must be an object, not {quoted(raw)}")
        return None
    ends: list[Node] = []
    for field in ("source", "target"):
        value = raw.get(field)
        if value is None:
            findings.add(join(pointer, field), "is required")
        elif isinstance(value, str) and value in nodes.known:
            ends.append(nodes.known[value])
        elif not isinstance(value, str) or value not in nodes.refused:
            hint = did_you_mean(value, nodes.known) if isinstance(value, str) else ""
            findings.add(join(pointer, field), f"there is no node {quoted(value)}{hint}")
    if len(ends) < 2:
        return None
    source, target = ends
    if source == target:
        findings.add(pointer, f"leads from {quoted(source.id)} to itself")
        return None
    if target.is_trigger:
        findings.add(pointer, f"leads to {quoted(target.id)}: nothing runs before a trigger")
        return None
    prefix = f"{source.id}-"
    names = tuple(
        value.removeprefix(prefix).lower()
        for field in ("label", "sourceHandle")
        if isinstance(value := raw.get(field), str) and value
    )
    edge_id = raw.get("id")
    return Edge(pointer, source.index, target.index, edge_id if isinstance(edge_id, str) else "", names)
