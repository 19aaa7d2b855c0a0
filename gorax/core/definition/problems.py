"""What is wrong with a definition, and where: every problem has a place that an editor can jump to."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches

from pydantic import BaseModel, ConfigDict

from gorax.core.errors import Invalid

MAX_PROBLEMS = 50
"""Problems of one definition that are told; whoever has more sees the rest after fixing these."""

_SHOWN = 60
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


class Problem(BaseModel):
    """One thing that is wrong, or suspicious, at one place."""

    model_config = ConfigDict(frozen=True)

    pointer: str
    """JSON pointer into the definition; empty for the definition itself."""
    message: str
    column: int | None = None
    """In the text at that place, from 1, where an expression is at fault."""

    def __str__(self) -> str:
        column = "" if self.column is None else f" (column {self.column})"
        return one_line(f"definition{self.pointer}: {self.message}{column}")


class InvalidDefinition(Invalid):
    """A definition that cannot be accepted. `problems` holds the first of its problems, at least one."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = list(problems[:MAX_PROBLEMS])
        more = len(self.problems) - 1
        rest = f" (and {more} more problem{'s' if more > 1 else ''})" if more else ""
        super().__init__(f"{self.problems[0]}{rest}")


class Findings:
    """Collects problems in the order in which they are found, and ends the search when there are enough."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self._closed: list[str] = []

    def close(self, pointer: str) -> None:
        """Note nothing more at this place and inside it: what is wrong there is told."""
        self._closed.append(pointer)

    def within(self, *pointers: str) -> bool:
        """Whether there is a problem at one of these places, or inside it."""
        return any(is_within(problem.pointer, pointer) for problem in self.problems for pointer in pointers)

    def add(self, pointer: str, message: str, column: int | None = None) -> None:
        """Note one problem. Raises `InvalidDefinition` with the last one that is told."""
        if any(is_within(pointer, closed) for closed in self._closed):
            return
        self.problems.append(Problem(pointer=pointer, message=message, column=column))
        if len(self.problems) >= MAX_PROBLEMS:
            raise InvalidDefinition(self.problems)

    def settle(self) -> None:
        """Raises `InvalidDefinition` when there is any problem."""
        if self.problems:
            raise InvalidDefinition(self.problems)


def one_line(text: str) -> str:
    """The text with its control characters written out, so that it cannot forge a line of a log."""
    return _CONTROL.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def join(pointer: str, *parts: str | int) -> str:
    """The JSON pointer of something inside of what `pointer` names."""
    return pointer + "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in parts)


def keys_of(pointer: str) -> list[str]:
    """The parts of a JSON pointer."""
    return [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]


def is_within(pointer: str, outer: str) -> bool:
    """Whether a place is this one, or inside it."""
    return pointer == outer or pointer.startswith(f"{outer}/")


def quoted(value: object) -> str:
    """A value as a message shows it: JSON, on one line, cut where it is long."""
    if isinstance(value, Mapping):
        return "an object"
    if isinstance(value, list | tuple):
        return "a list"
    cut = value[: _SHOWN + 1] if isinstance(value, str) else value
    shown = json.dumps(cut, ensure_ascii=False, default=str)
    return one_line(shown if len(shown) <= _SHOWN + 2 else f"{shown[:_SHOWN]}…")


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """`; did you mean 'url'?`, or, where nothing is close, what there is: `; there are body, url`."""
    names = sorted(known)
    if not names:
        return ""
    if len(name) <= 64 and (close := get_close_matches(name, names, n=1, cutoff=0.6)):
        return f"; did you mean '{close[0]}'?"
    rest = ", …" if len(names) > 12 else ""
    return f"; there {'are' if len(names) > 1 else 'is only'} {', '.join(names[:12])}{rest}"
