"""What the executions of a tenant wait for, as the runs that wait keep it.

Whoever opens a wait or sends a signal locks the execution's row first: a signal either finds the wait open, or is
kept before the wait opens and is found by it. The end of an execution changes that row as well, so that it finds
every wait that was opened before, and none is opened after.
"""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Text,
    and_,
    bindparam,
    case,
    delete,
    insert,
    literal_column,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession

from gorax.core.actions.constructs import Answer
from gorax.core.contracts import TERMINAL, WaitClosing, WaitOpening
from gorax.core.errors import Conflict, NotFound
from gorax.store.tables import INSTANT, Execution, Signal, Wait

ANSWERED = frozenset({"answered", "approved", "rejected"})
"""Statuses of waits that somebody answered."""

_EXECUTIONS = Execution.__table__  # type: ignore[attr-defined]
_WAITS = Wait.__table__  # type: ignore[attr-defined]
_SIGNALS = Signal.__table__  # type: ignore[attr-defined]


def is_waiting() -> ColumnElement[bool]:
    """The condition that nobody answered a wait yet, and nothing ended it.

    A literal, not a parameter: from a parameter the planner cannot tell that a partial index covers the rows.
    """
    return and_(_WAITS.c.status == literal_column("'waiting'"), _WAITS.c.closed_at.is_(None))


_OF_EXECUTION = _EXECUTIONS.c.id == bindparam("execution")

_LOCK = (
    select(_EXECUTIONS.c.status, _EXECUTIONS.c.has_waits)
    .where(_OF_EXECUTION, _EXECUTIONS.c.tenant_id == bindparam("tenant"))
    .with_for_update(key_share=True)
)
_NOTE = update(_EXECUTIONS).where(_OF_EXECUTION).values(has_waits=True)
_FIND = select(Wait).where(_WAITS.c.id == bindparam("wait"), _WAITS.c.tenant_id == bindparam("tenant"))
_OLDEST_KEPT = (
    select(Signal)
    .where(
        _SIGNALS.c.execution_id == bindparam("execution"),
        _SIGNALS.c.name == bindparam("name"),
        _SIGNALS.c.wait_id.is_(None),
    )
    .order_by(_SIGNALS.c.sent_at, _SIGNALS.c.id)
    .limit(1)
)
# Where an answer and an expiry meet, the second sees what the first made of the row, and leaves that.
_CLOSE = (
    update(Wait)
    .where(
        _WAITS.c.id == bindparam("wait"),
        _WAITS.c.tenant_id == bindparam("tenant"),
        _WAITS.c.closed_at.is_(None),
    )
    .values(
        status=case((is_waiting(), bindparam("ending", type_=Text)), else_=_WAITS.c.status),
        closed_at=bindparam("at", type_=INSTANT),
        tell_at=None,
    )
    .returning(Wait)
)

Fits = Callable[[Any], Awaitable[bool]]
"""Whether a payload is as a wait asks."""


class Opened(NamedTuple):
    """What `Waits.open` did."""

    answer: Answer | None = None
    """Of a signal that came before, or of whoever was quicker than a repeated opening."""
    again: bool = False
    """Nothing is open yet: a kept signal that did not fit was dropped; commit, and call again."""


class Waits:
    """The waits of one tenant, for the runs that wait."""

    def __init__(self, session: AsyncSession, tenant_id: str) -> None:
        self._session = session
        self._tenant_id = tenant_id

    async def open(self, opening: WaitOpening, fits: Fits) -> Opened:
        """Open a wait, or answer it with the oldest signal that is kept for it; again is the same as once.

        Raises `NotFound` when there is no such execution, `Conflict` when it has ended.
        """
        status, has_waits = await lock_execution(self._session, self._tenant_id, opening.execution_id)
        if known := await self._find(opening.wait_id):
            return Opened(answer_of(known))
        if status in TERMINAL:
            raise Conflict(f"execution {opening.execution_id} has ended")
        signal = await self._oldest_kept(opening) if opening.wait.kind == "signal" else None
        if signal is not None and not await fits(signal.payload):
            await self._session.execute(delete(_SIGNALS).where(_SIGNALS.c.id == signal.id))
            return Opened(again=True)
        row = _row(opening)
        if signal is not None:
            row |= {
                "status": "answered",
                "answered_at": signal.sent_at,
                "answered_by": signal.sent_by,
                "payload": signal.payload,
                "closed_at": datetime.now(UTC),
            }
        await self._session.execute(insert(_WAITS), row)
        if not has_waits:
            await note_waits(self._session, opening.execution_id)
        if signal is None:
            return Opened()
        await self._session.execute(
            update(_SIGNALS).where(_SIGNALS.c.id == signal.id).values(wait_id=opening.wait_id, payload=None)
        )
        return Opened(answer_of(Wait(**row)))

    async def close(self, closing: WaitClosing) -> Answer | None:
        """End a wait; the answer, if one was committed before. Again is the same as once."""
        # A run that has an answer of which no row knows was told it by an operator, past the API.
        ending = "expired" if closing.outcome == "expired" else "cancelled"
        key = {"wait": closing.wait_id, "tenant": self._tenant_id, "ending": ending, "at": datetime.now(UTC)}
        closed = (await self._session.scalars(_CLOSE, key)).one_or_none()
        wait = closed or await self._find(closing.wait_id)
        return None if wait is None else answer_of(wait)

    async def _find(self, wait_id: str) -> Wait | None:
        key = {"wait": wait_id, "tenant": self._tenant_id}
        return (await self._session.scalars(_FIND, key)).one_or_none()

    async def _oldest_kept(self, opening: WaitOpening) -> Signal | None:
        key = {"execution": opening.execution_id, "name": opening.wait.name}
        return (await self._session.scalars(_OLDEST_KEPT, key)).one_or_none()


async def lock_execution(session: AsyncSession, tenant_id: str, execution_id: str) -> tuple[str, bool]:
    """Keep others from opening waits, sending signals and ending it; its status, and whether it has waits.

    Raises `NotFound`.
    """
    found = (await session.execute(_LOCK, {"execution": execution_id, "tenant": tenant_id})).one_or_none()
    if found is None:
        raise NotFound("execution not found")
    return found.status, found.has_waits


async def note_waits(session: AsyncSession, execution_id: str) -> None:
    """Have the end of the execution look for its waits and signals."""
    await session.execute(_NOTE, {"execution": execution_id})


def answer_of(wait: Wait) -> Answer | None:
    """What somebody said to a wait."""
    if wait.status not in ANSWERED or wait.answered_at is None:
        return None
    return Answer(
        payload=wait.payload,
        decision=None if wait.status == "answered" else wait.status,
        by=wait.answered_by,
        at=wait.answered_at,
        comment=wait.comment,
    )


def _row(opening: WaitOpening) -> dict[str, Any]:
    wait = opening.wait
    return {
        "id": opening.wait_id,
        "tenant_id": opening.tenant_id,
        "execution_id": opening.execution_id,
        "workflow_id": opening.workflow_id,
        "temporal_id": opening.temporal_id,
        "kind": wait.kind,
        "name": wait.name,
        "path": opening.path,
        "action_id": opening.action_id,
        "number": opening.number,
        "status": "waiting",
        "title": _storable(wait.title),
        "description": _storable(wait.description),
        "assignees": [_storable(assignee) for assignee in wait.assignees],
        "form": wait.form,
        "payload_schema": wait.payload_schema,
        "opened_at": opening.opened_at,
        "expires_at": opening.expires_at,
    }


def _storable(text: str | None) -> str | None:
    # Templates may give NUL characters, which PostgreSQL takes in no text.
    return None if text is None else text.replace("\0", "")
