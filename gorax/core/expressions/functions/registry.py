"""How a built-in function or method is declared."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Function:
    """A built-in function.

    ``call`` gets the meter first (with ``ambient``, the environment before it), then ``least`` to ``most``
    values. It pays for its work before doing it and raises ExpressionError for values it cannot take.
    ``cost`` is the fixed part of its price. ``loops``: it calls Python functions for every element.
    """

    name: str
    call: Callable[..., Any]
    least: int
    most: int
    cost: int = 2
    ambient: bool = False
    loops: bool = False

    @property
    def arity(self) -> str:
        """For messages: ``1 argument``, ``1 to 2 arguments``, ``at least 1 argument``."""
        if self.most >= MANY:
            counted, last = f"at least {self.least}", self.least
        else:
            counted = str(self.most) if self.least == self.most else f"{self.least} to {self.most}"
            last = self.most
        return f"{counted} argument{'' if last == 1 else 's'}"


MANY = 1000


def table(*functions: Function) -> dict[str, Function]:
    """Functions by name."""
    return {function.name: function for function in functions}
