"""Tells runs that somebody wants them stopped, paused or resumed, and goes on telling until they know."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from api.services.due_rows import BATCH, PATIENCE, DueRows
from gorax.core.contracts import TERMINAL, Closing, ExecutionStatus
from gorax.core.errors import ErrorInfo, ErrorType, Unavailable
from gorax.engine.control import RunControl, closing_of
from gorax.engine.runs import Runs
from gorax.store.controls import Control, ControlQueue
from gorax.store.execution_index import ExecutionIndex
from gorax.store.session import Database

SETTLED = timedelta(seconds=10)
"""After so long no start is on its way any more that was sent before a stop was asked for."""
FIRST_LOOK = timedelta(seconds=2)
LAST_LOOK = timedelta(seconds=60)
"""How soon, and how seldom at the most, a run that is being stopped is looked at."""


class Controller(DueRows):
    """Tells runs."""

    def __init__(self, database: Database, control: RunControl, runs: Runs) -> None:
        super().__init__("a run's control")
        self._database = database
        self._control = control
        self._runs = runs

    async def _due(self, now: datetime) -> Sequence[str]:
        async with self._database.platform() as session:
            return await ControlQueue(session).next(now, BATCH)

    async def _postpone(self, row_id: str, due: datetime) -> None:
        async with self._database.platform() as session:
            await ControlQueue(session).postpone(row_id, due)
            await session.commit()

    async def _tell(self, row_id: str) -> None:
        async with self._database.platform() as session:
            queue = ControlQueue(session)
            wanted = await queue.take(row_id)
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
                await queue.postpone(row_id, datetime.now(UTC) + PATIENCE)
                await session.commit()
                raise
            if due is None:
                await queue.done(row_id)
            else:
                await queue.postpone(row_id, due)
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
