"""Workflows: list, create, read, change, delete, versions, execute, dry-run."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.requests import Request
from starlette.responses import Response

from api import examples
from api.auth import CurrentIdentity, CurrentTenant
from api.dependencies import CurrentServices
from api.idempotency import IdempotencyKey
from api.json_body import JsonBody, read_json
from api.openapi import any_body, error_responses, json_body, responses
from api.paths import VersionNumber, WorkflowId
from api.responses import data, page
from api.schemas.common import Data, Page, PageQuery
from api.schemas.executions import Accepted, accepted_view
from api.schemas.workflows import (
    BulkDelete,
    BulkDeleted,
    CreateWorkflow,
    DryRunRequest,
    RestoredView,
    UpdateWorkflow,
    VersionSummary,
    VersionView,
    WorkflowView,
    version_summary,
    version_view,
    workflow_view,
)
from gorax.core.dry_run import DryRun

router = APIRouter(prefix="/api/v1/workflows", tags=["Workflows"])

# Of every operation here, and of those that name a workflow or send a body.
COMMON = (400, 401, 500, 503)
ONE = (*COMMON, 404)
BODY = (408,)


@router.get(
    "",
    operation_id="listWorkflows",
    summary="List workflows",
    response_model=Page[WorkflowView],
    responses=responses(200, examples.page(examples.WORKFLOW), *COMMON),
)
async def list_workflows(
    tenant: CurrentTenant, services: CurrentServices, query: Annotated[PageQuery, Query()]
) -> Response:
    """The tenant's workflows, newest first."""
    rows, total = await services.workflows.page(tenant, query.limit, query.offset)
    return page([workflow_view(row) for row in rows], limit=query.limit, offset=query.offset, total=total)


@router.post(
    "",
    operation_id="createWorkflow",
    summary="Create a workflow",
    status_code=201,
    response_model=Data[WorkflowView],
    responses=responses(201, examples.data(examples.WORKFLOW), *COMMON, *BODY),
    openapi_extra=json_body(CreateWorkflow, examples.CREATE_WORKFLOW),
)
async def create_workflow(
    identity: CurrentIdentity,
    services: CurrentServices,
    body: Annotated[CreateWorkflow, Depends(JsonBody(CreateWorkflow))],
) -> Response:
    """Check the definition and save it as version 1."""
    saved = await services.workflows.create(identity, body)
    view = workflow_view(saved.workflow)
    view["warnings"] = saved.warnings
    return data(view, 201, {"Location": f"{router.prefix}/{saved.workflow.id}"})


@router.post(
    "/bulk-delete",
    operation_id="bulkDeleteWorkflows",
    summary="Delete several workflows",
    response_model=Data[BulkDeleted],
    responses=responses(200, examples.data(examples.BULK_DELETED), *COMMON, *BODY),
    openapi_extra=json_body(BulkDelete, examples.BULK_DELETE),
)
async def bulk_delete_workflows(
    identity: CurrentIdentity,
    services: CurrentServices,
    body: Annotated[BulkDelete, Depends(JsonBody(BulkDelete))],
) -> Response:
    """Delete up to 100 workflows and say of each what became of it."""
    return data(await services.workflows.delete_many(identity, body.workflow_ids))


@router.get(
    "/{workflowID}",
    operation_id="getWorkflow",
    summary="Get a workflow",
    response_model=Data[WorkflowView],
    responses=responses(200, examples.data(examples.WORKFLOW), *ONE),
)
async def get_workflow(workflow_id: WorkflowId, tenant: CurrentTenant, services: CurrentServices) -> Response:
    """The workflow as it is now."""
    return data(workflow_view(await services.workflows.get(tenant, workflow_id)))


@router.put(
    "/{workflowID}",
    operation_id="updateWorkflow",
    summary="Update a workflow",
    response_model=Data[WorkflowView],
    responses=responses(200, examples.data(examples.WORKFLOW), *ONE, *BODY),
    openapi_extra=json_body(UpdateWorkflow, examples.UPDATE_WORKFLOW),
)
async def update_workflow(
    workflow_id: WorkflowId,
    identity: CurrentIdentity,
    services: CurrentServices,
    body: Annotated[UpdateWorkflow, Depends(JsonBody(UpdateWorkflow))],
) -> Response:
    """Save a new version; fields that are left out stay as they are."""
    saved = await services.workflows.update(identity, workflow_id, body)
    view = workflow_view(saved.workflow)
    view["warnings"] = saved.warnings
    return data(view)


@router.delete(
    "/{workflowID}",
    operation_id="deleteWorkflow",
    summary="Delete a workflow",
    status_code=204,
    response_class=Response,
    responses={204: {"description": "Deleted"}, **error_responses(*ONE)},
)
async def delete_workflow(
    workflow_id: WorkflowId, identity: CurrentIdentity, services: CurrentServices
) -> Response:
    """Delete the workflow; its executions stay."""
    await services.workflows.delete(identity, workflow_id)
    return Response(status_code=204)


@router.post(
    "/{workflowID}/execute",
    operation_id="executeWorkflow",
    summary="Execute a workflow",
    status_code=202,
    response_model=Data[Accepted],
    responses=responses(202, examples.data(examples.ACCEPTED), *ONE, *BODY, 409),
    openapi_extra=any_body(examples.TRIGGER_BODY),
)
async def execute_workflow(
    workflow_id: WorkflowId,
    request: Request,
    identity: CurrentIdentity,
    services: CurrentServices,
    key: IdempotencyKey,
) -> Response:
    """Begin an execution; the body, any JSON or none, is its `trigger.body`.

    With the header `Idempotency-Key` a repeated request begins nothing new and names the same execution.
    """
    body = await read_json(request, services.settings.limits.trigger_bytes)
    execution = await services.launcher.execute(
        identity.tenant_id,
        workflow_id,
        body,
        user_id=identity.user_id,
        idempotency_key=key,
    )
    return data(accepted_view(execution), 202, {"Location": f"/api/v1/executions/{execution.id}"})


@router.post(
    "/{workflowID}/dry-run",
    operation_id="dryRunWorkflow",
    summary="Try a workflow without effects",
    response_model=Data[DryRun],
    responses=responses(200, examples.data(examples.DRY_RUN_RESULT), *ONE, *BODY),
    openapi_extra=json_body(DryRunRequest, examples.DRY_RUN, required=False),
)
async def dry_run_workflow(
    workflow_id: WorkflowId,
    identity: CurrentIdentity,
    services: CurrentServices,
    body: Annotated[DryRunRequest, Depends(JsonBody(DryRunRequest, optional=True))],
) -> Response:
    """Say of each action what would happen if the trigger brought `test_data`; nothing is sent or stored."""
    return data(await services.workflows.dry_run(identity, workflow_id, body.test_data))


@router.get(
    "/{workflowID}/versions",
    operation_id="listWorkflowVersions",
    summary="List the versions of a workflow",
    response_model=Page[VersionSummary],
    responses=responses(200, examples.page(examples.VERSION_SUMMARY), *ONE),
)
async def list_versions(
    workflow_id: WorkflowId,
    tenant: CurrentTenant,
    services: CurrentServices,
    query: Annotated[PageQuery, Query()],
) -> Response:
    """Who saved which version, when and why; newest first."""
    rows, total = await services.workflows.versions(tenant, workflow_id, query.limit, query.offset)
    return page([version_summary(row) for row in rows], limit=query.limit, offset=query.offset, total=total)


@router.get(
    "/{workflowID}/versions/{version}",
    operation_id="getWorkflowVersion",
    summary="Get a version of a workflow",
    response_model=Data[VersionView],
    responses=responses(200, examples.data(examples.VERSION), *ONE),
)
async def get_version(
    workflow_id: WorkflowId, version: VersionNumber, tenant: CurrentTenant, services: CurrentServices
) -> Response:
    """The workflow as one save left it."""
    return data(version_view(await services.workflows.version(tenant, workflow_id, version)))


@router.post(
    "/{workflowID}/versions/{version}/restore",
    operation_id="restoreWorkflowVersion",
    summary="Restore a version of a workflow",
    response_model=Data[RestoredView],
    responses=responses(200, examples.data(examples.RESTORED), *ONE),
)
async def restore_version(
    workflow_id: WorkflowId, version: VersionNumber, identity: CurrentIdentity, services: CurrentServices
) -> Response:
    """Save an old version as a new one."""
    workflow, restored_from = await services.workflows.restore(identity, workflow_id, version)
    view: RestoredView = {**workflow_view(workflow), "restored_from": restored_from}
    return data(view)
