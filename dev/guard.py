"""Stops what is still running when the supervisor is gone, however it went.

The guard is a small process that reads a pipe whose other end only the supervisor holds. The supervisor
writes down every process it starts; when the pipe ends, which also `kill -9` brings about, the guard stops
what is written there. It works the same on Linux and macOS and reaches the children of parts through their
process groups. It runs as a script, outside the terminal's session, so that Ctrl-C does not reach it.

One message a line: `+ PID STOP_SIGNAL KILL_SIGNAL` and `- PID`.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

GRACE = 3.0
"""Seconds that the parts get to stop by themselves."""
LAST_GRACE = 2.0
"""Seconds after the second, harder signal."""


class Charge(NamedTuple):
    """A process to stop: with `stop_signal` first, with `kill_signal` if that does not help."""

    pid: int
    stop_signal: int
    kill_signal: int


class Guard:
    """The supervisor's end: starts the guard process and tells it what to look after."""

    def __init__(self, *, keep_open: Sequence[int] = ()) -> None:
        """Start the guard; it holds the file descriptors `keep_open` (locks) until all is stopped."""
        self._keep_open = tuple(keep_open)
        self._charges: dict[int, Charge] = {}
        self._process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-I", "-S", __file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            pass_fds=self._keep_open,
            cwd="/",
            start_new_session=True,
        )

    def watch(self, pid: int, stop_signal: int, kill_signal: int) -> None:
        """Have the process group `pid` stopped if this process should end first."""
        self._charges[pid] = Charge(pid, stop_signal, kill_signal)
        self._tell(f"+ {pid} {int(stop_signal)} {int(kill_signal)}\n")

    def forget(self, pid: int) -> None:
        """The process group `pid` has ended."""
        if self._charges.pop(pid, None):
            self._tell(f"- {pid}\n")

    def close(self) -> None:
        """End the guard; it stops first whatever was not forgotten."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        self._process.wait(GRACE + 2 * LAST_GRACE)

    def _tell(self, message: str) -> None:
        try:
            self._write(message)
        except BrokenPipeError:
            # Somebody killed the guard: the next one learns of everything that runs now.
            self._process.wait()
            self._process = self._start()
            for charge in self._charges.values():
                self._write(f"+ {charge.pid} {int(charge.stop_signal)} {int(charge.kill_signal)}\n")

    def _write(self, message: str) -> None:
        pipe = self._process.stdin
        assert pipe is not None
        pipe.write(message.encode())
        pipe.flush()


def listen(lines: Iterable[str]) -> list[Charge]:
    """Follow the supervisor's messages to their end; returns what was running then."""
    charges: dict[int, Charge] = {}
    for line in lines:
        verb, *numbers = line.split()
        if verb == "+":
            charge = Charge(*map(int, numbers))
            charges[charge.pid] = charge
        else:
            charges.pop(int(numbers[0]), None)
    return list(charges.values())


def stop_all(charges: Sequence[Charge]) -> None:
    """Stop every process of `charges` and every member of their groups."""
    _signal(charges, lambda charge: os.kill(charge.pid, charge.stop_signal))
    left = _wait(charges, GRACE)
    _signal(left, lambda charge: os.kill(charge.pid, charge.kill_signal))
    _wait(left, LAST_GRACE)
    # Children that outlived their part are still members of its group.
    _signal(charges, lambda charge: os.killpg(charge.pid, signal.SIGKILL))


def _signal(charges: Sequence[Charge], send: Callable[[Charge], None]) -> None:
    for charge in charges:
        try:
            send(charge)
        except (ProcessLookupError, PermissionError):
            continue  # it has ended; on macOS a zombie answers EPERM


def _wait(charges: Sequence[Charge], seconds: float) -> list[Charge]:
    end = time.monotonic() + seconds
    left = [charge for charge in charges if alive(charge.pid)]
    while left and time.monotonic() < end:
        time.sleep(0.05)
        left = [charge for charge in left if alive(charge.pid)]
    return left


def alive(pid: int) -> bool:
    """Whether a process runs; one that has ended and only waits to be reaped does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    if sys.platform != "linux":
        return True
    try:
        with open(f"/proc/{pid}/stat", "rb") as status:  # noqa: PTH123  (pathlib takes long to import here)
            return status.read().rpartition(b")")[2].split()[0] != b"Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def main() -> None:
    """Look after what the supervisor writes on standard input; only the end of the supervisor ends this."""
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    stop_all(listen(sys.stdin))


if __name__ == "__main__":
    main()
