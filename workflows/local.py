"""Short activities that every run needs, made in the workflow task where that works."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, TypeVar

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError, FailureError, is_cancelled_exception

from gorax.core.errors import ErrorInfo, StepError

A = TypeVar("A")
R = TypeVar("R")

LOCAL = timedelta(seconds=4)


async def local_or_durable(method: Callable[[Any, A], Awaitable[R]], argument: A, *, summary: str) -> R:
    """The activity's result: one event from a local activity, or else from an activity that is tried for ever.

    Raises `StepError` when the activity says that another try cannot help.
    """
    result: R
    try:
        result = await workflow.execute_local_activity_method(
            method,
            argument,
            start_to_close_timeout=LOCAL,
            retry_policy=RetryPolicy(maximum_attempts=1),
        )
    except FailureError as error:
        _raise_final(error)
    else:
        return result
    # What it needs is away: keep trying from the server, so that this worker need not hold on.
    try:
        result = await workflow.execute_activity_method(
            method,
            argument,
            summary=summary,
            start_to_close_timeout=timedelta(seconds=10),
            retry_policy=RetryPolicy(maximum_interval=timedelta(seconds=10)),
        )
    except ActivityError as error:
        _raise_final(error)
        raise
    return result


def _raise_final(error: FailureError) -> None:
    """Raise what no other try can help."""
    if is_cancelled_exception(error):
        raise asyncio.CancelledError from error
    # Of a local activity the SDK gives the cause itself.
    cause = error.cause if isinstance(error, ActivityError) else error
    if isinstance(cause, ApplicationError) and cause.non_retryable and cause.details:
        final = ErrorInfo.model_validate(cause.details[0])
        raise StepError(final.type, final.message, details=final.details) from error
