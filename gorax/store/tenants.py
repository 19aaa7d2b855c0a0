"""Tenants: who owns everything else."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from gorax.core.ids import TENANT, new_id
from gorax.store.paging import Page, addressable, page
from gorax.store.tables import Execution, ExecutionDay, Tenant

UNLIMITED = -1
DEFAULT_QUOTAS: Mapping[str, int] = {
    "max_workflows": 1_000,
    "max_executions_per_day": 100_000,
    "max_concurrent_executions": UNLIMITED,
    "max_api_requests_per_minute": 10_000,
    "max_schedules": 1_000,
    "max_webhooks": 1_000,
    "retention_days": UNLIMITED,
}
"""What a tenant gets that nobody decided about: room for honest use, and an end to a runaway script."""

ACTIVE = "active"
SUSPENDED = "suspended"
DELETED = "deleted"

PER_DAY = "max_executions_per_day"

_STANDING = select(col(Tenant.status), col(Tenant.quotas))


class Standing(NamedTuple):
    """What every request has to know of its tenant."""

    status: str
    """Active, suspended or deleted."""
    requests_per_minute: int
    """That it may send to the API; `UNLIMITED` where there is no limit."""


def standing_of(status: str, quotas: Mapping[str, int]) -> Standing:
    """The standing of a tenant with this status and these quotas."""
    name = "max_api_requests_per_minute"
    return Standing(status, quotas.get(name, DEFAULT_QUOTAS[name]))


class Tenants:
    """All tenants: the one repository that belongs to none of them."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def get(self, tenant_id: str, *, lock: bool = False) -> Tenant | None:
        """The tenant, if there is one; with `lock`, no other transaction changes it before this one ends."""
        if not addressable(tenant_id):
            return None
        statement = select(Tenant).where(col(Tenant.id) == tenant_id)
        if lock:
            # Not its key: rows that refer to the tenant may be written meanwhile.
            statement = statement.with_for_update(key_share=True)
        return (await self._session.scalars(statement)).one_or_none()

    async def status(self, tenant_id: str) -> str | None:
        """What the tenant is: active, suspended or deleted; None when there is no such tenant."""
        standing = await self.standing(tenant_id)
        return None if standing is None else standing.status

    async def standing(self, tenant_id: str) -> Standing | None:
        """What the tenant is, and how many requests it may send; None when there is no such tenant."""
        if not addressable(tenant_id):
            return None
        row = (await self._session.execute(_STANDING.where(col(Tenant.id) == tenant_id))).one_or_none()
        return None if row is None else standing_of(*row)

    async def list(self, status: str | None, limit: int, offset: int) -> Page[Tenant]:
        """A page of tenants, newest first, and how many there are: of that status, or else those not deleted."""
        wanted = col(Tenant.status) != DELETED if status is None else col(Tenant.status) == status
        statement = (
            select(Tenant).where(wanted).order_by(col(Tenant.created_at).desc(), col(Tenant.id).desc())
        )
        return await page(self._session, statement, limit, offset)

    async def ensure(self, tenant_id: str) -> Tenant:
        """The tenant, created with default quotas when this is the first that is heard of it."""
        tenant = await self._insert(tenant_id, tenant_id, None, {})
        return await self._session.get_one(Tenant, tenant_id) if tenant is None else tenant

    async def create(self, name: str, admin_email: str | None, quotas: Mapping[str, int]) -> Tenant:
        """A new tenant; quotas that are not given are the default ones."""
        tenant = await self._insert(new_id(TENANT), name, admin_email, quotas)
        assert tenant is not None  # nobody else has made this id
        return tenant

    async def update(
        self,
        tenant_id: str,
        *,
        status: str | None = None,
        quotas: Mapping[str, int] | None = None,
    ) -> Tenant | None:
        """Change what is given of a tenant that is not deleted; None when there is no such tenant."""
        locked = await self.get(tenant_id, lock=True)
        if locked is None or locked.status == DELETED:
            return None
        changed = await self._session.scalars(
            update(Tenant)
            .where(col(Tenant.id) == tenant_id)
            .values(
                status=status or locked.status,
                quotas={**locked.quotas, **(quotas or {})},
                updated_at=func.now(),
                deleted_at=func.now() if status == DELETED else None,
            )
            .returning(Tenant)
            .execution_options(synchronize_session=False, populate_existing=True)
        )
        if quotas and PER_DAY in quotas:
            # What is left of the day is worked out anew, from the new quota, when it is next needed.
            await self._forget_days(tenant_id)
        return changed.one()

    async def _forget_days(self, tenant_id: str) -> None:
        # Locked in the order of their parts, as all who wait for several of them do.
        mine = col(ExecutionDay.tenant_id) == tenant_id
        parts = select(col(ExecutionDay.part)).where(mine)
        await self._session.execute(
            parts.order_by(col(ExecutionDay.day), col(ExecutionDay.part)).with_for_update()
        )
        await self._session.execute(
            delete(ExecutionDay).where(mine).execution_options(synchronize_session=False)
        )

    async def cancel_in_deleted(self, by: str, due: datetime, limit: int) -> int:
        """Want executions in deleted tenants cancelled that have not ended, at most `limit`; how many there were.

        `due` is when their runs are to be told.
        """
        unfinished = (
            select(col(Execution.id))
            .join(Tenant, col(Tenant.id) == col(Execution.tenant_id))
            .where(
                col(Tenant.status) == DELETED,
                col(Execution.status).in_(("pending", "running")),
                col(Execution.stop).is_(None),
            )
            .order_by(col(Execution.id))
            .limit(limit)
            .with_for_update(of=Execution, skip_locked=True)
        )
        cancelled = await self._session.scalars(
            update(Execution)
            .where(col(Execution.id).in_(unfinished))
            .values(
                stop="cancel",
                stop_requested_at=func.clock_timestamp(),
                stop_requested_by=by,
                stop_reason="the tenant was deleted",
                control_due_at=due,
            )
            .returning(col(Execution.id))
            .execution_options(synchronize_session=False)
        )
        return len(cancelled.all())

    async def _insert(
        self, tenant_id: str, name: str, admin_email: str | None, quotas: Mapping[str, int]
    ) -> Tenant | None:
        created = await self._session.scalars(
            insert(Tenant)
            .values(
                id=tenant_id,
                name=name,
                status=ACTIVE,
                admin_email=admin_email,
                quotas={**DEFAULT_QUOTAS, **quotas},
                created_at=func.now(),
                updated_at=func.now(),
            )
            .on_conflict_do_nothing()
            .returning(Tenant)
        )
        return created.one_or_none()


def quotas_of(tenant: Tenant) -> dict[str, int]:
    """The tenant's quotas, all of them: those that came later than the tenant are the default ones."""
    return {**DEFAULT_QUOTAS, **tenant.quotas}
