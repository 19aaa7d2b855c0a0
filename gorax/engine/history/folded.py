"""What one Temporal history tells of an execution: its steps, and the batches of loops that it began.

An execution has the history of its own run and one of each batch, which may have batches in turn.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from pydantic import BaseModel
from temporalio.api.common.v1 import Payload

from gorax.core.contracts import StepStatus
from gorax.core.errors import ErrorInfo
from gorax.engine.history.outline import Outline
from gorax.engine.history.paths import iterations_of


@dataclass(slots=True)
class Trace:
    """One step as a history has it. Its values are the real ones, also of a sensitive step: never show them as such."""

    path: str
    type: str
    status: StepStatus = "running"
    number: int | None = None
    """Its place in the order in which the steps of this history began; None while only its inside, its timer or its
    child is seen."""
    started_at: datetime | None = None
    completed_at: datetime | None = None
    attempts: int = 1
    input: Any = None
    output: Any = None
    outcome: Payload | None = None
    """A `StepOutcome` with the output, as it came: it may be large, and most are never looked at."""
    awaits: Mapping[str, str] | None = None
    """While it runs: the id of what it waits for."""
    error: ErrorInfo | None = None
    sensitive: bool = False


class Counts(BaseModel):
    """What the result of a batch says in numbers; see `BatchResult`."""

    count: int = 0
    succeeded: int = 0
    failed: int = 0
    failure: ErrorInfo | None = None
    steps_begun: int = 0
    steps_total: int = 0
    steps_completed: int = 0
    steps_failed: int | None = None
    steps_timed_out: int = 0


@dataclass(slots=True)
class Batch:
    """Iterations of a loop that run in a history of their own."""

    path: str
    """Of the loop's step."""
    first: int
    last: int
    """Index of the last iteration that it may come to."""
    workflow_id: str
    run_id: str | None = None
    """None while Temporal has not started it."""
    ended: bool = False
    counts: Counts | None = None
    """Of one that came to its end, rather than being cancelled, terminated or lost."""


@dataclass
class FoldedHistory:
    """The steps and batches that one history tells of."""

    traces: Sequence[Trace]
    """In the order in which the steps began."""
    batches: Sequence[Batch]
    """In the order in which they were begun."""
    closed: bool
    """Nothing is added to it any more."""
    over: bool
    """Nothing runs any more: it is closed, or the run that it is a part of."""
    bytes: int = 0
    """Of the history: about what is held here of it."""
    outline: Outline | None = None
    """Of the definition; in an execution's own history, for all its batches too."""

    @cached_property
    def iterations(self) -> Mapping[str, Mapping[int, Sequence[Trace]]]:
        """By loop and index, the steps inside the iterations that this history tells of."""
        found: dict[str, dict[int, list[Trace]]] = defaultdict(lambda: defaultdict(list))
        for trace in self.traces:
            for loop, index in iterations_of(trace.path):
                found[loop][index].append(trace)
        return found
