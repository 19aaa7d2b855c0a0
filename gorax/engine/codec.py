"""Privacy of run data: what Temporal is given is encrypted, under keys of the tenant that it belongs to.

The SDK encodes first and stores large payloads outside afterwards, so what is stored is encrypted too. The references
to it are not: they hold a digest of what is encrypted, and a run's id.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from temporalio.api.common.v1 import Payload
from temporalio.api.sdk.v1.external_storage_pb2 import ExternalStorageReference
from temporalio.converter import (
    ActivitySerializationContext,
    PayloadCodec,
    SerializationContext,
    WithSerializationContext,
    WorkflowSerializationContext,
)

from gorax.core.ids import TENANT_ID, execution_part, tenant_of
from gorax.settings import Settings, SettingsError
from gorax.vault import Damaged, KeyMissing, KeyRing, Sealed, TenantCipher

ENCRYPTED = b"binary/encrypted"
KEY = "gorax-key"
"""In a payload's metadata, the id of the master key."""
TENANT = "gorax-tenant"
"""In a payload's metadata, whose it is; missing in what belongs to no tenant, such as maintenance."""

LARGE_BYTES = 10_000
"""Payloads of this size may be stored outside, where the same one is stored once: the same value gives the same bytes
within an execution. It is the least that `GORAX_PAYLOAD_INLINE_BYTES` can be."""
BLOCKING_BYTES = 500_000
"""Larger payloads are encrypted in a thread, and hold nobody else up."""

_REFERENCE = ExternalStorageReference.DESCRIPTOR.full_name.encode()


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a payload stands."""

    tenant: str | None
    execution: str | None = None


class EncryptionCodec(PayloadCodec, WithSerializationContext):
    """Encrypts payloads unless it is told not to, and always decrypts those that are encrypted.

    So what was written before encryption was turned on stays readable, and what was encrypted after it is turned off.
    """

    def __init__(self, cipher: TenantCipher, *, encrypts: bool, place: _Place | None = None) -> None:
        self._cipher = cipher
        self._encrypts = encrypts
        self._place = place

    @property
    def encrypts(self) -> bool:
        """Whether what it encodes is encrypted."""
        return self._encrypts

    def with_context(self, context: SerializationContext) -> "EncryptionCodec":
        """The codec of a workflow's payloads: those of other tenants cannot be read with it."""
        workflow_id = None
        if isinstance(context, WorkflowSerializationContext | ActivitySerializationContext):
            workflow_id = context.workflow_id
        if workflow_id is None:
            return self
        return self._at(_Place(tenant_of(workflow_id), execution_part(workflow_id)))

    def for_tenant(self, tenant: str) -> "EncryptionCodec":
        """The codec of a tenant's payloads, wherever they stand."""
        return self._at(_Place(tenant))

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """The payloads, encrypted. Raises `KeyMissing`."""
        if not self._encrypts:
            return list(payloads)
        return [payload if _is_reference(payload) else await self._encrypted(payload) for payload in payloads]

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """The payloads as they were before `encode`.

        Raises `Damaged` for one that was changed or is of another tenant, and `KeyMissing`.
        """
        return [
            await self._decrypted(payload) if payload.metadata.get("encoding") == ENCRYPTED else payload
            for payload in payloads
        ]

    def _at(self, place: _Place) -> "EncryptionCodec":
        return EncryptionCodec(self._cipher, encrypts=self._encrypts, place=place)

    async def _encrypted(self, payload: Payload) -> Payload:
        place = self._place or _Place(None)
        message = payload.SerializeToString(deterministic=True)
        repeatable_in = place.execution if len(message) >= LARGE_BYTES else None

        def seal() -> Sealed:
            return self._cipher.seal(message, place.tenant, repeatable_in=repeatable_in)

        sealed = await asyncio.to_thread(seal) if len(message) > BLOCKING_BYTES else seal()
        metadata = {"encoding": ENCRYPTED, KEY: sealed.key_id.encode()}
        if place.tenant is not None:
            metadata[TENANT] = place.tenant.encode()
        return Payload(metadata=metadata, data=sealed.data)

    async def _decrypted(self, payload: Payload) -> Payload:
        tenant = _owner_of(payload)
        if self._place is not None and tenant != self._place.tenant:
            raise _unreadable(Damaged("it belongs to another tenant"))
        sealed = Sealed(payload.metadata.get(KEY, b"").decode(errors="replace"), payload.data)

        def unseal() -> bytes:
            return self._cipher.open(sealed, tenant)

        try:
            blocking = len(sealed.data) > BLOCKING_BYTES
            return Payload.FromString(await asyncio.to_thread(unseal) if blocking else unseal())
        except (Damaged, KeyMissing) as error:
            raise _unreadable(error) from None  # the worker logs it with each try of a task


def encryption_codec(settings: Settings, keys: KeyRing) -> EncryptionCodec:
    """The codec of a process. Raises `SettingsError` when it is to encrypt and has no key for that."""
    cipher = TenantCipher(keys)
    encrypts = bool(settings.codec.enabled)
    if encrypts:
        try:
            cipher.check()
        except KeyMissing as error:
            raise SettingsError(
                "GORAX_MASTER_KEYS: run data is encrypted under keys that are derived from one of the form id:base64, "
                "and there is none: add one, also behind a key of KMS, or set GORAX_CODEC_ENABLED=false"
            ) from error
    return EncryptionCodec(cipher, encrypts=encrypts)


def _owner_of(payload: Payload) -> str | None:
    if TENANT not in payload.metadata:
        return None
    tenant = payload.metadata[TENANT].decode(errors="replace")
    if not TENANT_ID.fullmatch(tenant):
        raise _unreadable(Damaged("it names no tenant"))
    return tenant


def _is_reference(payload: Payload) -> bool:
    # Of user data nothing has this encoding: values are `json/plain`, whatever they say.
    return (
        payload.metadata.get("encoding") == b"json/protobuf"
        and payload.metadata.get("messageType") == _REFERENCE
    )


def _unreadable(error: Damaged | KeyMissing) -> Damaged | KeyMissing:
    return type(error)(f"run data cannot be decrypted: {error}")
