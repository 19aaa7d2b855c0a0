"""The worker's supervisors: started when first needed, kept warm, as many as there are processors."""

import asyncio
import math
import os
import time
from dataclasses import replace

import structlog

from activities.scripts.job import Job, Outcome
from activities.scripts.launch import Launch
from activities.scripts.process import ScriptProcess, ScriptProcessLost
from gorax.core.actions.declaration import Resource
from gorax.core.errors import ErrorType, StepError
from gorax.settings import Settings

MAX_PROCESSES = max(2, os.cpu_count() or 2)
"""Scripts that run at a time; further ones wait their turn."""
MAX_JOBS = 1_000
"""After which a supervisor is replaced, so that none grows old."""

log = structlog.get_logger(__name__)


class ScriptPool(Resource):
    """Runs scripts, each in a process of its own."""

    def __init__(self, settings: Settings) -> None:
        del settings  # every resource is built alike
        self._slots = asyncio.Semaphore(MAX_PROCESSES)
        self._idle: list[ScriptProcess] = []
        self._choosing = asyncio.Lock()
        self._launch: Launch | None = None

    async def run(self, job: Job, within: float | None = None) -> Outcome:
        """The outcome of a job; `within` are the seconds that it may take with its waiting.

        Raises `StepError`: `internal` when it cannot be run here, `timeout` when others left it too little time. Both
        may be tried again, which is of no use to a script that had all of its own time.
        """
        begun = time.monotonic()
        try:
            async with asyncio.timeout(within):
                await self._slots.acquire()
        except TimeoutError as error:
            raise _crowded_out(job, 0) from error
        try:
            process = await self._take()
            left = math.inf if within is None else begun + within - time.monotonic()
            given = min(job.seconds, max(left, 0))
            outcome = await process.run(replace(job, seconds=given))
            await self._give_back(process)
        except ScriptProcessLost as error:
            raise StepError(ErrorType.INTERNAL, str(error), retryable=True) from error
        finally:
            self._slots.release()
        if given < job.seconds and outcome.error is not None and outcome.error.kind == "timeout":
            raise _crowded_out(job, given)
        return outcome

    async def close(self) -> None:
        """End the supervisors that are idle; one that is busy ends with its job's cancellation."""
        while self._idle:
            await self._idle.pop().stop()

    async def _take(self) -> ScriptProcess:
        # The last one used: the others' memory may be paged out.
        while self._idle:
            process = self._idle.pop()
            if process.alive:
                return process
            await process.kill()
        if self._launch is not None:
            return await ScriptProcess.start(self._launch)
        async with self._choosing:
            return await self._first()

    async def _give_back(self, process: ScriptProcess) -> None:
        if process.jobs < MAX_JOBS and process.alive:
            self._idle.append(process)
        else:
            await process.stop()

    async def _first(self) -> ScriptProcess:
        """Start the first one, and so find out what works on this machine."""
        if self._launch is not None:
            return await ScriptProcess.start(self._launch)
        *better, last = Launch.candidates()
        for launch in better:
            try:
                return self._chosen(launch, await ScriptProcess.start(launch))
            except ScriptProcessLost as error:
                log.warning("scripts run without bubblewrap", reason=str(error))
        return self._chosen(last, await ScriptProcess.start(last))

    def _chosen(self, launch: Launch, process: ScriptProcess) -> ScriptProcess:
        self._launch = launch
        log.info("scripts can run", bubblewrap=launch.wrapped, unprivileged=process.unprivileged)
        return process


def _crowded_out(job: Job, given: float) -> StepError:
    message = f"other scripts left this one {given:.1f} s of its {job.seconds:g} s"
    return StepError(ErrorType.TIMEOUT, message, retryable=True)
