"""What an execution that an event begins has as its `trigger`."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from gorax.core.times import rfc3339


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
        """Names in lower case, secrets masked."""

    @property
    def remote_address(self) -> str | None:
        """Of the sender."""

    @property
    def body(self) -> Any:
        """What was sent, as JSON."""


def trigger_document(event: Received, received_at: datetime) -> dict[str, Any]:
    """The trigger as definitions, filters and keys see it: plain JSON."""
    return {
        "type": "webhook",
        "body": event.body,
        "method": event.method,
        "path": event.path,
        "headers": dict(event.headers),
        "query": dict(event.query),
        "remote_address": event.remote_address,
        "received_at": rfc3339(received_at),
        "webhook_id": event.webhook_id,
        "event_id": event.id,
    }
