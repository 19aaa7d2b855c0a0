"""Short ways to write definitions, and types that declare what those of the language do not yet."""

from collections.abc import Generator
from typing import Annotated, Any

from pydantic import Field

from gorax.core.actions.catalogue import Catalogue, flow_catalogue
from gorax.core.actions.declaration import (
    ActionList,
    Config,
    EffectAction,
    EffectCall,
    Expr,
    FlowAction,
    FlowStep,
    NestedActions,
    Scope,
    StopExecution,
)
from gorax.core.definition import InvalidDefinition, parse_definition


class SendConfig(Config):
    """Something with effects."""

    to: str = Field(max_length=100)
    count: int = Field(default=1, ge=1, le=10)
    body: dict[str, Any] | list[Any] | str | None = None


async def send(config: SendConfig, call: EffectCall) -> Any:
    """Never called: definitions are only checked here."""
    raise AssertionError


class Case(Config):
    """One way on."""

    when: Expr
    actions: ActionList


class SwitchConfig(Config):
    """Lists inside a list of objects."""

    cases: list[Case]
    default: ActionList = Field(default_factory=list)


Body = Annotated[list[dict[str, Any]], NestedActions(runs="repeatedly"), Scope(names=("item", "index"))]


class EachConfig(Config):
    """A loop whose variables may be renamed."""

    items: Expr
    item: str = "item"
    actions: Body
    output: Annotated[Any, Scope(names=("item", "index"), sees=("actions",))] = None


class Branch(Config):
    """Actions that always run."""

    actions: Annotated[list[dict[str, Any]], NestedActions(runs="once")]


class ParallelConfig(Config):
    """Lists under names of the author's choice."""

    branches: dict[str, Branch]


class TryConfig(Config):
    """A handler inside a config."""

    actions: ActionList
    catch: Annotated[ActionList, Scope(names=("error",), sees=("actions",))] = Field(default_factory=list)


async def switch(config: SwitchConfig, step: FlowStep) -> Any:
    """The first case that holds."""
    for case in config.cases:
        if step.condition(case.when):
            return await step.run(case.actions)
    return await step.run(config.default)


class Elsewhere:
    """Something to wait for that never comes."""

    def __await__(self) -> Generator[None, None, None]:
        yield


async def each(config: EachConfig, step: FlowStep) -> Any:
    """Waits for what only an interpreter has."""
    step.evaluate(config.items)
    await Elsewhere()


async def parallel(config: ParallelConfig, step: FlowStep) -> Any:
    """The branches, one after the other."""
    return {name: await step.run(branch.actions) for name, branch in config.branches.items()}


async def attempt(config: TryConfig, step: FlowStep) -> Any:
    """The actions, as if nothing could fail."""
    return await step.run(config.actions)


async def finish(config: Config, step: FlowStep) -> Any:
    """Ends the execution."""
    raise StopExecution(None)


def flow(name: str, config: type[Config], run: Any, **rest: Any) -> FlowAction[Any]:
    """A flow type."""
    return FlowAction(name=name, config=config, summary=name, example={}, run=run, **rest)


CATALOGUE = Catalogue(
    [
        *flow_catalogue(),
        EffectAction(name="send", config=SendConfig, summary="Send", example={"to": "a"}, run=send),
        flow("pick", SwitchConfig, switch),
        flow("each", EachConfig, each),
        flow("beside", ParallelConfig, parallel),
        flow("attempt", TryConfig, attempt),
        flow("finish", Config, finish, ends=True),
    ]
)


def log(action_id: str, message: str = "hello", **rest: Any) -> dict[str, Any]:
    """A `log` action."""
    return {"id": action_id, "type": "log", "config": {"message": message}, **rest}


def action(
    action_id: str, type_name: str, config: dict[str, Any] | None = None, **rest: Any
) -> dict[str, Any]:
    """Any action."""
    return {"id": action_id, "type": type_name, "config": config or {}, **rest}


def when(condition: str, then: list[Any], otherwise: list[Any] | None = None) -> dict[str, Any]:
    """The config of an `if`."""
    return {"condition": condition, "then": then, "else": otherwise or []}


def problems(raw: object) -> list[str]:
    """What is wrong with a definition, as `pointer: message` with the column; empty when it is accepted."""
    try:
        parse_definition(raw, CATALOGUE)
    except InvalidDefinition as error:
        return [str(problem).removeprefix("definition") for problem in error.problems]
    return []


def of(*actions: dict[str, Any], **rest: Any) -> dict[str, Any]:
    """A definition."""
    return {"actions": list(actions), **rest}
