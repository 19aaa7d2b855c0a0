"""Which parts of a result are the environment's own, found without running the expression.

Those parts are JSON trees already. They need no conversion, and walking them would make passing on a large
output as expensive as building it.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Final, Union

from .nodes import (
    Array,
    Block,
    Call,
    Chain,
    Conditional,
    Let,
    Literal,
    Map,
    Method,
    Name,
    Node,
    Operation,
)


class Shape(Enum):
    """Where a part of a result comes from."""

    DIRECT = "direct"
    """A value of the environment, or some elements of one, none of them twice."""
    BUILT = "built"
    """Anything else."""


LiteralShape = dict[str | int, Union[Shape, "LiteralShape"]]
"""A map or array of the source, by key or position; every part of it has a shape of its own."""
_Variables = Mapping[str, bool]
"""The variables in scope, and whether their values are direct."""

_SELECTING: Final = frozenset(
    "filter find findLast first get last reverse sort sortBy take uniq values".split()  # noqa: SIM905
)


def shape_of(node: Node) -> Shape | LiteralShape:
    """The shape of the result of an expression."""
    return _shape(node, {})


def _shape(node: Node, variables: _Variables) -> Shape | LiteralShape:
    match node:
        case Block(statements=statements):
            for statement in statements[:-1]:
                if isinstance(statement, Let):
                    variables = {**variables, statement.name: _is_direct(statement.value, variables)}
            last = statements[-1]
            assert not isinstance(last, Let)
            return _shape(last, variables)
        case Array(items=items):
            return _literal({place: _shape(item, variables) for place, item in enumerate(items)})
        case Map(entries=entries):
            parts: LiteralShape = {}
            for key, value in entries:
                name = key.value if isinstance(key, Literal) else None
                if not isinstance(name, str) or name in parts:
                    return Shape.BUILT
                parts[name] = _shape(value, variables)
            return _literal(parts)
        case _:
            return Shape.DIRECT if _is_direct(node, variables) else Shape.BUILT


def _literal(parts: LiteralShape) -> Shape | LiteralShape:
    return Shape.BUILT if all(part is Shape.BUILT for part in parts.values()) else parts


def _is_direct(node: Node, variables: _Variables) -> bool:
    match node:
        case Name(name=name):
            return variables.get(name, name != "$env")
        case Chain(base=base, links=links):
            return _is_direct(base, variables) and not any(isinstance(link, Method) for link in links)
        case Conditional(then=then, otherwise=otherwise):
            return _is_direct(then, variables) and _is_direct(otherwise, variables)
        case Operation(first=first, steps=steps):
            return _is_direct(first, variables) and all(
                step.operator == "??" and _is_direct(step.operand, variables) for step in steps
            )
        case Call(name=name, arguments=arguments):
            return name in _SELECTING and _is_direct(arguments[0], variables)
        case _:
            return False
