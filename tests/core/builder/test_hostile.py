"""Forms, bounds and time: nothing that is written can keep the compiler busy or break it."""

import time
from typing import Any

import pytest

from gorax.core.actions.catalogue import full_catalogue
from gorax.core.builder import compile_builder, is_builder_definition
from gorax.core.definition import InvalidDefinition, parse_definition
from tests.core.builder.canvases import canvas, outline

NODE: dict[str, Any] = {"id": "a", "type": "action:http", "data": {"config": {"url": "https://example.com"}}}


def refusals(raw: Any) -> list[tuple[str, str]]:
    started = time.process_time()
    with pytest.raises(InvalidDefinition) as refused:
        compile_builder(raw)
    assert time.process_time() - started < 1
    return [(problem.pointer, problem.message) for problem in refused.value.problems]


def told(raw: Any) -> str | None:
    """Why it is refused; None where it is compiled."""
    try:
        compile_builder(raw)
    except InvalidDefinition as error:
        return str(error)
    return None


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ({"nodes": [], "edges": []}, True),
        ({"nodes": []}, True),
        ({"nodes": [], "actions": []}, False),
        ({"actions": []}, False),
        ([], False),
        (None, False),
        ("nodes", False),
    ],
)
def test_what_is_a_definition_of_the_builder(raw: object, expected: bool) -> None:
    assert is_builder_definition(raw) is expected


@pytest.mark.parametrize(
    ("raw", "pointer", "reason"),
    [
        ({"edges": []}, "/nodes", "is required"),
        ({"nodes": {}, "edges": []}, "/nodes", "must be a list"),
        ({"nodes": [NODE]}, "/edges", "is required"),
        ({"nodes": [], "edges": []}, "/nodes", "must hold at least one node"),
        ({"nodes": ["a"], "edges": []}, "/nodes/0", 'must be an object, not "a"'),
        (
            {"nodes": [{**NODE, "id": ""}], "edges": []},
            "/nodes/0/id",
            "must be a string of 1 to 128 characters",
        ),
        (
            {"nodes": [{**NODE, "id": 1}], "edges": []},
            "/nodes/0/id",
            "must be a string of 1 to 128 characters",
        ),
        ({"nodes": [{"type": "x"}], "edges": []}, "/nodes/0/id", "is required"),
        ({"nodes": [{"id": "x"}], "edges": []}, "/nodes/0/type", "is required"),
        (
            {"nodes": [{**NODE, "type": "x" * 129}], "edges": []},
            "/nodes/0/type",
            "must be a string of 1 to 128",
        ),
        ({"nodes": [{**NODE, "data": []}], "edges": []}, "/nodes/0/data", "must be an object, not a list"),
        (
            {"nodes": [{**NODE, "data": {"config": 1}}], "edges": []},
            "/nodes/0/data/config",
            "must be an object, not 1",
        ),
        ({"nodes": [NODE, NODE], "edges": []}, "/nodes/1/id", 'node 0 is called "a" too'),
        (
            {"nodes": [{**NODE, "type": "trigger:kafka"}], "edges": []},
            "/nodes/0/type",
            '"trigger:kafka" cannot be',
        ),
        (
            {"nodes": [{**NODE, "type": "control:switch"}], "edges": []},
            "/nodes/0/type",
            '"control:switch" cannot',
        ),
        ({"nodes": [NODE], "edges": [1]}, "/edges/0", "must be an object, not 1"),
        ({"nodes": [NODE], "edges": [{"target": "a"}]}, "/edges/0/source", "is required"),
        (
            {"nodes": [NODE], "edges": [{"source": "A", "target": "a"}]},
            "/edges/0/source",
            'there is no node "A"',
        ),
        (
            {"nodes": [NODE], "edges": [{"source": "a", "target": []}]},
            "/edges/0/target",
            "there is no node a list",
        ),
        (
            {"nodes": [NODE], "edges": [{"source": "a", "target": "a"}]},
            "/edges/0",
            'leads from "a" to itself',
        ),
        (
            {"nodes": [{**NODE, "id": "a\x00"}], "edges": []},
            "/nodes/0/id",
            "must not contain a NUL character",
        ),
        ({"nodes": [{**NODE, "n": float("nan")}], "edges": []}, "/nodes/0/n", "must be a finite number"),
    ],
)
def test_forms(raw: Any, pointer: str, reason: str) -> None:
    [(found, message)] = refusals(raw)
    assert found == pointer
    assert message.startswith(reason)


def test_messages_stay_on_one_line() -> None:
    raw = {"nodes": [NODE, {**NODE, "id": "b"}], "edges": [{"source": "x\ny" * 500, "target": "b"}]}
    with pytest.raises(InvalidDefinition) as refused:
        compile_builder(raw)
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 300


def nodes(count: int, **changes: Any) -> list[dict[str, Any]]:
    return [{**NODE, **changes, "id": f"n{number}"} for number in range(count)]


def edge(source: int, target: int, **rest: Any) -> dict[str, Any]:
    return {"source": f"n{source}", "target": f"n{target}", **rest}


@pytest.mark.parametrize(
    ("raw", "pointer", "reason"),
    [
        ({"nodes": nodes(501), "edges": []}, "/nodes", "must have at most 500 nodes, not 501"),
        (
            {"nodes": nodes(2), "edges": [edge(0, 1)] * 2_001},
            "/edges",
            "must have at most 2,000 edges, not 2,001",
        ),
        ({"nodes": nodes(1, x="y" * 600_000), "edges": []}, "", "must be at most 512 KB of JSON"),
        (
            {"nodes": nodes(500), "edges": [edge(n, (n + 1) % 500) for n in range(500)]},
            "/nodes/0",
            "nodes lead to",
        ),
    ],
)
def test_bounds(raw: Any, pointer: str, reason: str) -> None:
    found, message = refusals(raw)[0]
    assert found == pointer
    assert message.startswith(reason)


def test_nesting_of_the_json_is_bounded() -> None:
    deep: Any = "{{trigger.x}}"
    for _ in range(1_000):
        deep = [deep]
    assert refusals({"nodes": nodes(1, data={"config": {"body": deep}}), "edges": []}) == [
        ("", "must not be nested deeper than 100 levels")
    ]
    shallow: Any = "${trigger.x}"
    for _ in range(90):
        shallow = {"a": shallow}
    compile_builder(
        {"nodes": nodes(1, data={"config": {"url": "https://example.com", "body": shallow}}), "edges": []}
    )


def test_at_most_fifty_problems_are_told() -> None:
    assert len(refusals({"nodes": nodes(400, type="control:wait"), "edges": []})) == 50


CONDITION: dict[str, Any] = {"type": "control:if", "data": {"config": {"condition": "trigger.body.x"}}}


@pytest.mark.parametrize(
    ("listed", "edges"),
    [
        (nodes(500), [edge(n, n + 1) for n in range(499)]),
        (nodes(500), [edge(n, m) for n in range(450) for m in range(n + 1, n + 5)]),
        (nodes(500), [edge(n, 499) for n in range(499)]),
        (
            nodes(500, type="control:fork", data={}),
            [edge(n, m) for n in range(490) for m in range(n + 1, n + 5)],
        ),
        (nodes(500, **CONDITION), [edge(n, m, label="true") for n in range(400) for m in (n + 1, n + 50)]),
        (nodes(500, **CONDITION), [edge(n, 499, label="false" if n % 2 else "true") for n in range(499)]),
        (nodes(500, **CONDITION), [edge(n, n + 1, label="true") for n in range(499)]),
    ],
    ids=["chain", "mesh", "star", "forks", "conditions", "star of conditions", "nested"],
)
def test_large_graphs_take_under_a_second(listed: list[Any], edges: list[Any]) -> None:
    started = time.process_time()
    message = told({"nodes": listed, "edges": edges})
    assert time.process_time() - started < 1
    assert message is None or "nested deeper" in message or "come together" in message


@pytest.mark.parametrize(
    "text",
    [
        *("${" * 200_000, "{{" * 2_000, "${a" * 100_000, "'" * 400_000, "${'" * 100_000, "`{{" * 2_000),
        *("${trigger.x}" * 15_000, "${{" * 2_000, "{{}}" * 2_000, "${}" * 100_000, "=>" * 200_000),
        *("\\" * 200_000, "'a" * 100_000, ".a" * 100_000, "${a.b(" * 50_000),
    ],
)
@pytest.mark.parametrize("field", ["message", "mapping", "script", "condition"])
def test_long_texts_take_under_a_second(text: str, field: str) -> None:
    kind = {"message": "slack:send_message", "mapping": "action:transform", "script": "action:code"}
    config = {field: {"a": text} if field == "mapping" else text}
    started = time.process_time()
    message = told(canvas({"a": (kind.get(field, "control:if"), config)}, ""))
    assert time.process_time() - started < 1
    assert message is None or len(message) < 1_000


def test_ids_that_are_none_are_made_into_ids() -> None:
    ids = ["9f-1", "näme der", "näme-der", "x" * 100, "x" * 101, "n_9f-1", "  ", "-", "a.b", "a/b", "Ω"]
    raw = canvas({node_id: ("action:http", {"url": "https://example.com"}) for node_id in ids}, "")
    raw["nodes"].append(
        {
            "id": "last",
            "type": "action:transform",
            "data": {"config": {"mapping": {"a": "${steps['a/b'].body}"}}},
        }
    )
    raw["edges"] = [{"source": "a/b", "target": "last"}]
    definition = compile_builder(raw)
    parse_definition(definition, full_catalogue())
    found = [action["id"] for action in definition["actions"]]
    assert found[:3] == ["n_9f-1_2", "n_me_der", "n_me-der"]
    assert found[3:11] == ["x" * 56, "x" * 56 + "_2", "n_9f-1", "node", "n_-", "a_b", "a_b_2", "node_2"]
    assert definition["actions"][-1]["config"]["mapping"]["a"] == "steps.a_b_2.output.body"


def test_the_editors_own_form_is_read_too() -> None:
    raw = {
        "nodes": [
            {"id": "t", "type": "trigger", "data": {"label": "Start", "nodeType": "manual"}},
            {
                "id": "a",
                "type": "action",
                "data": {"type": "action:http", "label": "Get", "url": "https://example.com"},
            },
            {"id": "b", "type": "control", "data": {"nodeType": "conditional", "condition": "trigger.x"}},
            {
                "id": "c",
                "type": "action",
                "data": {"name": "Set", "config": {"type": "transform", "expression": "1"}},
            },
            {
                "id": "d",
                "type": "action:log",
                "name": "Log",
                "config": {"message": "x"},
                "style": {"color": "red"},
            },
        ],
        "edges": [
            {"source": "t", "target": "a", "animated": True},
            {"source": "a", "target": "b"},
            {"source": "b", "target": "c", "sourceHandle": "true"},
            {"source": "b", "target": "d", "sourceHandle": "false"},
        ],
        "viewport": {"zoom": 1.5},
    }
    definition = compile_builder(raw)
    parse_definition(definition, full_catalogue())
    assert outline(definition["actions"]) == "a; b {then: c | else: d}"
    assert definition["trigger"]["type"] == "manual"
    assert definition["actions"][0]["config"]["url"] == "https://example.com"
    assert definition["actions"][0]["name"] == "Get"


def test_frame_fields_stand_beside_the_nodes() -> None:
    frame = {
        "variables": {"a": 1},
        "timeout": "1h",
        "input_schema": {"type": "object"},
        "output": "${steps.x.body}",
    }
    definition = compile_builder(canvas({"x": ("action:http", {"url": "https://example.com"})}, "", **frame))
    assert {key: definition[key] for key in frame} == {**frame, "output": "{{steps.x.output.body}}"}
    parse_definition(definition, full_catalogue())
