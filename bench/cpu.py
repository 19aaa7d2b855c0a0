"""CPU time that processes have used, from /proc."""

import os
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

PROC = Path("/proc")
_TICKS = os.sysconf("SC_CLK_TCK")


class _Process(NamedTuple):
    parent: int
    seconds: float
    """Its own CPU time and that of the children it has reaped."""


def available() -> bool:
    """Whether this system tells CPU times the way Linux does."""
    return (PROC / "self" / "stat").exists()


def cpu_seconds(roots: Mapping[str, int]) -> dict[str, float]:
    """By name, the CPU time so far of the process with each pid and all its descendants."""
    processes = dict(_processes())
    children = defaultdict(list)
    for pid, process in processes.items():
        children[process.parent].append(pid)

    def total(pid: int) -> float:
        return processes[pid].seconds + sum(map(total, children[pid]))

    return {name: total(pid) for name, pid in roots.items()}


def _processes() -> Iterator[tuple[int, _Process]]:
    for directory in PROC.iterdir():
        if not directory.name.isdigit():
            continue
        try:
            status = (directory / "stat").read_bytes()
        except (FileNotFoundError, ProcessLookupError):
            continue  # it ended meanwhile
        # The name, in parentheses, may hold anything; after it: state, parent, … utime stime cutime cstime.
        fields = status.rpartition(b")")[2].split()
        yield int(directory.name), _Process(int(fields[1]), sum(map(int, fields[11:15])) / _TICKS)
