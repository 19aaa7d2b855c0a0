"""The envelopes of credentials; see `gorax.store.secret_keys`."""

from functools import partial

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from gorax.store.credential_values import context_of, envelope_of
from gorax.store.secret_keys import Sealed, SecretKeys
from gorax.store.tables import Credential, CredentialVersion
from gorax.vault import Envelope

_OPENABLE = col(CredentialVersion.key_id).is_not(None)


class CredentialKeys(SecretKeys):
    """The envelopes of all tenants' credentials, of old versions too."""

    async def empty_ended(self) -> int:
        """Empty the envelopes of versions that are valid no more; how many."""
        statement = (
            update(CredentialVersion)
            .where(_OPENABLE, col(CredentialVersion.valid_until) <= func.now())
            .values(key_id=None, wrapped_key=None, ciphertext=None)
            .returning(col(CredentialVersion.version))
            .execution_options(synchronize_session=False)
        )
        async with self._database.platform() as session:
            emptied = len((await session.execute(statement)).all())
            await session.commit()
        return emptied

    async def _counts(self, session: AsyncSession) -> dict[str, int]:
        statement = (
            select(col(CredentialVersion.key_id), func.count())
            .where(_OPENABLE)
            .group_by(col(CredentialVersion.key_id))
        )
        return {str(key_id): count for key_id, count in await session.execute(statement)}

    async def _under_other_keys(self, session: AsyncSession, limit: int) -> list[Sealed]:
        statement = (
            select(Credential, CredentialVersion)
            .join(CredentialVersion, col(CredentialVersion.credential_id) == col(Credential.id))
            .where(_OPENABLE, col(CredentialVersion.key_id) != self._vault.keys.current.id)
            .order_by(col(CredentialVersion.credential_id), col(CredentialVersion.version))
            .limit(limit)
            .with_for_update(skip_locked=True, of=CredentialVersion)
        )
        return [
            Sealed(
                (credential.id, version.version),
                envelope_of(version),
                context_of(credential.tenant_id, credential.id, version.version),
                partial(_put, version),
            )
            for credential, version in await session.execute(statement)
        ]


def _put(version: CredentialVersion, envelope: Envelope) -> None:
    version.key_id, version.wrapped_key = envelope.key_id, envelope.wrapped_key
