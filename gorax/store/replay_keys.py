"""What was asked for under the idempotency keys of replays: a key belongs to one request."""

import hashlib
from datetime import timedelta

from sqlalchemy import case, func
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from gorax.store.tables import WebhookKey


class ReplayKeys:
    """The keys of one webhook's replays. Senders' own keys have other beginnings."""

    def __init__(self, session: AsyncSession, webhook_id: str) -> None:
        """On a session that commits each statement by itself."""
        self._session = session
        self._webhook_id = webhook_id

    async def claim(self, key: str, asked: bytes, days: int) -> bool:
        """Take a key for a request, which `asked` tells from others; whether it is that request's now.

        False when something else was asked for under it in the last `days`. Again is the same as once, and of two at
        the same time one is the first.
        """
        request = f"sha256-{hashlib.sha256(asked).hexdigest()}"
        row = insert(WebhookKey.__table__).values(  # type: ignore[attr-defined]
            webhook_id=self._webhook_id,
            key=f"replay:{hashlib.sha256(key.encode()).hexdigest()}",
            event_id=request,
            expires_at=func.now() + timedelta(days=days),
        )
        old = col(WebhookKey.expires_at) <= func.now()
        # An update, also of a key that is taken: it sees, and tells of, a row that was committed meanwhile.
        claimed = row.on_conflict_do_update(
            index_elements=["webhook_id", "key"],
            set_={
                name: case((old, row.excluded[name]), else_=col(getattr(WebhookKey, name)))
                for name in ("event_id", "expires_at")
            },
        ).returning(col(WebhookKey.event_id))
        return bool((await self._session.execute(claimed)).scalar_one() == request)
