"""Workflows, their versions, and beginning executions."""

from collections.abc import Mapping, Sequence
from typing import Any, TypedDict, Unpack

from gorax.client.calls import NO_CONTENT, NOTHING, Call, data, fields, page, text
from gorax.client.diagrams import DiagramForm, media_type
from gorax.client.flows import Feed
from gorax.client.following import follow
from gorax.client.models.common import Page
from gorax.client.models.executions import Accepted
from gorax.client.models.updates import Update
from gorax.client.models.workflows import (
    BulkDeleted,
    DryRun,
    RestoredWorkflow,
    Version,
    VersionSummary,
    Workflow,
)
from gorax.client.resource import Iterating, R, Resource, every, operation

_ONE = "/api/v1/workflows/{workflowID}"


class WorkflowFields(TypedDict, total=False):
    """What a workflow may have beside name and definition."""

    description: str | None
    enabled: bool
    changes: str | None
    """A remark that the version keeps."""


class WorkflowChanges(WorkflowFields, total=False):
    """What of a workflow changes; what is left out stays as it is."""

    name: str
    definition: Mapping[str, Any]


class Workflows(Resource[R]):
    """`gorax.workflows`."""

    @operation("listWorkflows", "GET", "/api/v1/workflows")
    def list(self, *, limit: int = 100, offset: int = 0) -> Call[Page[Workflow]]:
        """A page of the tenant's workflows, newest first; `limit` is 100 at most."""
        return Call(page(Workflow), query={"limit": limit, "offset": offset})

    iterate = every(list)

    @operation("createWorkflow", "POST", "/api/v1/workflows")
    def create(
        self, *, name: str, definition: Mapping[str, Any], **more: Unpack[WorkflowFields]
    ) -> Call[Workflow]:
        """Check the definition and save it as version 1."""
        return Call(data(Workflow), body={"name": name, "definition": definition, **fields(more)})

    @operation("bulkDeleteWorkflows", "POST", "/api/v1/workflows/bulk-delete")
    def delete_many(self, workflow_ids: Sequence[str]) -> Call[BulkDeleted]:
        """Delete up to 100 workflows and say of each what became of it."""
        return Call(data(BulkDeleted), body={"workflow_ids": workflow_ids})

    @operation("getWorkflow", "GET", _ONE)
    def get(self, workflow_id: str) -> Call[Workflow]:
        """The workflow as it is now."""
        return Call(data(Workflow), (workflow_id,))

    @operation("updateWorkflow", "PUT", _ONE)
    def update(self, workflow_id: str, **changes: Unpack[WorkflowChanges]) -> Call[Workflow]:
        """Save a new version; fields that are left out stay as they are."""
        return Call(data(Workflow), (workflow_id,), body=fields(changes))

    @operation("deleteWorkflow", "DELETE", _ONE)
    def delete(self, workflow_id: str) -> Call[None]:
        """Delete the workflow; its executions stay."""
        return Call(NO_CONTENT, (workflow_id,))

    @operation("executeWorkflow", "POST", f"{_ONE}/execute", keyed=True)
    def execute(
        self, workflow_id: str, body: Any = NOTHING, *, idempotency_key: str | None = None
    ) -> Call[Accepted]:
        """Begin an execution; `body`, any JSON or nothing, is its `trigger.body`.

        Without a key of your own this call has one of its own, under which it is repeated where an answer is lost.
        """
        return Call(data(Accepted), (workflow_id,), body=body, key=idempotency_key)

    @operation("dryRunWorkflow", "POST", f"{_ONE}/dry-run", repeatable=True)
    def dry_run(self, workflow_id: str, test_data: Any = NOTHING) -> Call[DryRun]:
        """Say of each action what would happen if the trigger brought `test_data`; nothing is sent or stored."""
        body = NOTHING if test_data is NOTHING else {"test_data": test_data}
        return Call(data(DryRun), (workflow_id,), body=body)

    @operation("listWorkflowVersions", "GET", f"{_ONE}/versions")
    def versions(self, workflow_id: str, *, limit: int = 100, offset: int = 0) -> Call[Page[VersionSummary]]:
        """Who saved which version, when and why; newest first."""
        return Call(page(VersionSummary), (workflow_id,), {"limit": limit, "offset": offset})

    iterate_versions = every(versions)

    @operation("getWorkflowVersion", "GET", f"{_ONE}/versions/{{version}}")
    def version(self, workflow_id: str, version: int) -> Call[Version]:
        """The workflow as one save left it."""
        return Call(data(Version), (workflow_id, version))

    @operation("restoreWorkflowVersion", "POST", f"{_ONE}/versions/{{version}}/restore")
    def restore(self, workflow_id: str, version: int) -> Call[RestoredWorkflow]:
        """Save an old version as the newest one."""
        return Call(data(RestoredWorkflow), (workflow_id, version))

    @operation("getWorkflowDiagram", "GET", f"{_ONE}/diagram")
    def diagram(
        self, workflow_id: str, *, version: int | None = None, form: DiagramForm = "mermaid"
    ) -> Call[str]:
        """The workflow's actions as a flowchart."""
        return Call(text(media_type(form)), (workflow_id,), {"version": version})

    @Iterating
    def watch(self, workflow_id: str, *, after: str | None = None) -> Feed[Update]:
        """The workflow's executions as they begin, change and end, without end: a snapshot, then each change.

        Lost connections are made again, behind the last update; so does `after` with the `id` of one.
        """
        return follow(self._connection, "/api/v1/ws/workflows/{workflowID}", workflow_id, after=after)
