"""`parallel`: run several lists of actions beside each other."""

from typing import Annotated, Any, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from gorax.core.actions.constructs import Branch, Fork
from gorax.core.actions.declaration import Config, FlowAction, FlowStep, NestedActions

MAX_BRANCHES = 100


class BranchConfig(Config):
    """One list of actions."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=100)] | None = None
    """Its key in the output. Left out: its number, from 0."""
    actions: Annotated[list[dict[str, Any]], NestedActions(runs="once", unless=("wait",))] = Field(
        default_factory=list
    )


class ParallelConfig(Config):
    """The branches, and what is waited for."""

    branches: list[BranchConfig] = Field(min_length=1, max_length=MAX_BRANCHES)
    wait: Literal["all", "first"] | Annotated[int, Field(ge=1, le=MAX_BRANCHES)] = "all"
    """How many branches have to complete; the others are cancelled then."""
    on_error: Literal["fail_fast", "wait_all"] = "fail_fast"
    """When a branch fails, so that too few can complete: cancel the others, or let them come to their ends first."""
    max_concurrency: int = Field(default=MAX_BRANCHES, ge=1, le=MAX_BRANCHES)
    """Branches at a time."""

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if isinstance(self.wait, int) and self.wait > len(self.branches):
            raise ValueError(f"wait is {self.wait}, and there are {len(self.branches)} branches")
        names = self.names
        if len(set(names)) < len(names):
            raise ValueError("two branches have the same name")
        return self

    @property
    def names(self) -> list[str]:
        """The branches' keys in the output."""
        return [branch.name or str(number) for number, branch in enumerate(self.branches)]


async def run(config: ParallelConfig, step: FlowStep) -> Any:
    """`{branches}`: by name, the last output of each branch that completed."""
    wait = {"all": len(config.branches), "first": 1}.get(str(config.wait)) or int(config.wait)
    done = await step.fork(
        Fork(
            branches=[
                Branch(name=name, actions=branch.actions)
                for name, branch in zip(config.names, config.branches, strict=True)
            ],
            wait=wait,
            wait_for_failed=config.on_error == "wait_all",
            max_concurrency=config.max_concurrency,
        )
    )
    return {"branches": done}


ACTION = FlowAction(
    name="parallel",
    config=ParallelConfig,
    summary="Run lists of actions beside each other",
    example={
        "branches": [
            {
                "name": "stock",
                "actions": [{"id": "stock", "type": "log", "config": {"message": "check the stock"}}],
            },
            {
                "name": "price",
                "actions": [{"id": "price", "type": "log", "config": {"message": "ask the price"}}],
            },
        ],
        "wait": "all",
    },
    run=run,
)
