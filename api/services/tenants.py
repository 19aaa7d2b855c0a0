"""The tenants that exist, as far as a request has to know."""

from collections.abc import Callable

from api.errors import Forbidden
from api.services.recent import Recent
from gorax.store.session import Database
from gorax.store.tenants import ACTIVE, DELETED, Standing, Tenants, standing_of

MAX_REMEMBERED = 10_000
"""Tenants that a process remembers."""
BELIEVED_SECONDS = 2.0
"""So long after a tenant was suspended or deleted another process may not know yet."""


class KnownTenants:
    """What the tenants are that this process has seen lately, so that a request costs no query to find its own."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._standings: Recent[Standing] = Recent(MAX_REMEMBERED)
        self._changes = 0

    async def check_there(self, tenant_id: str, *, create: bool = False) -> None:
        """Raise `Forbidden` when there is no such tenant, unless `create` makes one at first sight."""
        await self._standing(tenant_id, create=create)

    async def check_active(self, tenant_id: str) -> None:
        """Raise `Forbidden` unless things may change and begin in the tenant."""
        if (await self._standing(tenant_id)).status != ACTIVE:
            raise Forbidden(
                f"tenant {tenant_id} is suspended: it can be read, and nothing in it changes or begins"
            )

    async def requests_per_minute(self, tenant_id: str) -> int:
        """How many the tenant may send to the API; -1 is without limit. Raises `Forbidden` when there is none."""
        return (await self._standing(tenant_id)).requests_per_minute

    def forget(self, tenant_id: str) -> None:
        """This process has changed the tenant: the next request reads what it is now."""
        self._changes += 1
        self._standings.drop(tenant_id)

    def reading(self) -> Callable[[str, Standing], None]:
        """For whoever is about to read what a tenant is: the function to tell it to.

        What was read before this process changed a tenant would otherwise be believed afterwards.
        """
        changes = self._changes

        def read(tenant_id: str, standing: Standing) -> None:
            if changes == self._changes:
                self._standings.keep(tenant_id, standing, BELIEVED_SECONDS)

        return read

    async def _standing(self, tenant_id: str, *, create: bool = False) -> Standing:
        standing = self._standings.get(tenant_id)
        if standing is None:
            read = self.reading()
            async with self._database.platform(autocommit=True) as session:
                tenants = Tenants(session)
                standing = await tenants.standing(tenant_id)
                if standing is None and create:
                    tenant = await tenants.ensure(tenant_id)
                    standing = standing_of(tenant.status, tenant.quotas)
            if standing is None:
                raise Forbidden(f"there is no tenant {tenant_id}")
            read(tenant_id, standing)
        if standing.status == DELETED:
            raise Forbidden(f"there is no tenant {tenant_id} any more")
        return standing
