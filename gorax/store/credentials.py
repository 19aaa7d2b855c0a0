"""Credentials and their versions, with values in envelopes that only the vault opens."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import load_only
from sqlmodel import col

from gorax.core.errors import Conflict
from gorax.store.paging import Page, addressable, page
from gorax.store.tables import Credential, CredentialVersion
from gorax.vault import Envelope

_NAME_KEY = "credentials_name_key"


@dataclass(frozen=True, slots=True)
class Stored:
    """A credential with the version of it that is meant."""

    credential: Credential
    version: CredentialVersion


class Credentials:
    """The credentials of one tenant."""

    def __init__(self, session: AsyncSession, tenant_id: str) -> None:
        self._session = session
        self._tenant_id = tenant_id

    async def list(self, limit: int, offset: int) -> Page[Credential]:
        """A page of credentials, newest first, and how many there are."""
        statement = (
            select(Credential)
            .where(col(Credential.tenant_id) == self._tenant_id)
            .order_by(col(Credential.created_at).desc(), col(Credential.id).desc())
        )
        return await page(self._session, statement, limit, offset)

    async def names(self) -> dict[str, str]:
        """The names of all credentials, by their ids."""
        rows = await self._session.execute(
            select(col(Credential.id), col(Credential.name)).where(
                col(Credential.tenant_id) == self._tenant_id
            )
        )
        return {row.id: row.name for row in rows}

    async def count(self) -> int:
        """How many there are."""
        statement = select(func.count()).where(col(Credential.tenant_id) == self._tenant_id)
        return (await self._session.execute(statement)).scalar_one()

    async def get(self, credential_id: str, *, lock: bool = False) -> Credential | None:
        """The credential; with `lock`, no other transaction changes it before this one ends."""
        if not addressable(credential_id):
            return None
        statement = select(Credential).where(
            col(Credential.id) == credential_id, col(Credential.tenant_id) == self._tenant_id
        )
        return (await self._session.scalars(statement.with_for_update() if lock else statement)).one_or_none()

    async def find(self, handle: str) -> Credential | None:
        """The credential that a definition means: the one of this name, else of this id."""
        if "\0" in handle:
            return None
        statement = (
            select(Credential)
            .where(
                col(Credential.tenant_id) == self._tenant_id,
                or_(col(Credential.name) == handle, col(Credential.id) == handle),
            )
            .order_by((col(Credential.name) == handle).desc())
            .limit(1)
        )
        return (await self._session.scalars(statement)).one_or_none()

    async def create(
        self,
        *,
        id: str,  # noqa: A002 - the column's name
        name: str,
        type: str,  # noqa: A002 - the column's name
        description: str,
        expires_at: datetime | None,
        envelope: Envelope,
        created_by: str,
    ) -> Credential:
        """A new credential with its version 1. Raises `Conflict` when the tenant has one of that name."""
        try:
            created = await self._session.scalars(
                insert(Credential)
                .values(
                    id=id,
                    tenant_id=self._tenant_id,
                    name=name,
                    type=type,
                    description=description,
                    version=1,
                    expires_at=expires_at,
                    created_at=func.now(),
                    updated_at=func.now(),
                    rotated_at=func.now(),
                    created_by=created_by,
                    updated_by=created_by,
                )
                .returning(Credential)
            )
        except IntegrityError as error:
            raise _taken(error, name) from error
        credential = created.one()
        await self._add_version(credential, envelope, created_by)
        return credential

    async def update(
        self, credential_id: str, values: dict[str, str | datetime | None], updated_by: str
    ) -> Credential | None:
        """Change name, description or expiry of the current version; None when there is no such credential.

        Raises `Conflict` when another one has the name.
        """
        if not addressable(credential_id):
            return None
        try:
            updated = await self._session.scalars(
                update(Credential)
                .where(col(Credential.id) == credential_id, col(Credential.tenant_id) == self._tenant_id)
                .values(**values, updated_at=func.now(), updated_by=updated_by)
                .returning(Credential)
                .execution_options(synchronize_session=False, populate_existing=True)
            )
        except IntegrityError as error:
            raise _taken(error, str(values.get("name"))) from error
        return updated.one_or_none()

    async def rotate(
        self,
        locked: Credential,
        envelope: Envelope,
        *,
        grace: float,
        expires_at: datetime | None,
        rotated_by: str,
    ) -> Credential:
        """Put a new version in the place of the current one of a credential that this transaction has locked.

        The one before stays valid for `grace` seconds, though not beyond its own expiry.
        """
        now = func.clock_timestamp()
        await self._session.execute(
            update(CredentialVersion)
            .where(
                col(CredentialVersion.credential_id) == locked.id,
                col(CredentialVersion.version) == locked.version,
            )
            .values(
                superseded_at=now,
                # PostgreSQL's least() passes over nulls.
                valid_until=func.least(now + func.make_interval(0, 0, 0, 0, 0, 0, grace), locked.expires_at),
            )
            .execution_options(synchronize_session=False)
        )
        rotated = await self._session.scalars(
            update(Credential)
            .where(col(Credential.id) == locked.id, col(Credential.tenant_id) == self._tenant_id)
            .values(
                version=locked.version + 1,
                rotated_at=now,
                updated_at=now,
                updated_by=rotated_by,
                expires_at=expires_at,
            )
            .returning(Credential)
            .execution_options(synchronize_session=False, populate_existing=True)
        )
        credential = rotated.one()
        await self._add_version(credential, envelope, rotated_by)
        return credential

    async def delete(self, credential_id: str) -> bool:
        """Delete the credential with all its values; False when there is no such credential."""
        if not addressable(credential_id):
            return False
        deleted = await self._session.scalars(
            delete(Credential)
            .where(col(Credential.id) == credential_id, col(Credential.tenant_id) == self._tenant_id)
            .returning(col(Credential.id))
            .execution_options(synchronize_session=False)
        )
        return deleted.one_or_none() is not None

    async def versions(self, credential_id: str, limit: int, offset: int) -> Page[CredentialVersion]:
        """A page of versions, newest first, without their envelopes; none when there is no such credential."""
        if not addressable(credential_id):
            return [], 0
        statement = (
            select(CredentialVersion)
            .join(Credential, col(Credential.id) == col(CredentialVersion.credential_id))
            .where(col(Credential.id) == credential_id, col(Credential.tenant_id) == self._tenant_id)
            .order_by(col(CredentialVersion.version).desc())
            .options(
                load_only(
                    CredentialVersion.key_id,  # type: ignore[arg-type]
                    CredentialVersion.created_at,  # type: ignore[arg-type]
                    CredentialVersion.created_by,  # type: ignore[arg-type]
                    CredentialVersion.superseded_at,  # type: ignore[arg-type]
                    CredentialVersion.valid_until,  # type: ignore[arg-type]
                    raiseload=True,
                )
            )
        )
        return await page(self._session, statement, limit, offset)

    async def current(self, credential: Credential) -> Stored | None:
        """The credential with its current version; None when it has just been deleted."""
        statement = select(CredentialVersion).where(
            col(CredentialVersion.credential_id) == credential.id,
            col(CredentialVersion.version) == credential.version,
        )
        version = (await self._session.scalars(statement)).one_or_none()
        return None if version is None else Stored(credential, version)

    async def as_of(self, credential: Credential, moment: datetime) -> Stored | None:
        """The credential with the version that was current at a moment, while that one is valid, else the current."""
        if credential.rotated_at > moment:
            statement = select(CredentialVersion).where(
                col(CredentialVersion.credential_id) == credential.id,
                col(CredentialVersion.created_at) <= moment,
                col(CredentialVersion.superseded_at) > moment,
                col(CredentialVersion.valid_until) > func.now(),
                col(CredentialVersion.key_id).is_not(None),
            )
            if (version := (await self._session.scalars(statement)).one_or_none()) is not None:
                return Stored(credential, version)
        return await self.current(credential)

    async def _add_version(self, credential: Credential, envelope: Envelope, created_by: str) -> None:
        self._session.add(
            CredentialVersion(
                credential_id=credential.id,
                version=credential.version,
                key_id=envelope.key_id,
                wrapped_key=envelope.wrapped_key,
                ciphertext=envelope.ciphertext,
                created_at=credential.rotated_at,
                created_by=created_by,
            )
        )
        await self._session.flush()


def _taken(error: IntegrityError, name: str) -> Exception:
    diagnostics = getattr(error.orig, "diag", None)
    if getattr(diagnostics, "constraint_name", None) != _NAME_KEY:
        return error
    return Conflict(f"name: there is a credential named {name!r} already")
