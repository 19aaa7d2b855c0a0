"""Hands accepted executions to Temporal, and goes on trying for those that it did not get.

Every API process runs one; row locks that others skip keep them out of each other's way.
"""

import asyncio
from collections import OrderedDict
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import structlog

from api.services.definitions import action_form
from gorax.core.actions.catalogue import full_catalogue
from gorax.core.actions.declaration import EffectTraits
from gorax.core.contracts import Bounds, Closing, ExecutionRequest
from gorax.core.definition import all_actions, load_definition
from gorax.core.errors import ErrorInfo, ErrorType, Invalid, Unavailable
from gorax.engine.client import Engine
from gorax.settings import Settings
from gorax.store.execution_index import ExecutionIndex
from gorax.store.session import Database
from gorax.store.tables import Execution

LOOK_SECONDS = 1.0
"""Between two looks for executions that wait to be started."""
PATIENCE = timedelta(seconds=3)
"""How long a row may be left to the request that accepted it."""
BATCH = 100
CONCURRENT_STARTS = 20
MARK_SECONDS = 0.1
"""Rows that were started are marked together, this often."""
KNOWN_VERSIONS = 1_000

log = structlog.get_logger(__name__)


class Dispatcher:
    """Starts executions, at once or later."""

    def __init__(self, database: Database, engine: Engine, settings: Settings) -> None:
        self._database = database
        self._engine = engine
        self._bounds = Bounds(step_output_bytes=settings.limits.step_output_bytes)
        self._started: list[str] = []

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
        timeout, traits, actions = _steering(row.workflow_id, row.version, definition)
        request = ExecutionRequest(
            tenant_id=row.tenant_id,
            execution_id=row.id,
            workflow_id=row.workflow_id,
            workflow_name=row.workflow_name,
            version=row.version,
            definition=actions,
            trigger=row.trigger,
            accepted_at=row.accepted_at,
            traits=traits,
            bounds=self._bounds,
        )
        await self._engine.start(request, priority=row.priority, timeout=timeout)
        self._started.append(row.id)

    async def run(self) -> None:
        """Look for waiting executions until cancelled."""
        await asyncio.gather(self._mark_for_ever(), self._look_for_ever())

    async def mark(self) -> None:
        """Mark what was started. Loses nothing when it fails: starting again is the same as once."""
        started, self._started = self._started, []
        if not started:
            return
        try:
            async with self._database.session() as session:
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

    async def _look_for_ever(self) -> None:
        prepared = False
        while True:
            full = False
            try:
                if not prepared:
                    await self._engine.prepare()
                    prepared = True
                full = await self._look()
            except Unavailable as error:
                log.warning("waiting executions stay waiting", reason=str(error))
                prepared = False  # a server that lost its state has to be prepared again
            except Exception:
                # Without a dispatcher accepted executions would wait for ever: it outlives its errors.
                log.exception("the dispatcher failed and goes on")
            if not full:
                await asyncio.sleep(LOOK_SECONDS)

    async def _look(self) -> bool:
        """Start what waits; True when there may be more."""
        now = datetime.now(UTC)
        async with self._database.session() as session:
            # The locks last until the marks are committed, so that no other process starts the same rows.
            index = ExecutionIndex(session)
            waiting = await index.pending(now - PATIENCE, BATCH)
            if not waiting:
                return False
            await self._engine.ping(timeout=2)
            slots = asyncio.Semaphore(CONCURRENT_STARTS)

            async def start(row: Execution, definition: dict[str, Any]) -> Exception | None:
                async with slots:
                    try:
                        await self._start(row, definition)
                    except Exception as error:
                        return error
                return None

            errors = await asyncio.gather(*(start(*item) for item in waiting))
            outcomes = [(row, error) for (row, _), error in zip(waiting, errors, strict=True)]
            await index.mark_started([row.id for row, error in outcomes if error is None])
            # Those that were not taken go to the back, so that others have their turn.
            await index.mark_checked([row.id for row, error in outcomes if error is not None], now)
            await session.commit()
        log.info("started executions that were waiting", count=errors.count(None))
        for row, error in outcomes:
            if error is not None and not isinstance(error, Unavailable):
                await self._refuse(row, error)
        if postponed := next((error for error in errors if isinstance(error, Unavailable)), None):
            raise postponed
        return len(waiting) == BATCH

    async def _refuse(self, row: Execution, error: Exception) -> None:
        """End an execution that can never be started, so that it does not wait for ever."""
        log.error("an execution cannot be started", execution_id=row.id, exc_info=error)
        reason = str(error) if isinstance(error, Invalid) else "its definition cannot be read"
        async with self._database.session() as session:
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


class _Steering(NamedTuple):
    timeout: float
    traits: dict[str, EffectTraits]
    definition: dict[str, Any]
    """In the action form."""


# A version never changes, so what follows from its definition is worked out once.
_KNOWN: OrderedDict[tuple[str, int], _Steering] = OrderedDict()


def _steering(workflow_id: str, version: int, definition: dict[str, Any]) -> _Steering:
    key = (workflow_id, version)
    known = _KNOWN.get(key)
    if known is None:
        actions = action_form(definition)
        loaded = load_definition(actions)
        types = {action.type for _, action in all_actions(loaded, full_catalogue())}
        known = _KNOWN[key] = _Steering(loaded.timeout, dict(full_catalogue().traits(types)), actions)
        if len(_KNOWN) > KNOWN_VERSIONS:
            _KNOWN.popitem(last=False)
    return known
