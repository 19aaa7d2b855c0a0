"""The supervisor with small programs for parts: `python -m tests.support.cheap_supervisor DIRECTORY STAGES`.

STAGES is JSON: a list of stages, each a list of parts as `CheapPart` has them. All else is as in `make dev`.
"""

import asyncio
import json
import sys
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

from dev.data_directory import DataDirectory, DataDirectoryError
from dev.guard import Guard
from dev.keeper import Keeper
from dev.parts import Part
from dev.supervisor import Stage, Supervisor
from dev.terminal import Terminal


@dataclass(frozen=True)
class CheapPart:
    """A Python program as a part; its directory is the data directory."""

    name: str
    code: str
    once: bool = False
    grace: float = 4.0


def command(directory: Path, *stages: list[CheapPart]) -> list[str]:
    """The command line that supervises these parts."""
    described = json.dumps([[asdict(part) for part in stage] for stage in stages])
    return [sys.executable, "-m", "tests.support.cheap_supervisor", str(directory), described]


def _stage(parts: list[CheapPart], directory: Path) -> Stage:
    return Stage(
        parts=tuple(
            Part(
                name=part.name,
                # The last argument is not read: it marks the process as one of this instance.
                command=(sys.executable, "-S", "-c", part.code, str(directory)),
                directory=directory,
                grace=part.grace,
            )
            for part in parts
        ),
        once=parts[0].once,
    )


async def _supervise(stages: list[list[CheapPart]], data: DataDirectory, guard: Guard) -> int:
    terminal = Terminal()
    keep = partial(Keeper, data=data, guard=guard, terminal=terminal)
    supervisor = Supervisor([_stage(parts, data.path) for parts in stages], keep, terminal)
    return await supervisor.run(lambda: terminal.say("all ready"))


def main() -> int:
    """Supervise what the arguments say; the exit code is the supervisor's."""
    directory, described = sys.argv[1:]
    stages = [[CheapPart(**part) for part in stage] for stage in json.loads(described)]
    try:
        with DataDirectory(Path(directory)) as data:
            guard = Guard(keep_open=[data.parts_lock])
            try:
                return asyncio.run(_supervise(stages, data, guard))
            finally:
                guard.close()
    except DataDirectoryError as error:
        Terminal().say(str(error))
        return 1


if __name__ == "__main__":
    sys.exit(main())
