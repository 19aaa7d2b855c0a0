"""What an expression may see of the world."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Environment:
    """Names in scope, and the two sources of what is not a function of them.

    ``names`` holds JSON trees; they are read, never changed, and may be passed on by reference.
    ``now`` and ``uuid`` come from the workflow, so that a replay sees what the first run saw.
    """

    names: Mapping[str, object]
    now: Callable[[], datetime]
    uuid: Callable[[], str]
