"""The one way to a credential's value: opened, and noted in the log before it is handed out."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from gorax.core.encoding import dumps, loads
from gorax.core.errors import Conflict, GoraxError, NotFound
from gorax.store.credential_log import CredentialLog, Reader
from gorax.store.credentials import Credentials, Stored
from gorax.store.session import Database
from gorax.store.tables import CredentialVersion
from gorax.vault import Envelope, Vault

NO_CREDENTIAL = "credential not found"


class Expired(Conflict):
    """The credential may be used no more. The message says since when."""


@dataclass(frozen=True, slots=True)
class Revealed:
    """A value that was read."""

    credential_id: str
    type: str
    version: int
    value: dict[str, Any]


Find = Callable[[Credentials], Awaitable[Stored | None]]


class CredentialValues:
    """Values of all tenants' credentials; every method takes the tenant it works for."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault

    async def of_id(self, tenant_id: str, credential_id: str, reader: Reader) -> Revealed:
        """The current value, expired or not. Raises `NotFound`, `Damaged` and `Unavailable`."""

        async def find(credentials: Credentials) -> Stored | None:
            found = await credentials.get(credential_id)
            return None if found is None else await credentials.current(found)

        return await self._reveal(tenant_id, find, credential_id, reader, NotFound(NO_CREDENTIAL))

    async def refuse(self, tenant_id: str, credential_id: str, reader: Reader, refusal: GoraxError) -> None:
        """Note that somebody wanted the value and may not have it. Raises `Unavailable`."""
        async with self._database.session(tenant_id) as session:
            credentials = Credentials(session, tenant_id)
            found = await credentials.get(credential_id)
            stored = None if found is None else await credentials.current(found)
            await self._note(session, tenant_id, stored, credential_id, reader, refusal)
            await session.commit()

    async def for_use(self, tenant_id: str, name: str, began_at: datetime | None, reader: Reader) -> Revealed:
        """The value for a run that began at this time: the one of then while it is valid, else the current.

        Raises `NotFound`, `Expired`, `Damaged` and `Unavailable`.
        """

        async def find(credentials: Credentials) -> Stored | None:
            found = await credentials.find(name)
            if found is None:
                return None
            return await (
                credentials.current(found) if began_at is None else credentials.as_of(found, began_at)
            )

        missing = NotFound(f"no credential named {name!r}")
        return await self._reveal(tenant_id, find, name, reader, missing, for_use=True)

    async def _reveal(
        self,
        tenant_id: str,
        find: Find,
        asked: str,
        reader: Reader,
        missing: GoraxError,
        *,
        for_use: bool = False,
    ) -> Revealed:
        async with self._database.session(tenant_id) as session:
            stored = await find(Credentials(session, tenant_id))
        # No connection is held from here on: the vault may have to ask a key management service.
        refusal: GoraxError | None = None
        revealed: Revealed | None = None
        try:
            revealed = await self._open(tenant_id, stored, for_use) if stored else None
        except GoraxError as error:
            refusal = error
        if stored is None:
            refusal = missing
        async with self._database.session(tenant_id) as session:
            await self._note(session, tenant_id, stored, asked, reader, refusal)
            await session.commit()
        if revealed is None:
            raise refusal or missing
        return revealed

    async def _open(self, tenant_id: str, stored: Stored, for_use: bool) -> Revealed:
        credential, version = stored.credential, stored.version
        current = version.version == credential.version
        if for_use and current and credential.expires_at and credential.expires_at <= datetime.now(UTC):
            since = credential.expires_at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
            raise Expired(f"the credential {credential.name!r} expired at {since}: rotate it")
        context = context_of(tenant_id, credential.id, version.version)
        value = loads(await self._vault.open(envelope_of(version), context))
        return Revealed(credential.id, credential.type, version.version, value)

    async def _note(
        self,
        session: AsyncSession,
        tenant_id: str,
        stored: Stored | None,
        asked: str,
        reader: Reader,
        refusal: GoraxError | None,
    ) -> None:
        await CredentialLog(session, tenant_id).add(
            reader,
            credential_id=stored.credential.id if stored else None,
            name=stored.credential.name if stored else asked,
            version=stored.version.version if stored else None,
            refused=str(refusal) if refusal else None,
        )

    async def seal(self, tenant_id: str, credential_id: str, version: int, value: dict[str, Any]) -> Envelope:
        """A value in its envelope, which opens as that version of that credential of that tenant alone."""
        return await self._vault.seal(dumps(value), context_of(tenant_id, credential_id, version))


def context_of(tenant_id: str, credential_id: str, version: int) -> dict[str, str]:
    """What an envelope is bound to: a row that is copied elsewhere does not open there."""
    return {"tenant": tenant_id, "credential": credential_id, "version": str(version)}


def envelope_of(version: CredentialVersion) -> Envelope:
    """The envelope of a version that has not been emptied."""
    return Envelope(version.key_id or "", version.wrapped_key or b"", version.ciphertext or b"")
