"""Master keys: they encrypt data keys and nothing else, and never leave where they are kept."""

import secrets
from collections.abc import Mapping
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from gorax.core.errors import Unavailable

KEY_BYTES = 32
NONCE_BYTES = 12

Context = Mapping[str, str]
"""What a ciphertext belongs to. It is not encrypted, but nothing decrypts without it."""


class MisfitError(Exception):
    """A ciphertext was changed, or belongs to another key or context."""


class KeyMissing(Unavailable):
    """A master key that is needed is not there. The message names it."""


class MasterKey(Protocol):
    """One master key, wherever it is kept: what a key management service has to offer."""

    @property
    def id(self) -> str:
        """Its name, which stands beside everything that it encrypted."""

    async def wrap(self, data_key: bytes, context: Context) -> bytes:
        """The data key, encrypted. Raises `Unavailable`."""

    async def unwrap(self, wrapped: bytes, context: Context) -> bytes:
        """The data key. Raises `MisfitError`, and `Unavailable`."""

    async def close(self) -> None:
        """Give up what it holds."""


class LocalKey:
    """A master key in this process's memory: AES-256-GCM."""

    def __init__(self, id: str, key: bytes) -> None:  # noqa: A002 - what it is
        if len(key) != KEY_BYTES:
            raise ValueError(f"a master key has {KEY_BYTES} bytes, not {len(key)}")
        self._id = id
        self._key = key
        self._cipher = AESGCM(self.derive("wrap data keys"))

    @property
    def id(self) -> str:
        """Its name."""
        return self._id

    def derive(self, purpose: str) -> bytes:
        """A key for one purpose, from which neither this one nor that of another purpose can be told."""
        kdf = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=f"gorax 1: {purpose}".encode())
        return kdf.derive(self._key)

    async def wrap(self, data_key: bytes, context: Context) -> bytes:
        """The data key, encrypted."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, data_key, encoded(context))

    async def unwrap(self, wrapped: bytes, context: Context) -> bytes:
        """The data key. Raises `MisfitError`."""
        try:
            return self._cipher.decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], encoded(context))
        except (InvalidTag, ValueError) as error:
            raise MisfitError(f"a data key does not fit master key {self._id!r}") from error

    async def close(self) -> None:
        """Nothing is held."""


def encoded(context: Context) -> bytes:
    """The context as associated data: no two contexts have the same."""
    parts = [part.encode() for item in sorted(context.items()) for part in item]
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts)
