"""Walks a definition: which action runs when, and what its failure means for the others."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from temporalio import workflow

from gorax.core.actions.catalogue import flow_catalogue
from gorax.core.actions.declaration import ActionFailed, FlowAction, StopExecution
from gorax.core.contracts import ExecutionRequest, StepOutcome, StepRecord, StepStatus
from gorax.core.credentials import Secrets
from gorax.core.definition import Action, check_config, render_config, without_actions
from gorax.core.definition.shape import is_leaf
from gorax.core.encoding import encoded_size
from gorax.core.errors import ErrorInfo, ErrorType, StepError
from gorax.core.graph import Plan
from gorax.core.weight import TooHeavyError
from workflows.budget import HELD_BYTES, TaskBudget
from workflows.clock import StepClock
from workflows.control import Control
from workflows.effects import Effects
from workflows.flow_step import InterpretedStep
from workflows.journal import Journal
from workflows.lists import ActionLists
from workflows.progress import Progress
from workflows.scope import Evaluation, Scope
from workflows.tasks import cancel, cancellations, raise_if_cancelled, within

MAX_PARALLEL = 100
"""Actions of one list that run at a time."""
FLOW_TYPES = flow_catalogue()
"""Loaded with this module, since a workflow's sandbox should import nothing later."""
RUN_STEPS = 1_000
"""Steps of a run after which its loops go on in batches of their own."""
RUN_BYTES = 15_000_000
"""Bytes in a run's history after which they do."""


@dataclass(slots=True)
class Last:
    """The output of the action of a list that finished last."""

    output: Any = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where and when a step stands in an execution."""

    action: Action
    path: str
    number: int
    started_at: datetime


class Walker:
    """Runs the actions of one execution."""

    def __init__(self, request: ExecutionRequest, budget: TaskBudget, control: Control) -> None:
        self.request = request
        self.budget = budget
        self.control = control
        self.journal = Journal(budget)
        self.lists = ActionLists()
        self.progress = Progress()
        self._clock = StepClock()
        self._effects = Effects(request, budget, self.journal, self._clock)

    @property
    def full(self) -> bool:
        """Whether loops should go on elsewhere, because this run's history is long or large enough."""
        budget = self.budget
        return self.progress.begun > RUN_STEPS or budget.history > RUN_BYTES or budget.held > HELD_BYTES // 2

    async def run_list(self, actions: Sequence[Action], scope: Scope, parent: str = "") -> Any:
        """Run a list to its end; the output of the action that finished last.

        Raises `ActionFailed` when an action failed and nothing took care of it: then what had not started
        does not start, and what ran beside it is cancelled.
        """
        plan = Plan.of(actions)
        last = Last()
        if plan.sequential:
            for action in actions:
                await self._run_step(action, scope, f"{parent}{action.id}", last)
        else:
            await self._run_graph(actions, plan, scope, parent, last)
        return last.output

    async def _run_graph(
        self, actions: Sequence[Action], plan: Plan, scope: Scope, parent: str, last: Last
    ) -> None:
        waiting = {action.id: action for action in actions}
        skipped: dict[str, bool] = {}
        running: dict[asyncio.Task[bool], str] = {}
        try:
            while waiting or running:
                for action in list(waiting.values()):
                    needs = plan.dependencies(action.id)
                    if len(running) >= MAX_PARALLEL or not all(need in skipped for need in needs):
                        continue
                    del waiting[action.id]
                    path = f"{parent}{action.id}"
                    if plan.explicit(action.id) and needs and all(skipped[need] for need in needs):
                        self._skip(self._place(action, path), scope)
                        skipped[action.id] = True
                        break  # what depends on it may be ready now
                    running[asyncio.create_task(self._run_step(action, scope, path, last))] = action.id
                else:
                    finished, _ = await workflow.wait(list(running), return_when=asyncio.FIRST_COMPLETED)
                    for task in finished:
                        skipped[running.pop(task)] = not task.result()
        finally:
            await cancel(running)

    async def _run_step(self, action: Action, scope: Scope, path: str, last: Last) -> bool:
        """Run one action with its condition and its error rule; False when it was skipped."""
        await self.budget.admit()
        if self.control.paused:
            self.journal.flush()
            await self.control.gate()
        place = self._place(action, path)
        before = cancellations()
        try:
            if action.when is not None and not scope.evaluation().condition(action.when):
                self._skip(place, scope)
                return False
            outcome = await self._perform(place, scope)
        except StepError as error:
            failure = error.info(action.id, 1)
            self._record(place, "failed", error=failure)
            self.progress.fail()
            raise_if_cancelled(before)
            last.output = await self._handle(place, scope, failure)
        except StopExecution:
            raise_if_cancelled(before)
            raise
        except ActionFailed as failed:
            self.progress.fail(timed_out=failed.timed_out)
            raise_if_cancelled(before)
            last.output = await self._handle(place, scope, failed.error)
        else:
            scope.state.finish(action.id, _shown("completed", outcome.attempts, output=outcome.output))
            self.progress.completed += 1
            last.output = outcome.output
            raise_if_cancelled(before)
        return True

    async def _handle(self, place: Place, scope: Scope, error: ErrorInfo) -> Any:
        """Do what the action's `on_error` says; what that gives. Raises `ActionFailed` when that is to fail."""
        action = place.action
        scope.state.finish(action.id, _shown("failed", error.attempt or 1, error=error))
        if action.on_error == "fail":
            raise ActionFailed(error)
        if not action.handlers:
            return None
        return await self.run_list(action.handlers, scope.with_error(error), f"{place.path}.")

    def _skip(self, place: Place, scope: Scope) -> None:
        self.progress.skip()
        scope.state.finish(place.action.id, _shown("skipped", 0))
        self._record(place, "skipped", attempts=0)

    async def _perform(self, place: Place, scope: Scope) -> StepOutcome:
        evaluation = scope.evaluation()
        flow = FLOW_TYPES.flow(place.action.type)
        if flow is None:
            config, secrets = self._effects.config(place.action, scope.names, evaluation.render)
            self.bound(config, f"the input of {place.path}", ErrorType.VALIDATION)
            if (earlier := self.request.reuse.get(place.path)) is not None:
                self._record(
                    place, "completed", input=config, output=earlier.output, attempts=earlier.attempts
                )
                return earlier
            return await self._perform_effect(place, config, secrets)
        return StepOutcome(output=await self._perform_flow(flow, place, scope, evaluation))

    async def _perform_effect(self, place: Place, config: dict[str, Any], secrets: Secrets) -> StepOutcome:
        try:
            return await self._effects.run(place.action, place.path, place.number, config, secrets)
        except asyncio.CancelledError:
            await self._tell_cancelled(place, config)
            raise

    async def _tell_cancelled(self, place: Place, config: dict[str, Any]) -> None:
        """Record a step that may have left no trace yet, if the history has room: there may be thousands."""
        with suppress(StepError):
            await self.budget.admit()
            self._record(place, "cancelled", input=config)

    async def _perform_flow(
        self, flow: FlowAction[Any], place: Place, scope: Scope, evaluation: Evaluation
    ) -> Any:
        action = place.action
        rendered = render_config(flow, action.config, evaluation.render)
        self.bound(rendered, f"the input of {place.path}", ErrorType.VALIDATION)
        shown = without_actions(flow, rendered)
        if is_leaf(flow) and (earlier := self.request.reuse.get(place.path)) is not None:
            self._record(place, "completed", input=shown, output=earlier.output)
            return earlier.output
        running = flow.run(check_config(flow, rendered), InterpretedStep(self, scope, place, evaluation))
        try:
            # A limit costs a timer, so there is none where none was asked for.
            output = await (running if action.timeout is None else within(action.timeout, running))
            self.bound(output, f"the output of {place.path}", ErrorType.OUTPUT_TOO_LARGE)
        except asyncio.CancelledError:
            self._record(place, "cancelled", input=shown)
            raise
        except StopExecution:
            self.progress.completed += 1
            self._record(place, "completed", input=shown)
            raise
        except (ActionFailed, StepError, TimeoutError) as problem:
            error = _error_of(problem, place)
            self._record(place, "failed", input=shown, error=error)
            raise ActionFailed(error) from problem
        self._record(place, "completed", input=shown, output=output)
        if flow.at_once:
            self.journal.flush()
        return output

    def bound(self, value: Any, name: str, error: str) -> int:
        """The encoded size of a value. Raises `StepError` when it is too large or too deep to be passed on."""
        limit = self.request.bounds.step_output_bytes
        try:
            size = encoded_size(value, limit)
        except TooHeavyError as heavy:
            self.budget.handle(limit)  # the walk that found out took its time
            raise StepError(error, f"{name} {heavy}") from heavy
        except TypeError as unfit:
            raise StepError(error, f"{name} is not JSON: {unfit}") from unfit
        self.budget.handle(2 * size)  # walked and encoded
        return size

    def receive(self, value: Any, name: str) -> None:
        """Count what somebody else brought into the run. Raises `StepError` when the run would hold too much."""
        size = self.bound(value, name, ErrorType.OUTPUT_TOO_LARGE)
        self.budget.receive(self.request.bounds.inline(size))
        self.budget.hold(size)

    def _place(self, action: Action, path: str) -> Place:
        return Place(action, path, self.progress.begin(), self._clock.now())

    def _record(self, place: Place, status: StepStatus, **rest: Any) -> None:
        self.journal.add(
            StepRecord(
                path=place.path,
                number=place.number,
                action_id=place.action.id,
                type=place.action.type,
                status=status,
                started_at=place.started_at,
                completed_at=self._clock.now(),
                sensitive=place.action.sensitive,
                **rest,
            )
        )


def _shown(
    status: StepStatus, attempts: int, *, output: Any = None, error: ErrorInfo | None = None
) -> dict[str, Any]:
    return {
        "status": status,
        "output": output,
        "error": None if error is None else error.model_dump(mode="json"),
        "attempts": attempts,
    }


def _error_of(problem: ActionFailed | StepError | TimeoutError, place: Place) -> ErrorInfo:
    match problem:
        case ActionFailed():
            return problem.error
        case StepError():
            return problem.info(place.action.id, 1)
        case _:
            return ErrorInfo(
                type=ErrorType.TIMEOUT,
                message=f"{place.path} took longer than {place.action.timeout:g} s",
                action_id=place.action.id,
                attempt=1,
            )
