"""Tells runs that somebody wants them stopped, paused or resumed, and goes on telling until they know.

What is wanted is a committed column first. Whatever is killed before Temporal knows, any API process finds the row.
The run is told under the row's lock, so that nobody tells it of an older wish after a newer one.
"""

import asyncio
import time
from datetime import UTC, datetime, timedelta

import structlog

from api.services.looking import look_for_ever
from gorax.core.contracts import TERMINAL, Closing, ExecutionStatus
from gorax.core.errors import ErrorInfo, ErrorType, Unavailable
from gorax.engine.control import RunControl, closing_of
from gorax.engine.runs import Runs
from gorax.store.controls import Control, ControlQueue
from gorax.store.execution_index import ExecutionIndex
from gorax.store.session import Database

LOOK_SECONDS = 1.0
"""Between two looks for runs to tell."""
PATIENCE = timedelta(seconds=3)
"""How long a wish may be left to the request that brought it."""
SETTLED = timedelta(seconds=10)
"""After so long no start is on its way any more that was sent before a stop was asked for."""
FIRST_LOOK = timedelta(seconds=2)
LAST_LOOK = timedelta(seconds=60)
"""How soon, and how seldom at the most, a run that is being stopped is looked at."""
AWAY_SECONDS = 1.0
"""After Temporal did not answer, telling is left to the loop for so long, and callers do not wait."""
AT_ONCE = 4
"""Each holds one of the pool's connections while it calls Temporal."""
BATCH = 100

log = structlog.get_logger(__name__)


class Controller:
    """Tells runs, at once or later. One per API process."""

    def __init__(self, database: Database, control: RunControl, runs: Runs) -> None:
        self._database = database
        self._control = control
        self._runs = runs
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._away_until = 0.0

    async def tell(self, execution_id: str) -> None:
        """Tell a run what is wanted of it now; what cannot be told is told later."""
        async with self._slots:
            if time.monotonic() < self._away_until:
                return
            try:
                await self._tell(execution_id)
            except Unavailable as error:
                self._away_until = time.monotonic() + AWAY_SECONDS
                log.warning("a run is told later", execution_id=execution_id, reason=str(error))

    async def run(self) -> None:
        """Look for runs to tell until cancelled."""
        await look_for_ever(
            self._look,
            pause=LOOK_SECONDS,
            waiting="runs wait to be told",
            failing="telling runs failed and goes on",
        )

    async def _look(self) -> bool:
        """Tell those that are due; True when there may be more. Raises `Unavailable`."""
        async with self._database.session() as session:
            due = await ControlQueue(session).next(datetime.now(UTC), BATCH)
        told = await asyncio.gather(
            *(self.tell(execution_id) for execution_id in due), return_exceptions=True
        )
        for execution_id, error in zip(due, told, strict=True):
            if error is not None:
                log.error("a run could not be told", execution_id=execution_id, exc_info=error)
        return len(due) == BATCH and time.monotonic() >= self._away_until

    async def _tell(self, execution_id: str) -> None:
        async with self._database.session() as session:
            queue = ControlQueue(session)
            wanted = await queue.take(execution_id)
            if wanted is None:
                return
            try:
                if wanted.stop is None:
                    due = await self._steer(wanted)
                else:
                    due, closing = await self._stop(wanted, wanted.stop_requested_at or datetime.now(UTC))
                    if closing is not None:
                        await ExecutionIndex(session).close(closing, overrule=True)
            except Unavailable:
                # Behind the others, so that one that cannot be told does not hold them up.
                await queue.postpone(execution_id, datetime.now(UTC) + PATIENCE)
                await session.commit()
                raise
            if due is None:
                await queue.done(execution_id)
            else:
                await queue.postpone(execution_id, due)
            await session.commit()

    async def _steer(self, wanted: Control) -> datetime | None:
        """Pause or resume; when to tell it again, if that must be."""
        if wanted.status in TERMINAL:
            return None
        tell = self._control.resume if wanted.paused_at is None else self._control.pause
        told = await tell(wanted.tenant_id, wanted.id)
        # A start may be under way that knows of an older wish.
        return datetime.now(UTC) + PATIENCE if not told and wanted.status == "pending" else None

    async def _stop(self, wanted: Control, asked_at: datetime) -> tuple[datetime | None, Closing | None]:
        """Cancel or terminate; when to look again, if that must be, and how the execution ended, if it has."""
        if wanted.stop == "cancel":
            await self._control.cancel(wanted.tenant_id, wanted.id)
        else:
            await self._control.terminate(wanted.tenant_id, wanted.id, wanted.stop_reason)
        run = await self._runs.run(wanted.tenant_id, wanted.id)
        now = datetime.now(UTC)
        if run is not None and run.status in TERMINAL:
            return None, closing_of(wanted.tenant_id, wanted.id, run)
        if run is not None:
            # Its handlers take their time; one that has no task yet will not close its own row.
            return now + min(max((now - asked_at) / 2, FIRST_LOOK), LAST_LOOK), None
        closing = None if wanted.status in TERMINAL else _never_begun(wanted, now)
        return None if now >= asked_at + SETTLED else asked_at + SETTLED, closing


def _never_begun(wanted: Control, now: datetime) -> Closing:
    status: ExecutionStatus = "cancelled" if wanted.stop == "cancel" else "terminated"
    kind = ErrorType.CANCELLED if wanted.stop == "cancel" else ErrorType.TERMINATED
    return Closing(
        tenant_id=wanted.tenant_id,
        execution_id=wanted.id,
        status=status,
        started_at=None,
        completed_at=now,
        error=ErrorInfo(type=kind, message=wanted.stop_reason or f"{status} before it began"),
    )
