"""Keeps stored secrets under the current master key, and none longer than it is valid.

Any number of processes may do this at once, and be killed at it: each batch is a transaction of its own whose rows
others skip, and a data key that was wrapped anew takes the place of the old one in one statement.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncSession

from gorax.core.errors import GoraxError, Unavailable
from gorax.store.session import Database
from gorax.vault import Envelope, KeyMissing, Vault

BATCH = 50
"""Data keys that one transaction wraps anew."""

Place = tuple[str, int]
"""Whose secret it is, by id, and which of its secrets."""


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


class Sealed(NamedTuple):
    """A secret in a row that the transaction has locked."""

    place: Place
    envelope: Envelope
    context: Mapping[str, str]
    """What the envelope is bound to."""
    put: Callable[[Envelope], None]
    """Writes the wrapped data key of another envelope of the same secret into the row."""


class SecretKeys(ABC):
    """The envelopes of one kind of secret, of all tenants."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault

    async def progress(self) -> Progress:
        """How many values each master key encrypts."""
        async with self._database.platform() as session:
            by_key = await self._counts(session)
        return Progress(sum(by_key.values()), by_key, self._vault.keys.current.id)

    @abstractmethod
    async def empty_ended(self) -> int:
        """Empty the envelopes of secrets that are valid no more; how many."""

    async def rewrap(self, *, passing_over: Collection[Place] = ()) -> tuple[int, dict[Place, str]]:
        """Bring a batch of data keys under the current master key.

        How many that were, and which could not be, with the reason: they are to be passed over the next time.
        Raises `Unavailable` when the key service or the database does not answer.
        """
        done = 0
        failed: dict[Place, str] = {}
        async with self._database.platform() as session:
            rows = await self._under_other_keys(session, BATCH + len(passing_over))
            for sealed in [row for row in rows if row.place not in passing_over][:BATCH]:
                try:
                    sealed.put(await self._vault.rewrap(sealed.envelope, sealed.context))
                except GoraxError as error:
                    if isinstance(error, Unavailable) and not isinstance(error, KeyMissing):
                        raise
                    failed[sealed.place] = str(error)
                    continue
                done += 1
            await session.commit()
        return done, failed

    @abstractmethod
    async def _counts(self, session: AsyncSession) -> dict[str, int]:
        """How many values each master key encrypts."""

    @abstractmethod
    async def _under_other_keys(self, session: AsyncSession, limit: int) -> list[Sealed]:
        """Secrets under another key than the current one, locked; what others have locked is left out."""
