"""What reaches a run from outside while it runs: answers, pauses, and the runs it has begun itself."""

from datetime import timedelta
from typing import Any

from temporalio import workflow
from temporalio.exceptions import FailureError

from gorax.core.actions.constructs import Answer
from gorax.core.contracts import SIGNAL_PAUSE, SIGNAL_RESUME, WaitAnswered


class Control:
    """The switches of one run, which its signals turn."""

    def __init__(self) -> None:
        self.paused = False
        self._answers: dict[str, Answer] = {}
        self._expected: set[str] = set()
        self._batches: dict[str, workflow.ChildWorkflowHandle[Any, Any]] = {}

    async def pause(self) -> None:
        """Let no step begin, here and in the batches of loops, until `resume`."""
        self.paused = True
        await self._tell(SIGNAL_PAUSE)

    async def resume(self) -> None:
        """Go on."""
        self.paused = False
        await self._tell(SIGNAL_RESUME)

    async def gate(self) -> None:
        """Return when the run is not paused, or is cancelled: then its `finally` lists run."""
        if self.paused:
            await workflow.wait_condition(
                lambda: not self.paused or workflow.cancellation_reason() is not None
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

    async def began(self, batch: workflow.ChildWorkflowHandle[Any, Any], *, told_paused: bool) -> None:
        """Pass pauses on to a batch, from its start to its end."""
        self._batches[batch.id] = batch
        if self.paused != told_paused:
            await _signal(batch, SIGNAL_PAUSE if self.paused else SIGNAL_RESUME)

    def ended(self, batch: workflow.ChildWorkflowHandle[Any, Any]) -> None:
        """The batch has come to its end."""
        self._batches.pop(batch.id, None)

    async def _tell(self, signal: str) -> None:
        for batch in list(self._batches.values()):
            await _signal(batch, signal)


async def _signal(batch: workflow.ChildWorkflowHandle[Any, Any], signal: str) -> None:
    try:
        await batch.signal(signal)
    except FailureError as error:
        # It has ended meanwhile: there is nothing to pause.
        workflow.logger.debug("a batch took no signal: %s", error)
