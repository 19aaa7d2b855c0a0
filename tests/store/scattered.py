"""Executions of all kinds, scattered over days, and what is true of them without asking the database."""

import random
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, get_args

from sqlalchemy import insert

from gorax.core.contracts import TERMINAL, ExecutionStatus, TriggerType
from gorax.core.ids import EXECUTION, new_id
from gorax.store.execution_filter import ExecutionFilter
from gorax.store.session import Database
from gorax.store.tables import Execution

BEGIN = datetime(2026, 3, 27, 21, 47, 11, 5, tzinfo=UTC)
"""The clocks of Europe go forward two days later."""
MESSAGES = ("the server answered 503", "Connection refused", "100% of 5_000 orders have no customer", "ñandú")
STATUSES = get_args(ExecutionStatus)
TRIGGERS = get_args(TriggerType)


def made(
    chance: random.Random, tenant: str, workflows: Sequence[str], count: int, *, days: float = 3
) -> list[Execution]:
    """Rows that are not in the database, some of which started at the same moment."""
    rows = []
    for _ in range(count):
        status, trigger = chance.choice(STATUSES), chance.choice(TRIGGERS)
        started = BEGIN + timedelta(
            minutes=chance.randrange(int(days * 1440)), microseconds=chance.randrange(3)
        )
        ended = status in TERMINAL and chance.random() < 0.95
        duration = chance.choice([0, 1, 250, chance.randrange(100_000)]) if ended else None
        error: dict[str, Any] | None = None
        if status in TERMINAL - {"completed"} and chance.random() < 0.9:
            error = {
                "type": chance.choice(["http_5xx", "network", "timeout"]),
                "message": chance.choice(MESSAGES),
                "action_id": chance.choice(["charge", "notify", None]),
            }
        rows.append(
            Execution(
                id=new_id(EXECUTION),
                tenant_id=tenant,
                workflow_id=chance.choice(workflows),
                workflow_name="Orders",
                version=1,
                status=status,
                trigger_type=trigger,
                trigger={"type": trigger},
                priority=1,
                accepted_at=started,
                started_at=started,
                checked_at=started,
                completed_at=None if duration is None else started + timedelta(milliseconds=duration),
                duration_ms=duration,
                error=error,
                created_by="ann",
            )
        )
    return rows


async def write(database: Database, rows: Sequence[Execution]) -> None:
    """Write them as nobody but a test would: all at once."""
    async with database.platform() as session:
        await session.execute(
            insert(Execution.__table__),  # type: ignore[attr-defined]
            [row.model_dump(exclude={"error_type", "error_action", "error_message"}) for row in rows],
        )
        await session.commit()


def matches(chosen: ExecutionFilter) -> Callable[[Execution], bool]:
    """Whether a row is meant by a filter."""

    def match(row: Execution) -> bool:
        message = (row.error or {}).get("message", "")
        return (
            chosen.workflow_id in (None, row.workflow_id)
            and (not chosen.statuses or row.status in chosen.statuses)
            and chosen.trigger_type in (None, row.trigger_type)
            and (chosen.from_ is None or row.started_at >= chosen.from_)
            and (chosen.to is None or row.started_at < chosen.to)
            and (chosen.search is None or chosen.search.lower() in message.lower())
        )

    return match


def any_filter(chance: random.Random, workflows: Sequence[str], *, days: float = 3) -> ExecutionFilter:
    """Some of the filters, with some range."""

    def moment() -> datetime:
        at = BEGIN + timedelta(seconds=chance.uniform(-0.3, days + 0.3) * 86_400)
        return chance.choice(
            [
                at,
                at.replace(minute=0, second=0, microsecond=0),
                at.replace(hour=0, minute=0, second=0, microsecond=0),
            ]
        )

    begin, end = sorted((moment(), moment()))
    return ExecutionFilter(
        workflow_id=chance.choice([None, None, *workflows]),
        statuses=chance.sample(STATUSES, chance.choice([0, 0, 1, 3])),
        trigger_type=chance.choice([None, None, *TRIGGERS]),
        from_=chance.choice([None, begin]),
        to=chance.choice([None, end]),
    )
