"""Hands accepted executions to Temporal, and goes on trying for those that it did not get.

Every API process runs one; row locks that others skip keep them out of each other's way. It also gives places, where
a tenant's concurrent executions are limited: those that are held are started when they have theirs.
"""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog

from api.services.looking import look_for_ever
from api.services.pace import Pace
from gorax.core.contracts import Closing, ExecutionRequest
from gorax.core.errors import Conflict, ErrorInfo, ErrorType, Invalid, Unavailable
from gorax.core.steering import Steerings
from gorax.engine.bounds import bounds_of
from gorax.engine.client import Engine
from gorax.engine.earlier import EarlierRuns
from gorax.settings import Settings
from gorax.store.execution_index import ExecutionIndex
from gorax.store.places import Places
from gorax.store.session import Database
from gorax.store.tables import Execution
from gorax.telemetry.instruments import START_SECONDS
from gorax.telemetry.tracing import resumed

LOOK_SECONDS = 1.0
"""Between two looks for executions that wait to be started."""
PATIENCE = timedelta(seconds=3)
"""How long a row may be left to the request that accepted it."""
BATCH = 100
CROWDED_BATCH = 10
"""Of those that wait, while they are started one by one."""
MARK_SECONDS = 0.1
"""Rows that were started are marked together, this often."""
GIVE_SECONDS = 0.1
"""Between two looks for free places while any execution waits for one; otherwise it is `LOOK_SECONDS`."""
BEGUN_INSIDE = frozenset({"schedule", "sub_workflow"})
"""Kinds of executions whose runs may be there before their rows."""

log = structlog.get_logger(__name__)


class Dispatcher:
    """Starts executions, at once or later."""

    def __init__(
        self,
        database: Database,
        engine: Engine,
        settings: Settings,
        steerings: Steerings,
        earlier: EarlierRuns,
        pace: Pace,
    ) -> None:
        self._database = database
        self._engine = engine
        self._steerings = steerings
        self._earlier = earlier
        self._pace = pace
        self._bounds = bounds_of(settings)
        self._started: list[str] = []
        self._prepared = False
        self._held = True
        self._next_giving = 0.0

    def hold(self) -> None:
        """An execution was accepted that waits for a place."""
        self._held = True

    async def start(self, row: Execution, definition: dict[str, Any]) -> bool:
        """Start an accepted execution. Raises `Unavailable` when Temporal does not take it now.

        Returns false when it can never be started: then it has ended as failed.
        """
        try:
            await self._start(row, definition)
        except Unavailable:
            raise
        except Exception as error:
            await self._refuse(row, error)
            return False
        return True

    async def _start(self, row: Execution, definition: dict[str, Any]) -> None:
        steering = self._steerings.of(row.workflow_id, row.version, definition)
        request = ExecutionRequest(
            tenant_id=row.tenant_id,
            execution_id=row.id,
            workflow_id=row.workflow_id,
            workflow_name=row.workflow_name,
            version=row.version,
            definition=steering.definition,
            trigger=row.trigger,
            accepted_at=row.accepted_at,
            paused=row.paused_at is not None,
            traits=dict(steering.traits),
            bounds=self._bounds,
        )
        if row.retry_of is not None:
            request.reuse = await self._earlier.results(row.tenant_id, row.retry_of, steering.definition)
        with resumed(row.traceparent), self._pace.starting():
            is_new = await self._engine.start(
                request, priority=row.priority, timeout=steering.timeout, trigger_type=row.trigger_type
            )
        if is_new:
            START_SECONDS.observe(max(0.0, (datetime.now(UTC) - row.accepted_at).total_seconds()))
        elif row.trigger_type in BEGUN_INSIDE:
            # Its run was there first, and may be waiting for the place that it was given.
            await self._engine.give_place(row.tenant_id, row.id)
        self._started.append(row.id)

    async def run(self) -> None:
        """Look for waiting executions until cancelled."""
        looking = look_for_ever(
            self._prepare_and_look,
            name=type(self).__name__,
            pause=LOOK_SECONDS,
            waiting="waiting executions stay waiting",
            failing="the dispatcher failed and goes on",
        )
        giving = look_for_ever(
            self._give,
            name=f"{type(self).__name__}.places",
            pause=GIVE_SECONDS,
            waiting="executions go on waiting for places",
            failing="giving places failed and goes on",
        )
        await asyncio.gather(self._mark_for_ever(), looking, giving)

    async def mark(self) -> None:
        """Mark what was started. Loses nothing when it fails: starting again is the same as once."""
        started, self._started = self._started, []
        if not started:
            return
        try:
            async with self._database.platform() as session:
                await ExecutionIndex(session).mark_started(started)
                await session.commit()
        except Unavailable as error:
            log.warning("started executions are marked later", reason=str(error))
            self._started = started + self._started

    async def _mark_for_ever(self) -> None:
        while True:
            await asyncio.sleep(MARK_SECONDS)
            try:
                await self.mark()
            except Exception:
                log.exception("marking failed")  # the marks are lost, and the rows are looked at again

    async def _give(self) -> bool:
        """Give the places that are free, and start what they were given to."""
        now = time.monotonic()
        if not self._held and now < self._next_giving:
            return False
        self._next_giving = now + LOOK_SECONDS
        self._held = False
        async with self._database.platform(autocommit=True) as session:
            wanted = await Places(session).wanted()
        self._held = self._held or bool(wanted)
        given = 0
        for tenant_id in wanted:
            async with self._database.platform() as session:
                given += await Places(session).give(tenant_id)
                # Committed before anything starts: whoever counts next counts these.
                await session.commit()
        while given and await self._prepare_and_look():
            pass
        return False

    async def _prepare_and_look(self) -> bool:
        if not self._prepared:
            await self._engine.prepare()
            self._prepared = True
        try:
            return await self._look()
        except Unavailable:
            self._prepared = False  # a server that lost its state has to be prepared again
            raise

    async def _look(self) -> bool:
        """Start what waits; True when there may be more."""
        now, over = datetime.now(UTC), time.monotonic() + PATIENCE.total_seconds()
        async with self._database.platform() as session:
            index = ExecutionIndex(session)
            batch = CROWDED_BATCH if self._pace.busy else BATCH
            waiting = await index.pending(now - PATIENCE, batch)
            if not waiting:
                return False
            await self._engine.ping(timeout=2)
            # Taken before they are started, so that no lock is held while Temporal is called: runs that write their
            # end would wait for it. Nobody else takes them for as long as this process may start them, and what it
            # leaves when it is killed now is found afterwards.
            await index.mark_checked([row.id for row, _ in waiting], now)
            await session.commit()

        async def start(row: Execution, definition: dict[str, Any]) -> bool | Exception:
            async with self._pace.place(row.tenant_id, row.priority):
                if time.monotonic() >= over:
                    return False
                try:
                    await self._start(row, definition)
                except Exception as error:
                    return error
            return True

        results = await asyncio.gather(*(start(*item) for item in waiting))
        log.info("started executions that were waiting", count=results.count(True))
        for (row, _), result in zip(waiting, results, strict=True):
            if isinstance(result, Exception) and not isinstance(result, Unavailable):
                await self._refuse(row, result)
        if postponed := next((result for result in results if isinstance(result, Unavailable)), None):
            raise postponed
        return len(waiting) == batch

    async def _refuse(self, row: Execution, error: Exception) -> None:
        """End an execution that can never be started, so that it does not wait for ever."""
        log.error("an execution cannot be started", execution_id=row.id, exc_info=error)
        reason = str(error) if isinstance(error, Invalid | Conflict) else "its definition cannot be read"
        async with self._database.session(row.tenant_id) as session:
            await ExecutionIndex(session).close(
                Closing(
                    tenant_id=row.tenant_id,
                    execution_id=row.id,
                    status="failed",
                    started_at=None,
                    completed_at=datetime.now(UTC),
                    error=ErrorInfo(type=ErrorType.INTERNAL, message=reason),
                )
            )
            await session.commit()
