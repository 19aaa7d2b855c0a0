"""What reaches a run from outside while it runs: answers, pauses, and the runs it has begun itself."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from temporalio import workflow
from temporalio.exceptions import FailureError

from gorax.core.actions.constructs import Answer
from gorax.core.contracts import SIGNAL_PAUSE, SIGNAL_RESUME, WaitAnswered

BatchHandle = workflow.ChildWorkflowHandle[Any, Any]


@dataclass(slots=True, eq=False)
class _Batch:
    """A batch that runs."""

    handle: BatchHandle
    paused: bool
    """As it was told last."""
    telling: "asyncio.Task[None] | None" = None
    """What tells it now."""


class Control:
    """The switches of one run, which its signals turn."""

    def __init__(self) -> None:
        self.paused = False
        self._over = False
        self._has_place = False
        self._answers: dict[str, Answer] = {}
        self._expected: set[str] = set()
        self._batches: dict[str, _Batch] = {}

    def pause(self) -> None:
        """Let no step begin, here and in the batches of loops, until `resume`."""
        self.paused = True
        self._tell()

    def resume(self) -> None:
        """Go on."""
        self.paused = False
        self._tell()

    def expire(self) -> None:
        """The time of the run is over: what tidies up does not wait for a `resume`."""
        self._over = True

    def give_place(self) -> None:
        """The run may begin."""
        self._has_place = True

    async def place(self) -> None:
        """Return when the run was given its place."""
        await workflow.wait_condition(lambda: self._has_place)

    async def gate(self) -> None:
        """Return when the run is not paused, or ends: then its `finally` lists run."""
        if self.paused:
            await workflow.wait_condition(
                lambda: not self.paused or self._over or workflow.cancellation_reason() is not None
            )

    def answer(self, answered: WaitAnswered) -> None:
        """Take an answer; of a wait that is not expected, or no more, it is one that was told twice."""
        if answered.wait_id in self._expected:
            self._answers.setdefault(answered.wait_id, answered.answer)

    def expect(self, wait_id: str) -> None:
        """Take answers to this wait, which is about to be shown to people."""
        self._expected.add(wait_id)

    async def answered(self, wait_id: str, seconds: float | None, summary: str) -> Answer | None:
        """Wait for an expected answer; None when there is none after so many seconds."""
        try:
            await workflow.wait_condition(
                lambda: wait_id in self._answers,
                timeout=None if seconds is None else timedelta(seconds=seconds),
                timeout_summary=summary,
            )
        except TimeoutError:
            return None
        return self._answers[wait_id]

    def forget(self, wait_id: str) -> None:
        """The wait is over."""
        self._expected.discard(wait_id)
        self._answers.pop(wait_id, None)

    def began(self, handle: BatchHandle, *, told_paused: bool) -> None:
        """Pass pauses on to a batch, from its start to its end."""
        batch = self._batches[handle.id] = _Batch(handle, told_paused)
        self._tell_soon(batch)

    def ended(self, handle: BatchHandle) -> None:
        """The batch has come to its end."""
        self._batches.pop(handle.id, None)

    def _tell(self) -> None:
        for batch in self._batches.values():
            self._tell_soon(batch)

    def _tell_soon(self, batch: _Batch) -> None:
        """Tell a batch what holds now, in a task of its own: the SDK takes back the cancellation of one that signals.

        One thing after the other, since signals may overtake each other on their way.
        """
        if batch.paused != self.paused and batch.telling is None:
            batch.telling = asyncio.create_task(self._tell_batch(batch))

    async def _tell_batch(self, batch: _Batch) -> None:
        while batch.paused != self.paused:
            batch.paused = self.paused
            await _signal(batch.handle, SIGNAL_PAUSE if self.paused else SIGNAL_RESUME)
        batch.telling = None


async def _signal(handle: BatchHandle, signal: str) -> None:
    try:
        await handle.signal(signal)
    except FailureError as error:
        # It has ended meanwhile: there is nothing to pause.
        workflow.logger.debug("a batch took no signal: %s", error)
