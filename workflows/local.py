"""Short activities that every run needs, made in the workflow task where that works."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, TypeVar

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ApplicationError, FailureError, is_cancelled_exception

A = TypeVar("A")
R = TypeVar("R")

LOCAL = timedelta(seconds=4)


async def local_or_durable(method: Callable[[Any, A], Awaitable[R]], argument: A, *, summary: str) -> R:
    """The activity's result: one event from a local activity, or else from an activity that is tried for ever.

    Raises `ApplicationError` when the activity says that another try cannot help.
    """
    try:
        result: R = await workflow.execute_local_activity_method(
            method,
            argument,
            start_to_close_timeout=LOCAL,
            retry_policy=RetryPolicy(maximum_attempts=1),
        )
    except (
        FailureError
    ) as error:  # of a local activity the SDK gives the cause itself, not an `ActivityError`
        if is_cancelled_exception(error) or (isinstance(error, ApplicationError) and error.non_retryable):
            raise
        # What it needs is away: keep trying from the server, so that this worker need not hold on.
        result = await workflow.execute_activity_method(
            method,
            argument,
            summary=summary,
            start_to_close_timeout=timedelta(seconds=10),
            retry_policy=RetryPolicy(maximum_interval=timedelta(seconds=10)),
        )
    return result
