"""An event as a sender sends it."""

from collections.abc import Mapping
from typing import Any, TypedDict

from pydantic_core import to_json

from gorax.client.calls import Call, plain
from gorax.client.models.webhooks import ReceivedEvent
from gorax.client.signatures import Scheme, sign


class Sending(TypedDict, total=False):
    """How an event is sent."""

    secret: str
    """Signs the body."""
    scheme: Scheme
    """How; `gorax` where it is left out."""
    headers: Mapping[str, str]
    """Beside those of the signature: a `Content-Type` that is not JSON, or what another `auth_type` asks for."""
    idempotency_key: str | None
    """Of the same key the webhook knows that it is the same event."""


def prepared(path: tuple[str, str], body: Any, sending: Sending) -> Call[ReceivedEvent]:
    """The call that sends it."""
    content = body if isinstance(body, bytes) else to_json(body)
    headers = dict(sending.get("headers", {}))
    if "secret" in sending:
        headers |= sign(sending["secret"], content, scheme=sending.get("scheme", "gorax"))
    key = sending.get("idempotency_key")
    return Call(plain(ReceivedEvent), path, body=content, headers=headers, key=key)
