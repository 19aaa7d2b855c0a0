"""Configs of the nodes with effects: http, code, email, slack, sub-workflows, and types that others add."""

import json
from collections.abc import Mapping
from typing import Any

from gorax.core.builder.drafts import Draft, Task, value_as_expression
from gorax.core.builder.paths import literal
from gorax.core.builder.scripts import mentioned, wrapped
from gorax.core.definition.problems import join

MAIL_CREDENTIAL = "smtp"
SLACK_CREDENTIAL = "slack"
"""Names of the credentials that are used where a node names none: the original has accounts of the whole server."""

_DISPLAY = ("description", "label")
_SECONDS_OF_A_SCRIPT = 30
_SYNC = {"sync": "sync", "async": "async"}
_ON_TIMEOUT = {
    "auto_approve": "approve",
    "auto_reject": "reject",
    "approve": "approve",
    "reject": "reject",
    "escalate": "escalate",
    "fail": "fail",
}


def http(task: Task) -> Draft:
    """A request. In the original no status is an error, so none is here unless `expected_status` says so."""
    fields = task.fields
    known = ("params", "query_params", "timeout", "auth", "credential_id", *_DISPLAY)
    config: dict[str, Any] = task.rewrite.value(fields.rest("retry", *known), fields.node.config_at)
    if query := fields.mapping("query_params", "params"):
        config["query"] = task.rewrite.value(query, fields.at("query_params", "params"))
    if auth := fields.mapping("auth"):
        config["auth"] = task.rewrite.value(_auth(auth), fields.at("auth"))
    elif credential := fields.text("credential_id"):
        config["auth"] = {"credential": credential}
    headers = config.get("headers")
    if isinstance(config.get("body"), str) and config["body"] and isinstance(headers or {}, dict):
        names = {name.lower() for name in headers or {}}
        if "content-type" not in names:
            config["headers"] = {**(headers or {}), "Content-Type": "application/json"}
    config.setdefault("expected_status", "any")
    draft = Draft("http", config)
    _limit(draft, task.text("timeout"))
    return draft


def _auth(auth: Mapping[str, Any]) -> Mapping[str, Any]:
    if auth.get("type") != "api_key":
        return auth
    renamed = {"api_key": "value", "header": "name"}
    return {"name": "X-API-Key", **{renamed.get(key, key): value for key, value in auth.items()}}


def code(task: Task) -> Draft:
    """A script. It sees `context` as the original gives it, where a step is its output."""
    fields = task.fields
    script = fields.text("script", "code")
    if script is None:
        fields.refuse("script is required", "script", "code")
        return Draft("code", {})
    steps = {
        node_id: step
        for node_id, step in mentioned(script, task.all.steps).items()
        if step.action_id != task.action_id
    }
    variables = mentioned(script, task.rewrite.names.variables)
    config: dict[str, Any] = fields.rest(
        "script", "code", "language", "timeout", "memory_limit", "retry", *_DISPLAY
    )
    config["script"] = wrapped(script, steps, variables)
    if variables:
        config["input"] = {name: f"{{{{{ours}}}}}" for name, ours in variables.items()}
    if memory := fields.number("memory_limit"):
        config["memory_limit_mb"] = memory
    draft = Draft("code", config)
    _limit(draft, task.text("timeout"), _SECONDS_OF_A_SCRIPT)
    return draft


def _limit(draft: Draft, timeout: Any, default: int | None = None) -> None:
    """Give an attempt its limit; a template can only be read by the action itself."""
    if isinstance(timeout, str) and "{{" in timeout:
        draft.config["timeout"] = timeout
    elif timeout is not None or default is not None:
        draft.rest["timeout"] = default if timeout is None else timeout


def email(task: Task) -> Draft:
    """A mail: `body` is its text."""
    fields = task.fields
    known = ("body", "body_template", "body_html", "credential_id", "provider", "retry", *_DISPLAY)
    config: dict[str, Any] = task.rewrite.value(fields.rest(*known), fields.node.config_at)
    provider = fields.text("provider")
    if provider not in (None, "smtp"):
        fields.refuse('mail is sent by SMTP: provider can only be "smtp"', "provider")
    for name, others in (("text", ("body", "body_template")), ("html", ("body_html",))):
        if (value := task.text(*others)) is not None:
            config[name] = value
    if "text" not in config and "html" not in config:
        config["text"] = ""
    config.setdefault("credential", fields.text("credential_id") or MAIL_CREDENTIAL)
    return Draft("email", config)


def slack(task: Task) -> Draft:
    """A message, and whatever else of Slack there is a type for."""
    fields = task.fields
    config = fields.rest("message", "blocks", "credential_id", "retry", *_DISPLAY)
    config = task.rewrite.value(config, fields.node.config_at)
    if (message := task.text("message")) is not None:
        config.setdefault("text", message)
    if "ts" in config:
        config["timestamp"] = config.pop("ts")
    if (blocks := fields.get("blocks")) is not None:
        config["blocks"] = task.rewrite.value(_blocks(task, blocks), fields.at("blocks"))
    if "webhook_url" not in config:
        config.setdefault("credential", fields.text("credential_id") or SLACK_CREDENTIAL)
    return Draft(fields.node.kind, config)


def _blocks(task: Task, blocks: Any) -> Any:
    # The editor keeps them as the text of their JSON, in which a template may not break the JSON.
    if not isinstance(blocks, str) or not blocks.lstrip().startswith("["):
        return blocks
    try:
        return json.loads(blocks)
    except (ValueError, RecursionError):
        task.fields.refuse("is no JSON", "blocks")
        return blocks


def sub_workflow(task: Task) -> Draft:
    """Another workflow, which finds its input in `trigger.body`."""
    fields = task.fields
    config: dict[str, Any] = {"workflow_id": task.text("workflow_id")}
    if config["workflow_id"] is None:
        fields.refuse("workflow_id is required", "workflow_id")
    if fields.flag("inherit_context"):
        fields.refuse(
            "a sub-workflow sees its input alone: name what it needs in input_mapping", "inherit_context"
        )
    if mapping := fields.mapping("input_mapping"):
        at = fields.at("input_mapping")
        config["input"] = {key: _input(task, value, join(at, key)) for key, value in mapping.items()}
    mode = fields.word(_SYNC, "mode") or ("sync" if fields.flag("wait_for_result") else "async")
    config["wait"] = mode == "sync"
    if (timeout := fields.get("timeout")) is not None:
        config["timeout"] = timeout
    elif milliseconds := fields.number("timeout_ms"):
        config["timeout"] = f"{milliseconds}ms"
    return Draft("sub_workflow", config)


def _input(task: Task, value: Any, pointer: str) -> Any:
    expression = value_as_expression(task.rewrite, value, pointer)
    is_constant = not isinstance(value, str) or expression == literal(value)
    return task.rewrite.value(value, pointer) if is_constant else f"{{{{ {expression} }}}}"


def approval(task: Task) -> Draft:
    """A human task: somebody's answer, in the form that is asked for."""
    fields = task.fields
    known = ("form_fields", "task_type", "due_date", "timeout", "on_timeout", "escalate_to", "retry", "label")
    config: dict[str, Any] = task.rewrite.value(fields.rest(*known), fields.node.config_at)
    if (form := fields.get("form_fields")) is not None:
        config["form"] = form
    on_timeout = fields.word(_ON_TIMEOUT, "on_timeout")
    # What is never due has no time to run out, whatever should be done then.
    if (limit := task.text("due_date", "timeout")) is not None:
        config["timeout"] = limit
        if on_timeout:
            config["on_timeout"] = on_timeout
        if on_timeout == "escalate":
            config["escalate_to"] = task.text("escalate_to")
    config.setdefault("title", fields.node.name or fields.node.id)
    return Draft("approval", config)


def other(task: Task) -> Draft:
    """A type of the catalogue that the original does not have, in the form that it has there."""
    fields = task.fields
    return Draft(fields.node.kind, task.rewrite.value(fields.rest("retry"), fields.node.config_at))
