"""Coroutines that run beside each other in a workflow, in an order that replays alike."""

import asyncio
from collections.abc import Collection, Coroutine, Iterable
from typing import Any, TypeVar

from temporalio import workflow

T = TypeVar("T")


async def together(coroutines: Iterable[Coroutine[Any, Any, None]]) -> None:
    """Run all to their ends. When one raises, the others are cancelled and it is raised; likewise a cancellation."""
    running = [asyncio.create_task(coroutine) for coroutine in coroutines]
    try:
        while running:
            finished, rest = await workflow.wait(running, return_when=asyncio.FIRST_COMPLETED)
            running = list(rest)
            for task in finished:
                task.result()
    finally:
        await cancel(running)


async def cancel(tasks: Collection["asyncio.Task[Any]"]) -> None:
    """Cancel, and wait until all have tidied up; what they raise then is of no interest any more."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def started(starting: Coroutine[Any, Any, T]) -> T:
    """A child workflow that is started; in a task of its own, whose cancellations the SDK takes back while it starts.

    Runs that began before this was so have the start's command where the waiting task gave it.
    """
    return await (asyncio.create_task(starting) if workflow.patched("start-apart") else starting)


def cancellations() -> int:
    """How often the current task was told to end."""
    task = asyncio.current_task()
    return 0 if task is None else task.cancelling()


def raise_if_cancelled(since: int) -> None:
    """Raise `CancelledError` when the current task was told to end after `since` was counted.

    The SDK passes a cancellation on to the activity or child that is waited for, and gives its result where it has
    one: what came of it must not hide that the task was told to end.
    """
    if cancellations() > since:
        raise asyncio.CancelledError
