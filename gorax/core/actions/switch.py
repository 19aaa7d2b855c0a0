"""`switch`: run the first of several lists of actions whose case holds."""

from typing import Any, Self

from pydantic import Field, model_validator

from gorax.core.actions.declaration import ActionList, Config, Expr, FlowAction, FlowStep
from gorax.core.errors import ErrorType, StepError
from gorax.core.expressions import ExpressionError, Meter
from gorax.core.expressions.values import equal

MAX_CASES = 100


class Case(Config):
    """One way on: `equals`, compared with the switch's `value`, or `when`, a condition of its own."""

    equals: Any = None
    when: Expr | None = None
    actions: ActionList = Field(default_factory=list)

    @model_validator(mode="after")
    def _one_of(self) -> Self:
        if ("equals" in self.model_fields_set) == (self.when is not None):
            raise ValueError("give either equals or when")
        return self


class SwitchConfig(Config):
    """What is compared, and the ways on."""

    value: Expr | None = None
    """Compared with `equals` of each case."""
    cases: list[Case] = Field(min_length=1, max_length=MAX_CASES)
    default: ActionList = Field(default_factory=list)
    """Runs when no case holds."""

    @model_validator(mode="after")
    def _comparable(self) -> Self:
        if self.value is None and any(case.when is None for case in self.cases):
            raise ValueError("give value, which a case with equals is compared with")
        return self


async def run(config: SwitchConfig, step: FlowStep) -> Any:
    """`{matched}`: the number of the case that ran, from 0; null when it was the default."""
    value = None if config.value is None else step.evaluate(config.value)
    meter = Meter()
    for number, case in enumerate(config.cases):
        if _same(value, case.equals, meter) if case.when is None else step.condition(case.when):
            await step.run(case.actions)
            return {"matched": number}
    await step.run(config.default)
    return {"matched": None}


def _same(left: Any, right: Any, meter: Meter) -> bool:
    # As `==` in expressions has it: true is not 1, though Python thinks so.
    try:
        return equal(left, right, meter)
    except ExpressionError as error:
        raise StepError(ErrorType.EXPRESSION, f"value cannot be compared: {error}") from error


ACTION = FlowAction(
    name="switch",
    config=SwitchConfig,
    summary="Choose one of several lists of actions",
    example={
        "value": "trigger.body.kind",
        "cases": [
            {
                "equals": "order",
                "actions": [{"id": "order", "type": "log", "config": {"message": "an order"}}],
            },
            {
                "when": "trigger.body.amount > 100",
                "actions": [{"id": "large", "type": "log", "config": {"message": "a large payment"}}],
            },
        ],
        "default": [{"id": "other", "type": "log", "config": {"message": "something else"}}],
    },
    run=run,
)
