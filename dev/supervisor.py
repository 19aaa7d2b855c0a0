"""Starts the parts stage by stage, keeps them running, and stops them in the opposite order."""

import asyncio
import os
import signal
import sys
import termios
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dev.keeper import Keeper
from dev.parts import Part, PartFailed
from dev.terminal import Style, Terminal

ABANDONED_SECONDS = 0.5
"""How often to look whether anybody still waits for us."""


@dataclass(frozen=True)
class Stage:
    """Parts that start together, once the stage before is ready."""

    parts: tuple[Part, ...]
    once: bool = False
    """Commands that run to their end, not parts to keep running."""


class Supervisor:
    """Runs the stages until somebody says stop or a part cannot be kept alive."""

    def __init__(
        self, stages: Sequence[Stage], make_keeper: Callable[[Part], Keeper], terminal: Terminal
    ) -> None:
        """Describe the supervisor; `run` starts the parts."""
        self._stages = stages
        self._make_keeper = make_keeper
        self._terminal = terminal
        self._stop = asyncio.Event()
        self._hurry = asyncio.Event()
        self._started: list[list[Keeper]] = []

    async def run(self, all_ready: Callable[[], None]) -> int:
        """Run everything; calls `all_ready` once the last stage works. Returns the process's exit code."""
        self._listen_to_signals()
        keeping = asyncio.create_task(self._keep_running(all_ready))
        stop = asyncio.create_task(self._stop.wait())
        abandoned = asyncio.create_task(_abandoned())
        code = 0
        try:
            await asyncio.wait({keeping, stop, abandoned}, return_when=asyncio.FIRST_COMPLETED)
            if keeping.done():
                await keeping
            if abandoned.done():
                self._terminal.say(f"{abandoned.result()} is gone")
        except* (PartFailed, OSError) as failures:
            code = 1
            for failure in failures.exceptions:
                self._terminal.say(f"\n{failure}", Style.bad)
        finally:
            tasks = (keeping, stop, abandoned)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self._stop_all()
        return code

    async def _keep_running(self, all_ready: Callable[[], None]) -> None:
        # The group ends this whole method with the first part that cannot be kept alive.
        async with asyncio.TaskGroup() as keeping:
            for stage in self._stages:
                keepers = [self._make_keeper(part) for part in stage.parts]
                self._started.append(keepers)
                if stage.once:
                    for keeper in keepers:
                        await keeper.run_once()
                else:
                    for keeper in keepers:
                        keeping.create_task(keeper.run())
                    for keeper in keepers:
                        await keeper.ready.wait()
            all_ready()

    async def _stop_all(self) -> None:
        begun = time.monotonic()
        self._terminal.say("\nstopping everything; Ctrl-C again hurries", Style.quiet)
        for keepers in reversed(self._started):
            await asyncio.gather(*(keeper.stop(self._hurry) for keeper in keepers))
        self._terminal.say(f"stopped after {time.monotonic() - begun:.1f} s")

    def _listen_to_signals(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self._asked_to_stop)
        # `nohup make dev` means to outlive the terminal.
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
            loop.add_signal_handler(signal.SIGHUP, self._asked_to_stop)

    def _asked_to_stop(self) -> None:
        if self._stop.is_set():
            self._hurry.set()
        self._stop.set()


async def _abandoned() -> str:
    """Return who is gone without having told us to stop: `make`, when it is killed, or the terminal.

    A terminal's end is told to the leader of its session alone. That is usually a shell, which passes it on;
    `make` as the first program of a terminal does not.
    """
    parent = os.getppid()
    attended = sys.stdout.isatty() and signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN
    while True:
        if "MAKELEVEL" in os.environ and os.getppid() != parent:
            return "make"
        if attended and _hung_up():
            return "the terminal"
        await asyncio.sleep(ABANDONED_SECONDS)


def _hung_up() -> bool:
    try:
        termios.tcgetattr(sys.stdout)
    except termios.error:
        return True
    return False
