"""Calls of Temporal, with their errors as ours."""

from collections.abc import AsyncIterator, Awaitable
from datetime import timedelta
from typing import Any

from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import WorkflowExecutionDescription, WorkflowHandle, WorkflowHistoryEventFilterType
from temporalio.service import RPCError, RPCStatusCode

from gorax.core.errors import Unavailable

RPC_TIMEOUT = timedelta(seconds=5)

Handle = WorkflowHandle[Any, Any]


async def describe(handle: Handle) -> WorkflowExecutionDescription | None:
    """The run as Temporal describes it; None when it has none. Raises `Unavailable`."""
    try:
        return await handle.describe(rpc_timeout=RPC_TIMEOUT)
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            return None
        raise unavailable(error) from error
    except RuntimeError as error:  # the lazy connection could not be made
        raise Unavailable("Temporal cannot be reached") from error


async def told(call: Awaitable[None]) -> bool:
    """Whether there was a run for a call to tell: false when Temporal has none, or it has ended.

    Raises `Unavailable` when Temporal does not answer: the run may or may not have been told.
    """
    try:
        await call
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            return False
        raise unavailable(error) from error
    except RuntimeError as error:  # the lazy connection could not be made
        raise Unavailable("Temporal cannot be reached") from error
    return True


async def events(handle: Handle, *, closing: bool = False) -> AsyncIterator[HistoryEvent]:
    """The events of the run, or its `closing` one alone; none when Temporal has no such run. Raises `Unavailable`."""
    only = WorkflowHistoryEventFilterType.CLOSE_EVENT if closing else WorkflowHistoryEventFilterType.ALL_EVENT
    try:
        async for event in handle.fetch_history_events(event_filter_type=only, rpc_timeout=RPC_TIMEOUT):
            yield event
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise unavailable(error) from error


def unavailable(error: RPCError) -> Unavailable:
    """What a call that failed is to its caller, unless its status means something else."""
    return Unavailable(f"Temporal does not answer: {error.status.name.lower()}")
