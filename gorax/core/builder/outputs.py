"""What the original calls the parts of a step's output, and where ours has them."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Output:
    """The output of one kind of node."""

    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By the original's name: the path in our output."""
    others: tuple[str, ...] | None = None
    """Where every other name is found; None where there are no others."""


def _same(*names: str, **renamed: str) -> Mapping[str, tuple[str, ...]]:
    return {name: (name,) for name in names} | {old: (new,) for old, new in renamed.items()}


_ANY = Output(others=())

_BY_KIND: Mapping[str, Output] = {
    "http": Output(
        _same(
            *("status", "headers", "body", "url", "elapsed_ms"),
            status_code="status",
            response="body",
            duration="elapsed_ms",
            duration_ms="elapsed_ms",
        ),
        others=("body",),
    ),
    "code": Output(_same("result", "logs", console_logs="logs"), others=("result",)),
    "if": Output(_same("result")),
    "loop": Output(_same("count", "succeeded", "failed", "results", iteration_count="count")),
    "parallel": Output(),
    "fork": Output(),
    "join": Output(_same("completed_branches")),
    "try": Output(),
    "delay": Output(_same("started_at", "completed_at")),
    "sub_workflow": Output(_same("execution_id", "status"), others=("output",)),
    "approval": Output(_same("decision", "by", "at", "form")),
}


def output_of(kind: str) -> Output:
    """The output of a kind of node; of the kinds that are not named here, every field stays where it is."""
    return _BY_KIND.get(kind, _ANY)


ERROR_FIELDS: Mapping[str, tuple[str, ...]] = {
    "type": ("type",),
    "message": ("message",),
    "action_id": ("action_id",),
    "details": ("details",),
    "attempt": ("attempt",),
    "error_type": ("type",),
    "error_message": ("message",),
    "node_id": ("action_id",),
    "retry_attempt": ("attempt",),
    "http_status_code": ("details", "status"),
}
"""By the original's name, with underscores: the path in our `error`."""
