"""What a part is: a program that is kept running."""

import os
import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
"""The source tree, from which `python -m api` and `python -m worker` run."""


class PartFailed(Exception):
    """A part that cannot run; the message says which, why, and what to change where that is known."""


@dataclass(frozen=True)
class Account:
    """The user that a part runs as."""

    uid: int
    gid: int


def _always(_pid: int) -> bool:
    return True


def _nothing() -> None:
    return None


BACKGROUND = 5
"""The niceness of what executions run on: they are safe once accepted, while senders of requests wait for answers.
It leaves a third of an equal share; with less, Temporal would not even start beside a compiler at work."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """A program of its own: how to start it, how to see that it works, how to stop it."""

    name: str
    """The short name: in messages, and of its log file."""
    command: tuple[str, ...]
    directory: Path = ROOT
    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    account: Account | None = None
    """The user to run as; only root can choose one. None is the user of this process."""
    niceness: int = 0
    """How far it stands back when the processors have more to do than they can: 0 not at all, 19 as far as possible."""
    stop_signal: signal.Signals = signal.SIGTERM
    kill_signal: signal.Signals = signal.SIGKILL
    """What stops it when `stop_signal` did not in time."""
    grace: float = 4.0
    """Seconds that it gets between the two."""
    prepare: Callable[[], None] = _nothing
    """Called before each start, in a thread of its own; may take seconds."""
    ready: Callable[[int], bool] = _always
    """Whether the part with this pid does its work by now; asked repeatedly until it does."""

    def in_background(self) -> "Part":
        """The same, standing back behind those that somebody waits for."""
        return replace(self, niceness=BACKGROUND)
