"""What an approval asks people to fill in: a JSON Schema, or a list of fields as a visual builder draws them."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Annotated, Any, Literal, Protocol, Self

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from gorax.core.json_schema import SchemaError, Violation, compile_schema

MAX_FIELDS = 100
MAX_OPTIONS = 1_000

FieldType = Literal["text", "textarea", "number", "boolean", "select", "date"]

Name = Annotated[str, Field(min_length=1, max_length=100)]
Choice = str | int | float | bool


class Form(Protocol):
    """Judges what people filled in."""

    def filled(self, values: Any) -> Any:
        """The values with the defaults of what was left out."""

    def violations(self, values: Any) -> list[Violation]:
        """What is wrong with filled values, with JSON pointers into them; 20 at most."""


class Option(BaseModel):
    """One of the values to choose from. Further members are for whoever draws the form."""

    model_config = ConfigDict(extra="allow")

    value: Choice
    label: str | None = None


class FormField(BaseModel):
    """One field. Further members, such as a placeholder, are for whoever draws the form."""

    model_config = ConfigDict(extra="allow")

    name: Name
    type: FieldType = "text"
    label: str | None = None
    required: bool = False
    options: Annotated[list[Option | Choice], Field(max_length=MAX_OPTIONS)] = Field(default_factory=list)
    default: Any = None

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.type == "select" and not self.options:
            raise ValueError("a select needs options")
        if self.default is not None and (problem := self.problem(self.default)):
            raise ValueError(f"default: {problem}")
        return self

    def problem(self, value: Any) -> str | None:
        """What is wrong with a value; nothing is wrong with null where the field is not required."""
        if value is None or (value == "" and self.type != "text" and self.type != "textarea"):
            return "is required" if self.required else None
        if self.type == "select":
            return self._not_an_option(value)
        message = _MISFITS[self.type](value)
        return "is required" if message is None and self.required and value == "" else message

    def _not_an_option(self, value: Any) -> str | None:
        options = [option.value if isinstance(option, Option) else option for option in self.options]
        # 1 and true are different answers, and equal in Python.
        if any(value == option and isinstance(value, bool) == isinstance(option, bool) for option in options):
            return None
        return "is not one of the options"


class _Fields:
    def __init__(self, fields: list[FormField]) -> None:
        self._fields = {field.name: field for field in fields}

    def filled(self, values: Any) -> Any:
        if not isinstance(values, dict):
            return {} if values is None else values
        defaults = {name: field.default for name, field in self._fields.items() if field.default is not None}
        return {**defaults, **values}

    def violations(self, values: Any) -> list[Violation]:
        if not isinstance(values, dict):
            return [Violation("", "must be an object")]
        found = [
            Violation(_pointer(name), problem)
            for name, field in self._fields.items()
            if (problem := field.problem(values.get(name)))
        ]
        unknown = [
            Violation(_pointer(name), "is not a field of the form")
            for name in values
            if name not in self._fields
        ]
        return [*found, *unknown][:20]


class _Schema:
    def __init__(self, schema: Mapping[str, Any]) -> None:
        self._schema = compile_schema(schema)

    def filled(self, values: Any) -> Any:
        return {} if values is None else values

    def violations(self, values: Any) -> list[Violation]:
        return self._schema.violations(values)


_FIELDS: TypeAdapter[list[FormField]] = TypeAdapter(Annotated[list[FormField], Field(max_length=MAX_FIELDS)])


def load_form(form: Any) -> Form:
    """The form that a definition gives. Raises `SchemaError` saying what is wrong with it, and where."""
    if isinstance(form, dict):
        return _Schema(form)
    if not isinstance(form, list):
        raise SchemaError("", "must be a JSON Schema, or a list of fields")
    try:
        fields = _FIELDS.validate_python(form)
    except ValidationError as error:
        [first, *_] = error.errors(include_url=False, include_input=False)
        place = "".join(f"/{part}" for part in first["loc"])
        raise SchemaError(place, first["msg"].removeprefix("Value error, ")) from error
    names: set[str] = set()
    for index, field in enumerate(fields):
        if field.name in names:
            raise SchemaError(f"/{index}/name", f"{field.name!r} is the name of another field already")
        names.add(field.name)
    return _Fields(fields)


def _pointer(name: str) -> str:
    return f"/{name.replace('~', '~0').replace('/', '~1')}"


def _not_text(value: Any) -> str | None:
    return None if isinstance(value, str) else "must be text"


def _not_number(value: Any) -> str | None:
    return None if isinstance(value, int | float) and not isinstance(value, bool) else "must be a number"


def _not_boolean(value: Any) -> str | None:
    return None if isinstance(value, bool) else "must be true or false"


def _not_date(value: Any) -> str | None:
    try:
        if isinstance(value, str) and len(value) == len("2024-01-31"):
            date.fromisoformat(value)
            return None
    except ValueError:
        pass
    return 'must be a date such as "2024-01-31"'


_MISFITS: Mapping[str, Callable[[Any], str | None]] = {
    "text": _not_text,
    "textarea": _not_text,
    "number": _not_number,
    "boolean": _not_boolean,
    "date": _not_date,
}
