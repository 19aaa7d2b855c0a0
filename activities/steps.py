"""Runs one attempt of a step: dispatches to its connector, bounds time and output, classifies the failure."""

import asyncio
import random
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from temporalio import activity
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory

from activities.call import Call
from activities.credentials import CredentialSource
from activities.heartbeats import heartbeats
from activities.refusals import refusal
from activities.resources import Resources
from gorax.core.actions.catalogue import Catalogue
from gorax.core.actions.declaration import EffectAction
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
from gorax.core.definition import address_fields, check_config
from gorax.core.encoding import dumps, encoded_size, shown
from gorax.core.errors import MAX_DETAILS, MAX_MESSAGE, ErrorInfo, ErrorType, StepError
from gorax.core.masking import Mask, masking
from gorax.core.scripts import OVERTIME_SECONDS
from gorax.core.weight import TooHeavyError, weigh

LIGHT_BYTES = 100_000
"""Of an output that is looked through in about a millisecond."""

log = structlog.get_logger(__name__)


class Steps(StepActivities):
    """The step activities of a worker."""

    def __init__(self, catalogue: Catalogue, resources: Resources, credentials: CredentialSource) -> None:
        self._catalogue = catalogue
        self._resources = resources
        self._credentials = credentials

    @activity.defn(name=STEP)
    async def run_step(self, request: StepRequest) -> StepOutcome:
        """One attempt on the server's account, which tries again by the step's retry rule."""
        attempt = activity.info().attempt + request.earlier_attempts
        try:
            with heartbeats():
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
        except asyncio.CancelledError:
            details = activity.cancellation_details()
            if details is None or not details.not_found:
                raise
            # The SDK would report it as a failure of this worker, traceback and all.
            log.info("nobody waits for the step any more", type=request.type, path=request.path)
            raise refusal(
                ErrorInfo(
                    type=ErrorType.CANCELLED,
                    message=f"the execution of {request.path} ended before it did",
                    action_id=request.action_id,
                    attempt=attempt,
                )
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
        mask = Mask()
        with masking(mask):
            try:
                output = await self._run(effect, request, attempt)
                size = await _measure(request, output)
            except StepError as error:
                _conceal(error, mask)
                if request.sensitive:
                    # They quote what was sent and answered.
                    error.details = {}
                raise
        # Nothing that could not be encoded comes here, and a mask only makes it smaller.
        return mask.in_value(output), size

    async def _run(self, effect: EffectAction[Any], request: StepRequest, attempt: int) -> Any:
        call = Call(request, attempt, self._resources, self._credentials)
        if request.secrets and effect.traits.program:
            # A script can turn a secret into anything, so no mask would find it in what the script gives.
            raise StepError(
                ErrorType.VALIDATION,
                "a script is not given credentials: use them in the config of the action that connects",
            )
        try:
            async with asyncio.timeout(request.timeout + (OVERTIME_SECONDS if effect.traits.program else 0)):
                config = await call.config(address_fields(effect.config))
                return await effect.run(check_config(effect, config), call)
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


async def _measure(request: StepRequest, output: Any) -> int:
    """The encoded size. A large output is looked through beside the loop, so that heartbeats go on."""
    try:
        weigh(output, LIGHT_BYTES)
    except TooHeavyError:
        return await asyncio.to_thread(_size_of, request, output)
    return _size_of(request, output)


def _size_of(request: StepRequest, output: Any) -> int:
    try:
        return encoded_size(output, request.output_bytes)
    except TooHeavyError as heavy:
        raise StepError(ErrorType.OUTPUT_TOO_LARGE, f"the output of {request.path} {heavy}") from heavy
    except TypeError as error:
        raise StepError(ErrorType.INTERNAL, f"the output of {request.path} is not JSON: {error}") from error


def _conceal(error: StepError, mask: Mask) -> None:
    """Take out of the error what must not be seen."""
    if len(error.message) == MAX_MESSAGE:
        # It was cut, and the cut may have gone through a secret.
        error.message = mask.excerpt(error.message.encode(), MAX_MESSAGE * 4).decode("utf-8", "ignore")
    error.message = mask.in_text(error.message)
    error.args = (error.message,)
    error.details = mask.in_value(shown(error.details, MAX_DETAILS)[0])


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
