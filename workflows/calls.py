"""Other workflows, run as executions of their own."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from temporalio import workflow
from temporalio.common import SearchAttributeKey, SearchAttributePair, TypedSearchAttributes
from temporalio.exceptions import (
    ApplicationError,
    CancelledError,
    ChildWorkflowError,
    FailureError,
    TerminatedError,
)

from gorax.core.actions.constructs import SubWorkflow
from gorax.core.contracts import (
    INTERPRETER,
    SEARCH_TENANT,
    SEARCH_TRIGGER,
    SEARCH_WORKFLOW,
    BeginRequest,
    ExecutionRequest,
    ExecutionResult,
    ExecutionStatus,
)
from gorax.core.errors import ErrorInfo, ErrorType, StepError
from gorax.core.ids import EXECUTION, id_of, temporal_workflow_id
from workflows.tasks import cancellations, raise_if_cancelled, started, within

if TYPE_CHECKING:
    from workflows.walk import Place, Walker

_TRIGGER = "sub_workflow"


async def run_sub_workflow(walker: Walker, call: SubWorkflow, place: Place) -> Mapping[str, Any]:
    """`{execution_id, status, output}`. Raises `StepError` when the other execution does not complete."""
    request = _request(walker, call, place)
    walker.journal.flush()
    before = cancellations()
    limit = _Limit(call)
    try:
        handle = await started(_start(walker, call, place, request))
        raise_if_cancelled(before)
        if not call.wait:
            return {"execution_id": request.execution_id, "status": "running", "output": None}
        result = await limit.result(handle)
    except (ChildWorkflowError, TimeoutError) as error:
        raise_if_cancelled(before)
        if isinstance(error, ChildWorkflowError) and not limit.passed:
            raise _failure(error, request) from error
        raise StepError(
            ErrorType.TIMEOUT,
            f"execution {request.execution_id} of {call.workflow_id} took longer than {call.timeout:g} s",
            details={"execution_id": request.execution_id},
        ) from error
    walker.receive(result.output, f"the output of {request.execution_id}")
    return {"execution_id": request.execution_id, "status": "completed", "output": result.output}


async def _start(
    walker: Walker, call: SubWorkflow, place: Place, request: ExecutionRequest
) -> workflow.ChildWorkflowHandle[Any, ExecutionResult]:
    return await workflow.start_child_workflow(
        INTERPRETER,
        request,
        id=temporal_workflow_id(request.tenant_id, request.execution_id),
        result_type=ExecutionResult,
        cancellation_type=(
            workflow.ChildWorkflowCancellationType.WAIT_CANCELLATION_COMPLETED
            if call.cancel_with_parent
            else workflow.ChildWorkflowCancellationType.ABANDON
        ),
        parent_close_policy=(
            workflow.ParentClosePolicy.TERMINATE
            if call.wait and call.cancel_with_parent
            else workflow.ParentClosePolicy.ABANDON
        ),
        search_attributes=_search_attributes(request),
        static_summary=f"{place.path} of {walker.request.workflow_name}"[:150],
    )


class _Limit:
    """The time that another execution has; waited for to its end in any case, since it tidies up."""

    def __init__(self, call: SubWorkflow) -> None:
        self._call = call
        self.passed = False

    async def result(self, handle: workflow.ChildWorkflowHandle[Any, ExecutionResult]) -> ExecutionResult:
        """What the execution gives; it is cancelled when its time is over. Raises `ChildWorkflowError`."""
        if self._call.timeout is None:
            # A limit costs a timer, so there is none where none was asked for.
            return await handle
        if self._call.cancel_with_parent:
            return await within(self._call.timeout, handle, self._pass)
        # Cancelling this handle would abandon the execution: it has to be told as somebody else's.
        try:
            await workflow.wait([handle], timeout=self._call.timeout)
        except asyncio.CancelledError:
            handle.cancel()
            raise
        if not handle.done():
            self._pass()
            await _cancel(handle.id)
        return await handle

    def _pass(self) -> None:
        self.passed = True


async def _cancel(workflow_id: str) -> None:
    try:
        await workflow.get_external_workflow_handle(workflow_id).cancel()
    except FailureError as error:
        # It has ended meanwhile.
        workflow.logger.debug("an execution took no cancellation: %s", error)


def _request(walker: Walker, call: SubWorkflow, place: Place) -> ExecutionRequest:
    parent = walker.request
    execution_id = id_of(EXECUTION, workflow.uuid4())
    now = workflow.now()
    trigger = {"type": _TRIGGER, "body": call.input}
    chain = [*parent.chain, parent.workflow_id]
    begin = BeginRequest(
        tenant_id=parent.tenant_id,
        execution_id=execution_id,
        workflow_id=call.workflow_id,
        version=call.version,
        trigger=trigger,
        accepted_at=now,
        parent_execution_id=parent.execution_id,
        parent_path=place.path,
        waited_for=call.wait,
        chain=chain,
    )
    return ExecutionRequest(
        tenant_id=parent.tenant_id,
        execution_id=execution_id,
        workflow_id=call.workflow_id,
        trigger=trigger,
        accepted_at=now,
        begin=begin,
        chain=chain,
    )


def _search_attributes(request: ExecutionRequest) -> TypedSearchAttributes:
    values = {
        SEARCH_TENANT: request.tenant_id,
        SEARCH_WORKFLOW: request.workflow_id,
        SEARCH_TRIGGER: _TRIGGER,
    }
    return TypedSearchAttributes(
        [SearchAttributePair(SearchAttributeKey.for_keyword(name), value) for name, value in values.items()]
    )


def _failure(failed: ChildWorkflowError, request: ExecutionRequest) -> StepError:
    status: ExecutionStatus = "failed"
    match failed.cause:
        case ApplicationError(details=[given, *_]) if isinstance(given, Mapping):
            error = ErrorInfo.model_validate(given)
        case CancelledError():
            status = "cancelled"
            error = ErrorInfo(type=ErrorType.CANCELLED, message="the execution was cancelled")
        case TerminatedError():
            status = "terminated"
            error = ErrorInfo(type=ErrorType.TERMINATED, message="the execution was terminated")
        case cause:
            error = ErrorInfo(type=ErrorType.INTERNAL, message=str(cause or failed))
    return StepError(
        # For some time nothing begins in the tenant, whatever is tried: nothing that is wrong with the other workflow.
        ErrorType.QUOTA_EXCEEDED if error.type == ErrorType.QUOTA_EXCEEDED else ErrorType.SUB_WORKFLOW,
        f"execution {request.execution_id} of {request.workflow_id}: {error.message}",
        details={
            "execution_id": request.execution_id,
            "status": status,
            "error": error.model_dump(mode="json"),
        },
    )
