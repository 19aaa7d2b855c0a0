"""The config of one action: what its type accepts, when it is stored and when it runs."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from gorax.core.actions.declaration import ActionType, C, EffectAction
from gorax.core.definition.problems import Problem
from gorax.core.definition.shape import Fields, is_structure, shape_of
from gorax.core.definition.validation import problems_of
from gorax.core.errors import ErrorType, StepError
from gorax.core.scripts import CONTEXT

_TOLD = 5
_BY_VALIDATORS = frozenset({"value_error", "assertion_error"})


def check_config(action_type: ActionType[C], rendered: Mapping[str, Any]) -> C:
    """The config of a step that is about to run.

    Raises `StepError` of type `validation`, naming the fields, when the type does not accept it.
    """
    try:
        return action_type.config.model_validate(rendered)
    except ValidationError as error:
        # Without the values: by now they may hold what a credential stands for.
        problems = [
            problem.model_dump(include={"pointer", "message"})
            for _, problem in problems_of(error, rendered, action_type.config, with_values=False)
        ]
        told = [f"config{problem['pointer']}: {problem['message']}" for problem in problems[:_TOLD]]
        raise StepError(ErrorType.VALIDATION, "; ".join(told), details={"problems": problems[:20]}) from error


def config_problems(action_type: ActionType[Any], config: Mapping[str, Any]) -> Iterator[Problem]:
    """What the type will not accept in an authored config, whatever its templates give.

    A template may stand for any value, so what a text with a template violates is left for the run to judge.
    Marked places, where expressions and nested actions stand, are never templates.
    """
    if isinstance(action_type, EffectAction) and action_type.traits.program and CONTEXT in config:
        yield Problem(pointer=f"/{CONTEXT}", message="is filled in when the action runs: use input")
    try:
        action_type.config.model_validate(config)
    except ValidationError as error:
        shape = shape_of(action_type.config)
        for detail, problem in problems_of(error, config, action_type.config):
            if not _up_to_the_run(detail, shape):
                yield problem


def _up_to_the_run(detail: ErrorDetails, shape: Fields) -> bool:
    if detail["type"] in {"extra_forbidden", "missing"} or is_structure(shape, detail["loc"]):
        return False
    value = detail["input"]
    if isinstance(value, str):
        return "{{" in value
    # The type's own check of a part looked at texts in which templates still stand. Its check of the whole
    # config is about which fields there are, and holds.
    return detail["type"] in _BY_VALIDATORS and bool(detail["loc"]) and _has_template(value)


def _has_template(value: Any) -> bool:
    # At a dry run, the value may hold data of any depth.
    stack = [value]
    while stack:
        item = stack.pop()
        if isinstance(item, str):
            if "{{" in item:
                return True
        elif isinstance(item, Mapping):
            stack.extend(item.values())
        elif isinstance(item, list | tuple):
            stack.extend(item)
    return False
