"""The directory with all state of one instance, held by one supervisor at a time."""

import errno
import fcntl
import os
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from gorax.settings import DATABASE_URL_FILE

SUPERVISOR_LOCK = "supervisor.lock"
PARTS_LOCK = "parts.lock"
ROTATE_BYTES = 10_000_000
"""A log larger than this is set aside when its part starts a new day's work; one older log is kept."""
HANDOVER_SECONDS = 12.0
"""How long to wait for what a killed supervisor left to be stopped by its guard."""


class DataDirectoryError(Exception):
    """The directory cannot be used; the message says why and what to change."""


class DataDirectory:
    """An instance's state: servers' data, logs, and the address of the database while it runs.

    A context manager: entering it makes the directory and takes it. There are two locks, which the kernel
    frees with their holders: one of the supervisor alone, and one that its guard holds too, until all parts
    are stopped.
    """

    def __init__(self, path: Path) -> None:
        """Name the directory; nothing is made yet."""
        self.path = path.resolve()
        self.shown = path
        """As the user wrote it."""
        self._locks: list[int] = []

    def __enter__(self) -> Self:
        """Take the directory.

        Raises `DataDirectoryError` when another supervisor has it or it cannot be written.
        """
        try:
            # Root's PostgreSQL runs as another user, who must be able to pass through.
            self.path.mkdir(parents=True, exist_ok=True, mode=0o711 if os.geteuid() == 0 else 0o700)
            (self.path / "logs").mkdir(exist_ok=True, mode=0o700)
            for name in (SUPERVISOR_LOCK, PARTS_LOCK):
                self._locks.append(os.open(self.path / name, os.O_RDWR | os.O_CREAT, 0o600))
        except OSError as error:
            self._release()
            reason = f"{error.filename}: {error.strerror}"
            raise DataDirectoryError(f"{reason}. Choose another directory with GORAX_DATA_DIR") from None
        self._take()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.publish_database(None)
        self._release()

    @property
    def parts_lock(self) -> int:
        """The descriptor to be held by whoever still has parts to stop."""
        return self._locks[1]

    def log(self, name: str) -> Path:
        """The log file of a part."""
        return self.path / "logs" / f"{name}.log"

    def rotate(self, name: str) -> None:
        """Set a part's log aside if it has grown large."""
        log = self.log(name)
        if log.exists() and log.stat().st_size > ROTATE_BYTES:
            log.replace(log.with_suffix(".log.1"))

    def publish_database(self, url: str | None) -> None:
        """Let commands started by hand find the running database; None takes the address back."""
        file = self.path / DATABASE_URL_FILE
        if url is None:
            file.unlink(missing_ok=True)
            return
        written = file.with_suffix(".new")
        written.write_text(f"{url}\n")
        written.chmod(0o600)
        written.replace(file)

    def _take(self) -> None:
        supervisor, parts = self._locks
        if not _locked(supervisor):
            holder = os.pread(supervisor, 20, 0).decode().strip()
            self._release()
            raise DataDirectoryError(
                f"{self.shown} is in use by another `make dev` (pid {holder}): stop that one, "
                "or run beside it with another GORAX_DATA_DIR and other ports"
            )
        os.ftruncate(supervisor, 0)
        os.pwrite(supervisor, f"{os.getpid()}\n".encode(), 0)
        end = time.monotonic() + HANDOVER_SECONDS
        while not _locked(parts):
            if time.monotonic() > end:
                self._release()
                raise DataDirectoryError(f"what a killed `make dev` left in {self.shown} does not end")
            time.sleep(0.05)

    def _release(self) -> None:
        while self._locks:
            os.close(self._locks.pop())


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno not in {errno.EAGAIN, errno.EACCES}:
            raise
        return False
    return True
