"""Messages between the processes, and the activities that the workflows call.

One message in, one message out, and a default for every field that is new: a worker of yesterday's build must
read today's message.
"""

from abc import ABC, abstractmethod
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field
from temporalio import activity

from gorax.core.actions.constructs import Answer, IterationError, Loop, Span, Wait
from gorax.core.actions.declaration import EffectTraits
from gorax.core.credentials.segments import SecretSegment
from gorax.core.errors import ErrorInfo

INTERPRETER = "Execution"
"""The Temporal workflow type of every execution."""
LOOP = "Loop"
"""The Temporal workflow type of a batch of a loop's iterations, a child of the execution or of a larger batch."""

SEARCH_TENANT = "GoraxTenant"
SEARCH_WORKFLOW = "GoraxWorkflow"
SEARCH_TRIGGER = "GoraxTrigger"
SEARCH_SCHEDULE = "GoraxSchedule"
"""On schedules of Temporal's: what they were last told, such as `active.3`."""

JOURNAL = "journal"
CLOSE = "close_execution"
STEP = "run_step"
FAST = "run_step_fast"
BEGIN = "begin_execution"
OPEN_WAIT = "open_wait"
CLOSE_WAIT = "close_wait"

SIGNAL_ANSWER = "answer"
"""Temporal signal with a `WaitAnswered`: an answer to something that the run waits for."""
SIGNAL_PAUSE = "pause"
"""Temporal signal: no step begins until `SIGNAL_RESUME`; what runs goes on to its end."""
SIGNAL_RESUME = "resume"
SIGNAL_PLACE = "place"
"""Temporal signal: a run that began without a place among its tenant's concurrent ones now has it."""

TriggerType = Literal["manual", "webhook", "schedule", "sub_workflow", "replay"]
ExecutionStatus = Literal["pending", "running", "completed", "failed", "cancelled", "terminated", "timed_out"]
Stop = Literal["cancel", "terminate"]
"""How an execution is asked to end: by its handlers, or at once without them."""
StepStatus = Literal["pending", "running", "completed", "failed", "skipped", "cancelled", "timed_out"]

TERMINAL: frozenset[str] = frozenset({"completed", "failed", "cancelled", "terminated", "timed_out"})


REFERENCE_BYTES = 500
"""Of a reference to a value that is kept outside of the history."""


class Bounds(BaseModel):
    """Bounds that the interpreter holds, frozen when the execution is accepted."""

    step_output_bytes: int = 1_500_000
    inline_bytes: int = 2_000_000
    """Encoded size from which on a value is kept outside of the history."""

    def inline(self, size: int) -> int:
        """How many bytes of a value of `size` bytes the history has."""
        return size if size < self.inline_bytes else REFERENCE_BYTES


class StepOutcome(BaseModel):
    """The result of a step's activity."""

    output: Any = None
    attempts: int = 1
    bytes: int = 0
    """Of the encoded output."""


class BeginRequest(BaseModel):
    """Of an execution that no API accepted, begun by a schedule or by another execution: what is to be loaded."""

    tenant_id: str
    execution_id: str
    """Empty in what a schedule begins, which is the same every time: the run fills it in, with the time."""
    workflow_id: str
    version: int | None = None
    """None for the current one."""
    trigger: dict[str, Any]
    accepted_at: datetime
    parent_execution_id: str | None = None
    parent_path: str | None = None
    """The step of the parent that began it."""
    waited_for: bool = False
    """Whether the parent waits for its end; then it runs in the parent's place."""
    chain: list[str] = Field(default_factory=list)
    """Of a sub-workflow: the ids of the workflows whose executions contain it, outermost first."""
    priority: int = 1


class ExecutionRequest(BaseModel):
    """All that an execution needs to run: the input of the interpreter."""

    tenant_id: str
    execution_id: str
    workflow_id: str
    workflow_name: str = ""
    version: int = 0
    definition: dict[str, Any] = Field(default_factory=dict)
    """In the action form."""
    trigger: dict[str, Any]
    """`type`, `body` and what the kind of trigger adds."""
    accepted_at: datetime
    begin: BeginRequest | None = None
    """Set where nothing was loaded yet: the run does so in its first activity."""
    chain: list[str] = Field(default_factory=list)
    """See `BeginRequest.chain`."""
    reuse: dict[str, StepOutcome] = Field(default_factory=dict)
    """By path, the outcomes of steps that an earlier execution completed, and that are not run again."""
    timeout: float | None = None
    """Seconds after which the run ends itself; None where Temporal's own timeout does."""
    paused: bool = False
    """Begin no step before `SIGNAL_RESUME`."""
    traits: dict[str, EffectTraits] = Field(default_factory=dict)
    """By type name, as the definition writes it, for the effect types that it uses."""
    bounds: Bounds = Field(default_factory=Bounds)


class ExecutionResult(BaseModel):
    """How an execution ended well: the result of the interpreter."""

    output: Any = None


class RetryRule(BaseModel):
    """`retry` of an action, all defaults filled in. Intervals are seconds."""

    max_attempts: int = 3
    initial_interval: float = 1.0
    backoff: float = 2.0
    max_interval: float = 60.0
    jitter: bool = True
    retry_on: list[str] | None = None
    not_on: list[str] = Field(default_factory=list)


class StepRequest(BaseModel):
    """One step to run in an activity: its config is rendered, credentials are still references."""

    tenant_id: str
    execution_id: str
    path: str
    number: int = 0
    """Its place in the order in which the execution's steps began."""
    action_id: str
    type: str
    config: dict[str, Any]
    timeout: float
    retry: RetryRule
    earlier_attempts: int = 0
    """Attempts made before this activity was scheduled: by a `fast` try."""
    output_bytes: int = 1_500_000
    """Largest encoded output."""
    sensitive: bool = False
    """Input and output are masked wherever the API shows the step."""
    secrets: dict[str, list[SecretSegment]] = Field(default_factory=dict)
    """By JSON pointer into the config, its texts that name credentials: the activity fills them in."""
    accepted_at: datetime | None = None
    """When the execution was: after a rotation it keeps for a while the credentials that it began with."""


class StepRecord(BaseModel):
    """What the history keeps of a step that has no activity of its own, or whose fast try ended."""

    path: str
    number: int = 0
    """Its place in the order in which the execution's steps began."""
    action_id: str
    type: str
    status: StepStatus
    started_at: datetime
    completed_at: datetime | None = None
    attempts: int = 1
    input: Any = None
    output: Any = None
    error: ErrorInfo | None = None
    retryable: bool = False
    """Of a failed fast try: another attempt may help, after `retry_after` seconds if set."""
    retry_after: float | None = None
    sensitive: bool = False
    bytes: int = 0
    """Of a fast try: its encoded input and output."""


class Begun(BaseModel):
    """What `begin_execution` found."""

    request: ExecutionRequest | None = None
    """None when the workflow does not run now, for the `reason`."""
    reason: str | None = None
    held: bool = False
    """Do nothing before `SIGNAL_PLACE`."""


class WaitOpening(BaseModel):
    """A wait that begins."""

    tenant_id: str
    execution_id: str
    workflow_id: str
    wait_id: str
    """`appr_…` for approvals, `wait_…` for signals."""
    temporal_id: str
    """The Temporal workflow that waits: the execution's, or that of a batch of one of its loops."""
    path: str
    action_id: str
    type: str
    number: int
    wait: Wait
    opened_at: datetime
    expires_at: datetime | None = None


class WaitOpened(BaseModel):
    """A wait that is open, for the marker; answered already where a signal had come before it."""

    wait_id: str
    path: str
    action_id: str
    type: str
    number: int
    opened_at: datetime
    answer: Answer | None = None


class WaitAnswered(BaseModel):
    """The Temporal signal that tells a run of an answer."""

    wait_id: str
    answer: Answer


class WaitClosing(BaseModel):
    """A wait that ends."""

    tenant_id: str
    wait_id: str
    outcome: Literal["answered", "expired", "cancelled"]


class LoopFrame(BaseModel):
    """What all batches of one loop share."""

    request: ExecutionRequest
    """Without the definition."""
    loop: Loop
    """Without the items."""
    path: str
    """Of the loop's step."""
    names: dict[str, Any] = Field(default_factory=dict)
    """Names of the loops and handlers around it."""
    steps: dict[str, Any] = Field(default_factory=dict)
    """`steps.*` as the loop sees them."""


class LoopBatch(BaseModel):
    """Iterations of a loop that one Temporal workflow runs, itself or as smaller batches."""

    first: int
    """Index of the first iteration."""
    count: int
    """At the most: a condition may end it before."""
    items: list[Any] | Span | None = None
    concurrency: int = 1
    variables: dict[str, Any] = Field(default_factory=dict)
    """`vars.*` at its beginning."""
    steps: dict[str, Any] = Field(default_factory=dict)
    """Of a loop without items: the steps of the iteration before."""
    reuse: dict[str, StepOutcome] = Field(default_factory=dict)
    """See `ExecutionRequest.reuse`: of these iterations."""
    paused: bool = False


class BatchResult(BaseModel):
    """How a batch of iterations went."""

    count: int = 0
    succeeded: int = 0
    failed: int = 0
    errors: list[IterationError] = Field(default_factory=list)
    results: list[Any] | None = None
    results_bytes: int = 0
    last: Any = None
    ended: bool = False
    """A condition ended the loop."""
    failure: ErrorInfo | None = None
    """Set when an iteration failed and the loop stops for it."""
    stopped: bool = False
    """A `stop` action ended the whole execution, with `stop_output`."""
    stop_output: Any = None
    variables: dict[str, Any] | None = None
    """`vars.*` at its end; None where they are not passed on."""
    steps: dict[str, Any] = Field(default_factory=dict)
    """Of a loop without items: the steps of its last iteration."""
    steps_begun: int = 0
    """Steps that its history, and those of its own batches, tell of."""
    steps_total: int = 0
    """Of those, the steps that were not skipped."""
    steps_completed: int = 0
    steps_failed: int | None = None
    """None of a batch that ended before this, and `steps_timed_out`, was counted."""
    steps_timed_out: int = 0


class Closing(BaseModel):
    """How an execution ended, for the index; with the records that no earlier journal carried."""

    tenant_id: str
    execution_id: str
    status: ExecutionStatus
    completed_at: datetime
    started_at: datetime | None
    """None when Temporal no longer knows: the row keeps its own."""
    error: ErrorInfo | None = None
    steps_completed: int = 0
    steps_total: int = 0
    records: list[StepRecord] = Field(default_factory=list)


class StepActivities(ABC):
    """Running the effects of steps."""

    @activity.defn(name=STEP)
    @abstractmethod
    async def run_step(self, request: StepRequest) -> StepOutcome:
        """Run one attempt. Raises `ApplicationError` whose type is the error's, details the `ErrorInfo`."""

    @activity.defn(name=FAST)
    @abstractmethod
    async def run_step_fast(self, request: StepRequest) -> StepRecord:
        """Run the first attempt of a step that is safe to repeat; a failure is a record, not an exception."""


class JournalActivities(ABC):
    """Keeping the history and the index of executions."""

    @activity.defn(name=JOURNAL)
    @abstractmethod
    async def journal(self, records: list[StepRecord]) -> list[StepRecord]:
        """Return the records, so that the marker of this local activity keeps them."""

    @activity.defn(name=CLOSE)
    @abstractmethod
    async def close_execution(self, closing: Closing) -> list[StepRecord]:
        """Write how the execution ended into the index; return the last records for the history."""


class BeginActivities(ABC):
    """Loading what an execution runs that no API accepted."""

    @activity.defn(name=BEGIN)
    @abstractmethod
    async def begin_execution(self, request: BeginRequest) -> Begun:
        """Load the definition, check that it may run, write the index row. Again is the same as once.

        Raises `ApplicationError` whose type is the error's, details the `ErrorInfo`, when it cannot run.
        """


class WaitActivities(ABC):
    """Keeping what executions wait for where people can answer it."""

    @activity.defn(name=OPEN_WAIT)
    @abstractmethod
    async def open_wait(self, opening: WaitOpening) -> WaitOpened:
        """Show a wait, or take the answer that came before it. Again is the same as once."""

    @activity.defn(name=CLOSE_WAIT)
    @abstractmethod
    async def close_wait(self, closing: WaitClosing) -> Answer | None:
        """End a wait; an answer that was accepted before this is returned, and counts."""
