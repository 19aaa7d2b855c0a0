"""What people do with workflows. Each method is one transaction."""

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from api.identity import Identity
from api.paths import version_number
from api.schemas.common import FieldProblem
from api.schemas.workflows import BulkDeleted, CreateWorkflow, UpdateWorkflow
from api.services.definition_schedules import ScheduleTrigger, save_trigger, schedule_trigger
from api.services.definitions import check_definition
from gorax.core import ids
from gorax.core.actions.catalogue import Catalogue
from gorax.core.definition import missing_credentials
from gorax.core.dry_run import DryRun, dry_run
from gorax.core.errors import NotFound
from gorax.store.credentials import Credentials
from gorax.store.schedules import Schedules
from gorax.store.session import Database
from gorax.store.tables import Workflow, WorkflowVersion
from gorax.store.webhooks import Webhooks
from gorax.store.workflows import Workflows

NO_WORKFLOW = "workflow not found"


@dataclass(frozen=True)
class Saved:
    """A workflow after a save."""

    workflow: Workflow
    warnings: list[FieldProblem]


class WorkflowService:
    """Workflows of all tenants; every method takes the tenant it works for."""

    def __init__(self, database: Database, catalogue: Catalogue) -> None:
        self._database = database
        self._catalogue = catalogue

    async def page(self, tenant_id: str, limit: int, offset: int) -> tuple[list[Workflow], int]:
        """A page of the tenant's workflows, newest first, and their total."""
        async with self._database.session(tenant_id) as session:
            return await Workflows(session, tenant_id).list(limit, offset)

    async def get(self, tenant_id: str, workflow_id: str) -> Workflow:
        """The workflow. Raises `NotFound`."""
        async with self._database.session(tenant_id) as session:
            workflow = await Workflows(session, tenant_id).get(workflow_id)
        if workflow is None:
            raise NotFound(NO_WORKFLOW)
        return workflow

    async def create(self, identity: Identity, body: CreateWorkflow) -> Saved:
        """Save a new workflow as version 1. Raises `InvalidDefinition`, `QuotaExceeded`."""
        warnings, schedule = await self._check(identity.tenant_id, body.definition)
        async with self._database.session(identity.tenant_id) as session:
            workflow = await Workflows(session, identity.tenant_id).create(
                id=ids.new_id(ids.WORKFLOW),
                name=body.name,
                description=body.description or "",
                enabled=body.enabled,
                definition=body.definition,
                created_by=identity.user_id,
                changes=body.changes,
            )
            await save_trigger(session, workflow, schedule, by=identity.user_id)
            await session.commit()
        return Saved(workflow, warnings)

    async def update(self, identity: Identity, workflow_id: str, body: UpdateWorkflow) -> Saved:
        """Save what the body changes as a new version.

        Raises `NotFound`, `InvalidDefinition`, and `QuotaExceeded` when that makes one schedule too many.
        """
        changes = body.model_dump(include=body.model_fields_set - {"changes"})
        if "description" in changes:
            changes["description"] = changes["description"] or ""
        warnings: list[FieldProblem] = []
        schedule: ScheduleTrigger | None = None
        if "definition" in changes:
            warnings, schedule = await self._check(identity.tenant_id, body.definition)
        async with self._database.session(identity.tenant_id) as session:
            workflow = await Workflows(session, identity.tenant_id).update(
                workflow_id, **changes, created_by=identity.user_id, changes=body.changes
            )
            if workflow is None:
                raise NotFound(NO_WORKFLOW)
            if "definition" in changes:
                await save_trigger(session, workflow, schedule, by=identity.user_id)
            await Schedules(session, identity.tenant_id).follow(workflow, due=datetime.now(UTC))
            await session.commit()
        return Saved(workflow, warnings)

    async def delete(self, identity: Identity, workflow_id: str) -> None:
        """Delete the workflow with its webhooks and schedules; its versions and executions stay. Raises `NotFound`."""
        async with self._database.session(identity.tenant_id) as session:
            if not await Workflows(session, identity.tenant_id).delete(workflow_id, identity.user_id):
                raise NotFound(NO_WORKFLOW)
            await Webhooks(session, identity.tenant_id).delete_of([workflow_id])
            await _delete_schedules(session, identity, [workflow_id])
            await session.commit()

    async def delete_many(self, identity: Identity, workflow_ids: list[str]) -> BulkDeleted:
        """Delete those of the workflows that the tenant has, and say of each id what became of it."""
        wanted = list(dict.fromkeys(workflow_ids))
        async with self._database.session(identity.tenant_id) as session:
            gone = await Workflows(session, identity.tenant_id).delete_many(wanted, identity.user_id)
            await Webhooks(session, identity.tenant_id).delete_of(gone)
            await _delete_schedules(session, identity, gone)
            await session.commit()
        deleted = [workflow_id for workflow_id in wanted if workflow_id in gone]
        failed = [workflow_id for workflow_id in wanted if workflow_id not in gone]
        return {
            "deleted": deleted,
            "failed": [{"id": workflow_id, "error": NO_WORKFLOW} for workflow_id in failed],
            "deleted_count": len(deleted),
            "failed_count": len(failed),
        }

    async def versions(
        self, tenant_id: str, workflow_id: str, limit: int, offset: int
    ) -> tuple[list[WorkflowVersion], int]:
        """A page of the workflow's versions, newest first, and their total. Raises `NotFound`."""
        async with self._database.session(tenant_id) as session:
            rows, total = await Workflows(session, tenant_id).versions(workflow_id, limit, offset)
        if total == 0:  # every workflow has a version
            raise NotFound(NO_WORKFLOW)
        return rows, total

    async def version(self, tenant_id: str, workflow_id: str, number: str) -> WorkflowVersion:
        """One version of the workflow. Raises `NotFound`."""
        async with self._database.session(tenant_id) as session:
            version = await Workflows(session, tenant_id).version(workflow_id, version_number(number))
        if version is None:
            raise NotFound("version not found")
        return version

    async def restore(self, identity: Identity, workflow_id: str, number: str) -> tuple[Workflow, int]:
        """Save an old version as a new one, and tell which it was.

        Raises `NotFound`, `InvalidDefinition`, and `QuotaExceeded` when that makes one schedule too many.

        Whether the workflow is enabled stays as it is: going back to an old definition must not start what
        somebody has stopped since.
        """
        version = await self.version(identity.tenant_id, workflow_id, number)
        # The language may have become stricter.
        _, schedule = await self._check(identity.tenant_id, version.definition)
        async with self._database.session(identity.tenant_id) as session:
            workflow = await Workflows(session, identity.tenant_id).update(
                workflow_id,
                name=version.name,
                description=version.description,
                definition=version.definition,
                created_by=identity.user_id,
                changes=f"Restored version {version.version}",
                restored_from=version.version,
            )
            if workflow is None:
                raise NotFound(NO_WORKFLOW)
            await save_trigger(session, workflow, schedule, by=identity.user_id)
            await session.commit()
        return workflow, version.version

    async def dry_run(self, identity: Identity, workflow_id: str, test_data: Any) -> DryRun:
        """What the actions would do with `test_data`. Raises `NotFound`, `InvalidDefinition`."""
        workflow = await self.get(identity.tenant_id, workflow_id)
        credentials = await self._credentials(identity.tenant_id)
        return await asyncio.to_thread(self._dry_run, workflow, test_data, credentials)

    def _dry_run(self, workflow: Workflow, test_data: Any, credentials: Mapping[str, str]) -> DryRun:
        checked = check_definition(workflow.definition, self._catalogue)
        context = {
            "tenant_id": workflow.tenant_id,
            "workflow_id": workflow.id,
            "workflow_name": workflow.name,
            "version": workflow.version,
        }
        done = dry_run(checked.definition, self._catalogue, test_data, context=context)
        done.warnings += missing_credentials(checked.definition, self._catalogue, credentials)
        done.warnings = [checked.authored(warning) for warning in done.warnings]
        done.errors = [checked.authored(problem) for problem in done.errors]
        return done

    async def _credentials(self, tenant_id: str) -> Mapping[str, str]:
        """The names of the tenant's credentials, by their ids: definitions may use either."""
        async with self._database.session(tenant_id) as session:
            return await Credentials(session, tenant_id).names()

    async def _check(
        self, tenant_id: str, definition: Any
    ) -> tuple[list[FieldProblem], ScheduleTrigger | None]:
        """The definition's warnings, and the schedule that it asks for. Raises `InvalidDefinition`."""
        credentials = await self._credentials(tenant_id)
        # A large definition takes a tenth of a second: other requests go on meanwhile.
        return await asyncio.to_thread(self._check_now, definition, credentials)

    def _check_now(
        self, definition: Any, credentials: Mapping[str, str]
    ) -> tuple[list[FieldProblem], ScheduleTrigger | None]:
        checked = check_definition(definition, self._catalogue)
        warnings: list[FieldProblem] = [
            {"pointer": warning.pointer, "message": warning.message}
            for warning in checked.warnings(self._catalogue, credentials)
        ]
        return warnings, schedule_trigger(checked)


async def _delete_schedules(session: AsyncSession, identity: Identity, workflow_ids: Collection[str]) -> None:
    schedules = Schedules(session, identity.tenant_id)
    await schedules.delete_of(workflow_ids, by=identity.user_id, due=datetime.now(UTC))
