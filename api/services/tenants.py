"""The tenants that exist, as far as a request has to know."""

from api.errors import Forbidden
from api.services.recent import Recent
from gorax.store.session import Database
from gorax.store.tenants import ACTIVE, DELETED, Tenants

MAX_REMEMBERED = 10_000
"""Tenants that a process remembers."""
BELIEVED_SECONDS = 2.0
"""So long after a tenant was suspended or deleted another process may not know yet."""


class KnownTenants:
    """What the tenants are that this process has seen lately, so that a request costs no query to find its own."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._statuses: Recent[str] = Recent(MAX_REMEMBERED)

    async def check_there(self, tenant_id: str, *, create: bool = False) -> None:
        """Raise `Forbidden` when there is no such tenant, unless `create` makes one at first sight."""
        await self._status(tenant_id, create=create)

    async def check_active(self, tenant_id: str) -> None:
        """Raise `Forbidden` unless things may change and begin in the tenant."""
        if await self._status(tenant_id) != ACTIVE:
            raise Forbidden(
                f"tenant {tenant_id} is suspended: it can be read, and nothing in it changes or begins"
            )

    def learn(self, tenant_id: str, status: str) -> None:
        """The tenant is this now."""
        self._statuses.keep(tenant_id, status, BELIEVED_SECONDS)

    async def _status(self, tenant_id: str, *, create: bool = False) -> str:
        status = self._statuses.get(tenant_id)
        if status is None:
            async with self._database.session(autocommit=True) as session:
                tenants = Tenants(session)
                status = await tenants.status(tenant_id)
                if status is None and create:
                    status = (await tenants.ensure(tenant_id)).status
            if status is None:
                raise Forbidden(f"there is no tenant {tenant_id}")
            self.learn(tenant_id, status)
        if status == DELETED:
            raise Forbidden(f"there is no tenant {tenant_id} any more")
        return status
