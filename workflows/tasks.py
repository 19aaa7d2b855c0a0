"""Coroutines that run beside each other in a workflow, in an order that replays alike."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Coroutine, Iterable
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
    """Cancel, and wait until all have tidied up; what they raise then is of no interest any more.

    A cancellation of the caller is raised when they have: it does not break off what they tidy up.
    """
    for task in tasks:
        task.cancel()
    await _ended(tasks)


async def whole(running: Coroutine[Any, Any, T]) -> T:
    """What `running` gives; a cancellation of the caller waits until it has ended, and is raised then."""
    task = asyncio.create_task(running)
    await _ended([task])
    return task.result()


async def _ended(tasks: "Collection[asyncio.Task[Any]]") -> None:
    """Wait until all have ended, also when the caller is cancelled meanwhile, which is raised then."""
    cancelled = False
    while running := [task for task in tasks if not task.done()]:
        try:
            await workflow.wait(running)
        except asyncio.CancelledError:
            cancelled = True
    for task in tasks:
        if not task.cancelled():
            task.exception()  # looked at, or the loop would log it as lost
    if cancelled:
        raise asyncio.CancelledError


async def within(seconds: float, running: Awaitable[T], expired: Callable[[], None] | None = None) -> T:
    """What `running` gives within so many seconds.

    Raises `TimeoutError` when it was cancelled for taking longer; what it raised instead, or gave, when it came to an
    end of its own. `expired` is called before it is cancelled. Unlike `asyncio.wait_for` it waits for the end in any
    case, also when the caller is cancelled meanwhile.
    """
    loop = asyncio.get_running_loop()
    waiter: asyncio.Future[None] = loop.create_future()

    def release(*_: object) -> None:
        if not waiter.done():
            waiter.set_result(None)

    timer = loop.call_later(seconds, release)
    task = asyncio.ensure_future(running)
    task.add_done_callback(release)
    try:
        try:
            await waiter
        except asyncio.CancelledError:
            if not task.done():
                await cancel([task])
                raise
        if not task.done():
            if expired is not None:
                expired()
            await cancel([task])
            if task.cancelled():
                raise TimeoutError
        return task.result()
    finally:
        timer.cancel()


async def started(starting: Coroutine[Any, Any, T]) -> T:
    """A child workflow that is started; in a task of its own, whose cancellations the SDK takes back while it starts.

    The caller looks with `raise_if_cancelled` whether it was cancelled meanwhile: the child was then, too.
    """
    return await asyncio.create_task(starting)


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
