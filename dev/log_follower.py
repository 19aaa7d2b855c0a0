"""Shows on the terminal what goes wrong in the logs of our own processes."""

import asyncio
import re
from collections.abc import Callable, Iterator
from pathlib import Path

INTERVAL = 0.3
READ_BYTES = 200_000
"""At most so much of one log is looked at in one interval; the file has the rest."""
LINE_LIMIT = 500
TROUBLE = re.compile(
    r"""\b(?:WARNING|ERROR|CRITICAL|FATAL)\b | \[(?:warning|error|critical)\s*\]
      | "level":\s*"(?:warning|error|critical)" """,
    re.VERBOSE,
)
"""A log line at warning or above, in the forms that Python programs write it."""


class LogFollower:
    """Follows log files from their present ends and shows new lines: all, or those that are trouble."""

    def __init__(self, logs: dict[str, Path], show: Callable[[str, str], None], *, everything: bool) -> None:
        """Follow `logs`, given by name; `show` gets a name and a line."""
        self._logs = logs
        self._show = show
        self._everything = everything
        self._positions = {name: path.stat().st_size if path.exists() else 0 for name, path in logs.items()}

    async def run(self) -> None:
        """Follow until cancelled."""
        while True:
            self.look()
            await asyncio.sleep(INTERVAL)

    def look(self) -> None:
        """Show what is new since the last look."""
        for name, path in self._logs.items():
            for line in self._new_lines(name, path):
                if self._everything or TROUBLE.search(line):
                    self._show(name, line[:LINE_LIMIT])

    def _new_lines(self, name: str, path: Path) -> Iterator[str]:
        position = self._positions[name]
        if not path.exists() or path.stat().st_size <= position:
            return
        with path.open("rb") as file:
            file.seek(position)
            text = file.read(READ_BYTES)
        # A line that is still being written is left for the next look, unless it never ends.
        whole = text[: text.rfind(b"\n") + 1] or (text if len(text) == READ_BYTES else b"")
        self._positions[name] = position + len(whole)
        yield from whole.decode(errors="replace").splitlines()
