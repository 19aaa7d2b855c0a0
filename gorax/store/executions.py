"""Executions as their tenant sees them."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Text, bindparam, func, literal, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from gorax.store.execution_filter import ExecutionFilter
from gorax.store.execution_pages import ExecutionPages
from gorax.store.paging import Page, addressable
from gorax.store.quotas import refused
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
    .returning(col(Execution.held))
)
# Only a row that is there already has this id: the same execution, begun before.
_BEGIN = (
    insert(Execution.__table__)  # type: ignore[attr-defined]
    .on_conflict_do_nothing(index_elements=["id"])
    .returning(col(Execution.held))
)
_STATUS = select(col(Execution.status)).where(
    col(Execution.id) == bindparam("execution_id"), col(Execution.tenant_id) == bindparam("tenant")
)


class Entry(NamedTuple):
    """What became of the row of an execution that runs already."""

    is_new: bool
    waits: bool
    """Whether it is to do nothing before it has a place, of which it is told by a signal."""


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

        When it is `held`, it is to be started only after it was given a place; see `gorax.store.places`.
        `links` may be `retry_of`, `rerun_of` or `schedule_id`.

        Returns None when the tenant has used the idempotency key before; `by_key` then has that execution.
        Of two calls with one key at the same time, the second waits for the first's transaction to end. Raises
        `QuotaExceeded` when the tenant may begin no more today.
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
        with refused():
            held = (await self._session.execute(_ACCEPT, row)).scalar_one_or_none()
        return None if held is None else Execution(**row, held=held)

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
        shares_place: bool = False,
    ) -> Entry:
        """The row of an execution that runs already, begun by no request; again is the same as once.

        It is made in the name of whoever made its parent's, or else of its kind of trigger. Raises `QuotaExceeded`
        when the tenant may begin no more today.
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
            shares_place=shares_place,
        )
        by = func.coalesce(maker.scalar_subquery(), literal(trigger["type"], Text))
        with refused():
            begun = await self._session.execute(_BEGIN.values(**row, created_by=by))
        held = begun.scalar_one_or_none()
        if held is not None:
            return Entry(is_new=True, waits=held)
        known = {"execution_id": id, "tenant": self._tenant_id}
        status = (await self._session.scalars(_STATUS, known)).one_or_none()
        return Entry(is_new=False, waits=status == "pending")

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
        """A page of executions without their triggers, newest first, and how many match."""
        listed = await ExecutionPages(self._session, self._tenant_id).page(chosen, limit, offset)
        return listed.rows, listed.total
