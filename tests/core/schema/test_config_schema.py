"""The schema of one type's config, by itself: also of a type that a stranger's package declares."""

from typing import Annotated, Any

import jsonschema
import pytest
from pydantic import Field

from gorax.core.actions.catalogue import full_catalogue
from gorax.core.actions.declaration import (
    ActionList,
    ActionType,
    BareExpression,
    Config,
    EffectAction,
    Expr,
    NestedActions,
    Text,
)
from gorax.core.durations import Duration
from gorax.core.schema import config_schema

TYPES = list(full_catalogue())


class Tree(Config):
    """A model that holds itself."""

    label: str = Field(max_length=3)
    below: list["Tree"] = Field(default_factory=list)


class Limits(Config):
    """Something beside an expression."""

    low: int = Field(default=0, ge=0)
    high: int | None = None


class Step(Config):
    """Marks inside an object inside a map."""

    when: Expr | None = None
    do: ActionList


class StrangeConfig(Config):
    """What a stranger may think of."""

    tree: Tree
    pair: tuple[int, str] = (1, "a")
    limits: Annotated[str | Limits, BareExpression()] = "1"
    steps: dict[str, Step] = Field(default_factory=dict)
    last: Annotated[list[dict[str, Any]], NestedActions(runs="once")] | None = None
    every: Duration = Field(default=1, gt=0, le=60)
    note: Text = Field(default="", max_length=5)


async def _never(config: Any, call: Any) -> Any:
    raise AssertionError


STRANGE = EffectAction(
    name="strange", config=StrangeConfig, summary="Strange", example={"tree": {"label": "a"}}, run=_never
)


@pytest.mark.parametrize("action_type", TYPES, ids=[action_type.name for action_type in TYPES])
def test_it_stands_by_itself_and_its_example_is_valid(action_type: ActionType[Any]) -> None:
    schema = config_schema(action_type)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    assert validator.is_valid(dict(action_type.example))
    assert not validator.is_valid({**action_type.example, "oops": 1})
    assert not validator.is_valid("{{trigger.body}}")


@pytest.mark.parametrize(
    ("field", "value", "valid"),
    [
        ("tree", {"label": "abc", "below": [{"label": "x"}]}, True),
        ("tree", {"label": "{{trigger.body.x}}", "below": "{{trigger.body.y}}"}, True),
        ("tree", {"label": "a", "below": [{"label": "a", "below": [{"label": "abcd"}]}]}, False),
        ("pair", [1, "a"], True),
        ("pair", ["{{trigger.body.x}}", "a"], True),
        ("pair", ["x", "a"], False),
        ("limits", "vars.limits", True),
        ("limits", {"low": 1, "high": None}, True),
        ("limits", {"low": "{{trigger.body.x}}"}, False),
        ("steps", {"one": {"do": [{"id": "x", "type": "log"}]}}, True),
        ("steps", {"one": {"do": "{{trigger.body.x}}"}}, False),
        ("steps", {"one": {"do": [{"type": "log"}]}}, False),
        ("steps", "{{trigger.body.x}}", False),
        ("last", None, True),
        ("last", [{"id": "x", "type": "log"}], True),
        ("last", ["x"], False),
        ("every", "30s", True),
        ("every", 60, True),
        ("every", 61, False),
        ("every", 0, False),
        ("every", True, False),
        ("every", ["30s"], False),
        ("note", {"any": "thing"}, True),
        ("note", "12345", True),
        ("note", "123456", False),
        ("note", "{{trigger.body.x}}", True),
    ],
)
def test_a_stranger_s_config(field: str, value: Any, valid: bool) -> None:
    schema = config_schema(STRANGE)
    jsonschema.Draft202012Validator.check_schema(schema)
    config = {**STRANGE.example, field: value}
    assert jsonschema.Draft202012Validator(schema).is_valid(config) is valid


def test_names_of_several_types_can_stand_beside_each_other() -> None:
    schema = config_schema(STRANGE, action={"$ref": "#/$defs/Action"}, prefix="config.strange.")
    assert set(schema["$defs"]) == {"config.strange.Tree", "config.strange.Limits.plain"}
    assert schema["properties"]["last"]["anyOf"][0]["items"] == {"$ref": "#/$defs/Action"}
