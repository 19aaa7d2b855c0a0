"""The words in which the collection's story is told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Until:
    """What an answer must have before the story goes on; until then the request is sent again."""

    path: str
    """Where in the answer, as JavaScript writes it: `data[0].id`."""
    value: Any


@dataclass(frozen=True, kw_only=True)
class Step:
    """One request: an operation of the document with its example as the body, and what the story changes in it."""

    operation: str
    name: str | None = None
    """Unless it is the operation's summary. No two steps are called alike."""
    path: Mapping[str, str] = field(default_factory=dict)
    """Path parameters that are not the variable of their own name."""
    query: Mapping[str, str] = field(default_factory=dict)
    """Query parameters that are sent; the others are there to be switched on."""
    body: Mapping[str, Any] | None = None
    """The body instead of the example."""
    put: Mapping[str, Any] = field(default_factory=dict)
    """Fields of the body that differ from the example."""
    keep: Mapping[str, str] = field(default_factory=dict)
    """Variables that the answer fills, each with its place in the answer."""
    until: Until | None = None
    signed_with: str | None = None
    """The variable with the secret that signs the body."""


@dataclass(frozen=True)
class Chapter:
    """A folder of the collection."""

    name: str
    description: str
    steps: Sequence[Step]


def call(operation: str, **said: Any) -> Step:
    """The step of an operation."""
    return Step(operation=operation, **said)
