"""What is wrong with a request's fields, in words that name the field and say what to do."""

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any, TypedDict

from gorax.core.definition.problems import did_you_mean

MAX_DETAILS = 20
"""Problems that one response lists: finding words for more would take longer than anybody reads."""


class Detail(TypedDict):
    """One field and what is wrong with it."""

    field: str
    """The field's name; below the first level the way to it, such as `workflow_ids/3`."""
    message: str


def _count(context: Mapping[str, Any], key: str, noun: str) -> str:
    number = context[key]
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _too_short(context: Mapping[str, Any]) -> str:
    if context["min_length"] == 1:
        return "must not be empty"
    return f"must be at least {_count(context, 'min_length', 'character')}"


def _list_too_short(context: Mapping[str, Any]) -> str:
    if context["min_length"] == 1:
        return "must not be empty"
    return f"must have at least {_count(context, 'min_length', 'item')}"


_WORDS: Mapping[str, str] = {
    "missing": "is required",
    "string_type": "must be a string",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_parsing_size": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_type": "must be a number",
    "list_type": "must be a list",
    "dict_type": "must be an object",
    "model_type": "must be an object",
    "model_attributes_type": "must be an object",
}


def _message(error: Mapping[str, Any], known: Iterable[str]) -> str:
    kind, context = error["type"], error.get("ctx", {})
    if kind in _WORDS:
        return _WORDS[kind]
    match kind:
        case "extra_forbidden":
            return "is unknown" + did_you_mean(str(error["loc"][-1]), known)
        case "string_too_short":
            return _too_short(context)
        case "string_too_long":
            return f"must be at most {_count(context, 'max_length', 'character')}"
        case "too_short":
            return _list_too_short(context)
        case "too_long":
            return f"must have at most {_count(context, 'max_length', 'item')}"
        case "greater_than_equal":
            return f"must be at least {context['ge']}"
        case "less_than_equal":
            return f"must be at most {context['le']}"
        case "literal_error" | "enum":
            return f"must be one of {context['expected']}"
        case "value_error":
            return str(context["error"])
        case _:
            message = str(error["msg"])
            return message[:1].lower() + message[1:]


def details_of(
    errors: Iterable[Mapping[str, Any]], *, skip: int = 0, known: Iterable[str] = ()
) -> list[Detail]:
    """Pydantic's errors in words.

    `skip` is the number of leading parts of each location that name the place (`query`), not the field;
    `known` are the names to propose for an unknown one.
    """
    return [
        {
            "field": "/".join(str(part)[:100] for part in error["loc"][skip:]) or "body",
            "message": _message(error, known),
        }
        for error in islice(errors, MAX_DETAILS)
    ]
