"""Runs one attempt of a step: dispatches to its connector, bounds time and output, classifies the failure."""

import asyncio
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import structlog
from temporalio import activity
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory

from activities.resources import Resources
from gorax.core.actions.catalogue import Catalogue
from gorax.core.actions.declaration import Resource
from gorax.core.contracts import (
    FAST,
    STEP,
    RetryRule,
    StepActivities,
    StepOutcome,
    StepRecord,
    StepRequest,
    StepStatus,
)
from gorax.core.definition import check_config
from gorax.core.encoding import dumps, encoded_size
from gorax.core.errors import ErrorType, StepError
from gorax.core.weight import TooHeavyError

HEARTBEAT_SECONDS = 2.0
"""The interpreter gives a silent worker up after four of these."""

R = TypeVar("R", bound=Resource)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Call:
    """One attempt, as a connector sees it."""

    step: StepRequest
    attempt: int
    resources: Resources

    @property
    def tenant_id(self) -> str:
        """Whose execution this is."""
        return self.step.tenant_id

    @property
    def execution_id(self) -> str:
        """The execution."""
        return self.step.execution_id

    @property
    def path(self) -> str:
        """Where the step stands in it."""
        return self.step.path

    @property
    def timeout(self) -> float:
        """Seconds until this attempt is cancelled."""
        return self.step.timeout

    @property
    def idempotency_key(self) -> str:
        """The same for all attempts of this step, and for no other step."""
        return f"{self.step.execution_id}:{self.step.path}"

    def resource(self, kind: type[R]) -> R:
        """The worker's shared object of that kind."""
        return self.resources.get(kind)


class Steps(StepActivities):
    """The step activities of a worker."""

    def __init__(self, catalogue: Catalogue, resources: Resources) -> None:
        self._catalogue = catalogue
        self._resources = resources

    @activity.defn(name=STEP)
    async def run_step(self, request: StepRequest) -> StepOutcome:
        """One attempt on the server's account, which tries again by the step's retry rule."""
        attempt = activity.info().attempt + request.earlier_attempts
        try:
            with _heartbeats(request):
                output, size = await self._attempt(request, attempt)
        except StepError as error:
            raise ApplicationError(
                error.message,
                error.info(request.action_id, attempt).model_dump(mode="json"),
                type=error.type,
                non_retryable=not may_retry(error, request.retry),
                next_retry_delay=timedelta(seconds=pause_after(error, request.retry, attempt)),
                # A remote's refusal is the definition's business, not a defect of this worker.
                category=ApplicationErrorCategory.BENIGN,
            ) from None
        return StepOutcome(output=output, attempts=attempt, bytes=size)

    @activity.defn(name=FAST)
    async def run_step_fast(self, request: StepRequest) -> StepRecord:
        """The first attempt inside the workflow task; the history keeps the record it returns."""
        started_at = datetime.now(UTC)
        status: StepStatus = "completed"
        output, size, failure = None, 0, None
        try:
            output, size = await self._attempt(request, 1)
        except StepError as error:
            failure = error
            status = "timed_out" if error.type == ErrorType.TIMEOUT else "failed"
        return StepRecord(
            path=request.path,
            number=request.number,
            action_id=request.action_id,
            type=request.type,
            status=status,
            started_at=started_at,
            completed_at=datetime.now(UTC),
            input=request.config,
            output=output,
            error=failure.info(request.action_id, 1) if failure else None,
            retryable=failure is not None
            and request.retry.max_attempts > 1
            and may_retry(failure, request.retry),
            retry_after=pause_after(failure, request.retry, 1) if failure else None,
            sensitive=request.sensitive,
            bytes=size + len(dumps(request.config)),
        )

    async def _attempt(self, request: StepRequest, attempt: int) -> tuple[Any, int]:
        """The step's output and its encoded size. Raises `StepError`, whatever went wrong."""
        effect = self._catalogue.effect(request.type)
        if effect is None:
            raise StepError(
                ErrorType.VALIDATION, f"this worker knows no action type {request.type!r}", retryable=True
            )
        config = check_config(effect, request.config)
        try:
            async with asyncio.timeout(request.timeout):
                output = await effect.run(config, Call(request, attempt, self._resources))
        except StepError:
            raise
        except asyncio.CancelledError:
            if not activity.is_worker_shutdown():
                raise
            raise StepError(
                ErrorType.INTERNAL,
                f"the worker of {request.path} was stopped before it ended",
                retryable=True,
            ) from None
        except TimeoutError as error:
            raise StepError(
                ErrorType.TIMEOUT, f"{request.path} took longer than {request.timeout:g} s", retryable=True
            ) from error
        except Exception as error:
            log.exception("connector failed", type=request.type, path=request.path)
            raise StepError(
                ErrorType.INTERNAL, f"{request.type} failed: {type(error).__name__}", retryable=True
            ) from error
        return output, _size_of(request, output)


def _size_of(request: StepRequest, output: Any) -> int:
    try:
        return encoded_size(output, request.output_bytes)
    except TooHeavyError as heavy:
        raise StepError(ErrorType.OUTPUT_TOO_LARGE, f"the output of {request.path} {heavy}") from heavy
    except TypeError as error:
        raise StepError(ErrorType.INTERNAL, f"the output of {request.path} is not JSON: {error}") from error


def may_retry(error: StepError, rule: RetryRule) -> bool:
    """Whether the rule allows another attempt after this error: lists match types by prefix."""
    if any(error.type.startswith(prefix) for prefix in rule.not_on):
        return False
    if rule.retry_on is not None:
        return any(error.type.startswith(prefix) for prefix in rule.retry_on)
    return error.retryable


def pause_after(error: StepError, rule: RetryRule, attempt: int) -> float:
    """Seconds until the attempt after `attempt`: what the other side asked for, else the rule's backoff."""
    if error.retry_after is not None:
        return error.retry_after
    # The exponent is bounded so that a hundred attempts cannot overflow a float.
    pause = min(rule.initial_interval * rule.backoff ** min(attempt - 1, 64), rule.max_interval)
    return pause * random.uniform(0.8, 1.2) if rule.jitter else pause  # noqa: S311 - spread, not a secret


@contextmanager
def _heartbeats(request: StepRequest) -> Iterator[None]:
    """Tell the server that the worker lives, while a step that may be long runs."""
    if request.timeout <= HEARTBEAT_SECONDS:
        yield
        return
    loop = asyncio.get_running_loop()
    timer: asyncio.TimerHandle

    def beat() -> None:
        nonlocal timer
        activity.heartbeat()
        timer = loop.call_later(HEARTBEAT_SECONDS, beat)

    timer = loop.call_later(HEARTBEAT_SECONDS, beat)
    try:
        yield
    finally:
        timer.cancel()
