"""The secrets of webhooks: made, sealed and opened."""

import base64
import secrets
from datetime import UTC, datetime
from typing import Protocol

from gorax.core.signatures import SECRET_PREFIX
from gorax.vault import Envelope, Vault

_RANDOM_BYTES = 30
"""Of a secret; Standard Webhooks asks for 24 to 64. A multiple of three needs no padding."""


class Sealed(Protocol):
    """A webhook, as far as its secrets go: see `gorax.store.tables.Webhook`."""

    @property
    def id(self) -> str: ...
    @property
    def tenant_id(self) -> str: ...
    @property
    def secret_number(self) -> int: ...
    @property
    def secret_key_id(self) -> str | None: ...
    @property
    def secret_wrapped_key(self) -> bytes | None: ...
    @property
    def secret_ciphertext(self) -> bytes | None: ...
    @property
    def previous_key_id(self) -> str | None: ...
    @property
    def previous_wrapped_key(self) -> bytes | None: ...
    @property
    def previous_ciphertext(self) -> bytes | None: ...
    @property
    def previous_valid_until(self) -> datetime | None: ...


def new_secret() -> str:
    """A secret that nobody has guessed, in the form that every scheme and every header takes."""
    return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(_RANDOM_BYTES)).decode()


class WebhookSecrets:
    """Secrets of all tenants' webhooks."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    async def seal(self, tenant_id: str, webhook_id: str, number: int, secret: str) -> Envelope:
        """A secret in its envelope, which opens as that one of that webhook alone. Raises `Unavailable`."""
        return await self._vault.seal(secret.encode(), context_of(tenant_id, webhook_id, number))

    async def valid(self, webhook: Sealed, now: datetime | None = None) -> list[str]:
        """The secrets that a sender may use: the current one, then the one before while its grace period lasts.

        Empty where the webhook has none. Raises `Damaged`, `KeyMissing` and `Unavailable`.
        """
        number = webhook.secret_number
        found = []
        if (current := current_envelope(webhook)) is not None:
            found.append((current, number))
        until = webhook.previous_valid_until
        if (
            (previous := previous_envelope(webhook)) is not None
            and until
            and until > (now or datetime.now(UTC))
        ):
            found.append((previous, number - 1))
        return [
            (await self._vault.open(envelope, context_of(webhook.tenant_id, webhook.id, number))).decode()
            for envelope, number in found
        ]


def context_of(tenant_id: str, webhook_id: str, number: int) -> dict[str, str]:
    """What an envelope is bound to: a secret that is copied elsewhere does not open there."""
    return {"tenant": tenant_id, "webhook": webhook_id, "secret": str(number)}


def current_envelope(webhook: Sealed) -> Envelope | None:
    """The envelope of the current secret, if there is one."""
    return _envelope(webhook.secret_key_id, webhook.secret_wrapped_key, webhook.secret_ciphertext)


def previous_envelope(webhook: Sealed) -> Envelope | None:
    """The envelope of the secret before, if it has not been emptied."""
    return _envelope(webhook.previous_key_id, webhook.previous_wrapped_key, webhook.previous_ciphertext)


def _envelope(key_id: str | None, wrapped_key: bytes | None, ciphertext: bytes | None) -> Envelope | None:
    if key_id is None or wrapped_key is None or ciphertext is None:
        return None
    return Envelope(key_id, wrapped_key, ciphertext)
