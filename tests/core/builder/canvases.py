"""Short ways to write nodes and edges, and to read what they become."""

from collections.abc import Mapping, Sequence
from typing import Any

NodeSpec = tuple[str, Mapping[str, Any]]


def canvas(nodes: Mapping[str, NodeSpec | Sequence[Any]], edges: str, **frame: Any) -> dict[str, Any]:
    """A definition of the builder: `edges` is `"a>b b>c[true]"`, with labels in brackets."""
    return {
        "nodes": [
            {
                "id": node_id,
                "type": node_type,
                "position": {"x": 100 * number, "y": 0},
                "data": {"name": node_id.title(), "config": dict(config)},
            }
            for number, (node_id, (node_type, config)) in enumerate(nodes.items())
        ],
        "edges": [_edge(number, edge) for number, edge in enumerate(edges.split())],
        **frame,
    }


def _edge(number: int, text: str) -> dict[str, Any]:
    source, _, rest = text.partition(">")
    target, _, label = rest.partition("[")
    edge = {"id": f"edge-{number}", "source": source, "target": target}
    return edge | ({"label": label.rstrip("]")} if label else {})


def steps(kinds: str, edges: str, **configs: Mapping[str, Any]) -> dict[str, Any]:
    """A canvas of one-letter nodes that send requests; an upper-case letter of `kinds` is an if.

    `t` is the trigger.
    """
    nodes: dict[str, NodeSpec] = {"t": ("trigger:webhook", {})}
    for letter in kinds:
        if letter.isupper():
            nodes[letter] = ("control:if", {"condition": "trigger.body.x", **configs.get(letter, {})})
        else:
            nodes[letter] = ("action:http", {"url": "https://example.com", **configs.get(letter, {})})
    return canvas(nodes, edges)


def outline(actions: Sequence[Mapping[str, Any]]) -> str:
    """Ids, what they wait for where it is written out, conditions, and what is inside them."""
    return "; ".join(map(_outlined, actions))


def _outlined(action: Mapping[str, Any]) -> str:
    text = str(action["id"])
    if "depends_on" in action:
        text += f"<{' '.join(action['depends_on'])}>"
    if "when" in action:
        text += f" when {action['when']}"
    inside = [f"{name}: {outline(listed)}" for name, listed in lists_in(action) if listed]
    return f"{text} {{{' | '.join(inside)}}}" if inside else text


def lists_in(action: Mapping[str, Any]) -> list[tuple[str, Sequence[Mapping[str, Any]]]]:
    """The lists of actions in a config, with what each is called."""
    config = action.get("config", {})
    match action["type"]:
        case "if":
            return [("then", config.get("then", [])), ("else", config.get("else", []))]
        case "for_each":
            return [("each", config["actions"])]
        case "parallel":
            return [(branch["name"], branch["actions"]) for branch in config["branches"]]
        case "try":
            caught = [("catch", entry["actions"]) for entry in config.get("catch", [])]
            return [("try", config["actions"]), *caught, ("finally", config.get("finally", []))]
        case _:
            return []
