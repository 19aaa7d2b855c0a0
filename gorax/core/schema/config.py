"""The JSON Schema of what may be authored as an action's config, templates included.

It accepts what the check at save accepts, and refuses what that refuses as far as a schema can say it: not what a
type's own code looks at, and nothing inside expressions. A field whose validator reads more than its type says has to
tell so: `BeforeValidator(…, json_schema_input_type=…)`. Keywords `x-gorax-…` tell an editor what it could complete:

* `x-gorax-expression`: an expression, written without braces;
* `x-gorax-actions`: a list of actions; its value is what is certain of them, as in `NestedActions.runs`;
* `x-gorax-program`: a text in another language, no template;
* `x-gorax-sets-variables`: an object whose keys become names under `vars`;
* `x-gorax-scope`: more than elsewhere can be read there: `names`, and the steps inside the fields that `sees` lists.
"""

from collections.abc import Callable
from typing import Any

from gorax.core.actions.declaration import ActionType
from gorax.core.definition.shape import Fields, Leaf, ListOf, MapOf, Shape, shape_of, variable_fields
from gorax.core.schema.scalars import Json, LaxSchema, simplest

TEMPLATE: Json = {"type": "string", "pattern": r"\{\{"}
"""A text with a template in it: what it gives is checked when the step runs."""
SOME_ACTIONS: Json = {"type": "object", "required": ["id", "type"]}
"""An action, where the schema of a whole definition is not at hand."""

_NOTES = frozenset({"description", "default", "examples", "deprecated"})
_DEFS = "#/$defs/"


def config_schema(action_type: ActionType[Any], *, action: Json = SOME_ACTIONS, prefix: str = "") -> Json:
    """The schema of the type's config; what it refers to is under its `$defs`, by names that begin with `prefix`.

    `action` is the schema of the actions in it.
    """
    return _Config(action_type, action, prefix).schema()


class _Config:
    def __init__(self, action_type: ActionType[Any], action: Json, prefix: str) -> None:
        self._type = action_type
        self._action = action
        self._prefix = prefix
        self._raw: Json = action_type.config.model_json_schema(schema_generator=LaxSchema)
        self._models: Json = self._raw.pop("$defs", {})
        self._defs: Json = {}

    def schema(self) -> Json:
        made = self._with_fields(self._raw, shape_of(self._type.config))
        for name in variable_fields(self._type.config):
            made["properties"][name] |= {"x-gorax-sets-variables": True}
        return made | {"$defs": self._defs}

    def _at(self, schema: Json, shape: Shape | None) -> Json:
        """The schema of a place: what `shape` marks is no template, whatever else is there may be one."""
        match shape:
            case Leaf(kind="actions"):
                return self._each(schema, "array", self._with_actions) | _hints(shape)
            case Leaf(kind="expression" | "program"):
                return self._without_templates(schema) | _hints(shape)
            case ListOf(item):
                return self._each(
                    schema, "array", lambda at: {**at, "items": self._at(at.get("items", {}), item)}
                )
            case MapOf(value):
                return self._each(
                    schema,
                    "object",
                    lambda at: {
                        **at,
                        "additionalProperties": self._at(at.get("additionalProperties", {}), value),
                    },
                )
            case Fields():
                return self._each(schema, "object", lambda at: self._with_fields(at, shape))
            case _:
                return self._or_template(schema) | _hints(shape)

    def _each(self, schema: Json, kind: str, change: Callable[[Json], Json]) -> Json:
        """The schema with a change where it is of that kind, which may be one of several that it allows."""
        if reference := schema.get("$ref"):
            rest = {keyword: value for keyword, value in schema.items() if keyword != "$ref"}
            return self._each({**self._models[_name(reference)], **rest}, kind, change)
        if "anyOf" in schema:
            return {**schema, "anyOf": [self._each(one, kind, change) for one in schema["anyOf"]]}
        return change(schema) if schema.get("type") == kind else schema

    def _with_fields(self, schema: Json, shape: Fields) -> Json:
        properties = {
            name: self._at(field, shape.by_name.get(name))
            for name, field in schema.get("properties", {}).items()
        }
        return {**schema, "properties": properties}

    def _with_actions(self, schema: Json) -> Json:
        return {**schema, "items": self._action}

    def _or_template(self, schema: Json) -> Json:
        """The schema of what may also be a text with a template in it, or have such texts inside."""
        made = self._inside(schema, self._or_template)
        rules = {keyword: value for keyword, value in made.items() if keyword not in _NOTES}
        # Any text will do already; or a word tells which of several forms this is.
        if rules in ({}, {"type": "string"}) or "const" in rules:
            return made
        options = rules["anyOf"] if rules.keys() == {"anyOf"} else [rules]
        notes = {keyword: value for keyword, value in made.items() if keyword in _NOTES}
        return notes | {"anyOf": simplest([*options, TEMPLATE])}

    def _without_templates(self, schema: Json) -> Json:
        return self._inside(schema, self._without_templates)

    def _inside(self, schema: Json, inner: Callable[[Json], Json]) -> Json:
        """The schema with what is inside of it changed by `inner`."""
        made: Json = {}
        for keyword, value in schema.items():
            match keyword, value:
                case "$ref", str():
                    made[keyword] = self._reference(value, inner)
                case (("anyOf" | "oneOf"), list()):
                    # Forms that differ in what is no template may overlap in what is.
                    made["anyOf"] = simplest([self._inside(one, inner) for one in value])
                case "properties", dict():
                    made[keyword] = {name: inner(field) for name, field in value.items()}
                case (("items" | "additionalProperties" | "propertyNames"), dict()):
                    made[keyword] = inner(value)
                case "prefixItems", list():
                    made[keyword] = [inner(one) for one in value]
                case "discriminator", _:
                    continue
                case _:
                    made[keyword] = value
        return made

    def _reference(self, reference: str, inner: Callable[[Json], Json]) -> str:
        name = _name(reference)
        key = f"{self._prefix}{name}"
        if inner == self._without_templates:
            key += ".plain"
        if key not in self._defs:
            # There before it is made: a model may hold itself.
            self._defs[key] = {}
            self._defs[key] |= self._inside(self._models[name], inner)
        return f"{_DEFS}{key}"


def _hints(shape: Shape | None) -> Json:
    if not isinstance(shape, Leaf):
        return {}
    hints: Json = {}
    match shape.kind:
        case "actions":
            hints["x-gorax-actions"] = shape.nested.runs if shape.nested else "maybe"
        case "expression" | "program":
            hints[f"x-gorax-{shape.kind}"] = True
    if shape.scope:
        hints["x-gorax-scope"] = {"names": [*shape.scope.names], "sees": [*shape.scope.sees]}
    return hints


def _name(reference: str) -> str:
    return reference.removeprefix(_DEFS)
