"""Webhooks and their events."""

from datetime import datetime
from typing import Any, Literal

from gorax.client.models.common import Model

AuthType = Literal["none", "signature", "basic", "api_key"] | str
EventStatus = Literal["processed", "filtered", "duplicate", "rejected", "queued"] | str


class WebhookSummary(Model):
    """A webhook as lists show it."""

    id: str
    tenant_id: str
    workflow_id: str
    name: str
    description: str
    path: str | None
    url: str
    path_url: str | None
    auth_type: AuthType
    enabled: bool
    priority: int
    created_at: datetime
    updated_at: datetime


class Webhook(WebhookSummary):
    """A webhook, without its secret."""

    scheme: str | None
    username: str | None
    header_name: str | None
    methods: list[str]
    response_mode: Literal["accepted", "result"] | str
    response_timeout: float
    input_schema: dict[str, Any] | None
    filter: str | None
    dedupe_key: str | None
    dedupe_seconds: int
    allowed_ips: list[str]
    max_body_bytes: int | None
    regenerated_at: datetime | None
    previous_secret_valid_until: datetime | None
    created_by: str


class CreatedWebhook(Model):
    """A new webhook, with what its senders need. The secret is shown this once."""

    id: str
    url: str
    path_url: str | None
    enabled: bool
    auth_type: AuthType
    secret: str | None = None
    username: str | None = None
    header_name: str | None = None


class UpdatedWebhook(Model):
    """That a webhook was changed; of another `auth_type`, with its new secret, which is shown this once."""

    id: str
    updated_at: datetime
    secret: str | None = None
    username: str | None = None
    header_name: str | None = None


class RegeneratedSecret(Model):
    """The new secret, which is shown this once."""

    id: str
    secret: str
    regenerated_at: datetime
    previous_secret_valid_until: datetime | None


class WebhookTest(Model):
    """What a test has shown."""

    success: bool
    """False where a sender would have been refused."""
    execution_id: str | None
    response_time_ms: int
    workflow_triggered: bool
    status: int
    """What a sender would have been answered."""
    event_id: str
    reason: str | None


class ReceivedEvent(Model):
    """What became of an event."""

    execution_id: str | None
    """Null where it begins nothing."""
    event_id: str
    status: Literal["queued", "duplicate", "filtered"] | str
    duplicate: bool = False
    duplicate_of: str | None = None
    reason: str | None = None


class EventSummary(Model):
    """An event as the history shows it."""

    id: str
    webhook_id: str
    received_at: datetime
    source: Literal["request", "replay", "test"] | str
    method: str
    path: str
    content_type: str | None
    remote_address: str | None
    body_bytes: int
    status: EventStatus
    reason: str | None
    response_status: int | None
    response_time_ms: int | None
    execution_id: str | None
    dedupe_key: str | None
    duplicate_of: str | None
    replay_of: str | None
    replayable: bool


class Event(EventSummary):
    """An event with the request that was kept of it."""

    query: dict[str, Any]
    headers: dict[str, Any]
    body: Any
    body_encoding: Literal["base64"] | str | None
    replays: list[str]


class ReplayedEvent(Model):
    """That an event has begun another execution."""

    execution_id: str
    original_event_id: str
    event_id: str
    status: str


class NotReplayed(Model):
    """An event that could not be replayed."""

    event_id: str
    error: str


class ReplayedEvents(Model):
    """What became of the events that were to be replayed."""

    replayed: list[ReplayedEvent]
    failed: list[NotReplayed]
    replayed_count: int
    failed_count: int
    remaining: int
    next: str | None
    """What to give as `after` to go on."""
