"""Encryption of what belongs to a tenant, under keys that are derived from the ring, so that none has to be stored."""

import hmac
import secrets
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from gorax.vault.envelope import Damaged
from gorax.vault.keyring import KeyRing
from gorax.vault.master_key import KEY_BYTES, NONCE_BYTES, encoded

SALT_BYTES = 32
KEPT_KEYS = 4_096
"""Tenants times master keys whose derived keys a process keeps."""

_FORM = "run data 1"
"""What else was encrypted with these keys would have another name."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """Something encrypted, and the id of the master key without which it stays so."""

    key_id: str
    data: bytes


@dataclass(frozen=True, slots=True)
class _Keys:
    key_id: str
    sealing: bytes
    salting: bytes


class TenantCipher:
    """AES-256-GCM, each message under a key of its own.

    The message's key comes from the tenant's and a salt that stands before the ciphertext. So there is no number of
    messages after which a tenant's key is worn out, as there is where each has a random nonce of 96 bits.
    """

    def __init__(self, ring: KeyRing) -> None:
        self._ring = ring
        self._keys = lru_cache(KEPT_KEYS)(self._derived)

    def check(self) -> None:
        """Raise `KeyMissing` when nothing can be encrypted, for want of a key to derive from."""
        self._keys(None, None)

    def seal(self, message: bytes, tenant: str | None, *, repeatable_in: str | None = None) -> Sealed:
        """The message, encrypted for a tenant, or for the system itself where that is None.

        Twice the same message gives two ciphertexts that have nothing in common; with the same `repeatable_in` it gives
        the same one, as long as the current key stays. Raises `KeyMissing`.
        """
        keys = self._keys(tenant, None)
        salt = (
            secrets.token_bytes(SALT_BYTES)
            if repeatable_in is None
            else _digest_of(message, keys.salting, repeatable_in)
        )
        cipher, nonce = _of_one_message(keys.sealing, salt)
        return Sealed(keys.key_id, salt + cipher.encrypt(nonce, message, _belongs_to(tenant, keys.key_id)))

    def open(self, sealed: Sealed, tenant: str | None) -> bytes:
        """The message. Raises `Damaged` when it was changed or is another tenant's, and `KeyMissing`."""
        keys = self._keys(tenant, sealed.key_id)
        salt, ciphertext = sealed.data[:SALT_BYTES], memoryview(sealed.data)[SALT_BYTES:]
        cipher, nonce = _of_one_message(keys.sealing, salt)
        try:
            return cipher.decrypt(nonce, ciphertext, _belongs_to(tenant, sealed.key_id))
        except InvalidTag as error:
            raise Damaged("it was changed, or it is not where it belongs") from error

    def _derived(self, tenant: str | None, key_id: str | None) -> _Keys:
        owner = "no tenant" if tenant is None else f"tenant {tenant}"
        sealing = self._ring.derive(f"{_FORM} of {owner}", key_id)
        salting = self._ring.derive(f"salts of {_FORM} of {owner}", sealing.key_id)
        return _Keys(sealing.key_id, sealing.key, salting.key)


def _of_one_message(key: bytes, salt: bytes) -> tuple[AESGCM, bytes]:
    material = hmac.digest(key, salt, "sha512")
    return AESGCM(material[:KEY_BYTES]), material[KEY_BYTES : KEY_BYTES + NONCE_BYTES]


def _digest_of(message: bytes, key: bytes, place: str) -> bytes:
    # The place's own digest has always the same length, so that no other place and message make up the same bytes.
    salt = hmac.new(key, sha256(place.encode()).digest(), sha256)
    salt.update(message)
    return salt.digest()


def _belongs_to(tenant: str | None, key_id: str) -> bytes:
    owner = {} if tenant is None else {"tenant": tenant}
    return encoded({"form": _FORM, "key": key_id, **owner})
