"""Receiving events: the statements of the hot path, each of which is one round trip and a transaction of its own.

Nothing about webhooks is remembered between two requests, so what changes about one holds from the next request on,
whichever process receives it.
"""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Final, NamedTuple

from gorax.core.encoding import dumps
from gorax.store.paging import addressable
from gorax.store.quotas import refused
from gorax.store.statements import Statements
from gorax.store.tenants import DELETED


class Recipient(NamedTuple):
    """What receiving an event needs of its webhook: columns of `gorax.store.tables.Webhook`."""

    id: str
    tenant_id: str
    workflow_id: str
    enabled: bool
    auth_type: str
    scheme: str | None
    username: str | None
    header_name: str | None
    secret_number: int
    secret_key_id: str | None
    secret_wrapped_key: bytes | None
    secret_ciphertext: bytes | None
    previous_key_id: str | None
    previous_wrapped_key: bytes | None
    previous_ciphertext: bytes | None
    previous_valid_until: datetime | None
    methods: list[str]
    priority: int
    response_mode: str
    response_timeout: float
    input_schema: Any
    filter: str | None
    dedupe_key: str | None
    dedupe_seconds: int
    allowed_ips: list[str]
    max_body_bytes: int | None
    updated_at: datetime


class Destination(NamedTuple):
    """A webhook that was found, with what it begins."""

    webhook: Recipient
    workflow_name: str
    workflow_enabled: bool
    version: int
    """Of the workflow."""
    tenant_status: str


@dataclass(slots=True, kw_only=True)
class Event:
    """A request that a webhook received, and what came of it: the columns of `gorax.store.tables.WebhookEvent`."""

    id: str
    tenant_id: str
    webhook_id: str
    received_at: datetime
    source: str
    method: str
    path: str
    query: dict[str, Any]
    headers: dict[str, str]
    content_type: str | None
    remote_address: str | None
    body: Any = None
    body_bytes: int = 0
    replayable: bool = False
    status: str = "processed"
    reason: str | None = None
    response_status: int | None = None
    response_time_ms: int | None = None
    execution_id: str | None = None
    dedupe_key: str | None = None
    duplicate_of: str | None = None
    replay_of: str | None = None


class Begun(NamedTuple):
    """The execution that an event is to begin."""

    id: str
    workflow_id: str
    workflow_name: str
    version: int
    trigger: bytes
    """As JSON."""
    priority: int
    created_by: str
    traceparent: str | None = None
    """Of the trace that the request belongs to."""


class Taken(NamedTuple):
    """What became of an event that was to begin an execution."""

    execution_id: str
    """That it began, or that the event it repeats began."""
    duplicate_of: str | None
    """The event that it repeats."""
    held: bool = False
    """Whether it is to be started only when it was given a place; see `gorax.store.places`."""


_FOUND: Final = ", ".join(f"webhooks.{name}" for name in Recipient._fields)
_FIND: Final = f"""
    SELECT workflows.name, workflows.enabled, workflows.version, tenants.status, {_FOUND}
    FROM webhooks
    JOIN workflows ON workflows.id = webhooks.workflow_id
    JOIN tenants ON tenants.id = webhooks.tenant_id
    WHERE webhooks.deleted_at IS NULL AND workflows.deleted_at IS NULL AND tenants.status <> '{DELETED}'
"""  # noqa: S608 - all of it is ours
_BY_ID: Final = f"{_FIND} AND webhooks.id = %(webhook_id)s AND webhooks.workflow_id = %(workflow_id)s"
_BY_PATH: Final = f"{_FIND} AND webhooks.tenant_id = %(tenant_id)s AND webhooks.path = %(path)s"
_DEFINITION: Final = (
    "SELECT definition FROM workflow_versions WHERE workflow_id = %(workflow_id)s AND version = %(version)s"
)

# Values are cast where PostgreSQL could not tell from their place what they are.
_COLUMNS: Final = tuple(field.name for field in fields(Event))
_DOCUMENTS: Final = ("query", "headers", "body")
_INTEGERS: Final = ("body_bytes", "response_status", "response_time_ms")
_INSERT: Final = f"INSERT INTO webhook_events ({', '.join(_COLUMNS)})"


def _value(name: str) -> str:
    kind = "json" if name in _DOCUMENTS else "integer" if name in _INTEGERS else None
    return f"%({name})s" if kind is None else f"CAST(%({name})s AS {kind})"


def _row(**found: str) -> str:
    """The values of an event's columns; `found` has the expressions of those that the statement finds out itself."""
    return ", ".join(found.get(name) or _value(name) for name in _COLUMNS)


_PLAIN: Final = _row()
_EXECUTION: Final = """
    INSERT INTO executions (id, tenant_id, workflow_id, workflow_name, version, status, trigger_type, trigger,
        priority, accepted_at, started_at, checked_at, steps_completed, steps_total, created_by, has_waits,
        traceparent)
    SELECT %(execution_id)s, %(tenant_id)s, %(workflow_id)s, %(workflow_name)s, CAST(%(version)s AS integer),
        'pending', 'webhook', CAST(%(trigger)s AS json), CAST(%(priority)s AS integer), %(received_at)s,
        %(received_at)s, %(received_at)s, 0, 0, %(created_by)s, false,
        %(traceparent)s"""
_RECORD: Final = f"{_INSERT} VALUES ({_PLAIN})"
_HELD: Final = "(SELECT held FROM execution)"
_ACCEPT: Final = (
    f"WITH execution AS ({_EXECUTION} RETURNING held) {_INSERT} VALUES ({_PLAIN}) RETURNING {_HELD}"
)
# `DO UPDATE`, even of a key that is taken: only an update sees a row that was committed after the statement began,
# and tells of it. The rest is decided by whose event the key then names.
_ACCEPT_KEYED: Final = f"""
    WITH first AS (
        INSERT INTO webhook_keys AS taken (webhook_id, key, event_id, execution_id, expires_at)
        VALUES (%(webhook_id)s, %(dedupe_key)s, %(id)s, %(execution_id)s,
            now() + make_interval(secs => %(dedupe_seconds)s))
        ON CONFLICT (webhook_id, key) DO UPDATE SET
            event_id = CASE WHEN taken.expires_at <= now() THEN excluded.event_id ELSE taken.event_id END,
            execution_id = CASE WHEN taken.expires_at <= now() THEN excluded.execution_id
                ELSE taken.execution_id END,
            expires_at = CASE WHEN taken.expires_at <= now() THEN excluded.expires_at ELSE taken.expires_at END
        RETURNING event_id, execution_id
    ),
    execution AS ({_EXECUTION} FROM first WHERE first.event_id = %(id)s RETURNING held)
    {_INSERT}
    SELECT {
    _row(
        status="CASE WHEN first.event_id = %(id)s THEN %(status)s ELSE 'duplicate' END",
        execution_id="first.execution_id",
        duplicate_of="NULLIF(first.event_id, %(id)s)",
    )
} FROM first
    RETURNING duplicate_of, execution_id, coalesce({_HELD}, false)
"""  # noqa: S608 - all of it is ours
_ANSWERED: Final = (
    "UPDATE webhook_events SET response_status = %(status)s, response_time_ms = %(milliseconds)s "
    "WHERE id = %(event_id)s"
)


class Intake:
    """Events of all tenants: which of them a request is for, its address says."""

    def __init__(self, statements: Statements) -> None:
        self._statements = statements

    async def by_id(self, workflow_id: str, webhook_id: str) -> Destination | None:
        """The webhook of that workflow."""
        if not (addressable(workflow_id) and addressable(webhook_id)):
            return None
        return await self._find(_BY_ID, {"workflow_id": workflow_id, "webhook_id": webhook_id})

    async def by_path(self, tenant_id: str, path: str) -> Destination | None:
        """The tenant's webhook that has this path."""
        if not (addressable(tenant_id) and addressable(path)):
            return None
        return await self._find(_BY_PATH, {"tenant_id": tenant_id, "path": path})

    async def _find(self, statement: str, values: dict[str, str]) -> Destination | None:
        rows = await self._statements.run(statement, values)
        if not rows:
            return None
        name, enabled, version, status, *webhook = rows[0]
        return Destination(Recipient._make(webhook), name, enabled, version, status)

    async def definition(self, workflow_id: str, version: int) -> dict[str, Any]:
        """What that version of a workflow was authored as."""
        rows = await self._statements.run(_DEFINITION, {"workflow_id": workflow_id, "version": version})
        definition: dict[str, Any] = rows[0][0]
        return definition

    async def record(self, event: Event) -> None:
        """Keep an event that begins nothing."""
        await self._statements.run(_RECORD, _values(event))

    async def accept(self, event: Event, begun: Begun, dedupe_seconds: int) -> Taken:
        """Keep an event and the execution that it begins; committed, that is a promise.

        When its `dedupe_key` was taken by an event of the last `dedupe_seconds`, it begins none, and is kept as a
        duplicate. Of two with one key at the same time, the second waits until the first has been committed.

        Raises `QuotaExceeded` when the tenant may begin no more today; then nothing is kept, and no key taken.
        """
        values = {
            **_values(event),
            "execution_id": begun.id,
            "workflow_id": begun.workflow_id,
            "workflow_name": begun.workflow_name,
            "version": begun.version,
            "trigger": begun.trigger.decode(),
            "priority": begun.priority,
            "created_by": begun.created_by,
            "traceparent": begun.traceparent,
        }
        if event.dedupe_key is None:
            with refused():
                [(held,)] = await self._statements.run(_ACCEPT, values)
            return Taken(begun.id, None, held)
        with refused():
            [(duplicate_of, execution_id, held)] = await self._statements.run(
                _ACCEPT_KEYED, {**values, "dedupe_seconds": dedupe_seconds}
            )
        return Taken(execution_id, duplicate_of, held)

    async def answered(self, event_id: str, status: int, milliseconds: int) -> None:
        """Note what the sender was answered, and when, where that came after the event was kept."""
        await self._statements.run(
            _ANSWERED, {"event_id": event_id, "status": status, "milliseconds": milliseconds}
        )


def _values(event: Event) -> dict[str, Any]:
    """The event as the statements take it, its documents encoded."""
    values = {name: getattr(event, name) for name in _COLUMNS}
    if event.reason is not None:
        # It may quote the body, whose texts may have NUL in them: in JSON PostgreSQL takes that, in a text not.
        values["reason"] = event.reason.replace("\0", "")
    for name in _DOCUMENTS:
        values[name] = None if values[name] is None else dumps(values[name]).decode()
    return values
