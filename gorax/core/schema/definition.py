"""The JSON Schema of a whole definition, for editors: it knows the config of every action type."""

import re
from collections.abc import Iterator
from typing import Any

from gorax.core.actions.catalogue import PREFIXES, Catalogue
from gorax.core.actions.declaration import ActionType
from gorax.core.definition import Definition
from gorax.core.schema.builder import EDGE, NODE, builder_schema
from gorax.core.schema.config import config_schema
from gorax.core.schema.scalars import Json, StrictSchema

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_DEFS = "#/$defs/"
_PREFIX = f"({'|'.join(prefix.removesuffix(':') for prefix in PREFIXES)}):"
_SPECIAL = re.compile(r"[.*+?^${}()|\[\]\\/]")
_BESIDE_NODES = ("variables", "input_schema", "timeout", "output")


def definition_schema(catalogue: Catalogue) -> Json:
    """The schema of what can be saved, in either form.

    What it refuses, the check at save refuses. That check looks at more: ids, order, references, expressions.
    """
    frame = Definition.model_json_schema(schema_generator=StrictSchema)
    defs: Json = frame.pop("$defs")
    defs["Definition"] = frame
    defs["Action"] = _with_configs(defs["Action"], catalogue)
    for action_type in catalogue:
        config = config_schema(
            action_type, action={"$ref": f"{_DEFS}Action"}, prefix=_config_name(action_type, ".")
        )
        defs |= config.pop("$defs")
        defs[_config_name(action_type)] = config
    beside = {name: {"$ref": f"{_DEFS}Definition/properties/{name}"} for name in _BESIDE_NODES}
    defs |= {"Node": NODE, "Edge": EDGE, "Canvas": builder_schema(f"{_DEFS}Node", f"{_DEFS}Edge", beside)}
    return {
        "$schema": DIALECT,
        "title": "Gorax definition",
        "type": "object",
        "if": {"required": ["nodes"], "not": {"required": ["actions"]}},
        "then": {"$ref": f"{_DEFS}Canvas"},
        "else": {"$ref": f"{_DEFS}Definition"},
        "$defs": defs,
    }


def _with_configs(action: Json, catalogue: Catalogue) -> Json:
    names = [name for action_type in catalogue for name in _names(action_type)]
    known = {
        "anyOf": [{"enum": names}, {"type": "string", "pattern": f"^{_PREFIX}{_one_of(names)}$"}],
        "description": action["properties"]["type"]["description"],
    }
    return {
        **action,
        "properties": {**action["properties"], "type": known},
        "allOf": [_config_of(action_type) for action_type in catalogue],
    }


def _config_of(action_type: ActionType[Any]) -> Json:
    pattern = f"^({_PREFIX})?{_one_of(_names(action_type))}$"
    then: Json = {"properties": {"config": {"$ref": f"{_DEFS}{_config_name(action_type)}"}}}
    if any(field.is_required() for field in action_type.config.model_fields.values()):
        then["required"] = ["config"]
    # Where there is no type at all, that alone is what is wrong.
    return {
        "if": {"properties": {"type": {"type": "string", "pattern": pattern}}, "required": ["type"]},
        "then": then,
    }


def _names(action_type: ActionType[Any]) -> Iterator[str]:
    yield action_type.name
    yield from action_type.aliases


def _config_name(action_type: ActionType[Any], rest: str = "") -> str:
    return f"config.{action_type.name}{rest}"


def _one_of(names: Any) -> str:
    # As ECMA's regular expressions have it, where to escape what needs none is an error.
    return f"({'|'.join(_SPECIAL.sub(lambda found: chr(92) + found[0], name) for name in names)})"
