"""How many steps a run has begun, and what became of them."""

from dataclasses import dataclass

from gorax.core.contracts import BatchResult


@dataclass(slots=True)
class Progress:
    """What the index says of an execution's steps."""

    begun: int = 0
    """Steps reached, skipped ones included."""
    total: int = 0
    """Steps that were not skipped; this, and what follows, with those in batches of loops."""
    completed: int = 0
    failed: int | None = 0
    """None where a batch that ended earlier did not tell."""
    timed_out: int = 0
    elsewhere: int = 0
    """Steps begun in batches of loops, whose histories tell of them."""

    def take(self, batch: BatchResult) -> None:
        """Count the steps of a batch."""
        self.elsewhere += batch.steps_begun
        self.total += batch.steps_total
        self.completed += batch.steps_completed
        self.timed_out += batch.steps_timed_out
        unknown = self.failed is None or batch.steps_failed is None
        self.failed = None if unknown else (self.failed or 0) + (batch.steps_failed or 0)

    def fill(self, batch: BatchResult) -> None:
        """Tell the counts to whoever waits for this batch."""
        batch.steps_begun = self.begun + self.elsewhere
        batch.steps_total = self.total
        batch.steps_completed = self.completed
        batch.steps_failed = self.failed
        batch.steps_timed_out = self.timed_out

    def begin(self) -> int:
        """Count a step that begins; its place in the order of this run."""
        self.begun += 1
        self.total += 1
        return self.begun

    def skip(self) -> None:
        """Count a step that has begun as skipped."""
        self.total -= 1

    def fail(self, *, timed_out: bool = False) -> None:
        """Count a step as failed, or as one whose only try was not ready in time."""
        if timed_out:
            self.timed_out += 1
        elif self.failed is not None:
            self.failed += 1
