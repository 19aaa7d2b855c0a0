"""Webhooks, the events that they received, and the keys by which a repeated event is recognised."""

from datetime import datetime
from typing import Any

from sqlalchemy import ARRAY, ForeignKeyConstraint, Index, LargeBinary, Text, desc, text
from sqlmodel import Field

from gorax.store.tables.base import DOCUMENT, IDENTIFIER, INSTANT, Table

_THERE = text("deleted_at IS NULL")


class Webhook(Table, table=True):
    """An address that events are sent to, and what is done with them; see `gorax.core.webhooks.settings`.

    A deleted one stays as a row without secrets: its events still name it.
    """

    __tablename__ = "webhooks"
    __table_args__ = (
        ForeignKeyConstraint(["workflow_id"], ["workflows.id"]),
        Index("webhooks_newest_idx", "tenant_id", desc("created_at"), desc("id"), postgresql_where=_THERE),
        Index("webhooks_path_key", "tenant_id", "path", unique=True, postgresql_where=_THERE),
        Index("webhooks_workflow_idx", "workflow_id", postgresql_where=_THERE),
        # What the keepers of keys look for: secrets under another master key, and those to be emptied.
        Index(
            "webhooks_keys_idx",
            "secret_key_id",
            "previous_key_id",
            postgresql_where=text("secret_key_id IS NOT NULL"),
        ),
        Index(
            "webhooks_ends_idx",
            "previous_valid_until",
            postgresql_where=text("previous_valid_until IS NOT NULL"),
        ),
    )

    id: str = Field(sa_type=IDENTIFIER, primary_key=True)
    tenant_id: str = Field(sa_type=IDENTIFIER)
    workflow_id: str = Field(sa_type=IDENTIFIER)
    name: str = Field(sa_type=Text)
    description: str = Field(sa_type=Text)
    path: str | None = Field(default=None, sa_type=IDENTIFIER)
    """Beside the address that has its id, the one that the tenant chose."""
    enabled: bool
    auth_type: str = Field(sa_type=Text)
    """An `AuthType`."""
    scheme: str | None = Field(default=None, sa_type=Text)
    """A `Scheme`, of `signature` alone."""
    username: str | None = Field(default=None, sa_type=Text)
    """Of `basic` alone."""
    header_name: str | None = Field(default=None, sa_type=Text)
    """Of `api_key` alone."""
    secret_number: int
    """Of the current secret: each new one counts on. The previous one has the number before."""
    secret_key_id: str | None = Field(default=None, sa_type=Text)
    """With the next two the envelope of the secret; see `gorax.vault`. None without a secret."""
    secret_wrapped_key: bytes | None = Field(default=None, sa_type=LargeBinary)
    secret_ciphertext: bytes | None = Field(default=None, sa_type=LargeBinary)
    previous_key_id: str | None = Field(default=None, sa_type=Text)
    """With the next two the envelope of the secret before, while that is valid."""
    previous_wrapped_key: bytes | None = Field(default=None, sa_type=LargeBinary)
    previous_ciphertext: bytes | None = Field(default=None, sa_type=LargeBinary)
    previous_valid_until: datetime | None = Field(default=None, sa_type=INSTANT)
    regenerated_at: datetime | None = Field(default=None, sa_type=INSTANT)
    methods: list[str] = Field(sa_type=ARRAY(Text))
    priority: int
    """Of the executions: 0 (low) to 3 (critical)."""
    response_mode: str = Field(sa_type=Text)
    """A `ResponseMode`."""
    response_timeout: float
    """Seconds that `result` waits."""
    input_schema: Any = Field(default=None, sa_type=DOCUMENT, nullable=True)
    """JSON Schema of the body."""
    filter: str | None = Field(default=None, sa_type=Text)
    dedupe_key: str | None = Field(default=None, sa_type=Text)
    dedupe_seconds: int
    """How long a repetition is recognised; 0 for not at all."""
    allowed_ips: list[str] = Field(sa_type=ARRAY(Text))
    """CIDR; empty for any."""
    max_body_bytes: int | None = None
    """None for the bound of all webhooks."""
    created_at: datetime = Field(sa_type=INSTANT)
    created_by: str = Field(sa_type=Text)
    updated_at: datetime = Field(sa_type=INSTANT)
    deleted_at: datetime | None = Field(default=None, sa_type=INSTANT)


class WebhookEvent(Table, table=True):
    """A request that a webhook received, and what came of it.

    Without foreign keys: no webhook's row ever goes, and looking for it would cost every event a lock.
    """

    __tablename__ = "webhook_events"
    __table_args__ = (
        # With all that a filter asks for in them, so that counting needs no rows.
        Index("webhook_events_newest_idx", "tenant_id", "webhook_id", desc("received_at"), desc("id")),
        Index(
            "webhook_events_by_status_idx",
            "tenant_id",
            "webhook_id",
            "status",
            desc("received_at"),
            desc("id"),
        ),
        Index("webhook_events_received_idx", "received_at"),
        Index("webhook_events_replays_idx", "replay_of", postgresql_where=text("replay_of IS NOT NULL")),
    )

    id: str = Field(sa_type=IDENTIFIER, primary_key=True)
    tenant_id: str = Field(sa_type=IDENTIFIER)
    webhook_id: str = Field(sa_type=IDENTIFIER)
    received_at: datetime = Field(sa_type=INSTANT)
    source: str = Field(sa_type=Text)
    """An `EventSource`."""
    method: str = Field(sa_type=Text)
    path: str = Field(sa_type=Text)
    query: dict[str, Any] = Field(sa_type=DOCUMENT)
    headers: dict[str, Any] = Field(sa_type=DOCUMENT)
    """Names in lower case, secrets masked."""
    content_type: str | None = Field(default=None, sa_type=Text)
    remote_address: str | None = Field(default=None, sa_type=Text)
    body: Any = Field(default=None, sa_type=DOCUMENT, nullable=True)
    """What an execution has as `trigger.body`."""
    body_bytes: int
    """Of the request as it was sent."""
    replayable: bool
    """Whether the request was kept whole; one that was not proved, or could not be read, is not."""
    status: str = Field(sa_type=Text)
    """A `KeptStatus`."""
    reason: str | None = Field(default=None, sa_type=Text)
    """Why it is not `processed`."""
    response_status: int | None = None
    response_time_ms: int | None = None
    execution_id: str | None = Field(default=None, sa_type=IDENTIFIER)
    """The execution that it began; of a duplicate, the one that the first event began."""
    dedupe_key: str | None = Field(default=None, sa_type=Text)
    duplicate_of: str | None = Field(default=None, sa_type=IDENTIFIER)
    """The event that it repeats."""
    replay_of: str | None = Field(default=None, sa_type=IDENTIFIER)
    """The event whose request it has."""


class WebhookKey(Table, table=True):
    """That an event of this key was received, or a replay asked for under it: whoever inserts the row is the first."""

    __tablename__ = "webhook_keys"
    __table_args__ = (Index("webhook_keys_expired_idx", "expires_at"),)

    webhook_id: str = Field(sa_type=IDENTIFIER, primary_key=True)
    key: str = Field(sa_type=IDENTIFIER, primary_key=True)
    event_id: str = Field(sa_type=IDENTIFIER)
    """The event; of a replay, a digest of what was asked for."""
    execution_id: str | None = Field(default=None, sa_type=IDENTIFIER)
    """That the event began."""
    expires_at: datetime = Field(sa_type=INSTANT)
    """From then on the key may be taken again."""
