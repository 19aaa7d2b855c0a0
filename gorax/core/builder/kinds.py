"""The original's node types, under the many names that its API, its editor and its examples give them."""

from collections.abc import Mapping

TRIGGERS: Mapping[str, str] = {
    "trigger:webhook": "webhook",
    "trigger:schedule": "schedule",
    "trigger:manual": "manual",
    "trigger": "manual",
    "webhook": "webhook",
    "schedule": "schedule",
    "manual": "manual",
}
"""Node types that start a workflow, and the trigger that each becomes."""

_KINDS: Mapping[str, str] = {
    "http": "http",
    "transform": "transform",
    "formula": "formula",
    "code": "code",
    "script": "code",
    "email": "email",
    "send_email": "email",
    "send_message": "slack",
    "slack_send_message": "slack",
    "slack_send_dm": "slack:send_dm",
    "slack_update_message": "slack:update_message",
    "slack_add_reaction": "slack:add_reaction",
    "if": "if",
    "conditional": "if",
    "condition": "if",
    "loop": "loop",
    "parallel": "parallel",
    "fork": "fork",
    "join": "join",
    "delay": "delay",
    "subworkflow": "sub_workflow",
    "sub_workflow": "sub_workflow",
    "try": "try",
    "retry": "retry",
    "human_task": "approval",
}
_PREFIXES = ("action:", "control:")
_SLACK_MESSAGE = "slack:send_message"

BRANCHING = frozenset({"if", "loop", "parallel", "fork", "try"})
"""Kinds whose edges lead into nodes of their own."""

REFUSED: Mapping[str, str] = {
    "circuit_breaker": "a circuit breaker has no counterpart: give the node behind it a retry node, or a try",
    "catch": "a catch of its own has no counterpart: name its nodes in catch_nodes of the try",
    "finally": "a finally of its own has no counterpart: name its nodes in finally_nodes of the try",
    "wait": (
        "webhook_path has no counterpart: use a node of type wait_for_signal, which "
        "POST /api/v1/executions/{id}/signals/{name} answers, or a human_task"
    ),
    "switch": "the builder has no switch: use if nodes, or write the workflow as actions",
    "for_each": "the builder calls it control:loop",
    "while": "the builder has no while: write the workflow as actions",
}
"""Kinds that cannot be compiled, and why."""


def kind_of(node_type: str) -> str:
    """The kind of a node that is no trigger; a type that the original does not have stays as it is."""
    if node_type == _SLACK_MESSAGE:
        return "slack"
    name = node_type
    for prefix in _PREFIXES:
        name = name.removeprefix(prefix)
    if name == "send_message" and not node_type.startswith("slack"):
        # The original has another one, for message queues.
        return node_type
    return _KINDS.get(name, name if name in REFUSED else node_type)
