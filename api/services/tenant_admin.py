"""What administrators of the platform do with tenants. Each method is one transaction."""

from datetime import UTC, datetime
from typing import NamedTuple

import structlog

from api.identity import Caller
from api.schemas.tenants import CreateTenant
from api.services.looking import look_for_ever
from api.services.tenants import KnownTenants
from gorax.core.errors import NotFound
from gorax.store.paging import Page
from gorax.store.quotas import Usage, usage_of
from gorax.store.schedules import Schedules
from gorax.store.session import Database
from gorax.store.tables import Tenant
from gorax.store.tenants import ACTIVE, DELETED, SUSPENDED, Tenants

LOOK_SECONDS = 5.0
"""Between two looks for executions in deleted tenants."""
BATCH = 500
NOBODY = "system"
"""Who cancels what began while its tenant was being deleted."""

NO_TENANT = "tenant not found"

log = structlog.get_logger("gorax.api")


class TenantUsage(NamedTuple):
    """A tenant, and what of its quotas it uses."""

    tenant: Tenant
    usage: Usage
    at: datetime
    """When that was so."""


class TenantAdmin:
    """All tenants. Those that are deleted are found by nothing but a list that asks for them."""

    def __init__(self, database: Database, known: KnownTenants) -> None:
        self._database = database
        self._known = known

    async def page(self, status: str | None, limit: int, offset: int) -> Page[Tenant]:
        """A page of tenants, newest first, and their total."""
        async with self._database.platform() as session:
            return await Tenants(session).list(status, limit, offset)

    async def get(self, tenant_id: str) -> Tenant:
        """The tenant. Raises `NotFound`."""
        async with self._database.platform() as session:
            tenant = await Tenants(session).get(tenant_id)
        if tenant is None or tenant.status == DELETED:
            raise NotFound(NO_TENANT)
        return tenant

    async def usage(self, tenant_id: str) -> TenantUsage:
        """What of its quotas the tenant uses now. Raises `NotFound`."""
        tenant = await self.get(tenant_id)
        async with self._database.platform() as session:
            return TenantUsage(tenant, await usage_of(session, tenant_id), datetime.now(UTC))

    async def create(self, body: CreateTenant) -> Tenant:
        """A new tenant, active at once."""
        async with self._database.platform() as session:
            tenant = await Tenants(session).create(body.name, body.admin_email, body.quotas.given())
            await session.commit()
        return tenant

    async def set_quotas(self, tenant_id: str, quotas: dict[str, int]) -> Tenant:
        """Change these quotas and keep the others. Raises `NotFound`."""
        async with self._database.platform() as session:
            tenant = _there(await Tenants(session).update(tenant_id, quotas=quotas))
            await session.commit()
        self._known.forget(tenant_id)
        return tenant

    async def suspend(self, tenant_id: str) -> Tenant:
        """Let nothing change or begin in the tenant. What runs goes on. Raises `NotFound`."""
        return await self._set_status(tenant_id, SUSPENDED)

    async def activate(self, tenant_id: str) -> Tenant:
        """Let things change and begin again. Raises `NotFound`."""
        return await self._set_status(tenant_id, ACTIVE)

    async def delete(self, caller: Caller, tenant_id: str) -> None:
        """Let nobody in any more, cancel what runs, and end its schedules. Nothing is erased. Raises `NotFound`."""
        async with self._database.platform() as session:
            tenants = Tenants(session)
            _there(await tenants.update(tenant_id, status=DELETED))
            # The rest, and what begins at this very moment, is found by the loop.
            await tenants.cancel_in_deleted(caller.user_id, datetime.now(UTC), BATCH)
            await Schedules(session, tenant_id).delete_of(by=caller.user_id, due=datetime.now(UTC))
            await session.commit()
        self._known.forget(tenant_id)

    async def run(self) -> None:
        """Look for executions in deleted tenants until cancelled."""
        await look_for_ever(
            self._look,
            name=type(self).__name__,
            pause=LOOK_SECONDS,
            waiting="executions in deleted tenants go on",
            failing="looking for executions in deleted tenants failed and goes on",
        )

    async def _look(self) -> bool:
        async with self._database.platform() as session:
            cancelled = await Tenants(session).cancel_in_deleted(NOBODY, datetime.now(UTC), BATCH)
            if cancelled:
                await session.commit()
                log.info("cancelled executions in deleted tenants", count=cancelled)
        return cancelled == BATCH

    async def _set_status(self, tenant_id: str, status: str) -> Tenant:
        async with self._database.platform() as session:
            tenant = _there(await Tenants(session).update(tenant_id, status=status))
            await session.commit()
        self._known.forget(tenant_id)
        return tenant


def _there(tenant: Tenant | None) -> Tenant:
    if tenant is None:
        raise NotFound(NO_TENANT)
    return tenant
