"""Decrypting run data for people who look at it in the Temporal Web UI, and encrypting what they enter there."""

from collections.abc import Sequence

import structlog
from temporalio.api.common.v1 import Payload

from gorax.engine.codec import EncryptionCodec
from gorax.vault import Damaged, KeyMissing

log = structlog.get_logger(__name__)


class RunData:
    """Run data as one tenant may see it."""

    def __init__(self, codec: EncryptionCodec, namespace: str) -> None:
        self._codec = codec
        self._namespace = namespace

    async def decode(
        self, payloads: Sequence[Payload], *, tenant: str | None, namespace: str | None
    ) -> list[Payload | None]:
        """In their order, what was encrypted, decrypted; None for what is left as it is.

        That is what was not encrypted, what belongs to others than `tenant` (where that is None, nobody is other), to
        another namespace than ours, and what cannot be decrypted.
        """
        if not self._is_ours(namespace):
            return [None] * len(payloads)
        codec = self._codec if tenant is None else self._codec.for_tenant(tenant)
        return [await _decoded(codec, payload) for payload in payloads]

    async def encode(
        self, payloads: Sequence[Payload], *, tenant: str, namespace: str | None
    ) -> list[Payload]:
        """What somebody of the tenant enters, encrypted where run data is. Raises `KeyMissing`."""
        if not self._is_ours(namespace):
            return list(payloads)
        return await self._codec.for_tenant(tenant).encode(payloads)

    def _is_ours(self, namespace: str | None) -> bool:
        return namespace is None or namespace == self._namespace


async def _decoded(codec: EncryptionCodec, payload: Payload) -> Payload | None:
    try:
        [decoded] = await codec.decode([payload])
    except (Damaged, KeyMissing) as error:
        # The others are still of use to whoever looks at a history.
        log.info("a payload was left as it is", reason=str(error)[:200])
        return None
    return None if decoded is payload else decoded
