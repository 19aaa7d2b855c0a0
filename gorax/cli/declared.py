"""Action types as a server tells of them, made into types that a definition can be checked against without one.

The wheel brings `action_types.json`, the types with effects of this version; a server's own list may stand in its
place.
"""

import json
from collections.abc import Callable, Mapping
from functools import cache
from importlib import resources
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, create_model

from gorax.cli.exits import Wrong
from gorax.core.actions.catalogue import Catalogue, flow_catalogue
from gorax.core.actions.declaration import Config, EffectAction, EffectTraits, Mode, Program
from gorax.core.json_schema import SchemaError, compile_schema

SHIPPED = "action_types.json"


class _Defaults(BaseModel):
    model_config = ConfigDict(extra="ignore")

    timeout: float | None = None
    max_attempts: int = 1
    mode: Mode | None = None
    fast_when: dict[str, tuple[str, ...]] = Field(default_factory=dict)


class Declared(BaseModel):
    """One type, as `GET /api/v1/action-types` tells of it."""

    model_config = ConfigDict(extra="ignore")

    name: str
    aliases: list[str] = Field(default_factory=list)
    kind: str
    summary: str = ""
    config_schema: dict[str, Any]
    example: dict[str, Any] = Field(default_factory=dict)
    defaults: _Defaults = _Defaults()


class _Closed(Config):
    model_config = ConfigDict(populate_by_name=False)


class _Open(_Closed):
    model_config = ConfigDict(extra="allow")


_DECLARED = TypeAdapter(list[Declared])


def catalogue_of(told: Any) -> Catalogue:
    """The types of the language, and those with effects that a server told of. Raises `Wrong`."""
    if isinstance(told, dict) and "data" in told:
        told = told["data"]
    try:
        declared = _DECLARED.validate_python(told)
        effects = [_effect(one) for one in declared if one.kind == "effect"]
        return Catalogue([*flow_catalogue(), *effects])
    except (ValidationError, SchemaError, ValueError) as error:
        raise Wrong(
            f"these are no action types as `gorax action-types --json` prints them: {error}"
        ) from error


@cache
def shipped_catalogue() -> Catalogue:
    """The types of this version."""
    return catalogue_of(json.loads(resources.files("gorax.cli").joinpath(SHIPPED).read_bytes()))


def _effect(declared: Declared) -> EffectAction[Any]:
    schema = declared.config_schema
    required = set(schema.get("required", ()))
    fields: dict[str, Any] = {}
    program: str | None = None
    for number, (name, field) in enumerate(schema.get("properties", {}).items()):
        marks: list[Any] = [AfterValidator(_fits({**field, "$defs": schema.get("$defs", {})}))]
        if field.get("x-gorax-program"):
            program = name
            marks.append(Program())
        default = ... if name in required else None
        # Under a name of its own: what a config calls a field may be no name in Python, or one of pydantic's.
        fields[f"field_{number}"] = (Annotated[(Any, *marks)], Field(default, alias=name))
    base = _Closed if schema.get("additionalProperties", True) is False else _Open
    config: type[Config] = create_model(declared.name, __base__=base, **fields)
    traits = EffectTraits(
        max_attempts=declared.defaults.max_attempts,
        mode=declared.defaults.mode or "durable",
        fast_when=declared.defaults.fast_when,
        program=program,
    )
    return EffectAction(
        name=declared.name,
        aliases=tuple(declared.aliases),
        config=config,
        summary=declared.summary,
        example=declared.example,
        run=_never,
        traits=traits,
    )


def _fits(schema: Mapping[str, Any]) -> Callable[[Any], Any]:
    compiled = compile_schema(schema)

    def check(value: Any) -> Any:
        for pointer, message in compiled.violations(value):
            raise ValueError(f"{pointer.lstrip('/')} {message}".lstrip())
        return value

    return check


async def _never(_config: Config, _call: Any) -> Any:
    raise NotImplementedError("types that a server told of run there")
