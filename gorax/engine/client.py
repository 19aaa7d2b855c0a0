"""The door to Temporal: one client per process, connected when it is first used."""

from datetime import timedelta

from temporalio.api.workflowservice.v1 import GetSystemInfoRequest
from temporalio.client import Client
from temporalio.common import (
    Priority,
    SearchAttributeKey,
    SearchAttributePair,
    TypedSearchAttributes,
    WorkflowIDConflictPolicy,
    WorkflowIDReusePolicy,
)
from temporalio.converter import ExternalStorage
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from gorax.core.contracts import (
    INTERPRETER,
    SEARCH_TENANT,
    SEARCH_TRIGGER,
    SEARCH_WORKFLOW,
    SIGNAL_PLACE,
    ExecutionRequest,
)
from gorax.core.errors import Invalid, Unavailable
from gorax.core.ids import temporal_workflow_id
from gorax.engine.calling import told
from gorax.engine.codec import EncryptionCodec
from gorax.engine.converter import data_converter
from gorax.engine.setup import prepare
from gorax.settings import Settings
from gorax.telemetry.tracing import client_interceptors

TENANT = SearchAttributeKey.for_keyword(SEARCH_TENANT)
WORKFLOW = SearchAttributeKey.for_keyword(SEARCH_WORKFLOW)
TRIGGER = SearchAttributeKey.for_keyword(SEARCH_TRIGGER)

START_TIMEOUT = timedelta(seconds=3)
"""How long a start may take before it is left to the dispatcher."""

# Webhook priorities 0 (low) to 3 (critical) as Temporal's keys, where 1 goes first.
_PRIORITY_KEYS = {0: 4, 1: 3, 2: 2, 3: 1}

# The interpreter ends a run by the definition's own timeout; the server's comes after it, as a backstop.
_TIMEOUT_GRACE = timedelta(minutes=10)


class Engine:
    """Starts executions on Temporal and tells whether it answers."""

    def __init__(self, client: Client, settings: Settings) -> None:
        self.client = client
        self._settings = settings

    @classmethod
    async def lazy(
        cls,
        settings: Settings,
        storage: ExternalStorage | None = None,
        codec: EncryptionCodec | None = None,
    ) -> "Engine":
        """An engine that connects at its first call, so that a process starts while Temporal is away."""
        client = await Client.connect(
            settings.temporal.target,
            namespace=settings.temporal.namespace,
            data_converter=data_converter(storage, codec),
            interceptors=client_interceptors(),
            lazy=True,
        )
        return cls(client, settings)

    async def start(
        self, request: ExecutionRequest, *, priority: int, timeout: float, trigger_type: str
    ) -> bool:
        """Start the workflow of an accepted execution; again is the same as once.

        `timeout` is the definition's, in seconds. `trigger_type` is what began this execution, which for a replay is
        another thing than what its `trigger` tells of. Returns whether this call started it. Raises `Unavailable`
        when Temporal does not take it now, `Invalid` when the request is too large for it and always will be.
        """
        try:
            await self.client.start_workflow(
                INTERPRETER,
                request,
                id=temporal_workflow_id(request.tenant_id, request.execution_id),
                task_queue=self._settings.temporal.task_queue,
                execution_timeout=timedelta(seconds=timeout) + _TIMEOUT_GRACE,
                id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
                id_conflict_policy=WorkflowIDConflictPolicy.FAIL,
                search_attributes=TypedSearchAttributes(
                    [
                        SearchAttributePair(TENANT, request.tenant_id),
                        SearchAttributePair(WORKFLOW, request.workflow_id),
                        SearchAttributePair(TRIGGER, trigger_type),
                    ]
                ),
                static_summary=_summary(request),
                static_details=_details(request, trigger_type),
                priority=priority_of(priority, request.tenant_id),
                rpc_timeout=START_TIMEOUT,
            )
        except WorkflowAlreadyStartedError:
            return False
        except RPCError as error:
            if _is_about_size(error):
                raise Invalid(f"Temporal refused the execution: {error.message}") from error
            raise Unavailable(f"Temporal does not answer: {error.status.name.lower()}") from error
        except RuntimeError as error:  # the lazy connection could not be made
            raise Unavailable(f"Temporal: {self._unreachable}") from error
        return True

    async def give_place(self, tenant_id: str, execution_id: str) -> None:
        """Tell a run that began without a place that it has one now, once or more. Raises `Unavailable`."""
        handle = self.client.get_workflow_handle(temporal_workflow_id(tenant_id, execution_id))
        await told(handle.signal(SIGNAL_PLACE, rpc_timeout=START_TIMEOUT))

    async def prepare(self) -> None:
        """See that the namespace has what executions need. Raises `Unavailable`."""
        try:
            await prepare(self.client, self._settings)
        except RPCError as error:
            raise Unavailable(f"Temporal is not ready for executions: {error.message}") from error
        except RuntimeError as error:
            raise Unavailable(f"Temporal: {self._unreachable}") from error

    async def ping(self, timeout: float) -> None:
        """Return when Temporal answers within `timeout` seconds. Raises `Unavailable` otherwise."""
        try:
            await self.client.workflow_service.get_system_info(
                GetSystemInfoRequest(), timeout=timedelta(seconds=timeout)
            )
        except RPCError as error:
            late = error.status in {RPCStatusCode.DEADLINE_EXCEEDED, RPCStatusCode.CANCELLED}
            reason = f"no answer within {timeout:g} s" if late else self._unreachable
            raise Unavailable(reason) from error
        except RuntimeError as error:
            raise Unavailable(self._unreachable) from error

    @property
    def _unreachable(self) -> str:
        # What the transport says of itself is of no use to who reads it.
        return f"no connection to {self._settings.temporal.target}"


def priority_of(priority: int, tenant_id: str) -> Priority:
    """How soon a run's tasks are worked on: 0 (low) to 3 (critical), and fair among tenants."""
    return Priority(priority_key=_PRIORITY_KEYS[priority], fairness_key=tenant_id)


def _is_about_size(error: RPCError) -> bool:
    # Whatever else Temporal finds wrong, such as a missing search attribute, an operator can put right.
    return error.status in {RPCStatusCode.INVALID_ARGUMENT, RPCStatusCode.RESOURCE_EXHAUSTED} and any(
        words in error.message for words in ("exceeds limit", "exceeds size limit", "larger than max")
    )


def _summary(request: ExecutionRequest) -> str:
    # The Web UI shows 200 bytes of it in lists.
    return f"{request.workflow_name} v{request.version}"[:150]


def _details(request: ExecutionRequest, trigger_type: str) -> str:
    return "\n".join(
        (
            f"**{request.workflow_name}** version {request.version}",
            f"- tenant `{request.tenant_id}`, workflow `{request.workflow_id}`",
            f"- execution `{request.execution_id}`, started by a `{trigger_type}` trigger",
        )
    )
