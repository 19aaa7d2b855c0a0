"""The builds of a worker deployment, as Temporal knows them: which one gets new executions, which is still needed."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.deployment.v1 import WorkerDeploymentInfo, WorkerDeploymentVersion
from temporalio.api.enums.v1 import WorkerDeploymentVersionStatus
from temporalio.api.workflow.v1 import VersioningOverride, WorkflowExecutionOptions
from temporalio.api.workflowservice.v1 import (
    DescribeWorkerDeploymentRequest,
    DescribeWorkerDeploymentResponse,
    SetWorkerDeploymentCurrentVersionRequest,
    SetWorkerDeploymentRampingVersionRequest,
    UpdateWorkflowExecutionOptionsRequest,
)
from temporalio.client import Client
from temporalio.common import VersioningBehavior
from temporalio.common import WorkerDeploymentVersion as Version
from temporalio.service import RPCError, RPCStatusCode
from temporalio.worker import WorkerDeploymentConfig

from gorax.core.errors import Conflict, NotFound
from gorax.settings import WorkerSettings

_STATUS = "WORKER_DEPLOYMENT_VERSION_STATUS_"


def deployment_config(settings: WorkerSettings) -> WorkerDeploymentConfig | None:
    """How a worker tells Temporal its build; None where it has none.

    Executions stay on the build that they began on, so that no deployment changes the code under one that runs.
    """
    if settings.build_id is None:
        return None
    return WorkerDeploymentConfig(
        version=Version(deployment_name=settings.deployment, build_id=settings.build_id),
        use_worker_versioning=True,
        default_versioning_behavior=VersioningBehavior.PINNED,
    )


@dataclass(frozen=True)
class Build:
    """One build of the deployment."""

    build_id: str
    status: str
    """`current`, `ramping`, `draining`, `drained`, or `inactive` when it never got anything."""
    percent: float
    """Of the new executions, how many it gets."""
    running: int
    """Executions, and batches of their loops, that end on it."""
    since: datetime


class Deployment:
    """The builds of one deployment, which exists once a worker with a build has asked for work."""

    def __init__(self, client: Client, name: str) -> None:
        self.name = name
        self._client = client

    async def builds(self) -> list[Build]:
        """All that Temporal remembers, newest first. Raises `NotFound` when no worker has had a build yet."""
        info = (await self._describe()).worker_deployment_info
        found = [
            Build(
                build_id=summary.deployment_version.build_id,
                status=WorkerDeploymentVersionStatus.Name(summary.status).removeprefix(_STATUS).lower(),
                percent=_percent(info, summary.deployment_version.build_id),
                running=await self.running(summary.deployment_version.build_id),
                since=summary.create_time.ToDatetime(UTC),
            )
            for summary in info.version_summaries
        ]
        return sorted(found, key=lambda build: build.since, reverse=True)

    async def current(self) -> str | None:
        """The build that new executions begin on; None while they begin on workers without one."""
        routing = (await self._describe()).worker_deployment_info.routing_config
        return routing.current_deployment_version.build_id or None

    async def promote(self, build_id: str) -> None:
        """Have all new executions begin on this build.

        Raises `Conflict` when its workers do not ask for work, `NotFound` when they never did.
        """
        await self._promote(build_id)

    async def promote_first(self, build_id: str) -> bool:
        """Promote this build where nobody has ever promoted one; returns whether it was this one.

        Raises as `promote` does.
        """
        answer = await self._describe()
        if answer.worker_deployment_info.routing_config.HasField("current_version_changed_time"):
            return False
        await self._promote(build_id, answer.conflict_token)
        return True

    async def _promote(self, build_id: str, seen: bytes = b"") -> None:
        with _told(build_id):
            await self._client.workflow_service.set_worker_deployment_current_version(
                SetWorkerDeploymentCurrentVersionRequest(
                    namespace=self._client.namespace,
                    deployment_name=self.name,
                    build_id=build_id,
                    # Without one, whatever somebody else did meanwhile is overruled.
                    conflict_token=seen,
                    identity=self._client.identity,
                )
            )

    async def ramp(self, build_id: str, percent: float) -> None:
        """Have some of the new executions begin on this build, and the others on the current one; 0 ends that.

        Raises as `promote` does.
        """
        with _told(build_id):
            await self._client.workflow_service.set_worker_deployment_ramping_version(
                SetWorkerDeploymentRampingVersionRequest(
                    namespace=self._client.namespace,
                    deployment_name=self.name,
                    build_id=build_id if percent else "",
                    percentage=percent,
                    identity=self._client.identity,
                )
            )

    async def running(self, build_id: str) -> int:
        """How many runs end on this build. Raises `NotFound` for one that Temporal does not know."""
        versions = (await self._describe()).worker_deployment_info.version_summaries
        if build_id not in {summary.deployment_version.build_id for summary in versions}:
            raise NotFound(f"the deployment {self.name!r} has no build {build_id}")
        return (await self._client.count_workflows(self._query(build_id))).count

    async def move(self, build_id: str) -> AsyncIterator[str]:
        """Have every run of this build go on with the current one from its next task on; yields their ids.

        Raises `Conflict` when the build is itself the current one, `NotFound` when Temporal does not know it.
        """
        await self.running(build_id)
        current = await self.current()
        if current is None or current == build_id:
            raise Conflict(f"{build_id} is the current build: promote another one first")
        target = WorkerDeploymentVersion(deployment_name=self.name, build_id=current)
        options = WorkflowExecutionOptions(
            versioning_override=VersioningOverride(
                one_time=VersioningOverride.OneTimeOverride(target_deployment_version=target)
            )
        )
        async for run in self._client.list_workflows(self._query(build_id)):
            request = UpdateWorkflowExecutionOptionsRequest(
                namespace=self._client.namespace,
                workflow_execution=WorkflowExecution(workflow_id=run.id, run_id=run.run_id),
                workflow_execution_options=options,
                identity=self._client.identity,
            )
            request.update_mask.paths.append("versioning_override")
            try:
                await self._client.workflow_service.update_workflow_execution_options(request)
            except RPCError as error:
                if error.status is not RPCStatusCode.NOT_FOUND:  # it has ended meanwhile
                    raise
            else:
                yield run.id

    def _query(self, build_id: str) -> str:
        # The maintenance is not pinned: it is on whichever build is current.
        return (
            f'TemporalWorkerDeploymentVersion="{self.name}:{build_id}" AND ExecutionStatus="Running"'
            ' AND TemporalWorkflowVersioningBehavior="Pinned"'
        )

    async def _describe(self) -> DescribeWorkerDeploymentResponse:
        try:
            return await self._client.workflow_service.describe_worker_deployment(
                DescribeWorkerDeploymentRequest(namespace=self._client.namespace, deployment_name=self.name)
            )
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                raise NotFound(f"no worker of the deployment {self.name!r} has had a build yet") from error
            raise


def _percent(info: WorkerDeploymentInfo, build_id: str) -> float:
    routing = info.routing_config
    ramping = routing.ramping_version_percentage if routing.ramping_deployment_version.build_id else 0.0
    if build_id == routing.ramping_deployment_version.build_id:
        return ramping
    return 100 - ramping if build_id == routing.current_deployment_version.build_id else 0.0


@contextmanager
def _told(build_id: str) -> Iterator[None]:
    try:
        yield
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            raise NotFound(f"no worker of the build {build_id} has asked for work yet") from error
        if error.status is RPCStatusCode.FAILED_PRECONDITION:
            raise Conflict(f"Temporal does not promote {build_id}: {error.message}") from error
        raise
