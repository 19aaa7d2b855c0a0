"""Branches that run beside each other."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from temporalio import workflow

from gorax.core.actions.constructs import Fork
from gorax.core.actions.declaration import ActionFailed
from workflows.tasks import cancel

if TYPE_CHECKING:
    from workflows.scope import Scope
    from workflows.walk import Walker


async def run_fork(walker: Walker, fork: Fork, scope: Scope, path: str) -> Mapping[str, Any]:
    """By name, the last output of each branch that completed while it was waited for.

    Raises `ActionFailed` with the first branch's error when too few can complete.
    """
    waiting = list(reversed(fork.branches))
    running: dict[asyncio.Task[Any], str] = {}
    done: dict[str, Any] = {}
    failures: list[ActionFailed] = []
    spare = len(fork.branches) - fork.wait
    try:
        while len(done) < fork.wait and (waiting or running):
            while waiting and len(running) < fork.max_concurrency:
                branch = waiting.pop()
                actions = walker.lists.load(branch.actions)
                running[asyncio.create_task(walker.run_list(actions, scope, f"{path}."))] = branch.name
            finished, _ = await workflow.wait(list(running), return_when=asyncio.FIRST_COMPLETED)
            for task in finished:
                name = running.pop(task)
                try:
                    done[name] = task.result()
                except ActionFailed as failed:
                    failures.append(failed)
            if len(failures) > spare and not fork.wait_for_failed:
                break
    finally:
        await cancel(running)
    if len(done) < fork.wait:
        raise failures[0]
    return {branch.name: done[branch.name] for branch in fork.branches if branch.name in done}
