"""PromQL, read far enough to know which series an expression asks for."""

from collections.abc import Iterator
from typing import NamedTuple

import promql_parser


class Selector(NamedTuple):
    """One selection of series."""

    metric: str
    labels: frozenset[str]
    """That it asks for, or that it is grouped by."""


def selectors(expression: str) -> Iterator[Selector]:
    """Every selection in an expression. Raises `ValueError` when it is not PromQL."""
    found: list[Selector] = []
    groups: list[frozenset[str]] = []

    def enter(node: promql_parser.Expr) -> bool:
        if isinstance(node, promql_parser.AggregateExpr):
            groups.append(frozenset(node.modifier.labels if node.modifier is not None else ()))
        if isinstance(node, promql_parser.VectorSelector) and node.name:
            asked = frozenset(matcher.name for matcher in node.matchers.matchers)
            found.append(Selector(node.name, asked.union(*groups)))
        return True

    def leave(node: promql_parser.Expr) -> bool:
        if isinstance(node, promql_parser.AggregateExpr):
            groups.pop()
        return True

    promql_parser.walk(promql_parser.parse(expression), enter, leave)
    yield from found
