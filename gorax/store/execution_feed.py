"""What has changed among a tenant's executions lately, for those who follow them.

Nothing is written down for it: a row has no column that every change would have to touch, and no change waits for a
notification. What may have changed is what began in the last seconds, what has not ended, and what had not at the last
look.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ARRAY, any_, bindparam, func, literal_column, or_, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer
from sqlmodel import col

from gorax.store.tables import IDENTIFIER, INSTANT, Execution

OVERLAP = timedelta(seconds=30)
"""Rows become visible when their transactions end: so long after they began they are still looked for."""
MAX_ROWS = 500
"""Of what began in the last seconds, and of what is pending and of what runs: the newest of each."""

_ROWS = Execution.__table__  # type: ignore[attr-defined]
_MINE = _ROWS.c.tenant_id == bindparam("tenant")
_STATE = (_ROWS.c.id, _ROWS.c.workflow_id, _ROWS.c.status, _ROWS.c.paused_at)
_NEWEST = (_ROWS.c.started_at.desc(), _ROWS.c.id.desc())
_IDS = any_(bindparam("ids", type_=ARRAY(IDENTIFIER)))
_SINCE = bindparam("since", type_=INSTANT)
_CLOCK = select(func.clock_timestamp())


def _newest(*conditions: Any) -> Any:
    found = select(*_STATE).where(_MINE, *conditions).order_by(*_NEWEST).limit(MAX_ROWS)
    return select(found.subquery())


_CHANGING = union_all(
    _newest(_ROWS.c.started_at >= _SINCE),
    _newest(_ROWS.c.status == literal_column("'pending'")),
    _newest(_ROWS.c.status == literal_column("'running'")),
    select(*_STATE).where(_MINE, _ROWS.c.id == _IDS),
)
# The trigger may be large, and no list shows it.
_WHOLE = select(Execution).options(defer(col(Execution.trigger), raiseload=True))  # type: ignore[arg-type]
_BY_IDS = _WHOLE.where(_MINE, _ROWS.c.id == _IDS).order_by(_ROWS.c.started_at, _ROWS.c.id)


class State(NamedTuple):
    """What changes of an execution, as far as a feed tells."""

    id: str
    workflow_id: str
    status: str
    paused_at: datetime | None


class ExecutionFeed:
    """The executions of one tenant, as they change."""

    def __init__(self, session: AsyncSession, tenant_id: str) -> None:
        self._session = session
        self._tenant_id = tenant_id

    async def now(self) -> datetime:
        """The time by the clock of the database, which all processes share."""
        moment: datetime = (await self._session.execute(_CLOCK)).scalar_one()
        return moment

    async def changing(self, since: datetime, known: Collection[str]) -> dict[str, State]:
        """By id, executions that began since a time, that have not ended, or that are among the `known`.

        Of each of these, but the known, the newest 500.
        """
        values = {"tenant": self._tenant_id, "since": since, "ids": list(known)}
        return {row.id: State(*row) for row in await self._session.execute(_CHANGING, values)}

    async def rows(self, ids: Collection[str]) -> list[Execution]:
        """These executions, oldest first, without their triggers."""
        values = {"tenant": self._tenant_id, "ids": list(ids)}
        return list(await self._session.scalars(_BY_IDS, values))

    async def latest(self, workflow_id: str | None, limit: int) -> list[Execution]:
        """The newest executions, oldest of them first, without their triggers."""
        statement = _WHOLE.where(_MINE).order_by(*_NEWEST).limit(limit)
        if workflow_id is not None:
            statement = statement.where(_ROWS.c.workflow_id == workflow_id)
        found = await self._session.scalars(statement, {"tenant": self._tenant_id})
        return list(reversed(found.all()))

    async def since(self, moment: datetime, workflow_id: str | None, limit: int) -> list[Execution]:
        """Executions that began or ended since a time, or have not ended, newest first, without their triggers."""
        changed = or_(
            _ROWS.c.started_at >= moment,
            _ROWS.c.completed_at >= moment,
            _ROWS.c.status.in_([literal_column("'pending'"), literal_column("'running'")]),
        )
        statement = _WHOLE.where(_MINE, changed).order_by(*_NEWEST).limit(limit)
        if workflow_id is not None:
            statement = statement.where(_ROWS.c.workflow_id == workflow_id)
        return list(await self._session.scalars(statement, {"tenant": self._tenant_id}))
