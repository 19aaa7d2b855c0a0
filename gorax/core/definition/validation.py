"""Pydantic's errors as problems: placed in the authored data, and in sentences that say what to do."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from gorax.core.definition.problems import Problem, did_you_mean, join, quoted

_CUSTOM = frozenset({"value_error", "assertion_error"})
_OF_KEYS = frozenset({"[key]"})
_SUBJECT = re.compile(r"^(Input|String|Value|List|Dictionary|Data) should ")

# Pydantic speaks of Python where the author wrote JSON.
_TYPES = {
    "dict_type": "an object",
    "model_type": "an object",
    "model_attributes_type": "an object",
    "list_type": "a list",
    "string_type": "a string",
    "bool_type": "true or false",
    "int_type": "a whole number",
    "float_type": "a number",
}


def problems_of(
    error: ValidationError, raw: Any, model: type[BaseModel], *, with_values: bool = True
) -> Iterator[tuple[ErrorDetails, Problem]]:
    """Each error with the problem it means; pointers are relative to `raw`.

    Messages quote the values that are wrong only if `with_values`.
    """
    for detail in error.errors(include_url=False):
        location = [part for part in detail["loc"] if part not in _OF_KEYS]
        message = _message(detail, model, with_values)
        yield detail, Problem(pointer=pointer_of(raw, location), message=message)


def pointer_of(raw: Any, location: Sequence[int | str]) -> str:
    """The pointer of an error's location in the data it is about.

    Pydantic also names the branches of unions that it went through, which the data does not have. The last
    part may be a field that is missing.
    """
    pointer = ""
    for position, part in enumerate(location):
        if _holds(raw, part):
            raw = raw[part]
        elif position < len(location) - 1 or not isinstance(raw, Mapping) or isinstance(part, int):
            continue
        pointer = join(pointer, part)
    return pointer


def _holds(raw: Any, part: int | str) -> bool:
    if isinstance(raw, Mapping):
        return part in raw
    return isinstance(raw, list | tuple) and isinstance(part, int) and part < len(raw)


def _message(detail: ErrorDetails, model: type[BaseModel], with_values: bool) -> str:
    kind, location = detail["type"], detail["loc"]
    if kind == "missing":
        return "is required"
    if kind == "extra_forbidden":
        return f"unknown field{did_you_mean(str(location[-1]), expected_fields(model, location[:-1]))}"
    but = f", not {quoted(detail['input'])}" if with_values else ""
    if kind in _CUSTOM:
        return str(detail["ctx"]["error"])
    if kind in {"literal_error", "union_tag_invalid"}:
        expected = detail["ctx"].get("expected") or detail["ctx"].get("expected_tags")
        return f"must be {expected}{but}"
    if kind in _TYPES:
        return f"must be {_TYPES[kind]}{but}"
    message = _SUBJECT.sub("must ", detail["msg"]).replace(" after validation", "")
    return message[:1].lower() + message[1:]


def expected_fields(model: type[BaseModel], location: Sequence[int | str]) -> Iterator[str]:
    """The names of the fields that an object at this place of a model may have."""
    here: list[Any] = [model]
    for part in location:
        annotations = [
            field.annotation
            for found in _models(here)
            for name, field in found.model_fields.items()
            if part in (name, field.alias)
        ]
        # A part that is no field is an index, a key or the branch of a union: it stays with the same models.
        if annotations:
            here = [inner for annotation in annotations for inner in _types_in(annotation)]
    for found in _models(here):
        yield from (field.alias or name for name, field in found.model_fields.items())


def _models(types: Sequence[Any]) -> Iterator[type[BaseModel]]:
    yield from (found for found in types if isinstance(found, type) and issubclass(found, BaseModel))


def _types_in(annotation: Any) -> Iterator[Any]:
    arguments = getattr(annotation, "__args__", None)
    if not arguments:
        yield annotation
    for argument in arguments or ():
        yield from _types_in(argument)
