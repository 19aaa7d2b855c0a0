"""Envelope encryption: a secret under a data key of its own, the data key under a master key.

Whoever changes master keys has only the data keys to encrypt anew, whatever the secrets' size.
"""

import secrets
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from gorax.core.errors import Conflict
from gorax.vault.keyring import KeyRing
from gorax.vault.master_key import KEY_BYTES, NONCE_BYTES, Context, MisfitError, encoded


class Damaged(Conflict):
    """What is stored cannot be decrypted: it was changed, or it is not where it belongs."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """A secret as it is stored."""

    key_id: str
    """Of the master key."""
    wrapped_key: bytes
    """The data key, encrypted."""
    ciphertext: bytes


class Vault:
    """Seals secrets and opens them again. Both need the same context, such as whose secret it is."""

    def __init__(self, keys: KeyRing) -> None:
        self.keys = keys

    async def seal(self, secret: bytes, context: Context) -> Envelope:
        """The secret, encrypted under a new data key. Raises `Unavailable`."""
        data_key = secrets.token_bytes(KEY_BYTES)
        nonce = secrets.token_bytes(NONCE_BYTES)
        ciphertext = nonce + AESGCM(data_key).encrypt(nonce, secret, encoded(context))
        master = self.keys.current
        return Envelope(master.id, await master.wrap(data_key, context), ciphertext)

    async def open(self, envelope: Envelope, context: Context) -> bytes:
        """The secret. Raises `Damaged`, `KeyMissing`, and `Unavailable`."""
        data_key = await self._unwrap(envelope, context)
        nonce, sealed = envelope.ciphertext[:NONCE_BYTES], envelope.ciphertext[NONCE_BYTES:]
        try:
            return AESGCM(data_key).decrypt(nonce, sealed, encoded(context))
        except (InvalidTag, ValueError) as error:
            raise _damaged() from error

    async def rewrap(self, envelope: Envelope, context: Context) -> Envelope:
        """The same secret under the current master key. Raises `Damaged`, `KeyMissing`, and `Unavailable`."""
        data_key = await self._unwrap(envelope, context)
        master = self.keys.current
        return Envelope(master.id, await master.wrap(data_key, context), envelope.ciphertext)

    async def _unwrap(self, envelope: Envelope, context: Context) -> bytes:
        try:
            return await self.keys.get(envelope.key_id).unwrap(envelope.wrapped_key, context)
        except MisfitError as error:
            raise _damaged() from error

    async def close(self) -> None:
        """Give up what the keys hold."""
        await self.keys.close()


def _damaged() -> Damaged:
    return Damaged("the stored value cannot be decrypted: it was changed, or it is not where it belongs")
