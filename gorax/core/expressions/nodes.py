"""The syntax tree. Every node knows the column it starts at, for error messages."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Literal:
    """nil, a boolean, a number, a string or bytes."""

    column: int
    value: bool | int | float | str | bytes | None


@dataclass(frozen=True, slots=True)
class Name:
    """A variable of a ``let`` or, failing that, of the environment."""

    column: int
    name: str


@dataclass(frozen=True, slots=True)
class Pointer:
    """``#``, ``#index`` or ``#acc`` (without the ``#``) of the innermost predicate."""

    column: int
    name: str


@dataclass(frozen=True, slots=True)
class Index:
    """``.name``, ``["name"]`` or ``[expression]``."""

    column: int
    key: Node
    optional: bool


@dataclass(frozen=True, slots=True)
class Slice:
    """``[start:stop]``."""

    column: int
    start: Node | None
    stop: Node | None


@dataclass(frozen=True, slots=True)
class Method:
    """``.Name(arguments)`` of a date, a duration or a time zone."""

    column: int
    name: str
    arguments: tuple[Node, ...]
    optional: bool


Link = Index | Slice | Method


@dataclass(frozen=True, slots=True)
class Chain:
    """A value and what is read from it, one link after the other."""

    column: int
    base: Node
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Unary:
    """``-x``, ``+x`` or ``not x``."""

    column: int
    operator: str
    operand: Node


@dataclass(frozen=True, slots=True)
class Step:
    """One operator and its right-hand side."""

    column: int
    operator: str
    operand: Node


@dataclass(frozen=True, slots=True)
class Operation:
    """Binary operators from left to right: ``((first step0) step1) …``.

    A flat list instead of a tree, so that a hundred conditions joined by ``and`` nest no deeper than one.
    """

    column: int
    first: Node
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """``a < b`` or ``a < b <= c``: every neighbouring pair must hold."""

    column: int
    first: Node
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Conditional:
    """``a ? b : c`` and ``if a { b } else { c }``."""

    column: int
    condition: Node
    then: Node
    otherwise: Node


@dataclass(frozen=True, slots=True)
class Let:
    """``let name = value``: a statement of a block."""

    column: int
    name: str
    value: Node


@dataclass(frozen=True, slots=True)
class Block:
    """Statements; the last one, which is an expression, is the value."""

    column: int
    statements: tuple[Let | Node, ...]


@dataclass(frozen=True, slots=True)
class Array:
    """``[a, b]``."""

    column: int
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Map:
    """``{key: value}``; a key in parentheses is computed."""

    column: int
    entries: tuple[tuple[Node, Node], ...]


@dataclass(frozen=True, slots=True)
class Call:
    """A built-in function; ``predicate`` is the body of the ones that run it per element."""

    column: int
    name: str
    arguments: tuple[Node, ...]
    predicate: Node | None = None


Node = (
    Literal
    | Name
    | Pointer
    | Chain
    | Unary
    | Operation
    | Comparison
    | Conditional
    | Block
    | Array
    | Map
    | Call
)
