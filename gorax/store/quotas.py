"""Quotas of tenants: what refuses when one is used up, and what of each is used."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta
from typing import Any, Final, NamedTuple

import psycopg
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from gorax.core.errors import QuotaExceeded

ROOM_SECONDS: Final = 60
"""When to ask again for what only a deletion, or a larger quota, makes room for."""

_SQLSTATE: Final = "GX429"
"""What the trigger raises that counts the executions of a day."""

# Of things that are there until they are deleted.
_COUNTED: Final = {"max_workflows": "workflows", "max_schedules": "schedules", "max_webhooks": "webhooks"}

# Locked, so that of those who ask at the same time each counts what the one before it has made.
_LOCK = text("SELECT quotas ->> :name FROM tenants WHERE id = :tenant FOR NO KEY UPDATE")

_COUNTS = text(
    """
    SELECT
        (SELECT count(*) FROM workflows WHERE tenant_id = :tenant AND deleted_at IS NULL) AS workflows,
        (SELECT count(*) FROM schedules WHERE tenant_id = :tenant AND deleted_at IS NULL) AS schedules,
        (SELECT count(*) FROM webhooks WHERE tenant_id = :tenant AND deleted_at IS NULL) AS webhooks,
        coalesce(
            (SELECT CAST(sum(used) AS bigint) FROM execution_days WHERE tenant_id = :tenant AND day = :day),
            (SELECT count(*) FROM executions
                WHERE tenant_id = :tenant AND started_at >= :midnight AND accepted_at >= :midnight)
        ) AS executions_today,
        (SELECT count(*) FROM executions WHERE tenant_id = :tenant AND status = 'running') AS executions_running,
        (SELECT count(*) FROM executions WHERE tenant_id = :tenant AND status = 'pending') AS executions_queued
    """
)


class Usage(NamedTuple):
    """How much of what a tenant has."""

    workflows: int
    schedules: int
    webhooks: int
    executions_today: int
    """Begun since midnight, UTC."""
    executions_running: int
    executions_queued: int
    """Accepted, and not running yet."""


async def check_room(session: AsyncSession, tenant_id: str, quota: str) -> None:
    """See that the tenant may have one more of what the quota limits, until this transaction ends.

    Raises `QuotaExceeded`. To be asked last of all locks: those who hold the tenant's wait for nobody.
    """
    found = (await session.execute(_LOCK, {"name": quota, "tenant": tenant_id})).scalar_one_or_none()
    most = -1 if found is None else int(found)
    if most < 0:
        return
    things = _COUNTED[quota]
    count = text(f"SELECT count(*) FROM {things} WHERE tenant_id = :tenant AND deleted_at IS NULL")  # noqa: S608
    if (await session.execute(count, {"tenant": tenant_id})).scalar_one() >= most:
        raise QuotaExceeded(
            f"quota exceeded: {quota} is {most}; delete {things} that nobody needs", retry_after=ROOM_SECONDS
        )


async def usage_of(session: AsyncSession, tenant_id: str) -> Usage:
    """What of its quotas a tenant uses now."""
    midnight = _midnight(datetime.now(UTC))
    values = {"tenant": tenant_id, "day": midnight.date(), "midnight": midnight}
    return Usage(*(await session.execute(_COUNTS, values)).one())


@contextmanager
def refused() -> Iterator[None]:
    """Around statements that insert executions: what the database refuses for a quota is raised as `QuotaExceeded`."""
    try:
        yield
    except DBAPIError as error:
        _raise_for(error.orig)
        raise
    except psycopg.Error as error:
        _raise_for(error)
        raise


def resets_at(now: datetime) -> datetime:
    """The end of the day, UTC, when executions are counted anew."""
    return _midnight(now) + timedelta(days=1)


def _raise_for(error: Any) -> None:
    if isinstance(error, psycopg.Error) and error.sqlstate == _SQLSTATE:
        now = datetime.now(UTC)
        end = resets_at(now)
        raise QuotaExceeded(
            f"quota exceeded: {error.diag.message_primary} is {error.diag.message_detail}; "
            f"the next day begins at {end:%Y-%m-%dT%H:%M:%SZ}",
            retry_after=max(1, -int((now - end).total_seconds() // 1)),
        ) from error


def _midnight(now: datetime) -> datetime:
    return datetime.combine(now.astimezone(UTC).date(), time(), UTC)
