"""Receiving events: the statements of the hot path, each of which is one round trip and a transaction of its own.

Nothing is remembered between two requests, so what changes about a webhook holds from the next request on, whichever
process receives it.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, bindparam, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from gorax.core.encoding import dumps
from gorax.store.paging import addressable
from gorax.store.tables import Execution, Tenant, Webhook, WebhookEvent, Workflow
from gorax.store.tenants import DELETED

_FIND: Select[Webhook, Workflow, str] = (
    select(Webhook, Workflow, col(Tenant.status))
    .join(Workflow, col(Workflow.id) == col(Webhook.workflow_id))
    .join(Tenant, col(Tenant.id) == col(Webhook.tenant_id))
    .where(
        col(Webhook.deleted_at).is_(None),
        col(Workflow.deleted_at).is_(None),
        col(Tenant.status) != DELETED,
    )
)
_BY_ID = _FIND.where(
    col(Webhook.id) == bindparam("webhook_id"), col(Webhook.workflow_id) == bindparam("workflow_id")
)
_BY_PATH = _FIND.where(
    col(Webhook.tenant_id) == bindparam("tenant_id"), col(Webhook.path) == bindparam("path")
)

# Written out: what has to be one statement is more than an `INSERT` of one table. Values are cast where PostgreSQL
# could not tell from their place what they are.
_COLUMNS = ", ".join(WebhookEvent.model_fields)
_DOCUMENTS = ("query", "headers", "body")
_INTEGERS = ("body_bytes", "response_status", "response_time_ms")


def _value(name: str) -> str:
    kind = "json" if name in _DOCUMENTS else "integer" if name in _INTEGERS else None
    return f":{name}" if kind is None else f"CAST(:{name} AS {kind})"


def _row(**found: str) -> str:
    """The values of an event's columns; `found` has the expressions of those that the statement finds out itself."""
    return ", ".join(found.get(name) or _value(name) for name in WebhookEvent.model_fields)


_PLAIN = _row()
_EXECUTION = """
    INSERT INTO executions (id, tenant_id, workflow_id, workflow_name, version, status, trigger_type, trigger,
        priority, accepted_at, started_at, checked_at, steps_completed, steps_total, created_by, has_waits)
    SELECT :execution_id, :tenant_id, :workflow_id, :workflow_name, CAST(:version AS integer), 'pending', 'webhook',
        CAST(:trigger AS json), CAST(:priority AS integer), :received_at, :received_at, :received_at, 0, 0,
        :created_by, false"""
_RECORD = text(f"INSERT INTO webhook_events ({_COLUMNS}) VALUES ({_PLAIN})")  # noqa: S608 - all of it is ours
_ACCEPT = text(
    f"WITH execution AS ({_EXECUTION}) INSERT INTO webhook_events ({_COLUMNS}) VALUES ({_PLAIN})"  # noqa: S608
)
# `DO UPDATE`, even of a key that is taken: only an update sees a row that was committed after the statement began,
# and tells of it. The rest is decided by whose event the key then names.
_ACCEPT_KEYED = text(
    f"""
    WITH first AS (
        INSERT INTO webhook_keys AS taken (webhook_id, key, event_id, execution_id, expires_at)
        VALUES (:webhook_id, :dedupe_key, :id, :execution_id, now() + make_interval(secs => :dedupe_seconds))
        ON CONFLICT (webhook_id, key) DO UPDATE SET
            event_id = CASE WHEN taken.expires_at <= now() THEN excluded.event_id ELSE taken.event_id END,
            execution_id = CASE WHEN taken.expires_at <= now() THEN excluded.execution_id
                ELSE taken.execution_id END,
            expires_at = CASE WHEN taken.expires_at <= now() THEN excluded.expires_at ELSE taken.expires_at END
        RETURNING event_id, execution_id
    ),
    execution AS ({_EXECUTION} FROM first WHERE first.event_id = :id)
    INSERT INTO webhook_events ({_COLUMNS})
    SELECT {
        _row(
            status="CASE WHEN first.event_id = :id THEN :status ELSE 'duplicate' END",
            execution_id="first.execution_id",
            duplicate_of="NULLIF(first.event_id, :id)",
        )
    } FROM first
    RETURNING duplicate_of, execution_id
    """  # noqa: S608 - all of it is ours
)
_ANSWERED = text(
    "UPDATE webhook_events SET response_status = :status, response_time_ms = :milliseconds WHERE id = :event_id"
)


@dataclass(frozen=True, slots=True)
class Destination:
    """A webhook that was found, with what it begins."""

    webhook: Webhook
    workflow: Workflow
    tenant_status: str


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of an event that was to begin an execution."""

    execution_id: str
    """That it began, or that the event it repeats began."""
    duplicate_of: str | None
    """The event that it repeats."""


class Intake:
    """Events of all tenants: which of them a request is for, its address says."""

    def __init__(self, session: AsyncSession) -> None:
        """On a session that commits each statement by itself."""
        self._session = session

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

    async def _find(
        self, statement: Select[Webhook, Workflow, str], values: dict[str, str]
    ) -> Destination | None:
        row = (await self._session.execute(statement, values)).one_or_none()
        return None if row is None else Destination(*row)

    async def record(self, event: WebhookEvent) -> None:
        """Keep an event that begins nothing."""
        await self._session.execute(_RECORD, _values(event))

    async def accept(self, event: WebhookEvent, execution: Execution, dedupe_seconds: int) -> Taken:
        """Keep an event and the execution that it begins; committed, that is a promise.

        When its `dedupe_key` was taken by an event of the last `dedupe_seconds`, it begins none, and is kept as a
        duplicate. Of two with one key at the same time, the second waits until the first has been committed.
        """
        values = {
            **_values(event),
            "workflow_id": execution.workflow_id,
            "workflow_name": execution.workflow_name,
            "version": execution.version,
            "trigger": dumps(execution.trigger).decode(),
            "priority": execution.priority,
            "created_by": execution.created_by,
        }
        if event.dedupe_key is None:
            await self._session.execute(_ACCEPT, values)
            return Taken(execution.id, None)
        keyed = await self._session.execute(_ACCEPT_KEYED, {**values, "dedupe_seconds": dedupe_seconds})
        duplicate_of, execution_id = keyed.one()
        return Taken(execution_id, duplicate_of)

    async def answered(self, event_id: str, status: int, milliseconds: int) -> None:
        """Note what the sender was answered, and when, where that came after the event was kept."""
        await self._session.execute(
            _ANSWERED, {"event_id": event_id, "status": status, "milliseconds": milliseconds}
        )


def _values(event: WebhookEvent) -> dict[str, Any]:
    """The event as the statements take it, its documents encoded."""
    values = {name: getattr(event, name) for name in WebhookEvent.model_fields}
    if event.reason is not None:
        # It may quote the body, whose texts may have NUL in them: in JSON PostgreSQL takes that, in a text not.
        values["reason"] = event.reason.replace("\0", "")
    for name in _DOCUMENTS:
        values[name] = None if values[name] is None else dumps(values[name]).decode()
    return values
