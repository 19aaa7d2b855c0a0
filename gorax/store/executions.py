"""Executions as their tenant sees them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, Text, bindparam, func, literal, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from gorax.store.paging import Page, addressable, page
from gorax.store.tables import Execution

# The hot statements are built once: building one anew costs a fifth of running it.
_GET = select(Execution).where(
    col(Execution.id) == bindparam("execution_id"), col(Execution.tenant_id) == bindparam("tenant")
)
_BY_KEY = select(Execution).where(
    col(Execution.tenant_id) == bindparam("tenant"), col(Execution.idempotency_key) == bindparam("key")
)
_ACCEPT = (
    insert(Execution.__table__)  # type: ignore[attr-defined]
    .on_conflict_do_nothing(
        index_elements=["tenant_id", "idempotency_key"],
        index_where=col(Execution.idempotency_key).is_not(None),
    )
    .returning(col(Execution.id))
)
# Only a row that is there already has this id: the same execution, begun before.
_BEGIN = (
    insert(Execution.__table__)  # type: ignore[attr-defined]
    .on_conflict_do_nothing(index_elements=["id"])
    .returning(col(Execution.id))
)


@dataclass(frozen=True, kw_only=True)
class ExecutionFilter:
    """Which executions to list; what is not given does not restrict."""

    workflow_id: str | None = None
    statuses: Collection[str] = ()
    trigger_type: str | None = None
    parent_execution_id: str | None = None
    schedule_id: str | None = None
    from_: datetime | None = None
    """Started at this time or later."""
    to: datetime | None = None
    """Started before this time."""


class Executions:
    """The executions of one tenant."""

    def __init__(self, session: AsyncSession, tenant_id: str) -> None:
        self._session = session
        self._tenant_id = tenant_id

    async def accept(
        self,
        *,
        id: str,  # noqa: A002 - the column's name
        workflow_id: str,
        workflow_name: str,
        version: int,
        trigger_type: str,
        trigger: dict[str, Any],
        priority: int,
        idempotency_key: str | None,
        created_by: str,
        accepted_at: datetime,
        **links: str,
    ) -> Execution | None:
        """The row of an execution that is to be started: committed, it is a promise.

        `links` may be `retry_of`, `rerun_of` or `schedule_id`.

        Returns None when the tenant has used the idempotency key before; `by_key` then has that execution.
        Of two calls with one key at the same time, the second waits for the first's transaction to end.
        """
        row = self._row(
            accepted_at,
            id=id,
            workflow_id=workflow_id,
            workflow_name=workflow_name,
            version=version,
            status="pending",
            trigger_type=trigger_type,
            trigger=trigger,
            priority=priority,
            idempotency_key=idempotency_key,
            created_by=created_by,
            **links,
        )
        inserted = (await self._session.execute(_ACCEPT, row)).one_or_none()
        return Execution(**row) if inserted else None

    async def begin(
        self,
        *,
        id: str,  # noqa: A002 - the column's name
        workflow_id: str,
        workflow_name: str,
        version: int,
        trigger: dict[str, Any],
        priority: int,
        accepted_at: datetime,
        parent_execution_id: str | None = None,
        parent_path: str | None = None,
        schedule_id: str | None = None,
    ) -> bool:
        """The row of an execution that runs already, begun by no request; again is the same as once.

        Returns whether it is new. It is made in the name of whoever made its parent's, or else of its kind of trigger.
        """
        maker = select(col(Execution.created_by)).where(
            col(Execution.id) == parent_execution_id, col(Execution.tenant_id) == self._tenant_id
        )
        row = self._row(
            accepted_at,
            id=id,
            workflow_id=workflow_id,
            workflow_name=workflow_name,
            version=version,
            status="running",
            trigger_type=trigger["type"],
            trigger=trigger,
            priority=priority,
            parent_execution_id=parent_execution_id,
            parent_path=parent_path,
            schedule_id=schedule_id,
        )
        by = func.coalesce(maker.scalar_subquery(), literal(trigger["type"], Text))
        begun = await self._session.execute(_BEGIN.values(**row, created_by=by))
        return begun.one_or_none() is not None

    def _row(self, accepted_at: datetime, **values: Any) -> dict[str, Any]:
        """A row of the tenant's of which nothing has run yet."""
        return {
            "tenant_id": self._tenant_id,
            "accepted_at": accepted_at,
            "started_at": accepted_at,
            "checked_at": accepted_at,
            "steps_completed": 0,
            "steps_total": 0,
            **values,
        }

    async def lock_for_retry(self, execution_id: str) -> str | None:
        """Keep others from retrying this execution until the transaction ends; the id of its last retry, if any."""
        one = select(col(Execution.id)).where(
            col(Execution.tenant_id) == self._tenant_id, col(Execution.id) == execution_id
        )
        await self._session.execute(one.with_for_update(key_share=True))
        last = await self.last_retry(execution_id)
        return None if last is None else last.id

    async def last_retry(self, execution_id: str) -> Execution | None:
        """The newest of the executions that continue this one."""
        retries = (
            select(Execution)
            .where(col(Execution.tenant_id) == self._tenant_id, col(Execution.retry_of) == execution_id)
            .order_by(col(Execution.id).desc())
            .limit(1)
        )
        return (await self._session.scalars(retries)).one_or_none()

    async def by_key(self, key: str) -> Execution | None:
        """The execution that was accepted under an idempotency key."""
        return (await self._session.scalars(_BY_KEY, {"tenant": self._tenant_id, "key": key})).one_or_none()

    async def get(self, execution_id: str) -> Execution | None:
        """The execution's row."""
        if not addressable(execution_id):
            return None
        key = {"tenant": self._tenant_id, "execution_id": execution_id}
        return (await self._session.scalars(_GET, key)).one_or_none()

    async def list(self, chosen: ExecutionFilter, limit: int, offset: int) -> Page[Execution]:
        """A page of executions, newest first, and how many match."""
        named = (chosen.workflow_id, chosen.parent_execution_id, chosen.schedule_id)
        if not all(addressable(name) for name in named if name):
            return [], 0
        statement = self._matching(chosen).order_by(
            col(Execution.started_at).desc(), col(Execution.id).desc()
        )
        return await page(self._session, statement, limit, offset)

    def _matching(self, chosen: ExecutionFilter) -> Select[Execution]:
        statement = select(Execution).where(col(Execution.tenant_id) == self._tenant_id)
        if chosen.workflow_id is not None:
            statement = statement.where(col(Execution.workflow_id) == chosen.workflow_id)
        if chosen.statuses:
            statement = statement.where(col(Execution.status).in_(sorted(chosen.statuses)))
        if chosen.trigger_type is not None:
            statement = statement.where(col(Execution.trigger_type) == chosen.trigger_type)
        if chosen.parent_execution_id is not None:
            statement = statement.where(col(Execution.parent_execution_id) == chosen.parent_execution_id)
        if chosen.schedule_id is not None:
            statement = statement.where(col(Execution.schedule_id) == chosen.schedule_id)
        if chosen.from_ is not None:
            statement = statement.where(col(Execution.started_at) >= chosen.from_)
        if chosen.to is not None:
            statement = statement.where(col(Execution.started_at) < chosen.to)
        return statement
