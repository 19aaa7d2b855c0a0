"""`formula`: compute one value; the original product's name for arithmetic."""

from typing import Any

from gorax.core.actions.declaration import Config, Expr, FlowAction, FlowStep


class FormulaConfig(Config):
    """What to compute."""

    expression: Expr


async def run(config: FormulaConfig, step: FlowStep) -> Any:
    """The expression's value."""
    return step.evaluate(config.expression)


ACTION = FlowAction(
    name="formula",
    config=FormulaConfig,
    summary="Compute one value from an expression",
    example={"expression": "round(trigger.body.net * 1.19 * 100) / 100"},
    run=run,
    pure=True,
)
