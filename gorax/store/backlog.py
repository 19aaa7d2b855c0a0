"""How much waits, across all tenants: a few rows of small indexes, whatever the tables hold."""

from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

MOST = 10_000
"""To which is counted: more is trouble all the same, and must not cost more to know."""
UNTOLD_SECONDS = 60
"""After which a schedule that Temporal was not told of counts."""

# The predicates are those of the partial indexes, literally. What a suspended tenant accepted waits rightly, and so
# does what is held for a place of its tenant's.
_BACKLOG = text(
    f"""
    WITH waiting AS MATERIALIZED (
        SELECT accepted_at FROM executions
        WHERE status = 'pending' AND NOT held AND tenant_id NOT IN (SELECT id FROM tenants WHERE status <> 'active')
        LIMIT {MOST}
    )
    SELECT
        (SELECT count(*) FROM waiting),
        (SELECT coalesce(extract(epoch FROM now() - min(accepted_at)), 0) FROM waiting),
        (SELECT count(*) FROM (
            SELECT 1 FROM executions WHERE status IN ('pending', 'running') LIMIT {MOST}
        ) AS unfinished),
        (SELECT count(*) FROM (SELECT 1 FROM executions WHERE status = 'pending' LIMIT {MOST}) AS pending),
        (SELECT coalesce(extract(epoch FROM now() - min(checked_at)), 0) FROM executions
            WHERE status IN ('pending', 'running')),
        (SELECT count(*) FROM (
            SELECT 1 FROM schedules WHERE sync_due_at < now() - make_interval(secs => {UNTOLD_SECONDS}) LIMIT {MOST}
        ) AS untold)
    """  # noqa: S608 - all of it is ours
)


class Backlog(NamedTuple):
    """What waits; each is counted to `MOST`."""

    pending: int
    """Executions of active tenants that could be started, and are not yet."""
    pending_oldest_seconds: float
    running: int
    unchecked_oldest_seconds: float
    schedules_untold: int


async def backlog(session: AsyncSession) -> Backlog:
    """As it is now, on a session of the platform's."""
    waiting, oldest, unfinished, pending, unchecked, untold = (await session.execute(_BACKLOG)).one()
    return Backlog(
        pending=waiting,
        # Clocks of two machines may differ: nothing waits since the future.
        pending_oldest_seconds=max(0.0, float(oldest)),
        running=max(0, unfinished - pending),
        unchecked_oldest_seconds=max(0.0, float(unchecked)),
        schedules_untold=untold,
    )
