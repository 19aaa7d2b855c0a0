"""The workflow behind every execution: it walks the definition and closes the books."""

import asyncio
from contextlib import suppress
from datetime import timedelta
from typing import Any

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ApplicationError, FailureError

from gorax.core.actions.declaration import StopExecution
from gorax.core.contracts import (
    INTERPRETER,
    Closing,
    ExecutionRequest,
    ExecutionResult,
    ExecutionStatus,
    JournalActivities,
)
from gorax.core.definition import Definition, load_definition
from gorax.core.encoding import encoded_size
from gorax.core.errors import ErrorInfo, ErrorType, StepError
from gorax.core.weight import TooHeavyError
from workflows.budget import TaskBudget
from workflows.failure import ActionFailed
from workflows.scope import Scope
from workflows.walk import Walker


@workflow.defn(name=INTERPRETER)
class Execution:
    """One execution of one version of a workflow definition."""

    @workflow.run
    async def run(self, request: ExecutionRequest) -> ExecutionResult:
        """Run the definition to its end.

        Raises `ApplicationError` with the execution's `ErrorInfo` when it fails, and ends as cancelled when it was
        cancelled.
        """
        budget = TaskBudget()
        walker = Walker(request, budget)
        status: ExecutionStatus = "completed"
        output: Any = None
        error: ErrorInfo | None = None
        definition: Definition | None = None
        scope: Scope | None = None
        try:
            definition = load_definition(request.definition)
            scope = Scope.of(request, definition.variables, budget)
            output = await _within(definition, _output_of(definition, walker, scope))
            await budget.admit(_size_of(output, request))
        except asyncio.CancelledError:
            status = "cancelled"
            error = ErrorInfo(type=ErrorType.CANCELLED, message="the execution was cancelled")
        except Exception as problem:
            status = "failed"
            error = _error_of(problem, definition)
        if definition is not None and scope is not None and error is not None:
            budget.open_reserve()
            # Cancelled now, the handlers stop, and the execution ends as it was about to.
            with suppress(asyncio.CancelledError):
                await _handle(definition, walker, scope, status, error)
        await self._close(
            walker,
            Closing(
                tenant_id=request.tenant_id,
                execution_id=request.execution_id,
                status=status,
                started_at=workflow.info().start_time,
                completed_at=workflow.now(),
                error=error if status == "failed" else None,
                steps_completed=walker.progress.completed,
                steps_total=walker.progress.total,
            ),
        )
        if status == "cancelled":
            raise asyncio.CancelledError
        if error is not None:
            raise ApplicationError(
                error.message, error.model_dump(mode="json"), type=error.type, non_retryable=True
            )
        return ExecutionResult(output=output)

    async def _close(self, walker: Walker, closing: Closing) -> None:
        """Write the end into the index, even if a cancellation arrives meanwhile."""
        closing_task = asyncio.create_task(_write(walker, closing))
        try:
            await asyncio.shield(closing_task)
        except asyncio.CancelledError:
            await closing_task


async def _write(walker: Walker, closing: Closing) -> None:
    closing.records = walker.journal.take()
    await walker.journal.settle()
    try:
        await workflow.execute_local_activity_method(
            JournalActivities.close_execution,
            closing,
            start_to_close_timeout=timedelta(seconds=4),
            retry_policy=RetryPolicy(maximum_attempts=1),
        )
    except FailureError:  # of a local activity the SDK gives the cause itself, not an `ActivityError`
        # The index is away: keep trying from the server, so that this worker need not hold on.
        await workflow.execute_activity_method(
            JournalActivities.close_execution,
            closing,
            summary="close the index row",
            start_to_close_timeout=timedelta(seconds=10),
            retry_policy=RetryPolicy(maximum_interval=timedelta(seconds=10)),
        )


async def _output_of(definition: Definition, walker: Walker, scope: Scope) -> Any:
    try:
        last = await walker.run_list(definition.actions, scope)
    except StopExecution as stop:
        return stop.output
    if definition.output is None:
        return last
    return scope.evaluation().render(definition.output)


async def _within(definition: Definition, running: Any) -> Any:
    """Hold the definition's own timeout where somebody cares how it ends.

    Without one, and without a handler, the server's timeout does: it costs no events.
    """
    if definition.on_failure is None and "timeout" not in definition.model_fields_set:
        return await running
    return await asyncio.wait_for(running, definition.timeout)


async def _handle(
    definition: Definition, walker: Walker, scope: Scope, status: ExecutionStatus, error: ErrorInfo
) -> None:
    """Run `on_failure` where it is meant for this end; its own failure is noted, and changes nothing."""
    handler = definition.on_failure
    if handler is None or status not in handler.on:
        return
    try:
        await walker.run_list(handler.actions, scope.with_error(error), "on_failure.")
    except Exception as problem:
        workflow.logger.warning("on_failure ended early: %s", problem)


def _size_of(output: Any, request: ExecutionRequest) -> int:
    """The encoded size of the result. Raises `StepError` when it is over its bounds."""
    try:
        return encoded_size(output, request.bounds.step_output_bytes)
    except TooHeavyError as heavy:
        raise StepError(ErrorType.OUTPUT_TOO_LARGE, f"the execution's output {heavy}") from heavy


def _error_of(problem: Exception, definition: Definition | None) -> ErrorInfo:
    match problem:
        case ActionFailed():
            return problem.error
        case StepError():
            return ErrorInfo(type=problem.type, message=problem.message, details=problem.details)
        case TimeoutError():
            limit = definition.timeout if definition else 0
            return ErrorInfo(type=ErrorType.TIMEOUT, message=f"the execution took longer than {limit:g} s")
        case _:
            # A defect of the interpreter must not leave the run retrying its task for ever.
            workflow.logger.exception("the interpreter failed")
            return ErrorInfo(
                type=ErrorType.INTERNAL, message=f"the interpreter failed: {type(problem).__name__}"
            )
