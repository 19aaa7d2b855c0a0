"""Bounds of one evaluation.

Evaluation runs inside workflow tasks, so its bounds must be deterministic: steps and sizes, never clocks.
One unit of fuel is priced at about a quarter of a microsecond of CPU and at most some 40 bytes of allocation,
so the default budget ends any evaluation after some 70 ms and a few megabytes. Prices are paid before the
work is done; they depend on the values alone, never on what a cache happens to hold.
"""

from collections.abc import Callable
from typing import Final, NoReturn, TypeVar

from .errors import ExpressionError
from .stack import with_room

Argument = TypeVar("Argument")
Result = TypeVar("Result")

DEFAULT_FUEL: Final = 200_000
MAX_SOURCE_BYTES: Final = 4096
MAX_NESTING: Final = 60
"""Brackets inside brackets in the source."""
MAX_TREE_DEPTH: Final = 150
"""Levels of the syntax tree, which operators deepen too; every level is a Python frame when it runs."""
MAX_DATA_DEPTH: Final = 100
"""Levels of data that are compared, converted or flattened; data that is only passed on may be deeper."""
MAX_TEXT: Final = 256 * 1024
"""Characters of a string that is built."""
MAX_ITEMS: Final = 20_000
"""Elements of a list or entries of a map that is built."""
MAX_INT_BITS: Final = 1024


class Meter:
    """The fuel of one evaluation, or of several that shall share a budget."""

    __slots__ = ("_roomy", "fuel", "left")

    def __init__(self, fuel: int = DEFAULT_FUEL) -> None:
        self.fuel = fuel
        self.left = fuel
        self._roomy = False

    @property
    def spent(self) -> int:
        """Units used so far, at most ``fuel``."""
        return min(self.fuel - self.left, self.fuel)

    def charge(self, units: int) -> None:
        """Pay for work about to be done; raises ExpressionError when the budget does not cover it."""
        self.left -= units
        if self.left < 0:
            self.exhausted()

    def exhausted(self) -> NoReturn:
        """The error of an evaluation that asked for more than its budget."""
        raise ExpressionError(f"the expression exceeds its budget of {self.fuel} steps")

    def with_room(self, run: Callable[[Argument], Result], argument: Argument) -> Result:
        """``run(argument)`` with room on the stack for the many calls it makes, unless there is already."""
        if self._roomy:
            return run(argument)
        self._roomy = True
        try:
            return with_room(run, argument)
        finally:
            self._roomy = False

    def text(self, length: int) -> None:
        """Pay for reading or copying a string of ``length`` characters."""
        if length > 63:
            self.charge(length >> 6)

    def new_text(self, length: int) -> None:
        """Pay for a string of ``length`` characters; refuses one that is too long."""
        if length > 31:
            if length > MAX_TEXT:
                raise ExpressionError(f"the text would be longer than {MAX_TEXT} characters")
            self.charge(length >> 5)

    def wide(self, text: str) -> str:
        """Pay for what a string takes beyond one byte a character; gives it back."""
        if not text.isascii():
            self.charge(len(text) >> 4)
        return text

    def new_items(self, count: int) -> None:
        """Pay for a list or map of ``count`` elements; refuses one that is too large."""
        if count > MAX_ITEMS:
            raise ExpressionError(f"the list would be longer than {MAX_ITEMS} elements")
        self.charge(count)

    def search(self, length: int, needle: int) -> None:
        """Pay for finding ``needle`` characters in ``length``.

        Python searches long texts in linear time, but shorter ones with a loop that can visit every pair.
        """
        pairs = length * min(needle, 100) if length < 30_000 else 0
        self.charge((length >> 6) + (pairs >> 8))
