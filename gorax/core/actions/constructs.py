"""What flow types ask of the interpreter that is more than running a list of actions."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

from gorax.core.errors import ErrorInfo

MAX_ERRORS = 100
"""Errors of iterations that a loop keeps."""

WaitKind = Literal["signal", "approval"]


class Span(BaseModel):
    """Items that are numbers at equal distances; held as three numbers however many they are."""

    start: int
    step: int = 1
    count: int


def count_of(items: list[Any] | Span) -> int:
    """How many items there are."""
    return items.count if isinstance(items, Span) else len(items)


def item_at(items: list[Any] | Span, number: int) -> Any:
    """The item of that number, from 0."""
    return items.start + number * items.step if isinstance(items, Span) else items[number]


class Loop(BaseModel):
    """Nested actions that run again and again.

    With `items`, once for each; without, until `condition` is false before an iteration, or `until` true after one.
    """

    actions: list[dict[str, Any]]
    items: list[Any] | Span | None = None
    item: str = "item"
    """The name of the item in the iteration's scope."""
    index: str = "index"
    """The name of its number, from 0."""
    concurrency: int = 1
    """Iterations at a time. Above 1 each has variables of its own, which end with it."""
    on_error: Literal["stop", "continue"] = "stop"
    break_when: str | None = None
    """Looked at after each iteration, whose steps it sees: true ends the loop."""
    output: Any = None
    """Template of an iteration's result, where `has_output`; else it is the last action's output."""
    has_output: bool = False
    keeps_results: bool = True
    """Whether `LoopResult.results` is wanted; otherwise only the last one is kept."""
    condition: str | None = None
    until: str | None = None
    interval: float = 0
    """Seconds between two iterations."""
    max_iterations: int
    timeout: float | None = None
    """Seconds that the whole loop may take."""

    @property
    def iterations(self) -> int:
        """How many there are, where no condition ends the loop before."""
        return self.max_iterations if self.items is None else count_of(self.items)


class IterationError(BaseModel):
    """Why an iteration failed."""

    index: int
    error: ErrorInfo


class LoopResult(BaseModel):
    """How a loop went."""

    count: int = 0
    """Iterations that ended."""
    succeeded: int = 0
    failed: int = 0
    results: list[Any] | None = Field(default_factory=list)
    """In the order of the items, null for one that failed. None when together they are over the bound of an output."""
    last: Any = None
    """The last iteration's result."""
    errors: list[IterationError] = Field(default_factory=list)
    """Of the first iterations that failed."""
    ended: bool = False
    """A condition ended the loop, before its items or its iterations did."""


class Branch(BaseModel):
    """One list of actions that runs beside others."""

    name: str
    actions: list[dict[str, Any]]


class Fork(BaseModel):
    """Branches that run beside each other."""

    branches: list[Branch]
    wait: int
    """How many of them must have completed; the others are cancelled then."""
    wait_for_failed: bool = False
    """Whether the branches go on when one has failed."""
    max_concurrency: int


class SubWorkflow(BaseModel):
    """Another workflow to run."""

    workflow_id: str
    version: int | None = None
    """None for the current one."""
    input: Any = None
    wait: bool = True
    timeout: float | None = None
    """Seconds after which it is cancelled."""
    cancel_with_parent: bool = True


class Wait(BaseModel):
    """Something that an execution waits for, and that people or systems outside answer."""

    kind: WaitKind
    name: str
    """Of a signal: what it is addressed by. Of an approval: the action's id."""
    timeout: float | None = None
    """Seconds; None waits for ever."""
    title: str | None = None
    description: str | None = None
    assignees: list[str] = Field(default_factory=list)
    form: Any = None
    """What an approval asks for, for people to fill in."""
    payload_schema: dict[str, Any] | None = None
    """JSON Schema that an answer's payload satisfies before it is accepted."""


class Answer(BaseModel):
    """What somebody said to a wait."""

    payload: Any = None
    """Of a signal its body, of an approval the filled form."""
    decision: Literal["approved", "rejected"] | None = None
    by: str | None = None
    """The user."""
    at: datetime
    comment: str | None = None
