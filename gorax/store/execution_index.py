"""The index of executions, as the dispatcher, the worker and the reconciler keep it for all tenants."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Text,
    and_,
    any_,
    bindparam,
    cast,
    extract,
    func,
    literal_column,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession

from gorax.core.contracts import TERMINAL, Closing
from gorax.core.errors import ErrorInfo
from gorax.store.tables import DOCUMENT, IDENTIFIER, INSTANT, Execution
from gorax.store.turns import in_turns
from gorax.store.wait_index import WaitIndex
from gorax.telemetry.instruments import ENDED, RUN_SECONDS

_ROWS = Execution.__table__  # type: ignore[attr-defined]
_IDS = any_(bindparam("ids", type_=ARRAY(IDENTIFIER)))
# Literals, not parameters: from a parameter the planner cannot tell that a partial index covers the rows.
_PENDING = _ROWS.c.status == literal_column("'pending'")
_UNFINISHED = _ROWS.c.status.in_([literal_column("'pending'"), literal_column("'running'")])

_STATUSES = select(_ROWS.c.id, _ROWS.c.status).where(_ROWS.c.id == _IDS)
# Rows are locked in the order of their ids before several are changed, or two such statements could wait for
# each other.
_MARK_STARTED = (
    update(_ROWS)
    .where(
        _ROWS.c.id.in_(
            select(_ROWS.c.id).where(_ROWS.c.id == _IDS, _PENDING).order_by(_ROWS.c.id).with_for_update()
        )
    )
    .values(status="running")
)
# A row that somebody is changing at this moment needs no mark: it will be looked at again.
_MARK_CHECKED = (
    update(_ROWS)
    .where(_ROWS.c.id.in_(select(_ROWS.c.id).where(_ROWS.c.id == _IDS).with_for_update(skip_locked=True)))
    .values(checked_at=bindparam("at", type_=INSTANT))
)
_BEGAN = func.coalesce(bindparam("began", type_=INSTANT), _ROWS.c.started_at)
_ENDED = bindparam("ended", type_=INSTANT)
_MILLISECONDS = cast(func.floor(extract("epoch", _ENDED - _BEGAN) * 1000), BigInteger)
_CLOSE = (
    update(_ROWS)
    .where(_ROWS.c.id == bindparam("execution"), _ROWS.c.tenant_id == bindparam("tenant"))
    .values(
        status=bindparam("ending"),
        started_at=_BEGAN,
        completed_at=_ENDED,
        duration_ms=func.greatest(0, _MILLISECONDS),
        error=bindparam("failure", type_=DOCUMENT),
        steps_completed=bindparam("done"),
        steps_total=bindparam("total"),
    )
    .returning(_ROWS.c.has_waits)
)
# When the answer of a run's last task is lost, the task is done again and may end differently: its second word
# holds. What an operator did to it stays.
_OWN_ENDS = ("completed", "failed")
_CLOSE_FIRST = _CLOSE.where(
    or_(
        _UNFINISHED,
        and_(
            _ROWS.c.status.in_(_OWN_ENDS),
            bindparam("ending", type_=Text).in_(_OWN_ENDS),
            _ROWS.c.status != bindparam("ending"),
        ),
    )
)
_CLOSE_AGAIN = _CLOSE.where(_ROWS.c.status != bindparam("ending"))


_REOPEN = (
    update(_ROWS)
    .where(_ROWS.c.id == bindparam("execution"), _ROWS.c.status == bindparam("wrong"))
    .values(status="running", completed_at=None, duration_ms=None, error=None)
)


class Unfinished(NamedTuple):
    """An execution that has not ended, as far as the index knows."""

    tenant_id: str
    id: str
    status: str
    accepted_at: datetime


class ExecutionIndex:
    """The rows of all tenants, for the dispatcher, the worker and the reconciler."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def pending(self, older_than: datetime, limit: int) -> list[tuple[Execution, dict[str, Any]]]:
        """Executions that wait to be started, accepted or last tried before a time; in turns, see `gorax.store.turns`.

        Those that somebody has asked to stop are not among them, nor those of suspended tenants, which go on waiting.
        Their rows are locked until the transaction ends and left out for everybody else who asks, so keep the
        transaction short: whoever wants to close one of these executions waits for it. `mark_checked` in the same
        transaction keeps them for whoever took them, until `older_than` has come to that time.
        """
        rows = await self._session.execute(in_turns(older_than, limit))
        return [(row, definition) for row, definition in rows]

    async def mark_started(self, ids: Collection[str]) -> None:
        """Note that Temporal has these; those that have ended meanwhile stay as they are."""
        await self._session.execute(_MARK_STARTED, {"ids": list(ids)})

    async def close(self, closing: Closing, *, overrule: bool = False) -> bool:
        """Write how an execution ended; returns whether that changed anything.

        The first to write wins, so that a repeated closing does nothing. With `overrule`, for the reconciler
        that has read the truth from Temporal, another status replaces what was written before. What waited in the
        execution ends with it. Raises `ValueError` when the status is not an end.
        """
        if closing.status not in TERMINAL:
            raise ValueError(f"{closing.status} is not how an execution ends")
        values = {
            "tenant": closing.tenant_id,
            "execution": closing.execution_id,
            "ending": closing.status,
            "began": closing.started_at,
            "ended": closing.completed_at,
            "failure": _storable(closing.error),
            "done": closing.steps_completed,
            "total": closing.steps_total,
        }
        statement = _CLOSE_AGAIN if overrule else _CLOSE_FIRST
        closed = (await self._session.execute(statement, values)).one_or_none()
        if closed is not None and closed.has_waits:
            await WaitIndex(self._session).end(closing.execution_id, closing.completed_at)
        if closed is not None:
            # Not committed yet: an end that is rolled back is written, and counted, again.
            ENDED.labels(closing.status).inc()
            if closing.started_at is not None:
                took = (closing.completed_at - closing.started_at).total_seconds()
                RUN_SECONDS.labels(closing.status).observe(max(0.0, took))
        return closed is not None

    async def statuses(self, ids: Collection[str]) -> dict[str, str]:
        """The statuses of those of the executions that the index has."""
        rows = await self._session.execute(_STATUSES, {"ids": list(ids)})
        return {row.id: row.status for row in rows}

    async def unfinished(self, checked_before: datetime, limit: int) -> list[Unfinished]:
        """Executions without an end, neither accepted nor checked since a time; longest unchecked first."""
        statement = (
            select(_ROWS.c.tenant_id, _ROWS.c.id, _ROWS.c.status, _ROWS.c.accepted_at)
            .where(_UNFINISHED, _ROWS.c.checked_at < checked_before)
            .order_by(_ROWS.c.checked_at)
            .limit(limit)
        )
        return [Unfinished(*row) for row in await self._session.execute(statement)]

    async def all_unfinished(self, accepted_before: datetime, after: str, limit: int) -> list[Unfinished]:
        """Executions without an end that were accepted before a time, in the order of their ids, behind one of them."""
        statement = (
            select(_ROWS.c.tenant_id, _ROWS.c.id, _ROWS.c.status, _ROWS.c.accepted_at)
            .where(_UNFINISHED, _ROWS.c.accepted_at < accepted_before, _ROWS.c.id > after)
            .order_by(_ROWS.c.id)
            .limit(limit)
        )
        return [Unfinished(*row) for row in await self._session.execute(statement)]

    async def reopen(self, execution_id: str, status: str) -> None:
        """Have it running, as it is in Temporal; unless its row has another status by now than the wrong one."""
        await self._session.execute(_REOPEN, {"execution": execution_id, "wrong": status})

    async def mark_checked(self, ids: Collection[str], at: datetime) -> None:
        """Note that these were compared with Temporal at a time, or taken to be started."""
        await self._session.execute(_MARK_CHECKED, {"ids": list(ids), "at": at})


def _storable(error: ErrorInfo | None) -> dict[str, Any] | None:
    if error is None:
        return None
    # JSON holds NUL characters, but SQL that looks into the column could not take them out of it.
    return {**error.model_dump(mode="json"), "message": error.message.replace("\0", "")}
