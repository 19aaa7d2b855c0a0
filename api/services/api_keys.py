"""API keys: made, shown once, revoked, and recognized when a machine shows one."""

import secrets
from datetime import UTC, datetime
from hashlib import sha256
from typing import NamedTuple

from api.errors import Forbidden, InvalidFields, Unauthenticated
from api.identity import Caller, Identity
from api.presented import KEY_PREFIX
from api.problems import Detail
from api.schemas.api_keys import CreateApiKey
from api.services.tenants import KnownTenants
from gorax.core.errors import Conflict, NotFound
from gorax.core.roles import Role
from gorax.store.api_keys import ApiKeys, find_key, note_use
from gorax.store.paging import Page
from gorax.store.session import Database
from gorax.store.tables import ApiKey

MAX_KEYS = 1_000
"""Valid ones, of one tenant."""
KEY_BYTES = 32
_SHOWN = len(KEY_PREFIX) + 8
"""Characters of a key that stay readable: 48 bits of 256, so that people can tell keys apart."""

NO_KEY = "API key not found"


class NewKey(NamedTuple):
    """A key that has just been made, with the secret that nobody can get again."""

    key: ApiKey
    secret: str


class ApiKeyService:
    """API keys of all tenants; every method takes the tenant it works for."""

    def __init__(self, database: Database, tenants: KnownTenants) -> None:
        self._database = database
        self._tenants = tenants

    async def caller(self, secret: str) -> Caller:
        """Who shows this key. Raises `Unauthenticated` when it is none, is revoked, or has expired.

        Nothing is remembered: a key that is revoked opens nothing from that moment on.
        """
        read = self._tenants.reading()
        async with self._database.platform(autocommit=True) as session:
            found = await find_key(session, _digest(secret))
            if found is None:
                raise Unauthenticated(
                    "the API key is not valid: it was revoked, has expired, or never was one"
                )
            if found.unnoted:
                await note_use(session, found.id)
        read(found.tenant_id, found.tenant)
        tenants = {found.tenant_id: Role(found.role)}
        return Caller(user_id=found.id, via="key", via_id=found.id, tenants=tenants)

    async def page(self, tenant_id: str, limit: int, offset: int) -> Page[ApiKey]:
        """A page of the tenant's keys, newest first, and their total."""
        async with self._database.session(tenant_id) as session:
            return await ApiKeys(session, tenant_id).list(limit, offset)

    async def get(self, tenant_id: str, key_id: str) -> ApiKey:
        """The key's row. Raises `NotFound`."""
        async with self._database.session(tenant_id) as session:
            key = await ApiKeys(session, tenant_id).get(key_id)
        if key is None:
            raise NotFound(NO_KEY)
        return key

    async def create(self, identity: Identity, body: CreateApiKey) -> NewKey:
        """A new key.

        Raises `Forbidden`, `InvalidFields` for one that has expired, `Conflict` when there are too many.
        """
        if identity.via == "key":
            # A key that leaked could outlive its own revocation otherwise.
            raise Forbidden("an API key cannot make API keys: log in to do so")
        role = Role(body.role)
        if not identity.role.covers(role):
            raise Forbidden(f"role: you are {identity.role}, and a key of yours can be no more than that")
        if body.expires_at is not None and body.expires_at <= datetime.now(UTC):
            raise InvalidFields([Detail(field="expires_at", message="must be in the future")])
        secret = KEY_PREFIX + secrets.token_urlsafe(KEY_BYTES)
        async with self._database.session(identity.tenant_id) as session:
            keys = ApiKeys(session, identity.tenant_id)
            await keys.lock()
            if await keys.count_valid() >= MAX_KEYS:
                raise Conflict(f"there are {MAX_KEYS} API keys already: revoke those that nothing uses")
            key = await keys.create(
                name=body.name,
                role=role,
                prefix=secret[:_SHOWN],
                digest=_digest(secret),
                expires_at=body.expires_at,
                created_by=identity.user_id,
            )
            await session.commit()
        return NewKey(key, secret)

    async def revoke(self, identity: Identity, key_id: str) -> None:
        """Let nobody use the key any more. Raises `NotFound`; again is the same as once."""
        async with self._database.session(identity.tenant_id) as session:
            if not await ApiKeys(session, identity.tenant_id).revoke(key_id, identity.user_id):
                raise NotFound(NO_KEY)
            await session.commit()


def _digest(secret: str) -> bytes:
    # Slow hashes are for what people choose. Nobody guesses 256 random bits, however fast the hash, and this one
    # can be looked up in an index.
    return sha256(secret.encode()).digest()
