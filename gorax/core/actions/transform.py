"""`transform`: reshape data with an expression, or with one expression for each field of the output."""

from typing import Any, Self

from pydantic import Field, model_validator

from gorax.core.actions.declaration import BareExpressions, Config, Expr, FlowAction, FlowStep
from gorax.core.errors import StepError


class TransformConfig(Config):
    """Either `expression` or `mapping`."""

    expression: Expr | None = None
    """Its value is the output."""
    mapping: BareExpressions | None = Field(default=None, max_length=200)
    """Output field → expression."""
    default: Any = None
    """The output, or the field, instead of null and instead of an error; a template."""

    @model_validator(mode="after")
    def _one_of(self) -> Self:
        if (self.expression is None) == (self.mapping is None):
            raise ValueError("give either expression or mapping")
        return self


async def run(config: TransformConfig, step: FlowStep) -> Any:
    """The value, or the mapping with each expression replaced by its value."""
    if config.mapping is not None:
        return {name: _value(source, config, step) for name, source in config.mapping.items()}
    return _value(config.expression or "nil", config, step)


def _value(source: str, config: TransformConfig, step: FlowStep) -> Any:
    if "default" not in config.model_fields_set:
        return step.evaluate(source)
    try:
        value = step.evaluate(source)
    except StepError:
        return config.default
    return config.default if value is None else value


ACTION = FlowAction(
    name="transform",
    aliases=("data_transform",),
    config=TransformConfig,
    summary="Reshape data with expressions",
    example={"mapping": {"email": "lower(trigger.body.email)", "total": "sum(trigger.body.items, .price)"}},
    run=run,
    pure=True,
)
