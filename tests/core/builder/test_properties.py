"""Whatever the graph: the order of every edge is kept, and the same nodes run as in the original."""

from collections.abc import Iterator
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from gorax.core.actions.catalogue import full_catalogue
from gorax.core.builder import compile_builder, compile_with_sources
from gorax.core.definition import InvalidDefinition, parse_definition
from gorax.core.definition.outline import ActionNode, ListNode
from gorax.core.definition.outlining import outline_of
from gorax.core.definition.problems import Findings
from tests.core.builder.canvases import canvas
from tests.core.builder.original_semantics import Run, nodes_that_run

NODES = 9
_CONFIGS: dict[str, dict[str, Any]] = {
    "action:http": {"url": "https://example.com"},
    "control:if": {"condition": "trigger.body.x"},
    "control:parallel": {},
    "control:fork": {},
    "control:join": {},
    "control:loop": {"source": "trigger.items", "item_variable": "item"},
}


@st.composite
def graphs(draw: st.DrawFn, kinds: tuple[str, ...]) -> dict[str, Any]:
    """A graph without circles, in which a node may come before what leads to it."""
    count = draw(st.integers(1, NODES))
    names = [f"n{number}" for number in draw(st.permutations(range(count)))]
    nodes: dict[str, Any] = {"t": ("trigger:webhook", {})}
    for name in draw(st.permutations(names)):
        kind = draw(st.sampled_from(kinds))
        nodes[name] = (kind, _CONFIGS[kind])
    edges = []
    for place, target in enumerate(names):
        sources = draw(st.lists(st.sampled_from(["t", *names[:place]]), unique=True, max_size=3))
        for source in sources:
            label = ""
            if nodes[source][0] == "control:if":
                label = draw(st.sampled_from(["[true]", "[false]", "[true]", "[false]", ""]))
            edges.append(f"{source}>{target}{label}")
    return canvas(nodes, " ".join(draw(st.permutations(edges))))


def _around(node: ActionNode) -> Iterator[tuple[ListNode, ActionNode]]:
    """The lists around an action, each with the action of it that is the node or holds it."""
    current: ActionNode | None = node
    while current:
        yield current.listed, current
        current = current.listed.owner


@settings(max_examples=200, deadline=None)
@given(graphs(tuple(_CONFIGS)))
def test_the_order_of_every_edge_is_kept(raw: dict[str, Any]) -> None:
    definition = compile_builder(raw)
    assert compile_builder(raw) == definition
    outline = outline_of(parse_definition(definition, full_catalogue()), full_catalogue(), Findings())
    for edge in raw["edges"]:
        if edge["source"] == "t":
            continue
        source, target = outline.by_id[edge["source"]], outline.by_id[edge["target"]]
        lists = dict(_around(source))
        listed, inside = next((listed, node) for listed, node in _around(target) if listed in lists)
        # Either the source holds the target, or what holds the source is over before the target starts.
        assert inside is source or lists[listed].action.id in listed.before(inside.action.id)


@settings(max_examples=300, deadline=None)
@given(graphs(("action:http", "control:if", "control:if", "control:parallel", "control:join")), st.data())
def test_the_same_nodes_run_as_in_the_original(raw: dict[str, Any], data: st.DataObject) -> None:
    definition = compile_builder(raw)
    choices = [node["id"] for node in raw["nodes"] if node["type"] == "control:if"]
    results = {node: data.draw(st.booleans(), label=node) for node in choices}
    run = Run(results)
    run.run(definition["actions"])
    authored = {node["id"] for node in raw["nodes"]}
    assert run.ran & authored == nodes_that_run(raw, results)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)
_TEXT = st.text(alphabet="${}{}.[]()'\"`|&=!>? \\ab0-steps", max_size=30) | _JSON
_KINDS = st.sampled_from(
    [
        *("action:http", "action:transform", "action:formula", "action:code", "action:email", "human_task"),
        *("slack:send_message", "control:if", "control:loop", "control:parallel", "control:join"),
        *(
            "control:try",
            "control:retry",
            "control:delay",
            "control:sub_workflow",
            "trigger:webhook",
            "other",
        ),
    ]
)
_FIELDS = st.sampled_from(
    [
        *("url", "body", "auth", "headers", "timeout", "mapping", "expression", "condition", "source"),
        *("script", "branches", "tryNodes", "catch_nodes", "item_variable", "break_conditions", "retry"),
        *("blocks", "input_mapping", "output_mapping", "max_attempts", "strategy", "required_count", "mode"),
    ]
)
_NODE = st.fixed_dictionaries(
    {
        "id": st.sampled_from(["a", "b", "c", "ü 1", "9"]) | _JSON,
        "type": _KINDS | _JSON,
        "data": st.fixed_dictionaries({"config": st.dictionaries(_FIELDS, _TEXT, max_size=4) | _JSON})
        | _JSON,
    }
)
_EDGE = st.fixed_dictionaries(
    {"source": st.sampled_from(["a", "b", "c"]) | _JSON, "target": st.sampled_from(["a", "b", "9"]) | _JSON},
    optional={"label": st.sampled_from(["true", "false", "catch"]) | _JSON, "id": _JSON},
)


@settings(max_examples=250, deadline=None)
@given(st.lists(_NODE, max_size=4), st.lists(_EDGE, max_size=4))
def test_any_json_is_compiled_or_refused(nodes: list[Any], edges: list[Any]) -> None:
    try:
        definition = compile_builder({"nodes": nodes, "edges": edges})
        parse_definition(definition, full_catalogue())
    except InvalidDefinition as error:
        refused = error.problems
    else:
        refused = []
    assert all(str(problem) for problem in refused)


@settings(max_examples=250, deadline=None)
@given(st.lists(_NODE, max_size=4), st.lists(_EDGE, max_size=4))
def test_refusals_point_into_what_was_authored(nodes: list[Any], edges: list[Any]) -> None:
    raw = {"nodes": nodes, "edges": edges}
    try:
        compiled = compile_with_sources(raw)
    except InvalidDefinition as error:
        refused = error
    else:
        try:
            parse_definition(compiled.definition, full_catalogue())
        except InvalidDefinition as error:
            refused = compiled.refused(error)
        else:
            return
    for problem in refused.problems:
        here: Any = raw
        *parts, last = [
            part.replace("~1", "/").replace("~0", "~") for part in problem.pointer.split("/")[1:]
        ] or [""]
        for part in parts:
            here = here[int(part)] if isinstance(here, list) else here[part]
        # The last part may be a field that is missing.
        assert isinstance(here, dict) or (isinstance(here, list) and int(last) < len(here))
