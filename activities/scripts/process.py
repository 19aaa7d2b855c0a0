"""A supervisor as the worker sees it."""

import asyncio
import os
import signal
import time
from contextlib import suppress
from subprocess import PIPE
from typing import Self, cast

import orjson
from pydantic import ValidationError

from activities.scripts.child.frames import HEADER, Ending, Ready
from activities.scripts.job import Failure, Job, Outcome
from activities.scripts.launch import ENVIRONMENT, Launch

START_SECONDS = 20.0
STOP_SECONDS = 2.0
OVERTIME_SECONDS = 2.0
"""After which a supervisor whose child ran out of time is itself taken for stuck: twice what the child is given."""
MAX_REPLY_BYTES = 16 << 20
"""Three bytes for every character of the largest result, and the logs, with room to spare."""


class ScriptProcessLost(Exception):
    """A supervisor did not start, broke its protocol, or went away."""


class ScriptProcess:
    """One supervisor; it runs one job at a time."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdin
        assert process.stdout
        self._process = process
        self._stdin = process.stdin
        self._stdout = process.stdout
        self.jobs = 0
        """Begun so far."""
        self.unprivileged = False

    @classmethod
    async def start(cls, launch: Launch) -> Self:
        """A supervisor that is ready. Raises `ScriptProcessLost`."""
        try:
            process = await asyncio.create_subprocess_exec(
                *launch.command,
                stdin=PIPE,
                stdout=PIPE,
                stderr=PIPE,
                env=ENVIRONMENT,
                cwd="/",
                # A group of its own: ended as a whole, and not by the terminal's Ctrl-C.
                start_new_session=True,
            )
        except OSError as error:
            raise ScriptProcessLost(f"{launch.command[0]} cannot be started: {error}") from error
        started = cls(process)
        try:
            async with asyncio.timeout(START_SECONDS):
                ready = cast(Ready, orjson.loads(await started._frame()))
        except (EOFError, TimeoutError, ValueError) as error:
            await started.kill()
            raise ScriptProcessLost(f"{launch.command[0]} did not start: {await started._said()}") from error
        except BaseException:
            await started.kill()
            raise
        started.unprivileged = ready["unprivileged"]
        return started

    @property
    def pid(self) -> int:
        """Of the process that was started, and of its group."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it can take a job."""
        return self._process.returncode is None and not self._stdout.at_eof()

    async def run(self, job: Job) -> Outcome:
        """The outcome of a job. Raises `ScriptProcessLost`; then, and when cancelled, the supervisor is dead."""
        self.jobs += 1
        try:
            async with asyncio.timeout(job.seconds + OVERTIME_SECONDS):
                self._stdin.write(job.encoded(time.monotonic() + job.seconds))
                # A child that died early leaves the rest of its job unread; then the answer says so.
                with suppress(ConnectionError):
                    await self._stdin.drain()
                reply, ending = await self._answer()
        except TimeoutError:
            await self.kill()
            return Outcome(error=Failure(kind="timeout"))
        except (EOFError, ValueError) as error:
            await self.kill()
            raise ScriptProcessLost("the process that runs scripts went away") from error
        except BaseException:
            await self.kill()
            raise
        return _outcome(reply, ending["exit_code"])

    async def stop(self) -> None:
        """End it while it has nothing to do, so that it can clear up after itself."""
        self._stdin.close()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._process.wait(), STOP_SECONDS)
        await self.kill()

    async def kill(self) -> None:
        """End it and all that it started, at once."""
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self._stdin.close()
        await self._process.wait()

    async def _answer(self) -> tuple[bytes, Ending]:
        reply = bytearray()
        while piece := await self._frame():
            reply += piece
            if len(reply) > MAX_REPLY_BYTES:
                raise EOFError
        return bytes(reply), cast(Ending, orjson.loads(await self._frame()))

    async def _frame(self) -> bytes:
        (size,) = HEADER.unpack(await self._stdout.readexactly(HEADER.size))
        return await self._stdout.readexactly(size)

    async def _said(self) -> str:
        assert self._process.stderr
        return (await self._process.stderr.read(65_536))[-500:].decode(errors="replace").strip()


def _outcome(reply: bytes, exit_code: int) -> Outcome:
    if exit_code == os.EX_OK:
        try:
            return Outcome.model_validate(orjson.loads(reply))
        except orjson.JSONDecodeError as error:
            # The engine writes JSON, so what cannot be read is too large a number, or a name that is no text.
            return _unreadable(error.msg)
        except ValidationError:
            return _unreadable("the script changed how values are written, as toJSON of a prototype does")
    if exit_code in (-signal.SIGALRM, -signal.SIGXCPU):
        return Outcome(error=Failure(kind="timeout"))
    if exit_code == os.EX_OSERR:
        return Outcome(error=Failure(kind="memory"))
    how = f"exit code {exit_code}" if exit_code > 0 else signal.Signals(-exit_code).name
    return Outcome(error=Failure(kind="crash", message=how))


def _unreadable(why: str) -> Outcome:
    return Outcome(error=Failure(kind="script", message=f"the result cannot be read: {why}"[:500]))
