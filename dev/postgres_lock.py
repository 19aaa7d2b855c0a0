"""The lock file of a PostgreSQL server: who runs on a cluster, and what a crash left of that.

PostgreSQL refuses to start while the process named in `postmaster.pid` exists. After a reboot that number may
belong to any other program of the same user, and after the end of a supervisor it may be a server that nobody
looks after. Only the holder of the data directory's lock gets here, so neither is a server in use.
"""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from dev.guard import alive

LOCK_FILE = "postmaster.pid"
STATUS_LINE = 7
"""Index of the line that says `ready` once the server accepts connections."""
STOP_SECONDS = 5.0


class Lock(NamedTuple):
    """What a server wrote of itself."""

    pid: int
    ready: bool


def read(directory: Path) -> Lock | None:
    """The lock of the cluster in `directory`; None if there is none or it is half written."""
    try:
        lines = (directory / LOCK_FILE).read_text().split("\n")
        return Lock(int(lines[0]), len(lines) > STATUS_LINE and lines[STATUS_LINE].strip() == "ready")
    except (FileNotFoundError, ValueError):
        return None


def clear(directory: Path) -> None:
    """Stop a server that still runs on the cluster, or remove the lock that another program's pid upholds."""
    lock = read(directory)
    if lock is None or not alive(lock.pid):
        return  # PostgreSQL itself replaces the lock of a process that is gone
    if not _serves(lock.pid, directory):
        for stale in (LOCK_FILE, *(path.name for path in directory.glob(".s.PGSQL.*"))):
            (directory / stale).unlink(missing_ok=True)
        return
    for number in (signal.SIGINT, signal.SIGQUIT):
        with suppress(ProcessLookupError):
            os.kill(lock.pid, number)
        end = time.monotonic() + STOP_SECONDS
        while alive(lock.pid) and time.monotonic() < end:
            time.sleep(0.05)


def _serves(pid: int, directory: Path) -> bool:
    """Whether the process is a PostgreSQL server on this cluster."""
    if sys.platform == "linux":
        # The server works in its cluster's directory; of other users' processes this cannot be read.
        with suppress(OSError):
            return Path(f"/proc/{pid}/cwd").resolve(strict=True) == directory.resolve()
        return False
    command = subprocess.run(
        ["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
    ).stdout
    return "postgres" in command and str(directory) in command
