"""The worker's supervisors: started when first needed, kept warm, as many as there are processors."""

import asyncio
import os

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

    async def run(self, job: Job) -> Outcome:
        """The outcome of a job. Raises `StepError` of type `internal` when it cannot be run here."""
        async with self._slots:
            try:
                process = await self._take()
                outcome = await process.run(job)
            except ScriptProcessLost as error:
                raise StepError(ErrorType.INTERNAL, str(error), retryable=True) from error
            if process.jobs < MAX_JOBS and process.alive:
                self._idle.append(process)
            else:
                await process.stop()
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
