"""Signals: what is sent to the executions of a tenant."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, insert, literal_column, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from gorax.core.contracts import TERMINAL
from gorax.core.errors import Conflict, NotFound
from gorax.store.paging import addressable
from gorax.store.tables import Signal, Wait
from gorax.store.waits import is_waiting, lock_execution, note_waits

MAX_KEPT = 1_000
"""Signals of one execution that no wait has taken yet."""

_SIGNALS = Signal.__table__  # type: ignore[attr-defined]
_WAITS = Wait.__table__  # type: ignore[attr-defined]

_BY_KEY = select(Signal).where(
    _SIGNALS.c.execution_id == bindparam("execution"), _SIGNALS.c.idempotency_key == bindparam("key")
)
_KEPT = (
    select(func.count())
    .select_from(_SIGNALS)
    .where(_SIGNALS.c.execution_id == bindparam("execution"), _SIGNALS.c.wait_id.is_(None))
)
# Its lock waits for a run that is closing the wait at this moment, and then passes on to the next one.
_OLDEST_WAIT = (
    select(Wait)
    .where(
        _WAITS.c.execution_id == bindparam("execution"),
        _WAITS.c.name == bindparam("name"),
        _WAITS.c.kind == literal_column("'signal'"),
        is_waiting(),
    )
    .order_by(_WAITS.c.opened_at, _WAITS.c.number, _WAITS.c.id)
    .limit(1)
    .with_for_update()
)
_ANSWER = (
    update(_WAITS)
    .where(_WAITS.c.id == bindparam("wait"))
    .values(
        status="answered",
        answered_at=bindparam("at"),
        answered_by=bindparam("by"),
        payload=bindparam("content"),
        tell_at=bindparam("next"),
    )
)
# The database's clock: whatever process takes them, signals of one execution stay in the order they came in.
_INSERT = insert(_SIGNALS).values(sent_at=func.clock_timestamp()).returning(_SIGNALS.c.sent_at)

Check = Callable[[Wait], Awaitable[None]]
"""Raises when the signal is not as the wait asks."""


class Signals:
    """The signals of one tenant's executions."""

    def __init__(self, session: AsyncSession, tenant_id: str) -> None:
        self._session = session
        self._tenant_id = tenant_id

    async def send(
        self,
        *,
        id: str,  # noqa: A002 - the column's name
        execution_id: str,
        name: str,
        payload: Any,
        sent_by: str,
        idempotency_key: str | None,
        check: Check,
        tell_at: datetime,
    ) -> tuple[Signal, Wait | None]:
        """Answer the oldest open wait of that name, or keep the signal for the next one that opens.

        Returns the signal and the wait that it answered, whose run is to be told, by `tell_at` at the latest; where
        the idempotency key was used before, the first signal alone. Raises `NotFound`, `Conflict` when the execution
        has ended, keeps too much already, or has another signal under the key, and what `check` raises.
        """
        if not addressable(execution_id):
            raise NotFound("execution not found")
        status, has_waits = await lock_execution(self._session, self._tenant_id, execution_id)
        if idempotency_key is not None and (first := await self._first(execution_id, idempotency_key)):
            if first.name != name:
                raise Conflict("Idempotency-Key: already used for a signal of another name")
            return first, None
        if status in TERMINAL:
            raise Conflict(f"the execution has ended ({status}): it takes no more signals")
        key = {"execution": execution_id, "name": name}
        wait = (await self._session.scalars(_OLDEST_WAIT, key)).one_or_none()
        if wait is None:
            await self._make_room(execution_id)
        else:
            await check(wait)
        row: dict[str, Any] = {
            "id": id,
            "tenant_id": self._tenant_id,
            "execution_id": execution_id,
            "name": name,
            "payload": payload if wait is None else None,
            "sent_by": sent_by,
            "wait_id": None if wait is None else wait.id,
            "idempotency_key": idempotency_key,
        }
        sent_at = (await self._session.execute(_INSERT, row)).scalar_one()
        if wait is not None:
            answer = {"wait": wait.id, "at": sent_at, "by": sent_by, "content": payload, "next": tell_at}
            await self._session.execute(_ANSWER, answer)
            await self._session.refresh(wait)
        elif not has_waits:
            await note_waits(self._session, execution_id)
        return Signal(**row, sent_at=sent_at), wait

    async def _first(self, execution_id: str, idempotency_key: str) -> Signal | None:
        key = {"execution": execution_id, "key": idempotency_key}
        return (await self._session.scalars(_BY_KEY, key)).one_or_none()

    async def _make_room(self, execution_id: str) -> None:
        kept = (await self._session.execute(_KEPT, {"execution": execution_id})).scalar_one()
        if kept >= MAX_KEPT:
            raise Conflict(f"the execution keeps {MAX_KEPT:,} signals that it has not waited for yet")
