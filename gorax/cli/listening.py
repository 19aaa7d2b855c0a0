"""New events of a webhook, as they come, sent on to an address on this machine."""

import base64
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import httpx

from gorax.client import Gorax
from gorax.client.models.webhooks import Event, EventSummary
from gorax.client.signatures import Scheme, sign

OVERLAP = timedelta(seconds=30)
"""How far back each look goes: an event may be seen later than one that was received after it."""
MASK = "***"
"""What the history has in the place of what proves who sent an event."""
SECONDS = 30.0
"""That the address gets to answer."""

_OWN = frozenset(
    {
        "host",
        "connection",
        "content-length",
        "transfer-encoding",
        "accept-encoding",
        "keep-alive",
        "upgrade",
        "te",
    }
)
"""Headers of the connection that the event came by."""


@dataclass(frozen=True)
class Forwarded:
    """What became of an event that was sent on."""

    event: Event
    status: int | None
    """None where nothing answered."""
    error: str | None
    milliseconds: int


class Listener:
    """Looks for events that were not there yet."""

    def __init__(self, gorax: Gorax, webhook_id: str) -> None:
        """Of a webhook, from now on."""
        self._gorax = gorax
        self._webhook_id = webhook_id
        newest = gorax.webhooks.events(webhook_id, limit=1).data
        self._since: datetime | None = newest[0].received_at if newest else None
        self._seen: dict[str, datetime] = (
            {one.id: one.received_at for one in self._recent()} if newest else {}
        )

    def new(self) -> list[EventSummary]:
        """Those that were not marked yet, oldest first; without refused ones."""
        found = [one for one in self._recent() if one.id not in self._seen]
        for one in found:
            if one.status == "rejected":
                self.mark(one)
        return [one for one in reversed(found) if one.status != "rejected"]

    def mark(self, event: EventSummary) -> None:
        """Tell of it no more."""
        self._seen[event.id] = event.received_at
        self._since = max(self._since or event.received_at, event.received_at)
        oldest = self._since - 2 * OVERLAP
        self._seen = {id_: at for id_, at in self._seen.items() if at >= oldest}

    def _recent(self) -> Iterator[EventSummary]:
        since: Any = {} if self._since is None else {"from_": self._since - OVERLAP}
        return self._gorax.webhooks.iterate_events(self._webhook_id, **since)


class Forwarder:
    """Sends events on as they were sent, as far as the history has it."""

    def __init__(self, http: httpx.Client, url: str, secret: str | None, scheme: Scheme) -> None:
        """To an address, signed anew where there is a `secret`."""
        self._http = http
        self._url = url
        self._secret = secret
        self._scheme = scheme

    def forward(self, event: Event) -> Forwarded:
        """Send one on. Nothing that goes wrong on the way is raised."""
        content, headers = content_of(event)
        if self._secret is not None:
            headers |= sign(self._secret, content, scheme=self._scheme, message_id=event.id)
        began = time.monotonic()
        status, error = None, None
        try:
            query = urlencode(_visible(event.query), doseq=True)
            url = f"{self._url}{'&' if '?' in self._url else '?'}{query}" if query else self._url
            status = self._http.request(event.method, url, content=content, headers=headers).status_code
        except (httpx.HTTPError, httpx.InvalidURL) as failure:
            error = str(failure) or type(failure).__name__
        return Forwarded(event, status, error, round((time.monotonic() - began) * 1000))


def content_of(event: Event) -> tuple[bytes, dict[str, str]]:
    """Body and headers of an event. A form, which the history has as an object, is sent as JSON."""
    headers = {
        name: value if isinstance(value, str) else ", ".join(map(str, value))
        for name, value in _visible(event.headers).items()
        if name.lower() not in _OWN
    }
    headers["x-gorax-event-id"] = event.id
    kind = (event.content_type or "").partition(";")[0].strip().lower()
    match event.body:
        case None:
            return b"", headers
        case str() if event.body_encoding == "base64":
            return base64.b64decode(event.body), headers
        case str() if not kind.endswith("json"):
            return event.body.encode(), headers
        case value:
            if not kind.endswith("json"):
                headers["content-type"] = "application/json"
            return httpx.Request("POST", "http://x", json=value).content, headers


def _visible(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value != MASK}
