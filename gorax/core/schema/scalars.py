"""From pydantic's models to JSON Schema, exactly as far as pydantic's own reading of JSON goes."""

from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

Json = dict[str, Any]

_INTEGER_TEXT = r"^\s*[-+]?[0-9]+(_[0-9]+)*(\.0*)?\s*$"
_NUMBER_TEXT = r"^\s*[-+]?([0-9]+(_[0-9]+)*\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?\s*$"

_TYPES = {str: "string", bool: "boolean", int: "integer"}


class StrictSchema(GenerateJsonSchema):
    """Of models that convert nothing."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002 - pydantic's signature
        """No titles: they would only repeat the names of the fields."""
        return False

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        """Without the name of the class, which is nobody's business outside."""
        made = super().model_schema(schema)
        made.pop("title", None)
        return made

    def dict_schema(self, schema: core_schema.DictSchema) -> JsonSchemaValue:
        """A pattern of the keys holds for all keys."""
        made = super().dict_schema(schema)
        if (patterns := made.pop("patternProperties", None)) is not None:
            [(pattern, values)] = patterns.items()
            made["propertyNames"] = {"pattern": pattern}
            made["additionalProperties"] = values
        return made


class LaxSchema(StrictSchema):
    """Of models that convert what clearly means something: a form's `"5"` is 5, `"yes"` is true."""

    def int_schema(self, schema: core_schema.IntSchema) -> JsonSchemaValue:
        """Whole numbers, in digits too."""
        made = super().int_schema(schema)
        return {"anyOf": [made, {"type": "string", "pattern": _INTEGER_TEXT}, *_booleans(made)]}

    def float_schema(self, schema: core_schema.FloatSchema) -> JsonSchemaValue:
        """Numbers, in digits too."""
        made = super().float_schema(schema)
        return {"anyOf": [made, {"type": "string", "pattern": _NUMBER_TEXT}, *_booleans(made)]}

    def bool_schema(self, schema: core_schema.BoolSchema) -> JsonSchemaValue:
        """True and false, and the words for them."""
        words = "|".join(map(_in_any_case, ("true", "t", "yes", "y", "on", "false", "f", "no", "n", "off")))
        return {
            "anyOf": [
                super().bool_schema(schema),
                {"enum": [0, 1]},
                {"type": "string", "pattern": f"^(0|1|{words})$"},
            ]
        }

    def datetime_schema(self, schema: core_schema.DatetimeSchema) -> JsonSchemaValue:
        """Times as text, or as seconds since 1970."""
        text = super().datetime_schema(schema) | {"pattern": "^[-+]?[0-9]"}
        return {"anyOf": [text, {"type": "number"}]}


def _booleans(number: JsonSchemaValue) -> list[JsonSchemaValue]:
    low, high = number.get("minimum", 0), number.get("maximum", 1)
    inside = [value for value in (False, True) if low <= value <= high]
    return [{"enum": inside}] if inside else []


def _in_any_case(word: str) -> str:
    return "".join(f"[{letter}{letter.upper()}]" for letter in word)


def simplest(options: list[Json]) -> list[Json]:
    """The options of an `anyOf` without those inside other options, and without those that a wider one covers."""
    flat: list[Json] = []
    for option in options:
        flat += option["anyOf"] if option.keys() == {"anyOf"} else [option]
    plain = {option["type"] for option in flat if option.keys() == {"type"}}
    kept: list[Json] = []
    for option in flat:
        if option.keys() == {"type"} or not _types_of(option) <= plain:
            kept += [] if option in kept else [option]
    return kept


def _types_of(option: Json) -> set[str]:
    """The types of what an option allows; `any` where that is not just one."""
    if "enum" in option:
        return {_TYPES.get(type(value), "any") for value in option["enum"]}
    return {option.get("type", "any")}
