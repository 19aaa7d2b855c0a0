"""A command whose terminal a test reads, and which it may kill."""

import os
import queue
import re
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil

from dev.parts import ROOT


class Command:
    """A started command; a context manager that kills what still runs of it."""

    def __init__(
        self,
        command: Sequence[str],
        environment: Mapping[str, str] | None = None,
        directory: Path = ROOT,
    ) -> None:
        """Start it in `directory` with `environment` added to this process's."""
        self.process = subprocess.Popen(
            command,
            cwd=directory,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.lines: list[str] = []
        self._arriving: queue.Queue[str | None] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self._reader.join(10)
        if self.process.stdout is not None:
            self.process.stdout.close()

    def expect(self, pattern: str, *, seconds: float = 20.0) -> re.Match[str]:
        """The first new line that matches; fails with all output if none comes in time."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            try:
                line = self._arriving.get(timeout=left)
            except queue.Empty:
                break
            if line is None:
                break
            self.lines.append(line)
            if match := re.search(pattern, line):
                return match
        raise AssertionError(f"no line matches {pattern!r} in:\n" + "\n".join(self.lines))

    def end(self, *, seconds: float = 20.0) -> int:
        """Wait for its end and for its last line; returns its exit code."""
        code = self.process.wait(seconds)
        self._reader.join(seconds)
        while (line := self._arriving.get_nowait()) is not None:
            self.lines.append(line)
        return code

    def send(self, number: signal.Signals) -> None:
        """Send a signal to the command alone, not to its children."""
        self.process.send_signal(number)

    def children(self) -> list[psutil.Process]:
        """The processes that it has started itself."""
        return psutil.Process(self.process.pid).children()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._arriving.put(line.rstrip("\n"))
        self._arriving.put(None)


def processes_of(directory: Path) -> list[psutil.Process]:
    """Every process that has something to do with `directory`: in its arguments, or working there."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if process.status() == psutil.STATUS_ZOMBIE or process.pid == os.getpid():
                continue
            if any(str(directory) in word for word in process.cmdline()) or process.cwd().startswith(
                str(directory)
            ):
                found.append(process)
    return found


def wait_until_gone(directory: Path, *, seconds: float) -> None:
    """Fails if a process of `directory` is left after so many seconds."""
    end = time.monotonic() + seconds
    while left := processes_of(directory):
        if time.monotonic() > end:
            raise AssertionError("left behind:\n" + "\n".join(" ".join(p.cmdline()) for p in left))
        time.sleep(0.05)
