"""What people ask of executions that have begun: to stop, to pause, to go on.

A wish is a committed column before the run is told. `control_due_at` says when somebody has to tell the run; it is
NULL when the run knows all that is wanted of it, as nearly all do.
"""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, bindparam, func, literal_column, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from gorax.core.contracts import Stop
from gorax.store.paging import addressable
from gorax.store.tables import INSTANT, Execution

_ROWS = Execution.__table__  # type: ignore[attr-defined]
_MINE = and_(_ROWS.c.id == bindparam("execution"), _ROWS.c.tenant_id == bindparam("tenant"))
_UNFINISHED = _ROWS.c.status.in_([literal_column("'pending'"), literal_column("'running'")])
_DUE = bindparam("due", type_=INSTANT)
_CLOCK = func.clock_timestamp()

_STOP = (
    update(_ROWS)
    .values(
        stop=bindparam("kind"),
        stop_requested_at=_CLOCK,
        stop_requested_by=bindparam("by"),
        stop_reason=bindparam("reason"),
        control_due_at=_DUE,
    )
    .returning(_ROWS.c.id)
)
_CANCEL = _STOP.where(_MINE, _UNFINISHED, _ROWS.c.stop.is_(None))
# Who loses patience with a cancellation may terminate.
_TERMINATE = _STOP.where(
    _MINE, _UNFINISHED, or_(_ROWS.c.stop.is_(None), _ROWS.c.stop == literal_column("'cancel'"))
)
_STEERABLE = and_(_MINE, _UNFINISHED, _ROWS.c.stop.is_(None))
_PAUSE = (
    update(_ROWS)
    .where(_STEERABLE, _ROWS.c.paused_at.is_(None))
    .values(paused_at=_CLOCK, control_due_at=_DUE)
    .returning(_ROWS.c.id)
)
_RESUME = (
    update(_ROWS)
    .where(_STEERABLE, _ROWS.c.paused_at.is_not(None))
    .values(paused_at=None, control_due_at=_DUE)
    .returning(_ROWS.c.id)
)
_NEXT = (
    select(_ROWS.c.id)
    .where(_ROWS.c.control_due_at.is_not(None), _ROWS.c.control_due_at <= bindparam("now", type_=INSTANT))
    .order_by(_ROWS.c.control_due_at)
    .limit(bindparam("most"))
)
# Without a lock on the key: rows that refer to this one may be written meanwhile.
_TAKE = (
    select(
        _ROWS.c.tenant_id,
        _ROWS.c.id,
        _ROWS.c.status,
        _ROWS.c.stop,
        _ROWS.c.stop_requested_at,
        _ROWS.c.stop_reason,
        _ROWS.c.paused_at,
    )
    .where(_ROWS.c.id == bindparam("execution"), _ROWS.c.control_due_at.is_not(None))
    .with_for_update(skip_locked=True, key_share=True)
)
_SET_DUE = update(_ROWS).where(_ROWS.c.id == bindparam("execution")).values(control_due_at=_DUE)


class Control(NamedTuple):
    """What is wanted of an execution."""

    tenant_id: str
    id: str
    status: str
    stop: str | None
    stop_requested_at: datetime | None
    stop_reason: str | None
    paused_at: datetime | None


class Controls:
    """The wishes of one tenant. Each method tells whether it changed anything; `due` is when others tell the run."""

    def __init__(self, session: AsyncSession, tenant_id: str) -> None:
        self._session = session
        self._tenant_id = tenant_id

    async def stop(
        self, execution_id: str, kind: Stop, *, by: str, reason: str | None, due: datetime
    ) -> bool:
        """Want an execution that has not ended to be cancelled or terminated."""
        statement = _CANCEL if kind == "cancel" else _TERMINATE
        return await self._change(statement, execution_id, kind=kind, by=by, reason=reason, due=due)

    async def pause(self, execution_id: str, due: datetime) -> bool:
        """Want an execution that nobody stops to begin no further step."""
        return await self._change(_PAUSE, execution_id, due=due)

    async def resume(self, execution_id: str, due: datetime) -> bool:
        """Want a paused execution to go on."""
        return await self._change(_RESUME, execution_id, due=due)

    async def _change(self, statement: Any, execution_id: str, **values: Any) -> bool:
        if not addressable(execution_id):
            return False
        key = {"execution": execution_id, "tenant": self._tenant_id}
        return (await self._session.execute(statement, {**key, **values})).one_or_none() is not None


class ControlQueue:
    """The wishes of all tenants that runs have to be told of."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def next(self, now: datetime, limit: int) -> list[str]:
        """The ids of executions whose runs are due to be told, those that wait longest first."""
        return list(await self._session.scalars(_NEXT, {"now": now, "most": limit}))

    async def take(self, execution_id: str) -> Control | None:
        """What is wanted now, locked until the transaction ends, so that nobody tells the run of anything older.

        None when there is nothing to tell, or somebody else is telling it.
        """
        row = (await self._session.execute(_TAKE, {"execution": execution_id})).one_or_none()
        return None if row is None else Control(*row)

    async def done(self, execution_id: str) -> None:
        """The run knows."""
        await self._session.execute(_SET_DUE, {"execution": execution_id, "due": None})

    async def postpone(self, execution_id: str, due: datetime) -> None:
        """Tell it (again) later."""
        await self._session.execute(_SET_DUE, {"execution": execution_id, "due": due})
