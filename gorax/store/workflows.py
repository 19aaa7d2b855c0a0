"""Workflows and their versions."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Select, Text, bindparam, cast, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer
from sqlmodel import col

from gorax.core.encoding import dumps
from gorax.store.paging import MAX_INTEGER, Page, addressable, page
from gorax.store.quotas import check_room
from gorax.store.tables import Workflow, WorkflowVersion

# Built once, because building it anew costs a fifth of running it, and every execution asks for its workflow.
_GET = select(Workflow).where(
    col(Workflow.id) == bindparam("workflow_id"),
    col(Workflow.tenant_id) == bindparam("tenant_id"),
    col(Workflow.deleted_at).is_(None),
)


class Workflows:
    """The workflows of one tenant. Deleted ones are not there."""

    def __init__(self, session: AsyncSession, tenant_id: str) -> None:
        self._session = session
        self._tenant_id = tenant_id

    async def list(self, limit: int, offset: int) -> Page[Workflow]:
        """A page of workflows, newest first, and how many there are."""
        statement = (
            select(Workflow)
            .where(col(Workflow.tenant_id) == self._tenant_id, col(Workflow.deleted_at).is_(None))
            .order_by(col(Workflow.created_at).desc(), col(Workflow.id).desc())
        )
        return await page(self._session, statement, limit, offset)

    async def get(self, workflow_id: str) -> Workflow | None:
        """The workflow as it is now."""
        if not addressable(workflow_id):
            return None
        key = {"workflow_id": workflow_id, "tenant_id": self._tenant_id}
        return (await self._session.scalars(_GET, key)).one_or_none()

    async def mentioning(self, texts: Collection[str], after: str, limit: int = 20) -> Sequence[Workflow]:
        """The next workflows after the one with the id `after` whose definitions hold one of these texts anywhere."""
        # As JSON writes them, so that the database can look without parsing.
        needles = [dumps(text)[1:-1].decode() for text in texts]
        definition = cast(col(Workflow.definition), Text)
        statement = (
            select(Workflow)
            .where(
                col(Workflow.tenant_id) == self._tenant_id,
                col(Workflow.deleted_at).is_(None),
                col(Workflow.id) > after,
                or_(*(func.strpos(definition, needle) > 0 for needle in needles)),
            )
            .order_by(col(Workflow.id))
            .limit(limit)
        )
        return (await self._session.scalars(statement)).all()

    async def create(
        self,
        *,
        id: str,  # noqa: A002 - the column's name
        name: str,
        description: str,
        enabled: bool,
        definition: dict[str, Any],
        created_by: str,
        changes: str | None = None,
    ) -> Workflow:
        """A new workflow, and its version 1. The tenant must exist. Raises `QuotaExceeded`."""
        await check_room(self._session, self._tenant_id, "max_workflows")
        created = await self._session.scalars(
            insert(Workflow)
            .values(
                id=id,
                tenant_id=self._tenant_id,
                name=name,
                description=description,
                enabled=enabled,
                version=1,
                definition=definition,
                created_at=func.now(),
                updated_at=func.now(),
                created_by=created_by,
                updated_by=created_by,
            )
            .returning(Workflow)
        )
        workflow = created.one()
        await self._keep_version(workflow, changes, restored_from=None)
        return workflow

    async def update(
        self,
        workflow_id: str,
        *,
        name: str | None = None,
        description: str | None = None,
        enabled: bool | None = None,
        definition: dict[str, Any] | None = None,
        created_by: str,
        changes: str | None = None,
        restored_from: int | None = None,
    ) -> Workflow | None:
        """Change what is given, keep the rest, and record the whole as the next version.

        `created_by` is who makes that version. Returns None when there is no such workflow.
        """
        if not addressable(workflow_id):
            return None
        given = {"name": name, "description": description, "enabled": enabled, "definition": definition}
        # One atomic statement: whoever comes second waits for the row and counts on from what it then holds,
        # which keeps versions without gaps and, by the clock read under the lock, in order of time.
        updated = await self._session.scalars(
            update(Workflow)
            .where(
                col(Workflow.id) == workflow_id,
                col(Workflow.tenant_id) == self._tenant_id,
                col(Workflow.deleted_at).is_(None),
            )
            .values(
                version=col(Workflow.version) + 1,
                updated_at=func.clock_timestamp(),
                updated_by=created_by,
                **{column: value for column, value in given.items() if value is not None},
            )
            .returning(Workflow)
            .execution_options(synchronize_session=False, populate_existing=True)
        )
        workflow = updated.one_or_none()
        if workflow is not None:
            await self._keep_version(workflow, changes, restored_from)
        return workflow

    async def delete(self, workflow_id: str, deleted_by: str) -> bool:
        """Delete the workflow, keeping its versions and executions. False when there is no such workflow."""
        return bool(await self.delete_many([workflow_id], deleted_by))

    async def delete_many(self, workflow_ids: Collection[str], deleted_by: str) -> set[str]:
        """Delete these workflows; returns the ids of those that were there."""
        deleted = await self._session.scalars(
            update(Workflow)
            .where(
                col(Workflow.id).in_(sorted(filter(addressable, workflow_ids))),
                col(Workflow.tenant_id) == self._tenant_id,
                col(Workflow.deleted_at).is_(None),
            )
            .values(deleted_at=func.now(), updated_by=deleted_by)
            .returning(col(Workflow.id))
            .execution_options(synchronize_session=False)
        )
        return set(deleted)

    async def versions(self, workflow_id: str, limit: int, offset: int) -> Page[WorkflowVersion]:
        """A page of versions, newest first, and how many there are; none when there is no such workflow.

        Their definitions are not loaded (a hundred of them may be 50 MB) and raise when touched.
        """
        if not addressable(workflow_id):
            return [], 0
        statement = (
            self._versions_of(workflow_id)
            .order_by(col(WorkflowVersion.version).desc())
            .options(defer(WorkflowVersion.definition, raiseload=True))  # type: ignore[arg-type]
        )
        return await page(self._session, statement, limit, offset)

    async def version(self, workflow_id: str, number: int) -> WorkflowVersion | None:
        """One version, with its definition."""
        if not addressable(workflow_id) or not 1 <= number <= MAX_INTEGER:
            return None
        statement = self._versions_of(workflow_id).where(col(WorkflowVersion.version) == number)
        return (await self._session.scalars(statement)).one_or_none()

    async def definition(self, workflow_id: str, number: int) -> dict[str, Any] | None:
        """The definition of a version, also of a workflow that was deleted: its executions stay."""
        if not addressable(workflow_id) or not 1 <= number <= MAX_INTEGER:
            return None
        statement = (
            select(col(WorkflowVersion.definition))
            .join(Workflow, col(Workflow.id) == col(WorkflowVersion.workflow_id))
            .where(
                col(Workflow.id) == workflow_id,
                col(Workflow.tenant_id) == self._tenant_id,
                col(WorkflowVersion.version) == number,
            )
        )
        return (await self._session.scalars(statement)).one_or_none()

    def _versions_of(self, workflow_id: str) -> Select[WorkflowVersion]:
        return (
            select(WorkflowVersion)
            .join(Workflow, col(Workflow.id) == col(WorkflowVersion.workflow_id))
            .where(
                col(Workflow.id) == workflow_id,
                col(Workflow.tenant_id) == self._tenant_id,
                col(Workflow.deleted_at).is_(None),
            )
        )

    async def _keep_version(self, workflow: Workflow, changes: str | None, restored_from: int | None) -> None:
        self._session.add(
            WorkflowVersion(
                workflow_id=workflow.id,
                version=workflow.version,
                name=workflow.name,
                description=workflow.description,
                enabled=workflow.enabled,
                definition=workflow.definition,
                created_at=workflow.updated_at,
                created_by=workflow.updated_by,
                changes=changes,
                restored_from=restored_from,
            )
        )
        await self._session.flush()
