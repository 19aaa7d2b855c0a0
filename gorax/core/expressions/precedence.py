"""The operators: how tightly they bind, and which spellings mean the same."""

from typing import Final

BINARY: Final = {
    "|": 0,
    "or": 10,
    "||": 10,
    "and": 15,
    "&&": 15,
    "==": 20,
    "!=": 20,
    "===": 20,
    "!==": 20,
    "<": 20,
    ">": 20,
    "<=": 20,
    ">=": 20,
    "in": 20,
    "matches": 20,
    "contains": 20,
    "startsWith": 20,
    "endsWith": 20,
    "..": 25,
    "+": 30,
    "-": 30,
    "*": 60,
    "/": 60,
    "%": 60,
    "**": 100,
    "^": 100,
    "??": 500,
}
UNARY: Final = {"not": 50, "!": 50, "-": 90, "+": 90}
RIGHT_ASSOCIATIVE: Final = frozenset({"**", "^"})
COMPARISONS: Final = frozenset({"<", ">", "<=", ">="})
NEGATABLE: Final = frozenset({"in", "matches", "contains", "startsWith", "endsWith"})
SPELLINGS: Final = {"&&": "and", "||": "or", "!": "not", "===": "==", "!==": "!=", "^": "**"}
