"""How much of a definition can be relied on when something else in it is wrong.

What it reads is judged by what is certain of the rest: a refusal must not name a problem that is none.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from gorax.core.definition.outline import Outline
from gorax.core.definition.problems import Findings, is_within, join, keys_of
from gorax.core.definition.shape import is_leaf, name_fields, variable_fields

_BESIDE = frozenset({"name", "retry", "timeout", "mode", "sensitive", "when"})
"""Fields of an action that say nothing about what runs before what."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known although there are problems."""

    tree: bool
    """What runs before what."""
    names: bool
    """What loops call their items."""
    trigger: bool
    """What starts the workflow."""
    variables: bool
    """What can be under `vars`."""
    ids: frozenset[str] | None
    """Everything that anything is called, where the tree does not say which of it are actions; None where something
    has no name that can be read."""

    def may_have(self, action_id: str) -> bool:
        """Whether there may be such an action, where the tree does not say."""
        return self.ids is None or action_id in self.ids


def standing_of(raw: Any, outline: Outline, findings: Findings) -> Standing:
    """The same for a definition of plain JSON, of which `findings` has all but what is wrong with its texts."""
    if not findings.problems:
        return Standing(True, True, True, True, frozenset())
    pointers = [problem.pointer for problem in findings.problems]
    tree = not any(_is_of_tree(outline, pointer) for pointer in pointers)
    nameless = any(_is_nameless(raw, outline, pointer) for pointer in pointers)
    return Standing(
        tree=tree,
        names=not findings.within(*_fields(outline, name_fields)),
        trigger=not findings.within("/trigger"),
        variables=tree and not findings.within("/variables", *_fields(outline, variable_fields)),
        ids=None if nameless else frozenset(_called(raw)),
    )


def _is_of_tree(outline: Outline, pointer: str) -> bool:
    """Whether a problem there leaves open which actions there are, or what runs before what."""
    around = [node for node in outline if is_within(pointer, node.pointer)]
    if not around:
        return is_within(pointer, "/actions") or is_within(pointer, "/on_failure")
    node = max(around, key=lambda node: len(node.pointer))
    field = next(iter(keys_of(pointer[len(node.pointer) :])), None)
    if field == "config":
        return node.type is not None and not is_leaf(node.type)
    return field not in _BESIDE


def _is_nameless(raw: Any, outline: Outline, pointer: str) -> bool:
    """Whether what is wrong there is an id that is none, or something in place of an action."""
    around, last = ["", "", *keys_of(pointer)][-2:]
    if last != "id" and (not last.isdecimal() or around == "depends_on"):
        return False
    here = raw
    for key in keys_of(pointer):
        if isinstance(here, list) and key.isdecimal():
            here = here[int(key)]
        else:
            here = here.get(key) if isinstance(here, dict) else None
    if last == "id":
        return not isinstance(here, str) or here not in outline.by_id
    return not isinstance(here, dict)


def _fields(outline: Outline, fields_of: Callable[[type[BaseModel]], Iterable[str]]) -> Iterator[str]:
    for node in outline:
        for field in fields_of(node.type.config) if node.type else ():
            yield join(node.pointer, "config", field)


def _called(raw: Any) -> Iterator[str]:
    stack = [raw]
    while stack:
        value = stack.pop()
        if isinstance(value, dict):
            if isinstance(name := value.get("id"), str):
                yield name
            stack.extend(value.values())
        elif isinstance(value, list):
            stack.extend(value)
