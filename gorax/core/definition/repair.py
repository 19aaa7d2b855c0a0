"""Reading on where the frame of a definition is wrong, so that one refusal can tell what else there is."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import orjson
from pydantic import BaseModel, ValidationError

from gorax.core.definition.problems import Findings, keys_of
from gorax.core.definition.validation import problems_of

UNREADABLE = "unreadable"
"""Stands for the id or the type of an action that has none."""

_ACTION_LISTS = frozenset({"actions", "on_error", "on_failure"})

T = TypeVar("T")


def readable(
    raw: Any, load: Callable[[Any], T], model: type[BaseModel], pointer: str, findings: Findings
) -> T:
    """What `load` makes of plain JSON at this place, or of as much of it as is right; the rest goes to `findings`.

    Raises `pydantic.ValidationError` when too little of it is right.
    """
    told: list[str] = []
    while True:
        try:
            return load(repaired(raw, told) if told else raw)
        except ValidationError as error:
            new: list[str] = []
            for _, problem in problems_of(error, raw, model):
                if problem.pointer not in told:
                    findings.add(pointer + problem.pointer, problem.message)
                    new.append(problem.pointer)
            if not new:
                raise
            for place in new:
                findings.close(pointer + place)
            told += new


def repaired(raw: Any, pointers: Iterable[str]) -> Any:
    """A copy of plain JSON, a definition or a list of actions, without what is wrong at these places.

    Where something has to be there, `UNREADABLE` is. What cannot be done without stays as it is.
    """
    copy = orjson.loads(orjson.dumps(raw))
    for number, pointer in enumerate(pointers):
        _repair(copy, keys_of(pointer), f"{UNREADABLE}_{number}")
    return copy


def _repair(tree: Any, keys: list[str], stand_in: str) -> None:
    """Go down to the innermost action around a place, or stay with the definition, and mend the field in it."""
    owner, rest = tree, keys
    here, of_actions = tree, isinstance(tree, list)
    for position, key in enumerate(keys):
        if of_actions and isinstance(here, list) and key.isdecimal() and int(key) < len(here):
            if not isinstance(here[int(key)], dict):
                here[int(key)] = {"id": stand_in, "type": UNREADABLE}
                return
            here = owner = here[int(key)]
            rest = keys[position + 1 :]
        elif isinstance(here, dict) and key in _ACTION_LISTS and key in here:
            here = here[key]
        else:
            break
        of_actions = isinstance(here, list)
    if isinstance(owner, dict) and rest:
        _mend(owner, rest, stand_in)


def _mend(owner: dict[str, Any], rest: list[str], stand_in: str) -> None:
    field, *inside = rest
    part = owner.get(field)
    if field == "id":
        owner["id"] = stand_in
    elif field == "type":
        owner["type"] = UNREADABLE
    elif field == "on_failure" and isinstance(part, dict) and inside and inside[0] != "actions":
        part.pop(inside[0], None)
    elif field != "actions":
        owner.pop(field, None)
