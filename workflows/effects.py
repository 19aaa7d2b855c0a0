"""Steps that have effects: a first try inside the workflow task where that is safe, activities otherwise."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError, FailureError, is_cancelled_exception
from temporalio.exceptions import TimeoutError as TemporalTimeoutError

from gorax.core.actions.declaration import ActionFailed, EffectTraits
from gorax.core.contracts import (
    ExecutionRequest,
    RetryRule,
    StepActivities,
    StepOutcome,
    StepRecord,
    StepRequest,
)
from gorax.core.credentials import Secrets, render_with_secrets
from gorax.core.definition import Action
from gorax.core.durations import parse_duration
from gorax.core.encoding import dumps
from gorax.core.errors import ErrorInfo, ErrorType, StepError
from gorax.core.scripts import CONTEXT, context_of
from workflows.budget import TaskBudget
from workflows.clock import StepClock
from workflows.journal import Journal

MAX_CONCURRENT = 100
"""Activities that one execution has open at a time; Temporal refuses more than 2,000."""
FRAME_BYTES = 100_000
"""What a step's request has beside its config."""
FAST_SECONDS = 0.2
"""How long a fast try may hold a worker's slot for workflow tasks, of which there are few for all tenants, and
hold up the news of the steps that have ended meanwhile."""
FAST_BYTES = 64_000
"""Largest input and largest output of a fast try: what is larger goes through an activity."""
HEARTBEAT = timedelta(seconds=8)
"""A step is tried elsewhere when its worker was silent for so long; workers beat every two seconds."""
GRACE = timedelta(seconds=5)
"""The worker ends an attempt at the step's timeout; the server only when the worker did not."""


class Effects:
    """Runs the effect steps of one execution."""

    def __init__(
        self, request: ExecutionRequest, budget: TaskBudget, journal: Journal, clock: StepClock
    ) -> None:
        self._clock = clock
        self._request = request
        self._budget = budget
        self._journal = journal
        self._slots = asyncio.Semaphore(MAX_CONCURRENT)
        self._slow = False

    def config(
        self, action: Action, names: Mapping[str, Any], render: Callable[[Any], Any]
    ) -> tuple[dict[str, Any], Secrets]:
        """The config of a step, rendered, and where credentials belong in it; with what its program mentions, where
        its type has one."""
        traits = self._request.traits.get(action.type)
        if traits is None or traits.program is None:
            return render_with_secrets(action.config, render)
        source = action.config.get(traits.program)
        rest = {name: value for name, value in action.config.items() if name != traits.program}
        config, secrets = render_with_secrets(rest, render)
        return {**config, traits.program: source, CONTEXT: context_of(source, names)}, secrets

    async def run(
        self, action: Action, path: str, number: int, config: dict[str, Any], secrets: Secrets
    ) -> StepOutcome:
        """Run a step whose config is rendered. Raises `ActionFailed` after its last attempt."""
        traits = self._request.traits.get(action.type)
        if traits is None:
            raise StepError(ErrorType.VALIDATION, f"there is no action type {action.type!r}")
        step = self._step(action, path, number, config, secrets, traits)
        size = len(dumps(step))
        limit = self._request.bounds.step_output_bytes + FRAME_BYTES
        if size > limit:
            raise StepError(
                ErrorType.VALIDATION, f"the input of {path} has {size} bytes, at most {limit} are possible"
            )
        async with self._slots:
            if self._may_be_fast(size) and _is_fast(action, config, traits):
                outcome = await self._fast(action, step)
                if outcome is not None:
                    return outcome
            await self._budget.admit(self._request.bounds.inline(size))
            return await self._durable(action, step)

    def _step(
        self,
        action: Action,
        path: str,
        number: int,
        config: dict[str, Any],
        secrets: Secrets,
        traits: EffectTraits,
    ) -> StepRequest:
        return StepRequest(
            tenant_id=self._request.tenant_id,
            execution_id=self._request.execution_id,
            path=path,
            number=number,
            action_id=action.id,
            type=action.type,
            config=config,
            timeout=_timeout(action, config, traits),
            retry=_retry(action, traits),
            output_bytes=self._request.bounds.step_output_bytes,
            sensitive=action.sensitive,
            secrets=secrets,
            accepted_at=self._request.accepted_at,
        )

    def _may_be_fast(self, size: int) -> bool:
        # Input and output reach the history together, with those of all other fast tries of the same task.
        return not self._slow and size <= FAST_BYTES and self._budget.fits(2 * FAST_BYTES)

    async def _fast(self, action: Action, step: StepRequest) -> StepOutcome | None:
        """The outcome of a first try as a local activity; None when an activity has to go on.

        Then `step` says how many attempts were made.
        """
        limit = min(step.timeout, FAST_SECONDS)
        await self._budget.admit(2 * FAST_BYTES, holds_task=True)
        self._budget.try_fast()
        try:
            record: StepRecord = await workflow.execute_local_activity_method(
                StepActivities.run_step_fast,
                step.model_copy(
                    update={"timeout": limit, "output_bytes": min(step.output_bytes, FAST_BYTES)}
                ),
                start_to_close_timeout=timedelta(seconds=limit) + GRACE,
                retry_policy=RetryPolicy(maximum_attempts=1),
                summary=action.name or action.id,
            )
        except FailureError as error:
            if is_cancelled_exception(error):
                raise asyncio.CancelledError from error
            # The worker broke off, not the step: as if it had not been tried.
            return None
        self._budget.write(record.bytes - 2 * FAST_BYTES)
        self._budget.tried(record)
        if record.completed_at is not None:
            self._clock.advance(record.completed_at)
        if record.error is None:
            return StepOutcome(output=record.output)
        if record.error.type == ErrorType.TIMEOUT and step.timeout > limit:
            # One that is slow is seldom alone: the run's later steps do not try.
            self._slow = True
            return None
        if record.error.type == ErrorType.OUTPUT_TOO_LARGE and step.output_bytes > FAST_BYTES:
            # Large rather than failed: an activity may bring what its definition allows.
            return None
        if not record.retryable or step.retry.max_attempts == 1:
            raise ActionFailed(record.error, timed_out=record.status == "timed_out")
        step.earlier_attempts = 1
        pause = record.retry_after
        self._journal.flush()
        await workflow.sleep(
            step.retry.initial_interval if pause is None else pause, summary=f"retry {step.path}"
        )
        return None

    async def _durable(self, action: Action, step: StepRequest) -> StepOutcome:
        retry = step.retry
        self._journal.flush()
        try:
            outcome = await workflow.execute_activity_method(
                StepActivities.run_step,
                step,
                activity_id=step.path,
                summary=action.name or action.id,
                start_to_close_timeout=timedelta(seconds=step.timeout) + GRACE,
                heartbeat_timeout=HEARTBEAT if step.timeout > HEARTBEAT.total_seconds() else None,
                retry_policy=RetryPolicy(
                    initial_interval=timedelta(seconds=retry.initial_interval),
                    backoff_coefficient=retry.backoff,
                    maximum_interval=timedelta(seconds=max(retry.max_interval, retry.initial_interval)),
                    maximum_attempts=retry.max_attempts - step.earlier_attempts,
                    non_retryable_error_types=["PayloadsTooLarge"],
                ),
            )
        except ActivityError as error:
            if is_cancelled_exception(error):
                raise asyncio.CancelledError from error
            raise ActionFailed(_error_of(error, step)) from error
        self._budget.receive(self._request.bounds.inline(outcome.bytes))
        self._budget.hold(outcome.bytes)
        return outcome


def _is_fast(action: Action, config: dict[str, Any], traits: EffectTraits) -> bool:
    if action.mode is not None:
        return action.mode == "fast"
    if traits.fast_when:
        return all(
            str(config.get(field, values[0])).upper() in {value.upper() for value in values}
            for field, values in traits.fast_when.items()
        )
    return traits.mode == "fast"


def _timeout(action: Action, config: dict[str, Any], traits: EffectTraits) -> float:
    if action.timeout is not None:
        return action.timeout
    try:
        return parse_duration(config["timeout"])
    except (KeyError, ValueError):
        # Not given, or to be refused by the type's own check of its config.
        return traits.timeout


def _retry(action: Action, traits: EffectTraits) -> RetryRule:
    given = {} if action.retry is None else action.retry.model_dump(exclude_none=True)
    return RetryRule.model_validate({"max_attempts": traits.max_attempts, **given})


def _error_of(error: ActivityError, step: StepRequest) -> ErrorInfo:
    cause = error.cause
    if isinstance(cause, ApplicationError) and cause.details:
        return ErrorInfo.model_validate(cause.details[0])
    if isinstance(cause, TemporalTimeoutError):
        return ErrorInfo(
            type=ErrorType.TIMEOUT,
            message=f"{step.path}: its worker was lost or gave no answer within {step.timeout:g} s",
            action_id=step.action_id,
        )
    return ErrorInfo(type=ErrorType.INTERNAL, message=str(cause or error), action_id=step.action_id)
