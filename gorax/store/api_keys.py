"""API keys: made and revoked by their tenant, found by their digest."""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import and_, bindparam, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from gorax.core.ids import API_KEY, new_id
from gorax.core.roles import Role
from gorax.store.paging import Page, addressable, page
from gorax.store.tables import ApiKey, Tenant
from gorax.store.tenants import Standing, standing_of

USE_NOTED = timedelta(minutes=1)
"""How often at the most it is written down that a key is used."""

# Built once: building one anew costs a fifth of running it.
_UNNOTED = or_(col(ApiKey.last_used_at).is_(None), col(ApiKey.last_used_at) < func.now() - USE_NOTED)
_VALID = and_(
    col(ApiKey.revoked_at).is_(None),
    or_(col(ApiKey.expires_at).is_(None), col(ApiKey.expires_at) > func.now()),
)
_FIND = (
    select(
        col(ApiKey.id),
        col(ApiKey.tenant_id),
        col(ApiKey.role),
        col(Tenant.status),
        col(Tenant.quotas),
        _UNNOTED,
    )
    .join(Tenant, col(Tenant.id) == col(ApiKey.tenant_id))
    .where(col(ApiKey.digest) == bindparam("digest"), _VALID)
)
# Of many requests in one moment one writes; the others do not wait for it.
_NOTE_USE = (
    update(ApiKey)
    .where(
        col(ApiKey.id).in_(
            select(col(ApiKey.id))
            .where(col(ApiKey.id) == bindparam("key"), _UNNOTED)
            .with_for_update(skip_locked=True)
        )
    )
    .values(last_used_at=func.now())
    .execution_options(synchronize_session=False)
)


class FoundKey(NamedTuple):
    """A key that is valid now."""

    id: str
    tenant_id: str
    role: str
    tenant: Standing
    unnoted: bool
    """Whether its use has not been written down for a while."""


async def find_key(session: AsyncSession, digest: bytes) -> FoundKey | None:
    """The key with this digest, of whatever tenant, unless it is revoked or has expired: one look into an index."""
    row = (await session.execute(_FIND, {"digest": digest})).one_or_none()
    if row is None:
        return None
    key_id, tenant_id, role, status, quotas, unnoted = row
    return FoundKey(key_id, tenant_id, role, standing_of(status, quotas), unnoted)


async def note_use(session: AsyncSession, key_id: str) -> None:
    """Write down that the key is used now, unless that was done within `USE_NOTED`."""
    await session.execute(_NOTE_USE, {"key": key_id})


class ApiKeys:
    """The API keys of one tenant."""

    def __init__(self, session: AsyncSession, tenant_id: str) -> None:
        self._session = session
        self._tenant_id = tenant_id

    async def list(self, limit: int, offset: int) -> Page[ApiKey]:
        """A page of keys, newest first, and how many there are; those that are valid no more are among them."""
        statement = (
            select(ApiKey).where(col(ApiKey.tenant_id) == self._tenant_id).order_by(col(ApiKey.id).desc())
        )
        return await page(self._session, statement, limit, offset)

    async def lock(self) -> None:
        """Have no other transaction that locks them, too, make keys before this one ends."""
        tenant = select(col(Tenant.id)).where(col(Tenant.id) == self._tenant_id)
        await self._session.execute(tenant.with_for_update(key_share=True))

    async def count_valid(self) -> int:
        """How many are neither revoked nor expired."""
        statement = select(func.count()).where(col(ApiKey.tenant_id) == self._tenant_id, _VALID)
        return (await self._session.execute(statement)).scalar_one()

    async def get(self, key_id: str) -> ApiKey | None:
        """The key's row."""
        if not addressable(key_id):
            return None
        statement = select(ApiKey).where(col(ApiKey.id) == key_id, col(ApiKey.tenant_id) == self._tenant_id)
        return (await self._session.scalars(statement)).one_or_none()

    async def create(
        self,
        *,
        name: str,
        role: Role,
        prefix: str,
        digest: bytes,
        expires_at: datetime | None,
        created_by: str,
    ) -> ApiKey:
        """A new key."""
        created = await self._session.scalars(
            insert(ApiKey)
            .values(
                id=new_id(API_KEY),
                tenant_id=self._tenant_id,
                name=name,
                role=role.value,
                prefix=prefix,
                digest=digest,
                expires_at=expires_at,
                created_at=func.now(),
                created_by=created_by,
            )
            .returning(ApiKey)
        )
        return created.one()

    async def revoke(self, key_id: str, revoked_by: str) -> bool:
        """Let nobody use the key from the commit on; False when there is none. Again is the same as once."""
        if not addressable(key_id):
            return False
        revoked = await self._session.scalars(
            update(ApiKey)
            .where(col(ApiKey.id) == key_id, col(ApiKey.tenant_id) == self._tenant_id)
            .values(
                revoked_at=func.coalesce(col(ApiKey.revoked_at), func.now()),
                revoked_by=func.coalesce(col(ApiKey.revoked_by), revoked_by),
            )
            .returning(col(ApiKey.id))
            .execution_options(synchronize_session=False)
        )
        return revoked.one_or_none() is not None
