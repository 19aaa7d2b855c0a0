"""The smallest closures that expressions are compiled to."""

from collections.abc import Callable
from typing import Any

from .errors import ExpressionError
from .frame import ENVIRONMENT, METER, NAMES, Frame, Run
from .functions.registry import Function
from .nodes import Step
from .operators import OPERATORS, Operator, require_bool


def read_slot(slot: int) -> Run:
    return lambda frame: frame[slot]


def whole_environment(frame: Frame) -> Any:
    names = frame[NAMES]
    if type(names) is dict:
        return names
    frame[METER].new_items(len(names))
    return dict(names)


def binary(left: Run, operator: Operator, right: Run, column: int) -> Run:
    def run(frame: Frame) -> Any:
        a, b = left(frame), right(frame)
        try:
            return operator(a, b, frame[METER])
        except ExpressionError as error:
            error.at(column)
            raise

    return run


def apply_step(step: Step, operand: Run) -> Callable[[Any, Frame], Any]:
    """What one step does with the value so far."""
    operator, column = step.operator, step.column
    if operator == "??":
        return lambda value, frame: operand(frame) if value is None else value
    if operator in ("and", "or"):
        return _logical(operand, operator, column)
    negated = operator.startswith("not ")
    compute = OPERATORS[operator.removeprefix("not ")]

    def apply(value: Any, frame: Frame) -> Any:
        right = operand(frame)
        try:
            result = compute(value, right, frame[METER])
        except ExpressionError as error:
            error.at(column)
            raise
        return not result if negated else result

    return apply


def _logical(operand: Run, operator: str, column: int) -> Callable[[Any, Frame], Any]:
    decides = operator == "or"

    def apply(value: Any, frame: Frame) -> bool:
        try:
            if require_bool(value, operator) is decides:
                return decides
            return require_bool(operand(frame), operator)
        except ExpressionError as error:
            error.at(column)
            raise

    return apply


def function_call(function: Function, arguments: list[Run], column: int) -> Run:
    call, ambient = function.call, function.ambient

    def run(frame: Frame) -> Any:
        given = [argument(frame) for argument in arguments]
        try:
            if ambient:
                return call(frame[ENVIRONMENT], frame[METER], *given)
            return call(frame[METER], *given)
        except ExpressionError as error:
            error.at(column)
            raise

    return run
