"""What becomes of the configs of nodes, kind by kind."""

import json
from typing import Any

import pytest

from gorax.core.actions.catalogue import full_catalogue
from gorax.core.builder import compile_builder
from gorax.core.definition import InvalidDefinition, load_definition, parse_definition
from gorax.core.dry_run import dry_run
from tests.core.builder.canvases import canvas


def action(kind: str, config: dict[str, Any]) -> dict[str, Any]:
    """One node, compiled and accepted by the language."""
    definition = compile_builder(canvas({"t": ("trigger:webhook", {}), "a": (kind, config)}, "t>a"))
    parse_definition(definition, full_catalogue())
    [found] = definition["actions"]
    assert isinstance(found, dict)
    return {key: value for key, value in found.items() if key not in ("id", "name")}


def refusal(kind: str, config: dict[str, Any]) -> tuple[str, str]:
    with pytest.raises(InvalidDefinition) as refused:
        compile_builder(canvas({"t": ("trigger:webhook", {}), "a": (kind, config)}, "t>a"))
    problem = refused.value.problems[0]
    return problem.pointer.removeprefix("/nodes/1/data"), problem.message


URL = "https://example.com/{{trigger.id}}"


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        (
            {"method": "GET", "url": URL, "timeout": 60, "follow_redirects": False},
            {
                "type": "http",
                "config": {
                    "method": "GET",
                    "url": "https://example.com/{{trigger.body.id}}",
                    "follow_redirects": False,
                    "expected_status": "any",
                },
                "timeout": 60,
            },
        ),
        (
            {"url": "https://example.com", "body": '{"a": 1}', "query_params": {"q": "${trigger.q}"}},
            {
                "type": "http",
                "config": {
                    "url": "https://example.com",
                    "body": '{"a": 1}',
                    "query": {"q": "{{trigger.body.q}}"},
                    "headers": {"Content-Type": "application/json"},
                    "expected_status": "any",
                },
            },
        ),
        (
            {
                "url": "https://example.com",
                "auth": {"type": "api_key", "api_key": "{{credentials.k}}"},
                "expected_status": "2xx",
                "retry": {
                    "enabled": True,
                    "max_retries": 3,
                    "initial_backoff_ms": 100,
                    "backoff_multiplier": 3,
                },
            },
            {
                "type": "http",
                "config": {
                    "url": "https://example.com",
                    "auth": {"type": "api_key", "name": "X-API-Key", "value": "{{credentials.k}}"},
                    "expected_status": "2xx",
                },
                "retry": {"max_attempts": 4, "initial_interval": "100ms", "backoff": 3},
            },
        ),
    ],
)
def test_http(config: dict[str, Any], expected: dict[str, Any]) -> None:
    assert action("action:http", config) == expected


def test_no_retry() -> None:
    config = {"url": "https://example.com", "retry": {"enabled": False, "max_retries": 3}}
    assert action("action:http", config)["retry"] == {"max_attempts": 1}


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        (
            {"strategy": "fixed", "maxAttempts": 2, "initialDelayMs": 500},
            {"max_attempts": 3, "initial_interval": "500ms", "backoff": 1, "jitter": False},
        ),
        (
            {"strategy": "exponential_jitter", "max_attempts": 0, "max_delay_ms": 60_000, "multiplier": 3},
            {"max_attempts": 1, "max_interval": "60000ms", "backoff": 3, "jitter": True},
        ),
        ({"retryableStatusCodes": [429, 503]}, {"jitter": False}),
    ],
)
def test_retry_nodes(config: dict[str, Any], expected: dict[str, Any]) -> None:
    nodes = {"r": ("control:retry", config), "a": ("action:http", {"url": "https://example.com"})}
    [found] = compile_builder(canvas(nodes, "r>a"))["actions"]
    assert found["retry"] == expected
    # A status that is to be tried again has to be an error.
    assert "expected_status" not in found["config"]


@pytest.mark.parametrize(
    ("config", "field"),
    [
        ({"retryable_errors": ["rate.*limit"]}, "retryable_errors"),
        ({"retryableStatusCodes": [404]}, "retryableStatusCodes"),
        ({"strategy": "whenever"}, "strategy"),
        ({"max_attempts": "3"}, "max_attempts"),
    ],
)
def test_retry_nodes_that_cannot_be_told(config: dict[str, Any], field: str) -> None:
    nodes = {"r": ("control:retry", config), "a": ("action:http", {"url": "https://example.com"})}
    with pytest.raises(InvalidDefinition) as refused:
        compile_builder(canvas(nodes, "r>a"))
    assert refused.value.problems[0].pointer == f"/nodes/0/data/config/{field}"


@pytest.mark.parametrize(
    ("kind", "config", "expected"),
    [
        (
            "action:transform",
            {"expression": "trigger.body.id", "default": 0},
            {"expression": "trigger.body.id", "default": 0},
        ),
        ("action:transform", {"expression": "x", "mapping": {"a": "b"}}, {"mapping": {"a": '"b"'}}),
        (
            "action:formula",
            {"expression": "trigger.a * 2", "output_variable": "x"},
            {"expression": "trigger.body.a * 2"},
        ),
        ("control:delay", {"duration": "{{trigger.wait}}"}, {"duration": "{{trigger.body.wait}}"}),
        (
            "action:email",
            {
                "to": ["a@example.com"],
                "subject": "s",
                "body": "${trigger.x}",
                "body_html": "<p>",
                "provider": "smtp",
            },
            {
                "to": ["a@example.com"],
                "subject": "s",
                "text": "{{trigger.body.x}}",
                "html": "<p>",
                "credential": "smtp",
            },
        ),
        (
            "action:email",
            {"to": "a@example.com", "subject": "s", "credential_id": "office"},
            {"to": "a@example.com", "subject": "s", "text": "", "credential": "office"},
        ),
        (
            "slack:send_message",
            {"channel": "c", "message": "m"},
            {"channel": "c", "text": "m", "credential": "slack"},
        ),
        (
            "slack:send_message",
            {
                "webhook_url": "https://hooks.example.com",
                "message": "m",
            },
            {"webhook_url": "https://hooks.example.com", "text": "m"},
        ),
        (
            "slack:send_message",
            {"credential_id": "team", "channel": "c", "blocks": '[{"text": "{{trigger.x}}"}]'},
            {"channel": "c", "credential": "team", "blocks": [{"text": "{{trigger.body.x}}"}]},
        ),
        (
            "action:subworkflow",
            {
                "workflow_id": "wf_1",
                "mode": "async",
                "input_mapping": {"a": "trigger.body.a", "b": "${trigger.b}", "c": "text", "d": 3},
                "timeout": "5m",
            },
            {
                "workflow_id": "wf_1",
                "wait": False,
                "input": {"a": "{{ trigger.body?.a }}", "b": "{{ trigger.body.b }}", "c": "text", "d": 3},
                "timeout": "5m",
            },
        ),
        (
            "human_task",
            {
                "task_type": "approval",
                "title": "Go?",
                "assignees": ["admin"],
                "on_timeout": "auto_reject",
                "due_date": "1d",
            },
            {"title": "Go?", "assignees": ["admin"], "timeout": "1d", "on_timeout": "reject"},
        ),
        (
            "human_task",
            {"title": "Go?", "timeout": "2h", "on_timeout": "escalate", "escalate_to": ["boss"]},
            {"title": "Go?", "timeout": "2h", "on_timeout": "escalate", "escalate_to": ["boss"]},
        ),
        ("human_task", {"title": "Go?", "on_timeout": "escalate", "escalate_to": []}, {"title": "Go?"}),
        (
            "control:loop",
            {
                "source": "{{trigger.rows}}",
                "itemVariable": "row",
                "onError": "continue",
                "breakConditions": [
                    {"condition": "row.last"},
                    {"operator": "greater_than", "field": "row.n", "value": 3},
                    {"operator": "starts_with", "field": "loop.item.name", "value": "x"},
                ],
            },
            {
                "items": "trigger.body.rows",
                "item": "row",
                "index": "index",
                "actions": [],
                "max_iterations": 1_000,
                "on_error": "continue",
                "break_when": '(row.last) || (row.n > 3) || (row.name startsWith "x")',
            },
        ),
        ("action:log", {"message": "${trigger.x}"}, {"message": "{{trigger.body.x}}"}),
    ],
)
def test_configs(kind: str, config: dict[str, Any], expected: dict[str, Any]) -> None:
    assert action(kind, config)["config"] == expected


@pytest.mark.parametrize(
    ("kind", "config", "pointer", "reason"),
    [
        ("control:if", {}, "/config", "condition is required"),
        ("control:loop", {"item_variable": "x"}, "/config", "source is required"),
        (
            "control:loop",
            {"source": "a", "item_variable": "steps"},
            "/config/item_variable",
            '"steps" cannot be',
        ),
        ("control:loop", {"source": "a", "item_variable": "a-b"}, "/config/item_variable", '"a-b" cannot be'),
        ("control:loop", {"source": "a", "item_variable": "index"}, "/config", "must differ"),
        ("control:loop", {"source": "a", "key_variable": "item"}, "/config/key_variable", "must differ"),
        ("control:loop", {"source": "a", "key_variable": "vars"}, "/config/key_variable", '"vars" cannot be'),
        (
            "control:loop",
            {"source": "a", "on_error": "x"},
            "/config/on_error",
            "must be one of stop, continue",
        ),
        ("control:loop", {"source": "a", "max_iterations": -1}, "/config/max_iterations", "must be a number"),
        (
            "control:loop",
            {"source": "a", "break_conditions": [{}]},
            "/config/break_conditions",
            "must have a cond",
        ),
        ("control:parallel", {"branches": [{"actions": []}]}, "/config/branches/0", "must be {"),
        (
            "control:parallel",
            {"branches": [{"nodes": ["q"]}]},
            "/config/branches/0/nodes/0",
            'there is no node "q"',
        ),
        (
            "control:parallel",
            {"branches": [{"nodes": ["t"]}]},
            "/config/branches/0/nodes/0",
            '"t" is the trigger',
        ),
        ("control:try", {}, "/config", "a try must hold at least one node"),
        ("control:delay", {}, "/config", "duration is required"),
        ("action:code", {"language": "javascript"}, "/config", "script is required"),
        ("action:email", {"provider": "mailgun"}, "/config/provider", "mail is sent by SMTP"),
        ("slack:send_message", {"blocks": "[{"}, "/config/blocks", "is no JSON"),
        (
            "action:subworkflow",
            {"inherit_context": True, "workflow_id": "x"},
            "/config/inherit_context",
            "a sub-w",
        ),
        ("action:subworkflow", {}, "/config", "workflow_id is required"),
        (
            "action:subworkflow",
            {"workflow_id": "x", "output_mapping": {"a": "b + c"}},
            "/config/output_mapping",
            "must",
        ),
        ("action:http", {"retry": []}, "/config/retry", "must be an object, not a list"),
    ],
)
def test_configs_that_cannot_be_told(kind: str, config: dict[str, Any], pointer: str, reason: str) -> None:
    found, message = refusal(kind, config)
    assert found == pointer
    assert message.startswith(reason)


def test_a_loop_over_an_object_goes_by_its_keys() -> None:
    config = {"source": "${trigger.prices}", "item_variable": "price", "key_variable": "sku"}
    text = {"message": "${steps.sku}: {{price.net}} {{loop.key}} {{loop.item.net}} {{sku}}"}
    nodes = {
        "t": ("trigger:webhook", {}),
        "loop": ("control:loop", {**config, "break_conditions": ["sku == 'b'"]}),
        "say": ("log", text),
    }
    definition = compile_builder(canvas(nodes, "t>loop loop>say"))
    parse_definition(definition, full_catalogue())
    done = dry_run(
        load_definition(definition),
        full_catalogue(),
        {"prices": {"c": {"net": 3}, "a": {"net": 1}, "b": {"net": 2}}},
        context={},
    )
    said = [step.output["message"] for step in done.steps if step.action_id == "say"]
    assert said == ["a: 1 a 1 a", "b: 2 b 2 b"]


def test_a_script_sees_steps_as_the_original_has_them() -> None:
    script = (
        "const list = context.steps['9-list'].body.items; // the first line\n"
        "const status = ctx.steps['9-list'].status_code;\n"
        "return {names: list.map(item => `${item}`), status, row: context.steps.row.n, "
        "sum: context.steps.sum, none: context.steps.other, by: context.trigger.body.by}; // no newline"
    )
    nodes = {
        "loop": ("control:loop", {"source": "trigger.rows", "item_variable": "row"}),
        "9-list": ("action:http", {"url": "https://example.com"}),
        "sum": ("action:formula", {"expression": "1"}),
        "other": ("action:http", {"url": "https://example.com"}),
        "code": ("action:code", {"code": script, "timeout": 5, "memory_limit": 64}),
    }
    definition = compile_builder(canvas(nodes, "loop>9-list 9-list>sum sum>other other>code"))
    parse_definition(definition, full_catalogue())
    code = definition["actions"][0]["config"]["actions"][-1]
    assert (code["timeout"], code["config"]["memory_limit_mb"]) == (5, 64)
    assert code["config"]["input"] == {"row": "{{row}}"}
    context = {
        "trigger": {"body": {"by": "me"}},
        "steps": {
            "n_9-list": {"output": {"status": 200, "body": {"items": [1, 2]}}, "error": None},
            "sum": {"output": 3},
        },
        "input": {"row": {"n": 7}},
    }
    engine = pytest.importorskip("quickjs").Context()
    engine.eval(f"var given; async function run(context) {{ {code['config']['script']} }}")
    engine.eval(
        f"run({json.dumps(context)}).then(v => {{ given = JSON.stringify(v) }}, e => {{ given = `${{e}}` }})"
    )
    while engine.execute_pending_job():
        pass
    assert json.loads(engine.eval("given")) == {
        "names": ["1", "2"],
        "status": 200,
        "row": 7,
        "sum": 3,
        "by": "me",
    }


def test_a_script_is_told_all_steps_where_it_computes_their_names() -> None:
    nodes = {
        "a": ("action:http", {"url": "https://example.com"}),
        "code": ("action:code", {"script": "return context.steps[name];"}),
    }
    script = compile_builder(canvas(nodes, "a>code"))["actions"][1]["config"]["script"]
    assert '"a": of(context.steps["a"])' in script
    assert '"code"' not in script
