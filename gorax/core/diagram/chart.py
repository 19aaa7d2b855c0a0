"""A definition as a picture has it: blocks, what leads from one to another, and what is inside them.

How it is drawn is the business of `mermaid` and `svg`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from gorax.core.contracts import StepStatus

Shape = Literal["effect", "pure", "wait", "choice", "loop", "fork", "group", "end", "unknown"]
"""What a block is drawn as: an effect; something computed; something waited for; one of several ways on; actions that
run again and again; all of several ways; actions that belong together; an end; a type that there is not."""

# Of an action that ran more than once, what is shown is what asks for attention most.
_URGENT: tuple[StepStatus, ...] = (
    *("running", "failed", "timed_out", "cancelled", "completed", "skipped", "pending"),
)


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of one action in an execution."""

    counts: Mapping[StepStatus, int] = field(default_factory=dict)
    """Of its steps: one, or in loops any number."""
    done: int | None = None
    """Of a loop: the iterations that have ended."""
    total: int | None = None
    """Of a loop: the iterations that it has, where that is known."""
    failed: int = 0
    """Of a loop: the iterations that failed."""
    partial: bool = False
    """There are more steps of it, or inside it, than were looked at."""

    @property
    def status(self) -> StepStatus | None:
        """The one to show; None when it did not run."""
        return next((status for status in _URGENT if self.counts.get(status)), None)

    @property
    def text(self) -> str:
        """The numbers, such as `980/1000, 2 failed`; empty where there is nothing to count."""
        if self.done is not None:
            of = "" if self.total is None else f"/{self.total}"
            return f"{self.done}{of}" + (f", {self.failed} failed" if self.failed else "")
        steps = sum(self.counts.values())
        if steps < 2 and not self.partial:
            return ""
        if not steps:
            return "not counted"
        others = (
            f", {self.counts[status]} {status.replace('_', ' ')}"
            for status in _URGENT
            if status != "completed" and self.counts.get(status)
        )
        return f"{'at least ' if self.partial else ''}{steps}×" + "".join(others)


@dataclass(frozen=True, slots=True)
class Block:
    """One action."""

    title: str
    notes: tuple[str, ...]
    """Lines below the title."""
    hint: str
    """The title and the notes at full length."""
    shape: Shape
    lanes: tuple["Lane", ...] = ()
    """The lists of actions in it."""
    handlers: "Lane | None" = None
    """What runs when it fails."""
    tally: Tally | None = None
    """None in the diagram of a definition."""


@dataclass(frozen=True, slots=True)
class Lane:
    """One list of actions."""

    label: str
    """Why it runs; empty where that goes without saying."""
    blocks: tuple[Block, ...]
    edges: tuple[tuple[int, int], ...]
    """From a block, by its place in `blocks`, to one that waits for it."""
    starts: tuple[int, ...]
    """The blocks that wait for none."""


@dataclass(frozen=True, slots=True)
class Chart:
    """A whole definition, or an execution of one."""

    title: str
    trigger: str
    main: Lane
    on_failure: Lane | None
    status: str | None = None
    """Of the execution; None in the diagram of a definition."""
    omitted_edges: int = 0
    """Edges that are too many to draw."""

    def blocks(self) -> Iterator[Block]:
        """Every block."""
        pending = [lane for lane in (self.main, self.on_failure) if lane]
        while pending:
            for block in pending.pop().blocks:
                yield block
                pending += [*block.lanes, *([block.handlers] if block.handlers else [])]
