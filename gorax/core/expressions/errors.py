"""What goes wrong in an expression, and where."""

from typing import Self


class ExpressionError(Exception):
    """An expression that cannot be compiled or evaluated.

    ``column`` counts characters of ``source`` from 1. Functions and operators raise without a place;
    the node that called them adds it (:meth:`at`), so that no operator has to carry its position.
    """

    def __init__(self, message: str, column: int = 0, source: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.column = column
        self.source = source

    def at(self, column: int, source: str = "") -> Self:
        """Fill in the place unless a node further inside already did."""
        self.column = self.column or column
        self.source = self.source or source
        return self

    def moved(self, offset: int, source: str) -> "ExpressionError":
        """The same error seen from the surrounding text, where the expression starts at ``offset``."""
        return ExpressionError(self.message, self.column + offset, source)

    def __str__(self) -> str:
        return f"{self.message} (column {self.column})" if self.column else self.message


class TemplateError(ExpressionError):
    """An error in one string of a JSON tree; ``pointer`` (RFC 6901) says in which."""

    def __init__(self, error: ExpressionError, pointer: str = "") -> None:
        super().__init__(error.message, error.column, error.source)
        self.pointer = pointer

    def inside(self, key: str | int) -> Self:
        """Note that the tree hangs below ``key`` of a larger one."""
        self.pointer = f"/{escape_pointer(str(key))}{self.pointer}"
        return self


def escape_pointer(key: str) -> str:
    """One reference token of a JSON pointer."""
    return key.replace("~", "~0").replace("/", "~1")
