"""The waits of all tenants: for whoever tells runs of answers, and for the ends of executions."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ARRAY, any_, bindparam, case, delete, literal_column, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from gorax.core.contracts import WaitAnswered
from gorax.store.tables import IDENTIFIER, INSTANT, Signal, Wait
from gorax.store.waits import answer_of, is_waiting

_WAITS = Wait.__table__  # type: ignore[attr-defined]
_SIGNALS = Signal.__table__  # type: ignore[attr-defined]
_IS_OPEN = _WAITS.c.closed_at.is_(None)
_AT = bindparam("at", type_=INSTANT)

# Rows are locked in the order of their ids before several are changed, or two such statements could wait for
# each other.
_END = (
    update(_WAITS)
    .where(
        _WAITS.c.id.in_(
            select(_WAITS.c.id)
            .where(_WAITS.c.execution_id == bindparam("execution"), _IS_OPEN)
            .order_by(_WAITS.c.id)
            .with_for_update()
        )
    )
    .values(
        status=case((is_waiting(), literal_column("'cancelled'")), else_=_WAITS.c.status),
        closed_at=_AT,
        tell_at=None,
    )
)
_DROP = delete(_SIGNALS).where(
    _SIGNALS.c.execution_id == bindparam("execution"), _SIGNALS.c.wait_id.is_(None)
)
_DUE = (
    select(Wait)
    .where(_WAITS.c.tell_at <= _AT)
    .order_by(_WAITS.c.tell_at)
    .limit(bindparam("number"))
    .with_for_update(skip_locked=True)
)
_TOLD = update(_WAITS).where(_WAITS.c.id == bindparam("wait")).values(tell_at=_AT, tells=_WAITS.c.tells + 1)
_POSTPONE = (
    update(_WAITS)
    .where(
        _WAITS.c.id.in_(
            select(_WAITS.c.id)
            .where(_WAITS.c.id == any_(bindparam("ids", type_=ARRAY(IDENTIFIER))), _IS_OPEN)
            .order_by(_WAITS.c.id)
            .with_for_update()
        )
    )
    .values(tell_at=_AT)
)


class Untold(NamedTuple):
    """An answer of which a run may not know."""

    temporal_id: str
    answered: WaitAnswered
    tells: int
    """How often the run was told again already."""


class WaitIndex:
    """The rows of all tenants."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def end(self, execution_id: str, at: datetime) -> None:
        """An execution has ended, in this transaction: nothing waits in it any more, nor is kept for it.

        The row of the execution must be locked, so that no other wait opens meanwhile.
        """
        await self._session.execute(_END, {"execution": execution_id, "at": at})
        await self._session.execute(_DROP, {"execution": execution_id})

    async def due(self, now: datetime, limit: int) -> list[Untold]:
        """Answers of which runs are to be told by now, longest due first.

        Their rows are locked until the transaction ends and left out for everybody else who asks, so keep it short:
        a run that wants to close one of these waits waits for it.
        """
        rows = (await self._session.scalars(_DUE, {"at": now, "number": limit})).all()
        answers = ((wait, answer_of(wait)) for wait in rows)
        return [
            Untold(wait.temporal_id, WaitAnswered(wait_id=wait.id, answer=answer), wait.tells)
            for wait, answer in answers
            if answer is not None
        ]

    async def told(self, next_times: Mapping[str, datetime | None]) -> None:
        """Note of waits that are `due`, by id, when their runs are to be told next; None for never again."""
        if next_times:
            rows = [{"wait": wait_id, "at": at} for wait_id, at in next_times.items()]
            await self._session.execute(_TOLD, rows)

    async def tell_at(self, ids: Collection[str], at: datetime | None) -> None:
        """Have the runs of those that are still open told at a time; None for never again."""
        await self._session.execute(_POSTPONE, {"ids": list(ids), "at": at})
