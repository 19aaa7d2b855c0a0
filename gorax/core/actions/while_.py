"""`while`: run actions again while, or until, a condition holds."""

from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from gorax.core.actions.constructs import Loop
from gorax.core.actions.declaration import Config, Expr, FlowAction, FlowStep, NestedActions, Scope
from gorax.core.durations import Duration
from gorax.core.errors import ErrorType, StepError

MAX_ITERATIONS = 10_000
MAX_INTERVAL = 365 * 86_400

_BEFORE = Scope(names=("index",), sees=("actions",), certain=False)
_AFTER = Scope(names=("index",), sees=("actions",))


class WhileConfig(Config):
    """When to go on, and what to run."""

    condition: Annotated[Expr, _BEFORE] | None = None
    """Looked at before each iteration: false ends the loop. It sees the steps of the iteration before; before the
    first there are none, so write `steps.poll?.output`."""
    until: Annotated[Expr, _AFTER] | None = None
    """Looked at after each iteration, whose steps it sees: true ends the loop."""
    actions: Annotated[list[dict[str, Any]], NestedActions(runs="repeatedly"), Scope(names=("index",))] = (
        Field(default_factory=list)
    )
    """They see the number of the iteration as `index`, from 0, and what `set` has set in iterations before."""
    interval: Annotated[Duration, Field(le=MAX_INTERVAL)] = 0
    """Between the end of one iteration and the beginning of the next."""
    max_iterations: int = Field(default=1_000, ge=1, le=MAX_ITERATIONS)
    """The step fails with `timeout` when the condition still asks for more."""
    timeout: Annotated[Duration, Field(gt=0, le=MAX_INTERVAL)] | None = None
    """Of the whole loop."""

    @model_validator(mode="after")
    def _one_of(self) -> Self:
        if (self.condition is None) == (self.until is None):
            raise ValueError("give either condition or until")
        return self


async def run(config: WhileConfig, step: FlowStep) -> Any:
    """`{iterations, last}`: how often the actions ran, and the last output of the last time."""
    result = await step.loop(
        Loop(
            actions=config.actions,
            condition=config.condition,
            until=config.until,
            interval=config.interval,
            keeps_results=False,
            max_iterations=config.max_iterations,
            timeout=config.timeout,
        )
    )
    if not result.ended:
        raise StepError(
            ErrorType.TIMEOUT,
            f"after {result.count} iterations the loop has not come to its end",
            details={"iterations": result.count},
        )
    return {"iterations": result.count, "last": result.last}


ACTION = FlowAction(
    name="while",
    config=WhileConfig,
    summary="Run actions again until a condition holds",
    example={
        "until": "steps.poll.output.body.state == 'done'",
        "interval": "10s",
        "max_iterations": 100,
        "actions": [{"id": "poll", "type": "http", "config": {"url": "https://api.example.com/jobs/7"}}],
    },
    run=run,
)
