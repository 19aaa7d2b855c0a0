"""The paths of steps: `each[17].pay.charge` is the step `charge` in `pay`, in the iteration 17 of the loop `each`."""

import re
from collections.abc import Iterator

_INDEX = re.compile(r"\[(\d+)\]")


def action_of(path: str) -> str:
    """The id of the step's action."""
    return path.rpartition(".")[2]


def parent_of(path: str) -> str | None:
    """What the step stands in: a step, or an iteration of one; None for the definition's own actions."""
    return path.rpartition(".")[0] or None


def holders_of(path: str) -> Iterator[str]:
    """The steps that a step is nested in, from the inside out."""
    while path := path.rpartition(".")[0]:
        if path.endswith("]"):
            path = path[: path.rindex("[")]
        yield path


def iterations_of(path: str) -> Iterator[tuple[str, int]]:
    """The iterations that a path stands in, or is: the loop's path and the index, from the outside in."""
    for index in _INDEX.finditer(path):
        yield path[: index.start()], int(index[1])


def is_inside(path: str, parent: str) -> bool:
    """Whether a step is nested, however deep, in a step or in an iteration of one."""
    return path.startswith((f"{parent}.", f"{parent}["))
