"""The history of a webhook: what it received, and what came of it."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer
from sqlmodel import col

from gorax.core.webhooks.settings import EventStatus
from gorax.store.paging import Page, addressable, page
from gorax.store.tables import Execution, WebhookEvent

MAX_REPLAYS = 100
"""Replays that an event names, the newest ones."""


@dataclass(frozen=True, kw_only=True)
class EventFilter:
    """Which events of a webhook are meant; what is not given does not restrict."""

    statuses: Collection[EventStatus] = ()
    from_: datetime | None = None
    """Received at this time or later."""
    to: datetime | None = None
    """Received before this time."""


class WebhookEvents:
    """The events of one tenant's webhooks."""

    def __init__(self, session: AsyncSession, tenant_id: str) -> None:
        self._session = session
        self._tenant_id = tenant_id

    async def list(self, webhook_id: str, chosen: EventFilter, limit: int, offset: int) -> Page[WebhookEvent]:
        """A page of events, newest first, and how many match. Their requests are not loaded."""
        statement = (
            self._matching(webhook_id, chosen)
            .order_by(col(WebhookEvent.received_at).desc(), col(WebhookEvent.id).desc())
            .options(*_without_requests())
        )
        return await page(self._session, statement, limit, offset)

    async def get(self, event_id: str) -> WebhookEvent | None:
        """The event with its request."""
        if not addressable(event_id):
            return None
        statement = select(WebhookEvent).where(
            col(WebhookEvent.id) == event_id, col(WebhookEvent.tenant_id) == self._tenant_id
        )
        return (await self._session.scalars(statement)).one_or_none()

    async def waiting(self, events: Iterable[WebhookEvent]) -> set[str]:
        """The ids of those events whose executions Temporal has not taken yet."""
        executions = {event.execution_id: event.id for event in events if event.status == "processed"}
        if not executions:
            return set()
        pending = await self._session.scalars(
            select(col(Execution.id)).where(
                col(Execution.id).in_(executions),
                col(Execution.tenant_id) == self._tenant_id,
                col(Execution.status) == "pending",
            )
        )
        return {executions[execution_id] for execution_id in pending}

    async def replays(self, event_id: str) -> Sequence[str]:
        """The ids of the events that replay this one, newest first."""
        statement = (
            select(col(WebhookEvent.id))
            .where(col(WebhookEvent.replay_of) == event_id, col(WebhookEvent.tenant_id) == self._tenant_id)
            .order_by(col(WebhookEvent.id).desc())
            .limit(MAX_REPLAYS)
        )
        return (await self._session.scalars(statement)).all()

    async def to_replay(
        self, webhook_id: str, chosen: EventFilter, after: WebhookEvent | None, limit: int
    ) -> Page[WebhookEvent]:
        """The oldest events after one that senders sent and that can be replayed, and how many there are."""
        sent = self._matching(webhook_id, chosen).where(
            col(WebhookEvent.replayable), col(WebhookEvent.source) == "request"
        )
        place = tuple_(col(WebhookEvent.received_at), col(WebhookEvent.id))
        if after is not None:
            sent = sent.where(place > tuple_(after.received_at, after.id))
        ordered = sent.order_by(col(WebhookEvent.received_at), col(WebhookEvent.id))
        return await page(self._session, ordered.options(*_without_requests()), limit, 0)

    def _matching(self, webhook_id: str, chosen: EventFilter) -> Select[WebhookEvent]:
        statement = select(WebhookEvent).where(
            col(WebhookEvent.webhook_id) == webhook_id, col(WebhookEvent.tenant_id) == self._tenant_id
        )
        if chosen.statuses:
            statement = statement.where(or_(*(_has(status) for status in sorted(chosen.statuses))))
        if chosen.from_ is not None:
            statement = statement.where(col(WebhookEvent.received_at) >= chosen.from_)
        if chosen.to is not None:
            statement = statement.where(col(WebhookEvent.received_at) < chosen.to)
        return statement


def _has(status: EventStatus) -> ColumnElement[bool]:
    if status not in ("processed", "queued"):
        return col(WebhookEvent.status) == status
    # The execution's row is the one that knows, and few are pending.
    pending = exists().where(
        col(Execution.id) == col(WebhookEvent.execution_id), col(Execution.status) == "pending"
    )
    return and_(col(WebhookEvent.status) == "processed", pending if status == "queued" else ~pending)


def _without_requests() -> tuple[Any, ...]:
    return tuple(
        defer(column, raiseload=True)  # type: ignore[arg-type]
        for column in (WebhookEvent.headers, WebhookEvent.query, WebhookEvent.body)
    )
