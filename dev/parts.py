"""What a part is: a program that is kept running."""

import os
import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
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
    stop_signal: signal.Signals = signal.SIGTERM
    kill_signal: signal.Signals = signal.SIGKILL
    """What stops it when `stop_signal` did not in time."""
    grace: float = 4.0
    """Seconds that it gets between the two."""
    prepare: Callable[[], None] = _nothing
    """Called before each start, in a thread of its own; may take seconds."""
    ready: Callable[[int], bool] = _always
    """Whether the part with this pid does its work by now; asked repeatedly until it does."""
