"""Encryption at rest: every secret under a data key of its own, and the data keys under a ring of master keys."""

from gorax.vault.envelope import Damaged, Envelope, Vault
from gorax.vault.keyring import KeyRing, open_key_ring
from gorax.vault.master_key import KeyMissing, LocalKey, MasterKey, MisfitError
from gorax.vault.tenant_cipher import Sealed, TenantCipher

__all__ = [
    "Damaged",
    "Envelope",
    "KeyMissing",
    "KeyRing",
    "LocalKey",
    "MasterKey",
    "MisfitError",
    "Sealed",
    "TenantCipher",
    "Vault",
    "open_key_ring",
]
