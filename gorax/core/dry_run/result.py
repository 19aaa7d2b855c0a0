"""What a dry run tells."""

from typing import Any, Literal

from pydantic import BaseModel, Field

from gorax.core.definition import Problem

Result = Literal["success", "would_run", "skipped", "unknown", "error"]


class DryRunStep(BaseModel):
    """What would happen to one action."""

    action_id: str
    type: str
    path: str
    result: Result
    """`success`: it ran, since it has no effects. `would_run`: it would, and what it gives is not known.
    `skipped`: it would not run. `unknown`: whether it runs depends on what only a real run gives.
    `error`: it would fail.
    """
    condition: bool | None = None
    """What its condition gave."""
    input: Any = None
    """Its config, rendered as far as it is known; what is not known stands as it was authored."""
    output: Any = None
    message: str | None = None


class DryRun(BaseModel):
    """What would happen if the workflow were started with the test data."""

    valid: bool
    """Nothing is known to go wrong: there are no `errors`."""
    steps: list[DryRunStep] = Field(default_factory=list)
    output: Any = None
    """The execution's output, as far as it is known."""
    warnings: list[Problem] = Field(default_factory=list)
    """What its author may want to look at again."""
    errors: list[Problem] = Field(default_factory=list)
    """What would fail, though nothing in the definition says that it should."""
    execution_time_ms: int = 0
