"""A refusal of a canvas tells all that is wrong with it, as far as it can be looked at."""

from typing import Any

import pytest

from gorax.core.actions.catalogue import full_catalogue
from gorax.core.builder import parse_builder
from gorax.core.definition import InvalidDefinition


def node(node_id: str, kind: str, **config: Any) -> dict[str, Any]:
    """A node."""
    return {"id": node_id, "type": kind, "data": {"config": config}}


def edge(source: str, target: str) -> dict[str, Any]:
    """An edge."""
    return {"source": source, "target": target}


def places(nodes: list[Any], edges: list[Any], **rest: Any) -> list[str]:
    """The pointers of what is wrong."""
    with pytest.raises(InvalidDefinition) as refused:
        parse_builder({"nodes": nodes, "edges": edges, **rest}, full_catalogue())
    return [problem.pointer for problem in refused.value.problems]


def test_nodes_and_edges_that_are_none_are_told_together() -> None:
    nodes = [
        node("a", "control:nope_webhook"),
        {"id": 5, "type": "action:http"},
        node("b", "trigger:mail"),
        node("c", "action:http", url="https://example.com"),
    ]
    edges = [edge("a", "c"), edge("b", "c"), edge("c", "elsewhere"), edge("c", "c"), 7]
    assert places(nodes, edges) == [
        "/nodes/1/id",
        "/nodes/2/type",
        "/edges/2/target",
        "/edges/3",
        "/edges/4",
    ]


def test_configs_are_told_whoever_refuses_them() -> None:
    nodes = [
        node("start", "trigger:webhook"),
        node("a", "action:http", url=5),
        node("b", "action:code"),
        node("c", "action:formula", expression="1 +"),
        node(
            "d", "action:http", url="https://example.com", method="GET", nope=1, body="{{steps.zzz.output}}"
        ),
        node("e", "action:nope"),
    ]
    edges = [edge(source, target) for source, target in zip("abcd", "bcde", strict=True)]
    found = places(nodes, [edge("start", "a"), *edges], timeout="never")
    assert found == [
        "/nodes/1/data/config/url",
        "/nodes/2/data/config",
        "/nodes/3/data/config/expression",
        "/nodes/4/data/config/body",
        "/nodes/5",
        "/timeout",
    ]
