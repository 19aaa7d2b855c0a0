"""The ring of master keys: the first encrypts, all decrypt."""

import base64
import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass

from gorax.settings import Env, Settings, SettingsError
from gorax.vault.aws_kms import AwsKmsKey
from gorax.vault.key_file import kept_keys
from gorax.vault.master_key import KEY_BYTES, KeyMissing, LocalKey, MasterKey

KMS = "kms:"
"""Before the id of a key that AWS KMS keeps."""

_LOCAL = re.compile(r"([A-Za-z0-9_.-]{1,64}):([A-Za-z0-9+/_=-]+)", re.ASCII)
_KMS_ID = re.compile(r"[A-Za-z0-9_:/-]{1,2048}", re.ASCII)


@dataclass(frozen=True, slots=True)
class DerivedKey:
    """A key for one purpose, and the id of the master key that it comes from."""

    key_id: str
    key: bytes


class KeyRing:
    """Master keys, newest first."""

    def __init__(self, keys: Sequence[MasterKey]) -> None:
        if not keys:
            raise ValueError("a key ring has at least one key")
        self._keys = {key.id: key for key in reversed(keys)}
        self.current = keys[0]
        """The one that encrypts."""

    @property
    def ids(self) -> list[str]:
        """The ids of all keys, newest first."""
        return list(reversed(self._keys))

    def get(self, key_id: str) -> MasterKey:
        """The key of this id. Raises `KeyMissing`."""
        if (key := self._keys.get(key_id)) is None:
            raise KeyMissing(f"the master key {key_id!r} is not in GORAX_MASTER_KEYS")
        return key

    def derive(self, purpose: str, key_id: str | None = None) -> DerivedKey:
        """A key of 32 bytes for one purpose, such as one tenant's payloads, always the same.

        From the newest key that is in this process's memory, or from that of `key_id`. Raises `KeyMissing`.
        """
        chosen = self._newest_local() if key_id is None else self.get(key_id)
        if not isinstance(chosen, LocalKey):
            raise KeyMissing("no key can be derived: GORAX_MASTER_KEYS has none of the form id:base64")
        return DerivedKey(chosen.id, chosen.derive(f"derived: {purpose}"))

    def _newest_local(self) -> LocalKey | None:
        return next((key for key in reversed(self._keys.values()) if isinstance(key, LocalKey)), None)

    async def close(self) -> None:
        """Give up what the keys hold."""
        for key in self._keys.values():
            await key.close()


def open_key_ring(settings: Settings) -> KeyRing:
    """The ring that the settings name; in development, without any, that of the data directory.

    Raises `SettingsError`, which never shows a key.
    """
    given = settings.master_keys
    if given is not None and given.get_secret_value().strip():
        return _parsed(given.get_secret_value(), "GORAX_MASTER_KEYS", settings)
    if settings.env is not Env.development:
        raise SettingsError(
            "GORAX_MASTER_KEYS: is required in production, where credentials must not be lost with a machine. "
            "Make one with: echo k1:$(openssl rand -base64 32)"
        )
    file, text = kept_keys(settings.data_dir)
    return _parsed(text, str(file), settings)


def _parsed(text: str, where: str, settings: Settings) -> KeyRing:
    keys: list[MasterKey] = []
    for number, entry in enumerate(text.strip().split(","), 1):
        key = _key(entry.strip(), f"{where}: key {number}", settings)
        if any(known.id == key.id for known in keys):
            raise SettingsError(f"{where}: key {number} has the same id as one before it, {key.id!r}")
        keys.append(key)
    return KeyRing(keys)


def _key(entry: str, where: str, settings: Settings) -> MasterKey:
    if entry.startswith(KMS):
        key_id = entry.removeprefix(KMS)
        if not _KMS_ID.fullmatch(key_id):
            raise SettingsError(f"{where} must be kms: and the id, alias or ARN of a key")
        return AwsKmsKey(entry, key_id, settings.kms)
    # Nothing of the entry goes into a message: where it is malformed, any part of it may be the key.
    if (match := _LOCAL.fullmatch(entry)) is None:
        raise SettingsError(f"{where} must have the form id:base64, or kms:key-id")
    key_id, written = match.groups()
    try:
        padded = written.rstrip("=") + "=" * (-len(written.rstrip("=")) % 4)
        key = base64.b64decode(padded.translate(str.maketrans("-_", "+/")), validate=True)
    except binascii.Error:
        raise SettingsError(f"{where} is not base64 after its id") from None
    if len(key) != KEY_BYTES:
        raise SettingsError(f"{where} has {len(key)} bytes after its id, it must have {KEY_BYTES}")
    return LocalKey(key_id, key)
