"""How an action is tried again: from a retry node before it, or from its own config."""

from typing import Any

from gorax.core.builder.fields import Fields
from gorax.core.builder.reading import Node
from gorax.core.definition.problems import Findings

_STRATEGIES = {"fixed": "fixed", "exponential": "exponential", "exponential_jitter": "exponential_jitter"}
_RETRIED_ANYWAY = frozenset({408, 425, 429, 500, 502, 503, 504})
_PATTERNS = (
    "patterns are matched with messages in the original and with error types here: leave the field out, and put "
    "what must not be tried again into a try"
)


def retry_of(node: Node, retry_node: Node | None, findings: Findings) -> dict[str, Any] | None:
    """The `retry` of the action of a node; None where nothing is said about it."""
    if retry_node is not None:
        return _of_node(Fields(retry_node, findings))
    own = Fields(node, findings).mapping("retry")
    if own is None:
        return None
    inner = Node(node.index, node.id, node.kind, False, None, own, Fields(node, findings).at("retry"))
    return _of_config(Fields(inner, findings))


def _of_node(fields: Fields) -> dict[str, Any]:
    strategy = fields.word(_STRATEGIES, "strategy") or "exponential"
    for name in ("retryable_errors", "non_retryable_errors"):
        if fields.get(name):
            fields.refuse(_PATTERNS, name)
    codes = fields.listed("retryable_status_codes")
    if codes and not _RETRIED_ANYWAY.issuperset(code for code in codes if isinstance(code, int)):
        listed = ", ".join(map(str, sorted(_RETRIED_ANYWAY)))
        fields.refuse(f"only these can be tried again, and always are: {listed}", "retryable_status_codes")
    attempts = fields.number("max_attempts", "max_retries")
    retry: dict[str, Any] = {} if attempts is None else {"max_attempts": int(attempts) + 1}
    _add_waits(retry, fields, ("initial_delay_ms", "initial_backoff_ms"), ("max_delay_ms", "max_backoff_ms"))
    backoff = 1 if strategy == "fixed" else fields.number("multiplier", "backoff_multiplier")
    if backoff:
        retry["backoff"] = backoff
    retry["jitter"] = bool(fields.flag("jitter")) or strategy == "exponential_jitter"
    return retry


def _of_config(fields: Fields) -> dict[str, Any]:
    if fields.flag("enabled") is False:
        return {"max_attempts": 1}
    if fields.get("max_retries") is None and fields.get("max_attempts") is not None:
        # Written as ours: then all of it is.
        return dict(fields.node.config)
    retries = fields.number("max_retries")
    retry: dict[str, Any] = {} if retries is None else {"max_attempts": int(retries) + 1}
    _add_waits(retry, fields, ("initial_backoff_ms",), ("max_backoff_ms",))
    if backoff := fields.number("backoff_multiplier"):
        retry["backoff"] = backoff
    return retry


def _add_waits(
    retry: dict[str, Any], fields: Fields, first: tuple[str, ...], longest: tuple[str, ...]
) -> None:
    for name, written in (("initial_interval", first), ("max_interval", longest)):
        if milliseconds := fields.number(*written):
            retry[name] = f"{milliseconds}ms"
