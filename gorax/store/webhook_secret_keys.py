"""The envelopes of webhooks' secrets; see `gorax.store.secret_keys`."""

from collections.abc import Iterator
from functools import partial

from sqlalchemy import func, or_, select, union_all, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from gorax.store.secret_keys import Sealed, SecretKeys
from gorax.store.tables import Webhook
from gorax.store.webhook_secrets import context_of, current_envelope, previous_envelope
from gorax.store.webhooks import NO_PREVIOUS
from gorax.vault import Envelope


class WebhookSecretKeys(SecretKeys):
    """The envelopes of all tenants' webhooks, of the secrets before theirs too."""

    async def empty_ended(self) -> int:
        """Empty the envelopes of earlier secrets whose grace period has ended; how many."""
        statement = (
            update(Webhook)
            .where(col(Webhook.previous_valid_until) <= func.now())
            .values(**NO_PREVIOUS)
            .returning(col(Webhook.id))
            .execution_options(synchronize_session=False)
        )
        async with self._database.platform() as session:
            emptied = len((await session.execute(statement)).all())
            await session.commit()
        return emptied

    async def _counts(self, session: AsyncSession) -> dict[str, int]:
        keys = union_all(
            *(
                select(column.label("key_id")).where(column.is_not(None))
                for column in (col(Webhook.secret_key_id), col(Webhook.previous_key_id))
            )
        ).subquery()
        statement = select(keys.c.key_id, func.count()).group_by(keys.c.key_id)
        return {str(key_id): count for key_id, count in await session.execute(statement)}

    async def _under_other_keys(self, session: AsyncSession, limit: int) -> list[Sealed]:
        current = self._vault.keys.current.id
        statement = (
            select(Webhook)
            .where(or_(col(Webhook.secret_key_id) != current, col(Webhook.previous_key_id) != current))
            .order_by(col(Webhook.id))
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        return [
            sealed
            for webhook in await session.scalars(statement)
            for sealed in _sealed(webhook)
            if sealed.envelope.key_id != current
        ]


def _sealed(webhook: Webhook) -> Iterator[Sealed]:
    number = webhook.secret_number
    for envelope, which, put in (
        (current_envelope(webhook), number, _put_current),
        (previous_envelope(webhook), number - 1, _put_previous),
    ):
        if envelope is not None:
            context = context_of(webhook.tenant_id, webhook.id, which)
            yield Sealed((webhook.id, which), envelope, context, partial(put, webhook))


def _put_current(webhook: Webhook, envelope: Envelope) -> None:
    webhook.secret_key_id, webhook.secret_wrapped_key = envelope.key_id, envelope.wrapped_key


def _put_previous(webhook: Webhook, envelope: Envelope) -> None:
    webhook.previous_key_id, webhook.previous_wrapped_key = envelope.key_id, envelope.wrapped_key
