"""Loops: few iterations run in the run that has the loop, many in batches of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gorax.core.actions.constructs import Loop, LoopResult
from gorax.core.contracts import LoopBatch
from gorax.core.errors import ErrorType, StepError
from workflows.batches import Batches, frame_of, part_of
from workflows.iterations import Iterations
from workflows.tally import Tally
from workflows.tasks import within

if TYPE_CHECKING:
    from workflows.scope import Scope
    from workflows.walk import Walker

INLINE_STEPS = 200
"""A loop of more steps than this goes into batches."""


async def run_loop(walker: Walker, loop: Loop, scope: Scope, path: str) -> LoopResult:
    """Run a loop to its end. Raises `ActionFailed` when an iteration failed and the loop stops for it."""
    running = _run(walker, loop, scope, path)
    if loop.timeout is None:
        return await running
    try:
        return await within(loop.timeout, running)
    except TimeoutError as error:
        raise StepError(ErrorType.TIMEOUT, f"{path} took longer than {loop.timeout:g} s") from error


async def _run(walker: Walker, loop: Loop, scope: Scope, path: str) -> LoopResult:
    whole = LoopBatch(first=0, count=loop.iterations, items=loop.items, concurrency=loop.concurrency)
    loop = loop.model_copy(update={"items": None})
    tally = Tally(loop, walker.request.bounds)
    if inline := _inline(walker, loop, whole):
        iterations = Iterations(walker, loop, scope, path, {})
        result = await iterations.run(part_of(whole, 0, inline))
        tally.add(result)
        whole.steps = result.steps
    if tally.count < whole.count and not tally.over:
        batches = Batches(walker, frame_of(walker, loop, scope, path), scope)
        while tally.count < whole.count and not tally.over:
            rest = part_of(whole, tally.count, whole.count - tally.count)
            rest.steps = whole.steps
            result = await batches.run(rest)
            tally.add(result)
            whole.steps = result.steps
    return tally.loop()


def _inline(walker: Walker, loop: Loop, whole: LoopBatch) -> int:
    """How many iterations run here."""
    if walker.full:
        return 0
    few = INLINE_STEPS // max(walker.lists.count(loop.actions), 1)
    if whole.items is None:
        # How many there will be is not known: mostly few.
        return min(max(few, 1), whole.count)
    return whole.count if whole.count <= few else 0
