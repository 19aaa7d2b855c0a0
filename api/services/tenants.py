"""The tenants that exist, as far as a request has to know."""

from gorax.store.session import Database
from gorax.store.tenants import Tenants

# Beyond this many tenants a server starts to remember them afresh.
_REMEMBERED = 10_000


class KnownTenants:
    """The tenants that this process has seen, so that a request costs no query to find its own."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._ids: set[str] = set()

    async def ensure(self, tenant_id: str) -> None:
        """Make sure that the tenant exists, creating it with default quotas on first sight."""
        if tenant_id in self._ids:
            return
        async with self._database.session() as session:
            await Tenants(session).ensure(tenant_id)
            await session.commit()
        if len(self._ids) >= _REMEMBERED:
            self._ids.clear()
        self._ids.add(tenant_id)
