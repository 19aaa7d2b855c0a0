"""The workflow behind every execution: it walks the definition and closes the books."""

import asyncio
from contextlib import suppress
from typing import Any

from temporalio import workflow
from temporalio.common import SearchAttributeKey
from temporalio.exceptions import ApplicationError

from gorax.core.actions.declaration import ActionFailed, StopExecution
from gorax.core.contracts import (
    INTERPRETER,
    SIGNAL_ANSWER,
    SIGNAL_PAUSE,
    SIGNAL_PLACE,
    SIGNAL_RESUME,
    BeginActivities,
    BeginRequest,
    Begun,
    Closing,
    ExecutionRequest,
    ExecutionResult,
    ExecutionStatus,
    JournalActivities,
    WaitAnswered,
)
from gorax.core.definition import Definition, load_definition
from gorax.core.encoding import encoded_size
from gorax.core.errors import ErrorInfo, ErrorType, StepError
from gorax.core.times import rfc3339
from gorax.core.weight import TooHeavyError
from workflows.budget import TaskBudget
from workflows.control import Control
from workflows.local import local_or_durable
from workflows.scope import Scope
from workflows.tasks import within
from workflows.walk import Walker

_SCHEDULED_AT = SearchAttributeKey.for_datetime("TemporalScheduledStartTime")
"""When a run that a schedule of Temporal's began was due."""


@workflow.defn(name=INTERPRETER)
class Execution:
    """One execution of one version of a workflow definition."""

    def __init__(self) -> None:
        self._control = Control()

    @workflow.run
    async def run(self, request: ExecutionRequest) -> ExecutionResult:
        """Run the definition to its end.

        Raises `ApplicationError` with the execution's `ErrorInfo` when it fails, and ends as cancelled when it was
        cancelled.
        """
        held = False
        if request.begin is not None:
            begun = await _begin(request.begin)
            if begun.request is None:
                return ExecutionResult(output={"skipped": begun.reason})
            request, held = begun.request, begun.held
        self._control.paused = self._control.paused or request.paused
        budget = TaskBudget()
        walker = Walker(request, budget, self._control)
        status: ExecutionStatus = "completed"
        output: Any = None
        error: ErrorInfo | None = None
        definition: Definition | None = None
        scope: Scope | None = None
        started_at = workflow.info().start_time
        try:
            if held:
                await self._control.place()
                started_at = workflow.now()
            definition = load_definition(request.definition)
            scope = Scope.of(request, definition.variables, budget)
            running = _output_of(definition, walker, scope)
            limit = _limit(request, definition)
            output = await (running if limit is None else within(limit, running, self._control.expire))
            await budget.admit(walker.request.bounds.inline(_size_of(output, request)))
        except asyncio.CancelledError:
            status = "cancelled"
            error = ErrorInfo(type=ErrorType.CANCELLED, message="the execution was cancelled")
        except Exception as problem:
            status = "failed"
            error = _error_of(problem, definition)
        if definition is not None and scope is not None and error is not None:
            budget.open_reserve()
            self._control.resume()  # what handlers do is not part of what was paused
            # Cancelled now, the handlers stop, and the execution ends as it was about to.
            with suppress(asyncio.CancelledError):
                await _handle(definition, walker, scope, status, error)
        await self._close(
            walker,
            Closing(
                tenant_id=request.tenant_id,
                execution_id=request.execution_id,
                status=status,
                started_at=started_at,
                completed_at=workflow.now(),
                error=error if status == "failed" else None,
                steps_completed=walker.progress.completed,
                steps_total=walker.progress.total,
            ),
        )
        if status == "cancelled":
            raise asyncio.CancelledError
        if error is not None:
            raise _failure(error)
        return ExecutionResult(output=output)

    @workflow.signal(name=SIGNAL_ANSWER)
    def answer(self, answered: WaitAnswered) -> None:
        """Somebody answered a wait."""
        self._control.answer(answered)

    @workflow.signal(name=SIGNAL_PAUSE)
    def pause(self) -> None:
        """Begin no further step."""
        self._control.pause()

    @workflow.signal(name=SIGNAL_RESUME)
    def resume(self) -> None:
        """Go on."""
        self._control.resume()

    @workflow.signal(name=SIGNAL_PLACE)
    def give_place(self) -> None:
        """Begin, where it had to wait for that."""
        self._control.give_place()

    async def _close(self, walker: Walker, closing: Closing) -> None:
        """Write the end into the index, even if a cancellation arrives meanwhile."""
        closing_task = asyncio.create_task(_write(walker, closing))
        try:
            await asyncio.shield(closing_task)
        except asyncio.CancelledError:
            await closing_task


async def _begin(begin: BeginRequest) -> Begun:
    if not begin.execution_id:
        begin = _of_this_run(begin)
    try:
        return await local_or_durable(BeginActivities.begin_execution, begin, summary="begin")
    except StepError as error:
        raise _failure(ErrorInfo(type=error.type, message=error.message, details=error.details)) from error


def _of_this_run(begin: BeginRequest) -> BeginRequest:
    """What a schedule begins has the same input every time: with what only the run knows."""
    info = workflow.info()
    _, _, execution_id = info.workflow_id.partition(":")
    scheduled_at = info.typed_search_attributes.get(_SCHEDULED_AT) or info.start_time
    trigger = {**begin.trigger, "scheduled_at": rfc3339(scheduled_at)}
    return begin.model_copy(
        update={"execution_id": execution_id, "accepted_at": info.start_time, "trigger": trigger}
    )


def _failure(error: ErrorInfo) -> ApplicationError:
    return ApplicationError(error.message, error.model_dump(mode="json"), type=error.type, non_retryable=True)


async def _write(walker: Walker, closing: Closing) -> None:
    closing.records = walker.journal.take()
    await walker.journal.settle()
    await local_or_durable(JournalActivities.close_execution, closing, summary="close the index row")


async def _output_of(definition: Definition, walker: Walker, scope: Scope) -> Any:
    try:
        last = await walker.run_list(definition.actions, scope)
    except StopExecution as stop:
        return stop.output
    if definition.output is None:
        return last
    return scope.evaluation().render(definition.output)


def _limit(request: ExecutionRequest, definition: Definition) -> float | None:
    """The seconds after which the run ends itself, where somebody cares how it ends.

    Otherwise the server's timeout does it: that costs no events.
    """
    if definition.on_failure is None and "timeout" not in definition.model_fields_set:
        return request.timeout
    return definition.timeout


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
