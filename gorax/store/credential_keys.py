"""Keeps the envelopes of credentials: under the current master key, and none longer than it is valid.

Any number of processes may do this at once, and be killed at it: each batch is a transaction of its own whose rows
others skip, and a data key that was wrapped anew takes the place of the old one in one statement.
"""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from gorax.core.errors import GoraxError, Unavailable
from gorax.store.credential_values import context_of, envelope_of
from gorax.store.session import Database
from gorax.store.tables import Credential, CredentialVersion
from gorax.vault import KeyMissing, Vault

BATCH = 50
"""Data keys that one transaction wraps anew."""

_OPENABLE = col(CredentialVersion.key_id).is_not(None)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a change of master keys has come."""

    total: int
    """Values that are stored."""
    by_key: dict[str, int]
    """How many of them each master key encrypts."""
    current: str
    """The id of the key that should encrypt all."""

    @property
    def remaining(self) -> int:
        """Values that another key encrypts."""
        return self.total - self.by_key.get(self.current, 0)


class CredentialKeys:
    """The envelopes of all tenants."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault

    async def progress(self) -> Progress:
        """How many values each master key encrypts."""
        statement = (
            select(col(CredentialVersion.key_id), func.count())
            .where(_OPENABLE)
            .group_by(col(CredentialVersion.key_id))
        )
        async with self._database.session() as session:
            by_key = {str(key_id): count for key_id, count in await session.execute(statement)}
        return Progress(sum(by_key.values()), by_key, self._vault.keys.current.id)

    async def empty_ended(self) -> int:
        """Empty the envelopes of versions that are valid no more; how many."""
        statement = (
            update(CredentialVersion)
            .where(_OPENABLE, col(CredentialVersion.valid_until) <= func.now())
            .values(key_id=None, wrapped_key=None, ciphertext=None)
            .returning(col(CredentialVersion.version))
            .execution_options(synchronize_session=False)
        )
        async with self._database.session() as session:
            emptied = len((await session.execute(statement)).all())
            await session.commit()
        return emptied

    async def rewrap(
        self, *, passing_over: Collection[tuple[str, int]] = ()
    ) -> tuple[int, dict[tuple[str, int], str]]:
        """Bring a batch of data keys under the current master key.

        How many that were, and which could not be, with the reason: they are to be passed over the next time.
        Raises `Unavailable` when the key service or the database does not answer.
        """
        done = 0
        failed: dict[tuple[str, int], str] = {}
        async with self._database.session() as session:
            for credential, version in await self._under_other_keys(session, passing_over):
                context = context_of(credential.tenant_id, credential.id, version.version)
                try:
                    envelope = await self._vault.rewrap(envelope_of(version), context)
                except GoraxError as error:
                    if isinstance(error, Unavailable) and not isinstance(error, KeyMissing):
                        raise
                    failed[credential.id, version.version] = str(error)
                    continue
                version.key_id, version.wrapped_key = envelope.key_id, envelope.wrapped_key
                done += 1
            await session.commit()
        return done, failed

    async def _under_other_keys(
        self, session: AsyncSession, passing_over: Collection[tuple[str, int]]
    ) -> list[tuple[Credential, CredentialVersion]]:
        statement = (
            select(Credential, CredentialVersion)
            .join(CredentialVersion, col(CredentialVersion.credential_id) == col(Credential.id))
            .where(_OPENABLE, col(CredentialVersion.key_id) != self._vault.keys.current.id)
            .order_by(col(CredentialVersion.credential_id), col(CredentialVersion.version))
            .limit(BATCH + len(passing_over))
            .with_for_update(skip_locked=True, of=CredentialVersion)
        )
        rows = [(credential, version) for credential, version in await session.execute(statement)]
        return [row for row in rows if (row[0].id, row[1].version) not in passing_over][:BATCH]
