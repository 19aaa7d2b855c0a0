"""Approvals, and what else an execution waits for, as the people who answer see it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, any_, bindparam, literal, literal_column, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from gorax.core.actions.constructs import Answer
from gorax.store.paging import Page, addressable, page
from gorax.store.tables import Wait
from gorax.store.waits import is_waiting

# A literal, not a parameter: from a parameter the planner cannot tell that a partial index covers the rows.
_IS_APPROVAL = col(Wait.kind) == literal_column("'approval'")
_GET = select(Wait).where(
    col(Wait.id) == bindparam("approval"), col(Wait.tenant_id) == bindparam("tenant"), _IS_APPROVAL
)


@dataclass(frozen=True, kw_only=True)
class ApprovalFilter:
    """Which approvals to list; what is not given does not restrict."""

    status: str | None = None
    workflow_id: str | None = None
    execution_id: str | None = None
    assignee: str | None = None


class Approvals:
    """The approvals of one tenant."""

    def __init__(self, session: AsyncSession, tenant_id: str) -> None:
        self._session = session
        self._tenant_id = tenant_id

    async def get(self, approval_id: str) -> Wait | None:
        """The approval."""
        if not addressable(approval_id):
            return None
        key = {"approval": approval_id, "tenant": self._tenant_id}
        return (await self._session.scalars(_GET, key)).one_or_none()

    async def list(self, chosen: ApprovalFilter, limit: int, offset: int) -> Page[Wait]:
        """A page of approvals, newest first, and how many match."""
        given = (chosen.workflow_id, chosen.execution_id, chosen.assignee)
        if not all(addressable(value) for value in given if value is not None):
            return [], 0
        statement = self._matching(chosen).order_by(col(Wait.opened_at).desc(), col(Wait.id).desc())
        return await page(self._session, statement, limit, offset)

    async def open_in(self, execution_id: str, limit: int, offset: int) -> Page[Wait]:
        """A page of all that an execution waits for now, approvals and signals, oldest first."""
        statement = (
            select(Wait)
            .where(
                col(Wait.execution_id) == execution_id,
                col(Wait.tenant_id) == self._tenant_id,
                is_waiting(),
            )
            .order_by(col(Wait.opened_at), col(Wait.number), col(Wait.id))
        )
        return await page(self._session, statement, limit, offset)

    async def answer(self, approval_id: str, answer: Answer, tell_at: datetime) -> Wait | None:
        """Answer an approval that waits; None when it waits no more. Its run is to be told by `tell_at`."""
        statement = (
            update(Wait)
            .where(
                col(Wait.id) == approval_id,
                col(Wait.tenant_id) == self._tenant_id,
                _IS_APPROVAL,
                is_waiting(),
            )
            .values(
                status=answer.decision,
                answered_at=answer.at,
                answered_by=answer.by,
                comment=answer.comment,
                payload=answer.payload,
                tell_at=tell_at,
            )
            .returning(Wait)
            # The session may know the row as it was before.
            .execution_options(synchronize_session=False, populate_existing=True)
        )
        return (await self._session.scalars(statement)).one_or_none()

    def _matching(self, chosen: ApprovalFilter) -> Select[Wait]:
        statement = select(Wait).where(col(Wait.tenant_id) == self._tenant_id, _IS_APPROVAL)
        if chosen.status is not None:
            statement = statement.where(col(Wait.status) == chosen.status)
        if chosen.workflow_id is not None:
            statement = statement.where(col(Wait.workflow_id) == chosen.workflow_id)
        if chosen.execution_id is not None:
            statement = statement.where(col(Wait.execution_id) == chosen.execution_id)
        if chosen.assignee is not None:
            statement = statement.where(literal(chosen.assignee) == any_(col(Wait.assignees)))
        return statement
