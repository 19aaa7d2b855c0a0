"""References, expressions and templates of the original, and what they become."""

from typing import Any

import pytest

from gorax.core.actions.catalogue import full_catalogue
from gorax.core.builder import compile_builder, compile_with_sources
from gorax.core.definition import InvalidDefinition, parse_definition
from tests.core.builder.canvases import canvas

HTTP = ("action:http", {"url": "https://example.com"})
BEFORE: dict[str, tuple[str, dict[str, Any]]] = {
    "http-1": HTTP,
    "9d-4f": HTTP,
    "shape": ("action:transform", {"mapping": {"total": "trigger.body.total", "error": "trigger.body.e"}}),
    "sum": ("action:formula", {"expression": "1 + 1", "output_variable": "total"}),
    "script": ("action:code", {"script": "return 1"}),
    "child": (
        "control:sub_workflow",
        {"workflow_id": "wf_1", "mode": "sync", "output_mapping": {"paid": "${output.status}", "id": "id"}},
    ),
    "plain": ("control:sub_workflow", {"workflow_id": "wf_1"}),
    "pause": ("control:delay", {"duration": "1s"}),
    "meet": ("control:join", {}),
}


def in_place(kind: str, config: dict[str, Any], trigger: str = "webhook") -> dict[str, Any]:
    """The config of a node after all of `BEFORE`, compiled."""
    nodes = {"hook": (f"trigger:{trigger}", {}), **BEFORE, "last": (kind, config)}
    edges = " ".join(f"{first}>{second}" for first, second in zip(nodes, list(nodes)[1:], strict=False))
    definition = compile_builder(canvas(nodes, edges, variables={"API": "https://example.com"}))
    parse_definition(definition, full_catalogue())
    config = definition["actions"][-1]["config"]
    assert isinstance(config, dict)
    return config


def condition(source: str, trigger: str = "webhook") -> Any:
    return in_place("control:if", {"condition": source}, trigger)["condition"]


def text(source: str) -> Any:
    return in_place("slack:send_message", {"channel": "c", "text": source})["text"]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("steps.http-1.body.count > 2", 'steps["http-1"].output.body.count > 2'),
        ("steps['http-1'].body.a == \"x\"", 'steps["http-1"].output.body.a == "x"'),
        ("steps.http-1.output.body.a == 1", 'steps["http-1"].output.body.a == 1'),
        ("steps.http-1.status_code == 200", 'steps["http-1"].output.status == 200'),
        ("steps.http-1.response.ok == true", 'steps["http-1"].output.body.ok == true'),
        ("steps.http-1.vulnerable == true", 'steps["http-1"].output.body.vulnerable == true'),
        ("steps['http-1'].error == null", 'steps["http-1"].error == nil'),
        ("steps.http1.body.a == 1", 'steps["http-1"].output.body.a == 1'),
        ("steps.9d-4f.body.a == 1", 'steps["n_9d-4f"].output.body.a == 1'),
        ("steps.shape.total - 1 > 0", "steps.shape.output.total - 1 > 0"),
        ("steps.http-1.body.n-1 > 0", 'steps["http-1"].output.body.n-1 > 0'),
        ("steps.shape.error == 1", "steps.shape.output.error == 1"),
        ("steps.sum.total > 1", "steps.sum.output > 1"),
        ("steps.sum.result > 1 && steps.sum > 1", "steps.sum.output > 1 && steps.sum.output > 1"),
        ("steps.script.result.x == 1", "steps.script.output.result.x == 1"),
        ("steps.script.x == 1", "steps.script.output.result.x == 1"),
        ("steps.child.paid == 'yes'", "steps.child.output.output.status == 'yes'"),
        ("steps.child.id == 'yes'", "steps.child.output.output.id == 'yes'"),
        ("steps.plain.output.x == 1", "steps.plain.output.output.x == 1"),
        ("steps.plain.execution_id != ''", "steps.plain.output.execution_id != ''"),
        ("steps.meet.branch_outputs.shape.total == 1", "steps.shape.output.total == 1"),
        ("steps.meet.branch_outputs['http-1'].status_code == 1", 'steps["http-1"].output.status == 1'),
        ("steps.hook.body.x == 1", "trigger.body.x == 1"),
        ("trigger.severity == 'high'", "trigger.body.severity == 'high'"),
        ("trigger.body.severity == 'high'", "trigger.body.severity == 'high'"),
        ("trigger.headers['X-A'] == 'high'", "trigger.headers[\"X-A\"] == 'high'"),
        ("${trigger.severity} == 'high'", "trigger.body.severity == 'high'"),
        ("{{trigger.severity}} === 'high'", "trigger.body.severity == 'high'"),
        ("${trigger.a == 'x' && trigger.b !== 1}", "trigger.body.a == 'x' && trigger.body.b != 1"),
        ("!${steps.shape.total}", "!steps.shape.output.total"),
        ("${trigger.a} AND NOT ${trigger.b}", "trigger.body.a && ! trigger.body.b"),
        ("${trigger.a || trigger.b} == true", "(trigger.body.a || trigger.body.b) == true"),
        ("(trigger.a || 'x') == 'x'", "(trigger.body.a ?? 'x') == 'x'"),
        ("'{{trigger.kind}}' == 'a'", "to_string(trigger.body.kind ?? \"\") == 'a'"),
        ("'{{trigger.a}}-b' == 'a-b'", '(to_string(trigger.body.a ?? "") + "-b") == \'a-b\''),
        ("trigger.items.length > 0", "len(trigger.body.items) > 0"),
        ("trigger.items['length'] > 0", "trigger.body.items.length > 0"),
        ("len(steps.http-1.body.items) > 0", 'len(steps["http-1"].output.body.items) > 0'),
        ("any(trigger.items, .price > 1 && #.ok)", "any(trigger.body.items, .price > 1 && #.ok)"),
        ("'steps.http-1' == trigger.x", "'steps.http-1' == trigger.body.x"),
        ("{trigger: trigger.x}.trigger == 1", "{trigger: trigger.body.x}.trigger == 1"),
        ("env.execution_id == execution.id", "env.execution_id == env.execution_id"),
        ("env.API == workflow.name", "vars.API == env.workflow_name"),
    ],
)
def test_expressions(source: str, expected: str) -> None:
    assert condition(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("trigger.timestamp != ''", "trigger.scheduled_at != ''"),
        ("trigger.total > 1", "trigger.body.total > 1"),
    ],
)
def test_a_schedule_has_another_trigger(source: str, expected: str) -> None:
    assert condition(source, "schedule") == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("no template", "no template"),
        (
            "Hello ${trigger.name}, {{steps.http-1.body.a}}",
            'Hello {{trigger.body.name}}, {{steps["http-1"].output.body.a}}',
        ),
        ("${{trigger.price}}", "${{trigger.body.price}}"),
        ("{{ trigger.user-id }}", '{{trigger.body["user-id"]}}'),
        ("${trigger.kind || 'none'}", "{{ trigger.body.kind ?? 'none' }}"),
        ("${trigger.a || trigger.b}", "{{ trigger.body.a ?? trigger.body.b }}"),
        ("${trigger.a ? 'x}' : 'y'}", "{{ trigger.body.a ? 'x}' : 'y' }}"),
        ("{{credentials.api_token}}", "{{credentials.api_token}}"),
        ("Bearer ${credential.api.token}", "Bearer {{credentials.api.token}}"),
        ("{{workflow.name}} {{execution.id}}", "{{env.workflow_name}} {{env.execution_id}}"),
    ],
)
def test_texts(source: str, expected: str) -> None:
    assert text(source) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("trigger.body.id", "trigger.body?.id"),
        ("steps.http-1.body.a-b", 'steps["http-1"]?.output?.body?.["a-b"]'),
        ("${steps.http-1.status_code == 200}", 'steps["http-1"].output.status == 200'),
        ("Alert: ${trigger.kind}!", '"Alert: " + to_string(trigger.body.kind ?? "") + "!"'),
        ("premium", '"premium"'),
        ("steps", '"steps"'),
        ("v1.2", '"v1.2"'),
        (["a", {"b": "trigger.b"}, None, 1.5], '["a", {"b": trigger.body?.b}, nil, 1.5]'),
    ],
)
def test_values_of_a_mapping(value: Any, expected: str) -> None:
    assert in_place("action:transform", {"mapping": {"out": value}})["mapping"]["out"] == expected


LOOP = ("control:loop", {"source": "${trigger.rows}", "item_variable": "row", "index_variable": "at"})


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{{steps.row.name}} {{steps.at}}", "{{row.name}} {{at}}"),
        ("${row.name} ${at}", "{{row.name}} {{at}}"),
        ("${loop.row.name} ${loop.index}", "{{row.name}} {{at}}"),
        ("{{loop.item.name}}", "{{row.name}}"),
        ("{{steps._loop.is_first}}", "{{ (at == 0) }}"),
        ("{{steps.outer}}", "{{outer}}"),
    ],
)
def test_variables_of_loops(source: str, expected: str) -> None:
    nodes = {
        "o": ("control:loop", {"source": "trigger.body", "item_variable": "outer"}),
        "l": LOOP,
        "a": ("slack:send_message", {"channel": "c", "text": source}),
    }
    definition = compile_builder(canvas(nodes, "o>l l>a"))
    inner = definition["actions"][0]["config"]["actions"][0]["config"]
    assert inner["items"] == "trigger.body.rows"
    assert inner["actions"][0]["config"]["text"] == expected


def test_the_error_of_a_catch() -> None:
    nodes = {
        "try": ("control:try", {"try_nodes": ["a"], "catch_nodes": ["b"], "error_binding": "why"}),
        "a": HTTP,
        "b": (
            "slack:send_message",
            {"channel": "c", "text": "{{why.errorMessage}} {{error.http_status_code}}"},
        ),
    }
    definition = compile_builder(canvas(nodes, "try>a[try] try>b[catch]"))
    caught = definition["actions"][0]["config"]["catch"][0]["actions"][0]
    assert caught["config"]["text"] == "{{error.message}} {{error.details.status}}"
    parse_definition(definition, full_catalogue())


def test_a_step_that_may_not_have_run_reads_as_null() -> None:
    nodes = {
        "if": ("control:if", {"condition": "true"}),
        "a": HTTP,
        "b": ("slack:send_message", {"channel": "c", "text": "{{steps.a.body.x}} {{steps.fork.x}}"}),
        "fork": ("control:parallel", {}),
        "c": HTTP,
        "d": HTTP,
        "last": ("slack:send_message", {"channel": "c", "text": "{{steps.c.body.x}}"}),
    }
    nodes["b"][1]["text"] = "{{steps.a.body.x}}"
    raw = canvas(nodes, "if>a[true] if>b a>b b>fork fork>c fork>d c>last d>last")
    actions = {action["id"]: action for action in compile_builder(raw)["actions"]}
    assert actions["b"]["config"]["text"] == "{{steps.a?.output?.body?.x}}"
    assert actions["last"]["config"]["text"] == "{{steps.c.output.body.x}}"


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("steps.nope.x == 1", 'there is no node "nope"'),
        ("steps.pause.delayed_ms > 1", 'the output of "pause" has no "delayed_ms"; there are started_at'),
        ("env.TOKEN == 1", "there is no env.TOKEN: put the value under variables"),
        ("execution.failed_at == 1", "execution.failed_at cannot be read while it runs"),
        ("filter(trigger.items, i => i.ok)", "=> is JavaScript"),
        ("trigger.items.map(.id)", ".map(…) is JavaScript"),
        ("trigger.name.toUpperCase() == 'A'", ".toUpperCase(…) is JavaScript"),
        ("${trigger.name == 'A'", "${ is opened and not closed"),
        ("${${${${${trigger.x}}}}}", "templates must not be nested deeper than 4"),
        ("1 +" * 2_000, "must have at most 4,096 characters, not 6,000"),
    ],
)
def test_what_has_no_counterpart_is_refused(source: str, reason: str) -> None:
    with pytest.raises(InvalidDefinition) as refused:
        condition(source)
    [problem] = refused.value.problems
    assert problem.pointer == f"/nodes/{len(BEFORE) + 1}/data/config/condition"
    assert problem.message.startswith(reason)


def test_problems_that_the_language_finds_are_told_in_the_authors_terms() -> None:
    nodes = {
        "if": ("control:if", {"condition": "true"}),
        "a": ("action:http", {"url": "https://example.com", "headers": {"X": "${missing.name}"}}),
        "b": ("action:sms", {"to": "1"}),
        "loop": ("control:loop", {"source": "trigger.rows[", "item_variable": "row"}),
    }
    raw = canvas(nodes, "if>a[true] if>b if>loop", output="{{nothing}}")
    compiled = compile_with_sources(raw)
    with pytest.raises(InvalidDefinition) as refused:
        parse_definition(compiled.definition, full_catalogue())
    told = compiled.refused(refused.value).problems
    assert sorted(problem.pointer for problem in told) == [
        "/nodes/1/data/config/headers/X",
        "/nodes/2",
        "/nodes/3/data/config",
        "/output",
    ]
    assert all(problem.column is None for problem in told)
