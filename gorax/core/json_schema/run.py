"""One check of one value: what it may cost, and what it finds."""

from collections.abc import Hashable
from typing import Any, NamedTuple

MAX_STEPS = 200_000
"""Keywords and elements that one check may look at."""
MAX_DEPTH = 120
"""Schemas, and values inside each other, that one check may be in at a time."""
MAX_VIOLATIONS = 20
"""Violations that are told."""


class Violation(NamedTuple):
    """Something in the value that the schema does not allow."""

    pointer: str
    message: str


class Ended(Exception):
    """There are enough violations, or the check has cost enough."""


class Run:
    """One check: counts its cost and collects its findings."""

    __slots__ = ("_depth", "_left", "complete", "path", "probing", "violations")

    def __init__(self, steps: int = MAX_STEPS) -> None:
        self.path: list[str | int] = []
        """Where in the value the check is."""
        self.probing = 0
        """Above 0 while only the answer counts, as in `not`: then nothing is noted."""
        self.violations: list[Violation] = []
        self.complete = True
        """Whether it did not have to be given up for its cost."""
        self._left = steps
        self._depth = 0

    def spend(self, steps: int) -> None:
        """Count work. Raises `Ended` when it was too much."""
        self._left -= steps
        if self._left < 0:
            self.complete = False
            self._end("takes too long to check against the schema")

    def enter(self) -> None:
        """Go one level deeper. Raises `Ended` when that is too deep."""
        self._depth += 1
        self.spend(1)
        if self._depth > MAX_DEPTH:
            self._end("is nested too deeply to be checked, or the schema refers to itself without end")

    def leave(self) -> None:
        """Come back up."""
        self._depth -= 1

    def fail(self, message: str) -> bool:
        """Note a violation at the current place; always false. Raises `Ended` when there are enough."""
        if not self.probing:
            self.violations.append(Violation(self.pointer(), message))
            if len(self.violations) >= MAX_VIOLATIONS:
                raise Ended
        return False

    def pointer(self) -> str:
        """The current place as a JSON pointer."""
        return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in self.path)

    def _end(self, message: str) -> None:
        self.violations.append(Violation(self.pointer(), message))
        raise Ended

    def canonical(self, value: Any) -> Hashable:
        """A form that is equal exactly when two JSON values are: 1 and 1.0 are, 1 and true are not."""
        self.enter()
        form: Hashable
        if isinstance(value, dict):
            form = ("{}", frozenset((key, self.canonical(item)) for key, item in value.items()))
        elif isinstance(value, list):
            form = ("[]", tuple(self.canonical(item) for item in value))
        elif isinstance(value, bool):
            form = ("?", value)
        else:
            form = value
        self.leave()
        return form
