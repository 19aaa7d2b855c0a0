"""`for_each`: run actions once for each item, one after the other or several at a time, for one item or a million."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Discriminator, Field, StringConstraints, Tag

from gorax.core.actions.constructs import Loop, Span, count_of
from gorax.core.actions.declaration import (
    BareExpression,
    Config,
    Expr,
    FlowAction,
    FlowStep,
    NestedActions,
    Scope,
)
from gorax.core.errors import ErrorType, StepError

MAX_ITERATIONS = 1_000_000
MAX_CONCURRENCY = 100

Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,63}$")]

_ITERATION = Scope(names=("item", "index"), sees=("actions",))


def _without_templates(items: Any) -> Any:
    pending = [items]
    while pending:
        item = pending.pop()
        if isinstance(item, str) and item is not items and "{{" in item:
            raise ValueError("templates are not rendered here: write the whole list as one expression")
        if isinstance(item, dict | list):
            pending.extend(item.values() if isinstance(item, dict) else item)
    return items


def _not_zero(value: int) -> int:
    if value == 0:
        raise ValueError("must not be 0")
    return value


def _form_of_items(items: Any) -> str | None:
    match items:
        case str():
            return "expression"
        case list():
            return "list"
        case dict() | RangeConfig():
            return "range"
        case int() | float() if not isinstance(items, bool):
            return "number"
        case _:
            return None


class RangeConfig(Config):
    """Whole numbers, both ends included, as many as an execution may loop over."""

    from_: int = Field(default=0, alias="from", ge=-(10**15), le=10**15)
    to: int = Field(ge=-(10**15), le=10**15)
    step: Annotated[int, AfterValidator(_not_zero)] = Field(default=1, ge=-(10**12), le=10**12)


class ForEachConfig(Config):
    """The items, and what runs for each."""

    items: Annotated[
        Annotated[str, Field(min_length=1, max_length=4096), Tag("expression")]
        | Annotated[list[Any], Field(max_length=20_000), Tag("list")]
        | Annotated[int, Field(ge=0, le=MAX_ITERATIONS), Tag("number")]
        | Annotated[RangeConfig, Tag("range")],
        Discriminator(
            _form_of_items,
            custom_error_type="items",
            custom_error_message='must be an expression, a list, a number or {"from", "to", "step"}',
        ),
        BareExpression(),
        AfterValidator(_without_templates),
    ]
    """An expression that gives a list, an object (items are `{key, value}`) or a number n (items are 0 to n - 1); or
    a list, a number or `{"from", "to", "step"}` itself."""
    item: Name = "item"
    """Name of the item."""
    index: Name = "index"
    """Name of its number, from 0."""
    actions: Annotated[
        list[dict[str, Any]],
        NestedActions(runs="repeatedly"),
        Scope(names=("item", "index")),
    ] = Field(default_factory=list)
    concurrency: int = Field(default=1, ge=1, le=MAX_CONCURRENCY)
    """Items at a time. Above 1, what `set` sets in an iteration ends with it."""
    on_error: Literal["stop", "continue"] = "stop"
    """What the failure of one item means for the others."""
    max_iterations: int = Field(default=10_000, ge=1, le=MAX_ITERATIONS)
    """More items than this fail the step before it begins."""
    break_when: Annotated[Expr, _ITERATION] | None = None
    """Looked at after each item that did not fail: true ends the loop."""
    output: Annotated[Any, _ITERATION] = None
    """Template of each item's result. Left out: the output of its last action."""


async def run(config: ForEachConfig, step: FlowStep) -> Any:
    """`{count, succeeded, failed, results}`; `errors` where some failed and the loop went on.

    `results` is in the order of the items, null for those that failed. It is null as a whole when it would be over
    the bound of a step's output, and `results_omitted` says so.
    """
    items = _items(config, step)
    count = count_of(items)
    if count > config.max_iterations:
        raise StepError(
            ErrorType.VALIDATION,
            f"there are {count} items, and max_iterations allows {config.max_iterations}",
            details={"items": count, "max_iterations": config.max_iterations},
        )
    result = await step.loop(
        Loop(
            actions=config.actions,
            items=items,
            item=config.item,
            index=config.index,
            concurrency=config.concurrency,
            on_error=config.on_error,
            break_when=config.break_when,
            output=config.output,
            has_output="output" in config.model_fields_set,
            max_iterations=config.max_iterations,
        )
    )
    output: dict[str, Any] = {
        "count": result.count,
        "succeeded": result.succeeded,
        "failed": result.failed,
        "results": result.results,
    }
    if result.results is None:
        output["results_omitted"] = (
            "too large to keep: give the loop an output that says what to keep of each item"
        )
    if result.errors:
        output["errors"] = [error.model_dump(mode="json") for error in result.errors]
    return output


def _items(config: ForEachConfig, step: FlowStep) -> list[Any] | Span:
    match config.items:
        case str() as expression:
            items = step.evaluate(expression)
        case RangeConfig(from_=first, to=last, step=distance):
            return Span(start=first, step=distance, count=max(0, (last - first) // distance + 1))
        case given:
            items = given
    match items:
        case list():
            return items
        case dict():
            return [{"key": key, "value": value} for key, value in items.items()]
        case bool():
            pass
        case int() if 0 <= items <= MAX_ITERATIONS:
            return Span(start=0, count=items)
    raise StepError(
        ErrorType.VALIDATION,
        f"items must give a list, an object or a number up to {MAX_ITERATIONS}, not {_kind(items)}",
    )


def _kind(value: Any) -> str:
    return "null" if value is None else f"{str(value)[:40]!r}"


ACTION = FlowAction(
    name="for_each",
    aliases=("loop", "foreach"),
    config=ForEachConfig,
    summary="Run actions for each item of a list",
    example={
        "items": "trigger.body.orders",
        "item": "order",
        "concurrency": 5,
        "on_error": "continue",
        "actions": [
            {
                "id": "charge",
                "type": "http",
                "config": {
                    "method": "POST",
                    "url": "https://api.example.com/charges",
                    "body": {"id": "{{order.id}}"},
                },
            }
        ],
        "output": "{{steps.charge.output.body.id}}",
    },
    run=run,
)
