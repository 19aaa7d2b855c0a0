"""Places: in a tenant whose concurrent executions are limited, each needs one before it starts.

A row is inserted as `held`, by a trigger, and given its place here. A place is taken until the execution has ended:
nothing has to give it back, since what is counted are the rows that have not ended. An execution that another one
waits for shares that one's place: otherwise the two could wait for each other for ever.
"""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

BATCH: Final = 500
"""Places that are given at once."""

# From one tenant to the next in the index, over all that each has.
_TENANTS = text(
    """
    WITH RECURSIVE waiting AS (
        (SELECT tenant_id FROM executions WHERE status = 'pending' AND held ORDER BY tenant_id LIMIT 1)
        UNION ALL
        SELECT (
            SELECT tenant_id FROM executions
            WHERE status = 'pending' AND held AND tenant_id > waiting.tenant_id ORDER BY tenant_id LIMIT 1
        )
        FROM waiting WHERE waiting.tenant_id IS NOT NULL
    )
    SELECT tenant_id FROM waiting WHERE tenant_id IS NOT NULL
    """
)
# Two statements: the second counts what was committed while the first waited for the lock.
_LOCK = text(
    """
    SELECT coalesce(CAST(quotas ->> 'max_concurrent_executions' AS integer), -1) FROM tenants
    WHERE id = :tenant AND status = 'active' FOR NO KEY UPDATE SKIP LOCKED
    """
)
_TAKEN = """
    SELECT count(*) FROM executions AS taking
    WHERE taking.tenant_id = :tenant AND (taking.status = 'running' OR taking.status = 'pending' AND NOT taking.held)
    AND (NOT taking.shares_place OR NOT EXISTS (
        SELECT FROM executions AS parent
        WHERE parent.id = taking.parent_execution_id AND parent.status IN ('pending', 'running')
    ))
"""
# As if nobody had looked at it for a while: it may be started at once. Who is given a place is chosen first, and once:
# chosen inside of the condition, some plans would choose again for each row, and pass over those that have theirs.
_GIVE = text(
    f"""
    WITH chosen AS MATERIALIZED (
        SELECT id FROM executions
        WHERE tenant_id = :tenant AND status = 'pending' AND held AND stop IS NULL
        ORDER BY priority DESC, id
        LIMIT CASE WHEN :most < 0 THEN :batch ELSE least(:batch, greatest(0, :most - ({_TAKEN}))) END
        FOR UPDATE SKIP LOCKED
    )
    UPDATE executions SET held = false, checked_at = now() - interval '1 minute'
    FROM chosen WHERE executions.id = chosen.id
    RETURNING executions.id
    """  # noqa: S608 - all of it is ours
)
_ENTER = text(
    """
    UPDATE executions SET status = 'running'
    WHERE id = :execution AND tenant_id = :tenant AND status = 'pending' AND NOT held
    RETURNING id
    """
)


class Places:
    """The places of all tenants."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def wanted(self) -> Sequence[str]:
        """The tenants in which executions wait for a place."""
        return (await self._session.scalars(_TENANTS)).all()

    async def give(self, tenant_id: str) -> int:
        """Give the places that are free, the highest priority first and then the oldest; how many were given.

        None where somebody else is giving the tenant's at this moment, or where it is suspended.
        """
        most = (await self._session.execute(_LOCK, {"tenant": tenant_id})).scalar_one_or_none()
        if most is None:
            return 0
        given = await self._session.execute(_GIVE, {"tenant": tenant_id, "most": most, "batch": BATCH})
        return len(given.all())

    async def enter(self, tenant_id: str, execution_id: str) -> bool:
        """Have an execution running that was given its place; false where it was not, or runs already."""
        entered = await self._session.execute(_ENTER, {"tenant": tenant_id, "execution": execution_id})
        return entered.one_or_none() is not None
