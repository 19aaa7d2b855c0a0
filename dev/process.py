"""One running part: started behind the gate, written down with the guard, its output in a file."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from dev import gate
from dev.guard import Guard
from dev.parts import Part, PartFailed

TAIL_BYTES = 4096
READY_LOOK_SECONDS = 0.05
LINE_LIMIT = 300
"""Characters of a log line that are shown in a message."""


class Process:
    """A part that runs.

    Must be created in the main thread: on Linux the kernel stops it when the *thread* that started it ends.
    """

    def __init__(self, part: Part, log: Path, guard: Guard) -> None:
        """Start `part` with its output appended to `log`."""
        self.part = part
        self.log = log
        self._guard = guard
        self._finished = False
        account = f"{part.account.uid}:{part.account.gid}" if part.account else "-"
        at_the_gate = (str(os.getpid()), account, str(int(part.stop_signal)), str(part.niceness))
        with log.open("ab") as output:
            self._log_start = output.tell()
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-S", gate.__file__, *at_the_gate, *part.command],
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=output,
                cwd=part.directory,
                env=dict(part.environment),
                umask=0o077,
                start_new_session=True,
            )
        guard.watch(self.pid, part.stop_signal, part.kill_signal)
        gate_input = self._process.stdin
        assert gate_input is not None
        # A gate that has already ended tells why by its exit code.
        with suppress(BrokenPipeError):
            gate_input.write(b"\n")
            gate_input.flush()
        with suppress(BrokenPipeError):
            gate_input.close()

    @property
    def pid(self) -> int:
        """Its process id, and the id of its process group and session."""
        return self._process.pid

    def poll(self) -> int | None:
        """The exit code once it has ended, negative for a signal; clears away what it left in its group."""
        code = self._process.poll()
        if code is not None and not self._finished:
            self._finished = True
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, signal.SIGKILL)
            self._guard.forget(self.pid)
        return code

    def wait(self, seconds: float) -> bool:
        """Whether it has ended within `seconds`."""
        end = time.monotonic() + seconds
        while self.poll() is None:
            if time.monotonic() > end:
                return False
            time.sleep(0.01)
        return True

    def send(self, number: signal.Signals) -> None:
        """Send a signal, unless it has ended."""
        if self.poll() is None:
            self._process.send_signal(number)

    def kill(self) -> None:
        """`kill -9`, and wait until it is gone."""
        self.send(signal.SIGKILL)
        if not self.wait(5.0):
            raise PartFailed(f"{self.part.name} (pid {self.pid}) does not end")

    def stop(self) -> None:
        """End it: by its stop signal, after its grace by its kill signal, at last by SIGKILL."""
        for number, seconds in (
            (self.part.stop_signal, self.part.grace),
            (self.part.kill_signal, 5.0),
            (signal.SIGKILL, 5.0),
        ):
            self.send(number)
            if self.wait(seconds):
                return
        raise PartFailed(f"{self.part.name} (pid {self.pid}) does not end")

    def death(self) -> str:
        """Why it ended, for a person: exit code or signal, and the last line that it wrote."""
        code = self._process.returncode
        reason = f"killed by {_signal_name(-code)}" if code < 0 else f"exit code {code}"
        line = self.last_line()
        return f"{reason}: {line}" if line else reason

    def last_line(self) -> str:
        """The last line that it has written since its start; empty if none."""
        with self.log.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(self._log_start, size - TAIL_BYTES))
            lines = file.read().decode(errors="replace").split("\n")
        return next((line.strip()[:LINE_LIMIT] for line in reversed(lines) if line.strip()), "")


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def wait_until_ready(process: Process, seconds: float) -> None:
    """Block until the part does its work.

    Raises `PartFailed` when it ends before that, or when `seconds` have passed.
    """
    end = time.monotonic() + seconds
    while not process.part.ready(process.pid):
        if process.poll() is not None:
            raise PartFailed(f"{process.part.name}: {process.death()}")
        if time.monotonic() > end:
            raise PartFailed(f"{process.part.name} is not ready after {seconds:g} s: {process.last_line()}")
        time.sleep(READY_LOOK_SECONDS)


@contextmanager
def running(part: Part, log: Path, guard: Guard, *, seconds: float = 30.0) -> Iterator[Process]:
    """The part, prepared, started and ready; stopped at the end.

    Raises `PartFailed` when it is not ready within `seconds`.
    """
    part.prepare()
    process = Process(part, log, guard)
    try:
        wait_until_ready(process, seconds)
        yield process
    finally:
        process.stop()
