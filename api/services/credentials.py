"""What people do with credentials. Each method is one transaction."""

import asyncio
from typing import Any

from api.errors import InvalidFields
from api.identity import Identity
from api.problems import Detail, details_of
from api.schemas.credentials import CreateCredential, RotateCredential, UpdateCredential
from api.services.credential_users import CredentialUsers
from gorax.core import ids
from gorax.core.credentials import KINDS, MAX_VALUE_BYTES, value_errors
from gorax.core.encoding import encoded_size
from gorax.core.errors import Conflict, GoraxError, NotFound
from gorax.core.weight import TooHeavyError
from gorax.store.credential_log import CredentialLog, Reader
from gorax.store.credential_values import NO_CREDENTIAL, CredentialValues, Revealed
from gorax.store.credentials import Credentials
from gorax.store.paging import Page
from gorax.store.session import Database
from gorax.store.tables import Credential, CredentialAccess, CredentialVersion

MAX_CREDENTIALS = 1_000
"""Of one tenant."""
_NAMED = 10
"""Workflows that a refusal names."""


class CredentialService:
    """Credentials of all tenants; every method takes the tenant it works for."""

    def __init__(self, database: Database, values: CredentialValues, users: CredentialUsers) -> None:
        self._database = database
        self._values = values
        self._users = users

    async def page(self, tenant_id: str, limit: int, offset: int) -> Page[Credential]:
        """A page of the tenant's credentials, newest first, and their total."""
        async with self._database.session(tenant_id) as session:
            return await Credentials(session, tenant_id).list(limit, offset)

    async def get(self, tenant_id: str, credential_id: str) -> Credential:
        """The credential. Raises `NotFound`."""
        async with self._database.session(tenant_id) as session:
            return _there(await Credentials(session, tenant_id).get(credential_id))

    async def create(self, identity: Identity, body: CreateCredential) -> Credential:
        """Save a new credential. Raises `InvalidFields`, and `Conflict` when its name is taken."""
        await _check_value("value", body.type, body.value)
        credential_id = ids.new_id(ids.CREDENTIAL)
        envelope = await self._values.seal(identity.tenant_id, credential_id, 1, body.value)
        async with self._database.session(identity.tenant_id) as session:
            credentials = Credentials(session, identity.tenant_id)
            if await credentials.count() >= MAX_CREDENTIALS:
                raise Conflict(
                    f"there are {MAX_CREDENTIALS} credentials already: delete those that nothing uses"
                )
            credential = await credentials.create(
                id=credential_id,
                name=body.name,
                type=body.type,
                description=body.description or "",
                expires_at=body.expires_at,
                envelope=envelope,
                created_by=identity.user_id,
            )
            await session.commit()
        return credential

    async def update(self, identity: Identity, credential_id: str, body: UpdateCredential) -> Credential:
        """Change all but the value. Raises `NotFound`, and `Conflict` when the name is taken."""
        values = body.model_dump(include=body.model_fields_set)
        if "description" in values:
            values["description"] = values["description"] or ""
        async with self._database.session(identity.tenant_id) as session:
            changed = await Credentials(session, identity.tenant_id).update(
                credential_id, values, identity.user_id
            )
            credential = _there(changed)
            await session.commit()
        return credential

    async def rotate(self, identity: Identity, credential_id: str, body: RotateCredential) -> Credential:
        """Put a new value in the place of the current one. Raises `NotFound` and `InvalidFields`."""
        async with self._database.session(identity.tenant_id) as session:
            credentials = Credentials(session, identity.tenant_id)
            # Two rotations at once make two versions, one after the other.
            locked = _there(await credentials.get(credential_id, lock=True))
            await _check_value("new_value", locked.type, body.new_value)
            envelope = await self._values.seal(
                identity.tenant_id, locked.id, locked.version + 1, body.new_value
            )
            credential = await credentials.rotate(
                locked,
                envelope,
                grace=body.grace_period,
                expires_at=body.expires_at,
                rotated_by=identity.user_id,
            )
            await session.commit()
        return credential

    async def value(self, tenant_id: str, credential_id: str, reader: Reader) -> Revealed:
        """The value, once the log says who reads it. Raises `NotFound`, `Damaged` and `Unavailable`."""
        return await self._values.of_id(tenant_id, credential_id, reader)

    async def refuse(self, tenant_id: str, credential_id: str, reader: Reader, refusal: GoraxError) -> None:
        """Note in the access log that somebody may not have the value. Raises `Unavailable`."""
        await self._values.refuse(tenant_id, credential_id, reader, refusal)

    async def versions(
        self, tenant_id: str, credential_id: str, limit: int, offset: int
    ) -> Page[CredentialVersion]:
        """A page of the credential's versions, newest first, and their total. Raises `NotFound`."""
        async with self._database.session(tenant_id) as session:
            rows, total = await Credentials(session, tenant_id).versions(credential_id, limit, offset)
        if total == 0:  # every credential has a version
            raise NotFound(NO_CREDENTIAL)
        return rows, total

    async def accesses(
        self, tenant_id: str, credential_id: str, limit: int, offset: int
    ) -> Page[CredentialAccess]:
        """A page of who read the value, newest first, and their total. Raises `NotFound`."""
        async with self._database.session(tenant_id) as session:
            credential = _there(await Credentials(session, tenant_id).get(credential_id))
            return await CredentialLog(session, tenant_id).list(credential.id, limit, offset)

    async def delete(self, tenant_id: str, credential_id: str, *, force: bool) -> None:
        """Delete the credential with all its values.

        Raises `NotFound`, and, unless with `force`, `Conflict` naming the workflows that use it.
        """
        credential = await self.get(tenant_id, credential_id)
        if not force:
            users = await self._users.of(tenant_id, credential)
            if users:
                raise Conflict(_in_use(users))
        async with self._database.session(tenant_id) as session:
            if not await Credentials(session, tenant_id).delete(credential_id):
                raise NotFound(NO_CREDENTIAL)
            await session.commit()


def _there(credential: Credential | None) -> Credential:
    if credential is None:
        raise NotFound(NO_CREDENTIAL)
    return credential


def _in_use(users: dict[str, str]) -> str:
    named = [f"{name!r} ({workflow_id})" for workflow_id, name in list(users.items())[:_NAMED]]
    more = f" and {len(users) - _NAMED} more" if len(users) > _NAMED else ""
    noun = "workflow uses" if len(users) == 1 else "workflows use"
    return (
        f"{len(users)} {noun} the credential: {', '.join(named)}{more}; "
        "take it out there, or delete it all the same with force=true"
    )


async def _check_value(field: str, type_name: str, value: dict[str, Any]) -> None:
    try:
        await asyncio.to_thread(encoded_size, value, MAX_VALUE_BYTES)
    except TooHeavyError as heavy:
        raise InvalidFields([Detail(field=field, message=str(heavy))]) from heavy
    except TypeError as error:
        raise InvalidFields([Detail(field=field, message=f"is not JSON: {error}")]) from error
    if errors := value_errors(type_name, value):
        located = [{**error, "loc": (field, *error["loc"])} for error in errors]
        raise InvalidFields(details_of(located, known=KINDS[type_name].model_fields))
