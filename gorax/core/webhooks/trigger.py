"""What an execution that an event begins has as its `trigger`."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal, Protocol

from gorax.core.times import rfc3339

Encoding = Literal["base64"]


class Received(Protocol):
    """An event, as far as its execution sees it."""

    @property
    def id(self) -> str:
        """The event's id."""

    @property
    def webhook_id(self) -> str:
        """The webhook that received it."""

    @property
    def method(self) -> str:
        """Of the request, in upper case."""

    @property
    def path(self) -> str:
        """Of the request, without what identifies the server."""

    @property
    def query(self) -> Mapping[str, Any]:
        """The parameters behind the path; those that were sent more than once are lists."""

    @property
    def headers(self) -> Mapping[str, Any]:
        """Names in lower case."""

    @property
    def remote_address(self) -> str | None:
        """Of the sender."""

    @property
    def body(self) -> Any:
        """What was sent, as JSON."""

    @property
    def body_bytes(self) -> int:
        """How many were sent."""


def body_encoding(body: Any, body_bytes: int) -> Encoding | None:
    """How to read the body: `base64` where it was no text; None where it stands for itself.

    Its length tells: no charset has more characters than bytes, and base64 has four for three.
    """
    return "base64" if isinstance(body, str) and len(body) > body_bytes else None


def trigger_document(event: Received, received_at: datetime) -> dict[str, Any]:
    """The trigger as definitions, filters and keys see it: plain JSON."""
    return {
        "type": "webhook",
        "body": event.body,
        "body_encoding": body_encoding(event.body, event.body_bytes),
        "method": event.method,
        "path": event.path,
        "headers": dict(event.headers),
        "query": dict(event.query),
        "remote_address": event.remote_address,
        "received_at": rfc3339(received_at),
        "webhook_id": event.webhook_id,
        "event_id": event.id,
    }
