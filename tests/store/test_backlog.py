"""What waits, counted across tenants, cheaply."""

import time
from datetime import UTC, datetime, timedelta

from sqlalchemy import text

from gorax.store.backlog import MOST, backlog
from gorax.store.execution_index import ExecutionIndex
from gorax.store.executions import Executions
from gorax.store.session import Database
from tests.store.rows import accept, add_workflow

_FILL = text(
    """
    INSERT INTO executions (id, tenant_id, workflow_id, workflow_name, version, status, trigger_type, trigger, priority,
        accepted_at, started_at, checked_at, steps_completed, steps_total, created_by, has_waits)
    SELECT 'exec_' || n, :tenant, :workflow, 'W', 1, CASE WHEN n > :pending THEN 'completed' ELSE 'pending' END,
        'manual', '{}', 1, now(), now(), now(), 0, 0, 'u', false
    FROM generate_series(1, CAST(:rows AS integer)) AS n
    """
)


async def test_what_waits_is_counted_by_what_may_start(own_database: Database) -> None:
    async with own_database.platform() as session:
        assert await backlog(session) == (0, 0.0, 0, 0.0, 0)
    now = datetime.now(UTC)
    for tenant, age in (("first", 30), ("second", 10), ("away", 900)):
        workflow_id = await add_workflow(own_database, tenant)
        async with own_database.platform() as session:
            executions = Executions(session, tenant)
            began = await accept(executions, workflow_id, accepted_at=now - timedelta(seconds=age))
            runs = await accept(executions, workflow_id, accepted_at=now - timedelta(seconds=age + 5))
            assert began is not None
            assert runs is not None
            await ExecutionIndex(session).mark_started([runs.id])
            await session.commit()
    async with own_database.platform() as session:
        await session.execute(text("UPDATE tenants SET status = 'suspended' WHERE id = 'away'"))
        await session.commit()
        found = await backlog(session)
    # Those of the suspended tenant wait rightly; what runs in it does so.
    assert (found.pending, found.running, found.schedules_untold) == (2, 3, 0)
    assert 30 <= found.pending_oldest_seconds < 60
    assert 905 <= found.unchecked_oldest_seconds < 960


async def test_counting_costs_the_same_however_much_there_is(own_database: Database) -> None:
    workflow_id = await add_workflow(own_database, "acme")
    rows = {"tenant": "acme", "workflow": workflow_id, "rows": 40_000, "pending": MOST + 2_000}
    async with own_database.platform() as session:
        await session.execute(_FILL, rows)
        await session.commit()
        began = time.perf_counter()
        found = await backlog(session)
        seconds = time.perf_counter() - began
    assert found.pending == MOST
    assert seconds < 0.25
