"""Webhooks, what they received, and sending to them."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypedDict, Unpack

from gorax.client.arguments import Duration, TimeRange
from gorax.client.calls import NO_CONTENT, Call, data, fields, page, plain
from gorax.client.models.common import Page
from gorax.client.models.webhooks import (
    AuthType,
    CreatedWebhook,
    Event,
    EventStatus,
    EventSummary,
    ReceivedEvent,
    RegeneratedSecret,
    ReplayedEvent,
    ReplayedEvents,
    UpdatedWebhook,
    Webhook,
    WebhookSummary,
    WebhookTest,
)
from gorax.client.resource import R, Resource, every, operation
from gorax.client.sending import Sending, prepared
from gorax.client.signatures import Scheme

_ONE = "/api/v1/webhooks/{webhookID}"

HttpMethod = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]


class WebhookSettings(TypedDict, total=False):
    """What a webhook is configured with; see docs/webhooks.md."""

    description: str | None
    path: str | None
    auth_type: AuthType
    scheme: Scheme | None
    username: str | None
    header_name: str | None
    methods: Sequence[HttpMethod]
    priority: int
    """Of the executions: 0 low, 1 normal, 2 high, 3 critical."""
    enabled: bool
    response_mode: Literal["accepted", "result"]
    response_timeout: Duration
    input_schema: Mapping[str, Any] | None
    filter: str | None
    dedupe_key: str | None
    dedupe_seconds: int
    allowed_ips: Sequence[str]
    max_body_bytes: int | None


class NewWebhook(WebhookSettings, total=False):
    """What a new webhook may have beside its name and its workflow."""

    secret: str | None
    """What the sender has already; made when left out."""


class WebhookChanges(WebhookSettings, total=False):
    """What of a webhook changes; what is left out stays as it is."""

    name: str


class TestRequest(TypedDict, total=False):
    """An event to test with."""

    method: HttpMethod | None
    headers: Mapping[str, str]
    query: str
    body: Any


class EventFilters(TimeRange, total=False):
    """Which events; all filters together."""

    status: EventStatus | Sequence[EventStatus]


class Replay(TypedDict, total=False):
    """How an event is replayed."""

    body: Any
    """Takes the place of the event's."""


class Webhooks(Resource[R]):
    """`gorax.webhooks`."""

    @operation("listWebhooks", "GET", "/api/v1/webhooks")
    def list(self, *, limit: int = 100, offset: int = 0) -> Call[Page[WebhookSummary]]:
        """A page of the tenant's webhooks, newest first; `limit` is 100 at most."""
        return Call(page(WebhookSummary), query={"limit": limit, "offset": offset})

    iterate = every(list)

    @operation("createWebhook", "POST", "/api/v1/webhooks")
    def create(self, *, name: str, workflow_id: str, **settings: Unpack[NewWebhook]) -> Call[CreatedWebhook]:
        """Make an address that events are sent to. The answer has the secret, this once."""
        return Call(data(CreatedWebhook), body={"name": name, "workflow_id": workflow_id, **settings})

    @operation("getWebhook", "GET", _ONE)
    def get(self, webhook_id: str) -> Call[Webhook]:
        """The webhook, without its secret."""
        return Call(data(Webhook), (webhook_id,))

    @operation("updateWebhook", "PUT", _ONE)
    def update(self, webhook_id: str, **changes: Unpack[WebhookChanges]) -> Call[UpdatedWebhook]:
        """Change it at once, for every process; None takes away what there is."""
        return Call(data(UpdatedWebhook), (webhook_id,), body={**changes})

    @operation("deleteWebhook", "DELETE", _ONE)
    def delete(self, webhook_id: str) -> Call[None]:
        """Delete it; its events stay until they are old."""
        return Call(NO_CONTENT, (webhook_id,))

    @operation("regenerateWebhookSecret", "POST", f"{_ONE}/regenerate-secret")
    def regenerate_secret(
        self, webhook_id: str, *, grace_seconds: int = 0, secret: str | None = None
    ) -> Call[RegeneratedSecret]:
        """Put a new secret in the place of the current one, which stays valid for `grace_seconds`."""
        body = {"grace_seconds": grace_seconds, "secret": secret}
        return Call(data(RegeneratedSecret), (webhook_id,), body=body)

    @operation("testWebhook", "POST", f"{_ONE}/test")
    def test(self, webhook_id: str, **request: Unpack[TestRequest]) -> Call[WebhookTest]:
        """Send an event through all that a sender's passes. It is a real one."""
        return Call(plain(WebhookTest), (webhook_id,), body={**request})

    @operation("listWebhookEvents", "GET", f"{_ONE}/events")
    def events(
        self, webhook_id: str, *, limit: int = 100, offset: int = 0, **filters: Unpack[EventFilters]
    ) -> Call[Page[EventSummary]]:
        """A page of what it received, newest first."""
        query = {"limit": limit, "offset": offset, **fields(filters)}
        return Call(page(EventSummary), (webhook_id,), query)

    iterate_events = every(events)

    @operation("replayWebhookEvents", "POST", f"{_ONE}/replay", keyed=True)
    def replay(
        self,
        webhook_id: str,
        *,
        limit: int = 100,
        after: str | None = None,
        idempotency_key: str | None = None,
        **filters: Unpack[EventFilters],
    ) -> Call[ReplayedEvents]:
        """Begin new executions from events that senders sent, oldest first; `limit` is 100 at most."""
        body = {"limit": limit, "after": after, **fields(filters)}
        return Call(plain(ReplayedEvents), (webhook_id,), body=body, key=idempotency_key)

    @operation("receiveEvent", "POST", "/webhooks/{workflowID}/{webhookID}", keyed=True, anonymous=True)
    def send(
        self, workflow_id: str, webhook_id: str, body: Any, **sending: Unpack[Sending]
    ) -> Call[ReceivedEvent]:
        """Send an event, as a sender does: JSON, or `bytes` as they are, signed with `secret` where it is given.

        For webhooks that answer `accepted`; what one in `result` mode answers is whatever its workflow says.
        """
        return prepared((workflow_id, webhook_id), body, sending)

    @operation("receiveEventAtPath", "POST", "/webhooks/{tenantID}/{path}", keyed=True, anonymous=True)
    def send_to_path(
        self, tenant_id: str, path: str, body: Any, **sending: Unpack[Sending]
    ) -> Call[ReceivedEvent]:
        """The same to the webhook's own `path`."""
        return prepared((tenant_id, path.strip("/")), body, sending)


class Events(Resource[R]):
    """`gorax.events`: what webhooks received, one by one."""

    @operation("getWebhookEvent", "GET", "/api/v1/events/{eventID}")
    def get(self, event_id: str) -> Call[Event]:
        """An event with the request that was kept of it."""
        return Call(data(Event), (event_id,))

    @operation("replayWebhookEvent", "POST", "/api/v1/events/{eventID}/replay", keyed=True)
    def replay(
        self, event_id: str, *, idempotency_key: str | None = None, **replay: Unpack[Replay]
    ) -> Call[ReplayedEvent]:
        """Begin a new execution from it, with the workflow as it is now."""
        return Call(plain(ReplayedEvent), (event_id,), body={**replay}, key=idempotency_key)
