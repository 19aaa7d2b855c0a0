"""Keeps one part running: starts it, and starts it again when it dies."""

import asyncio
import time
from collections import deque
from contextlib import suppress

from dev.data_directory import DataDirectory
from dev.guard import Guard
from dev.parts import Part, PartFailed
from dev.process import Process
from dev.terminal import Style, Terminal

MOST_DEATHS = 5
WITHIN_SECONDS = 60.0
READY_SECONDS = 60.0
LOOK_SECONDS = 0.05
"""How often to look whether a part has died; a look is one system call."""
READY_LOOK_SECONDS = 0.15
"""How often to ask whether a part is ready; to ask may take a process of its own."""


class Keeper:
    """One part and its present process."""

    def __init__(self, part: Part, data: DataDirectory, guard: Guard, terminal: Terminal) -> None:
        """Describe the keeper; `run` starts the part."""
        self.part = part
        self.ready = asyncio.Event()
        """Set once the part does its work for the first time."""
        self._data = data
        self._guard = guard
        self._terminal = terminal
        self._process: Process | None = None
        self._begun = 0.0

    async def run(self) -> None:
        """Keep the part running until cancelled.

        Raises `PartFailed` when it has died five times within a minute.
        """
        deaths: deque[float] = deque(maxlen=MOST_DEATHS)
        self._data.rotate(self.part.name)
        while True:
            process = await self._start()
            await self._announce_ready(process)
            await _end_of(process)
            deaths.append(time.monotonic())
            if len(deaths) == MOST_DEATHS and deaths[-1] - deaths[0] < WITHIN_SECONDS:
                raise PartFailed(
                    f"{self.part.name} died {MOST_DEATHS} times within a minute ({process.death()}); "
                    f"its log is {self._data.log(self.part.name)}"
                )
            self._terminal.state(self.part.name, f"died ({process.death()}); restarting", Style.bad)

    async def run_once(self) -> None:
        """Run the part to its end.

        Raises `PartFailed` when its exit code is not 0.
        """
        process = await self._start()
        await _end_of(process)
        if process.poll() != 0:
            log = self._data.log(self.part.name)
            raise PartFailed(f"{self.part.name} failed ({process.death()}); its log is {log}")
        self._terminal.state(self.part.name, f"done in {self._age()}", Style.good)

    async def stop(self, hurry: asyncio.Event) -> None:
        """End the part if it runs: gently, unless `hurry` is set meanwhile."""
        process = self._process
        if process is None or process.poll() is not None:
            return
        process.send(self.part.stop_signal)
        ended = asyncio.create_task(_end_of(process))
        hurried = asyncio.create_task(hurry.wait())
        await asyncio.wait({ended, hurried}, timeout=self.part.grace, return_when=asyncio.FIRST_COMPLETED)
        hurried.cancel()
        if not ended.done():
            process.send(self.part.kill_signal)
            with suppress(TimeoutError):
                await asyncio.wait_for(ended, 3)
        # At last without a choice; it is at once gone, or nothing can end it.
        if process.poll() is None:
            process.kill()

    async def _start(self) -> Process:
        self._begun = time.monotonic()
        await asyncio.to_thread(self.part.prepare)
        self._process = Process(self.part, self._data.log(self.part.name), self._guard)
        return self._process

    async def _announce_ready(self, process: Process) -> None:
        said = False
        while process.poll() is None:
            if await asyncio.to_thread(self.part.ready, process.pid):
                self._terminal.state(self.part.name, f"ready after {self._age()}", Style.good)
                self.ready.set()
                return
            if not said and time.monotonic() - self._begun > READY_SECONDS:
                said = True
                log = self._data.log(self.part.name)
                self._terminal.state(self.part.name, f"is still not ready; its log is {log}", Style.bad)
            await asyncio.sleep(READY_LOOK_SECONDS)

    def _age(self) -> str:
        return f"{time.monotonic() - self._begun:.1f} s"


async def _end_of(process: Process) -> None:
    while process.poll() is None:  # noqa: ASYNC110  (the kernel has no event for this that macOS shares)
        await asyncio.sleep(LOOK_SECONDS)
