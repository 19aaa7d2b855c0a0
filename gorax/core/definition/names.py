"""The names that expressions see: what the interpreter provides, and what a definition may therefore read."""

from collections.abc import Mapping

from gorax.core.actions.catalogue import Catalogue
from gorax.core.definition.model import Definition
from gorax.core.definition.outline import Outline
from gorax.core.definition.shape import variable_fields
from gorax.core.errors import ErrorInfo

ROOTS = frozenset({"trigger", "steps", "vars", "env"})
"""Names that exist everywhere."""
HANDLER_ROOT = "error"
"""The name that handlers add."""

TRIGGER_FIELDS: Mapping[str, frozenset[str]] = {
    "manual": frozenset({"type", "body"}),
    "webhook": frozenset(
        {
            *("type", "body", "body_encoding", "method", "path", "headers", "query"),
            *("remote_address", "received_at", "webhook_id", "event_id"),
        }
    ),
    "schedule": frozenset({"type", "body", "scheduled_at", "schedule_id"}),
}
"""Fields of `trigger`, by its type."""

FIELDS: Mapping[str, frozenset[str]] = {
    "env": frozenset(
        {
            *("tenant_id", "workflow_id", "workflow_name", "version"),
            *("execution_id", "trigger_type", "started_at"),
        }
    ),
    HANDLER_ROOT: frozenset(ErrorInfo.model_fields),
}
"""Fields of the other names whose fields are always the same."""

STEP_FIELDS = frozenset({"output", "status", "error", "attempts"})
"""Fields of `steps.<id>`."""


def variables_of(definition: Definition, outline: Outline, catalogue: Catalogue) -> frozenset[str] | None:
    """The names that can be there under `vars`; None where an action may set others than it says."""
    if not any(variable_fields(action_type.config) for action_type in catalogue):
        return None
    names = set(definition.variables)
    for node in outline:
        for field in variable_fields(node.type.config) if node.type else ():
            given = node.action.config.get(field)
            if isinstance(given, str):
                return None  # a template, which may give anything
            names.update(given if isinstance(given, dict) else ())
    return frozenset(names)
