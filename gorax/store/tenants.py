"""Tenants: who owns everything else."""

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from gorax.store.paging import addressable
from gorax.store.tables import Tenant

UNLIMITED = -1
DEFAULT_QUOTAS = {
    "max_workflows": 1_000,
    "max_executions_per_day": 100_000,
    "max_concurrent_executions": UNLIMITED,
    "max_api_requests_per_minute": 10_000,
}
"""What a tenant gets that nobody decided about: room for honest use, and an end to a runaway script."""


class Tenants:
    """All tenants: the one repository that belongs to none of them."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def get(self, tenant_id: str) -> Tenant | None:
        """The tenant, if there is one."""
        return await self._session.get(Tenant, tenant_id) if addressable(tenant_id) else None

    async def ensure(self, tenant_id: str) -> Tenant:
        """The tenant, created with default quotas when this is the first that is heard of it."""
        created = await self._session.scalars(
            insert(Tenant)
            .values(
                id=tenant_id,
                name=tenant_id,
                status="active",
                quotas=DEFAULT_QUOTAS,
                created_at=func.now(),
                updated_at=func.now(),
            )
            .on_conflict_do_nothing()
            .returning(Tenant)
        )
        tenant = created.one_or_none()
        return await self._session.get_one(Tenant, tenant_id) if tenant is None else tenant
