"""Messages between the processes, and the activities that the workflows call.

One message in, one message out, and a default for every field that is new: a worker of yesterday's build must
read today's message.
"""

from abc import ABC, abstractmethod
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field
from temporalio import activity

from gorax.core.actions.declaration import EffectTraits
from gorax.core.errors import ErrorInfo

INTERPRETER = "Execution"
"""The Temporal workflow type of every execution."""
RECONCILER = "Reconcile"
"""The Temporal workflow type of the maintenance that compares the index with Temporal."""

SEARCH_TENANT = "GoraxTenant"
SEARCH_WORKFLOW = "GoraxWorkflow"
SEARCH_TRIGGER = "GoraxTrigger"

JOURNAL = "journal"
CLOSE = "close_execution"
STEP = "run_step"
FAST = "run_step_fast"
RECONCILE = "reconcile_executions"

TriggerType = Literal["manual", "webhook", "schedule", "sub_workflow", "replay"]
ExecutionStatus = Literal["pending", "running", "completed", "failed", "cancelled", "terminated", "timed_out"]
StepStatus = Literal["pending", "running", "completed", "failed", "skipped", "cancelled", "timed_out"]

TERMINAL: frozenset[str] = frozenset({"completed", "failed", "cancelled", "terminated", "timed_out"})


class Bounds(BaseModel):
    """Bounds that the interpreter holds, frozen when the execution is accepted."""

    step_output_bytes: int = 1_500_000


class ExecutionRequest(BaseModel):
    """All that an execution needs to run: the input of the interpreter."""

    tenant_id: str
    execution_id: str
    workflow_id: str
    workflow_name: str
    version: int
    definition: dict[str, Any]
    trigger: dict[str, Any]
    """`type`, `body` and what the kind of trigger adds."""
    accepted_at: datetime
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


class StepOutcome(BaseModel):
    """The result of a step's activity."""

    output: Any = None
    attempts: int = 1
    bytes: int = 0
    """Of the encoded output."""


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


class ReconcileRequest(BaseModel):
    """Where a pass of the reconciler begins."""

    since: datetime | None = None
    """The last end that an earlier pass saw; None for a first one."""


class ReconcileReport(BaseModel):
    """What one pass of the reconciler did."""

    checked: int = 0
    closed: int = 0
    seen_until: datetime


class MaintenanceActivities(ABC):
    """Keeping the index in agreement with Temporal."""

    @activity.defn(name=RECONCILE)
    @abstractmethod
    async def reconcile_executions(self, request: ReconcileRequest) -> ReconcileReport:
        """Close the index rows of runs that ended without closing their own."""
