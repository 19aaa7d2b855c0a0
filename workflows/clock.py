"""When steps began and ended."""

from datetime import datetime

from temporalio import workflow


class StepClock:
    """The run's clock, which stands still during a workflow task, moved on by the fast steps that pass in it.

    For the times that people read. What a definition sees as `now()` is the run's clock itself.
    """

    def __init__(self) -> None:
        self._latest = workflow.now()

    def now(self) -> datetime:
        """The time of what happens now; never before what was recorded earlier."""
        self.advance(workflow.now())
        return self._latest

    def advance(self, moment: datetime) -> None:
        """Take in the end of a step that a worker measured."""
        self._latest = max(self._latest, moment)
