"""Removes events that have been kept long enough, and keys that no repetition is recognised by any more."""

from datetime import datetime

from sqlalchemy import delete, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from gorax.store.tables import WebhookEvent, WebhookKey


class WebhookPurge:
    """Purges in batches, for maintenance. What another purge, or a sender, works on just now is passed over."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def events(self, before: datetime, limit: int) -> int:
        """Remove the oldest events received before a time, at most `limit`; how many."""
        oldest = (
            select(col(WebhookEvent.id))
            .where(col(WebhookEvent.received_at) < before)
            .order_by(col(WebhookEvent.received_at))
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        removed = await self._session.execute(
            delete(WebhookEvent)
            .where(col(WebhookEvent.id).in_(oldest))
            .returning(col(WebhookEvent.id))
            .execution_options(synchronize_session=False)
        )
        return len(removed.all())

    async def keys(self, limit: int) -> int:
        """Remove keys that have expired, at most `limit`; how many."""
        expired = (
            select(col(WebhookKey.webhook_id), col(WebhookKey.key))
            .where(col(WebhookKey.expires_at) <= func.now())
            .order_by(col(WebhookKey.expires_at))
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        removed = await self._session.execute(
            delete(WebhookKey)
            .where(tuple_(col(WebhookKey.webhook_id), col(WebhookKey.key)).in_(expired))
            .returning(col(WebhookKey.webhook_id))
            .execution_options(synchronize_session=False)
        )
        return len(removed.all())
