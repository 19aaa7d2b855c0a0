"""Rows to start from."""

from datetime import UTC, datetime, timedelta
from typing import Any

from gorax.core.contracts import Closing
from gorax.core.ids import EXECUTION, WORKFLOW, new_id
from gorax.store.executions import Executions
from gorax.store.session import Database
from gorax.store.tables import Execution, Workflow
from gorax.store.tenants import Tenants
from gorax.store.workflows import Workflows

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
DEFINITION = {
    "trigger": {"type": "manual"},
    "actions": [{"id": "a", "type": "log", "config": {"message": "m"}}],
}


async def add_workflow(database: Database, tenant: str, name: str = "Orders") -> str:
    """A committed workflow; returns its id."""
    async with database.session() as session:
        await Tenants(session).ensure(tenant)
        workflow = await create(Workflows(session, tenant), name=name)
        await session.commit()
    return workflow.id


async def create(workflows: Workflows, *, name: str = "Orders", definition: Any = None) -> Workflow:
    """A workflow in the repository's transaction."""
    return await workflows.create(
        id=new_id(WORKFLOW),
        name=name,
        description="What comes in",
        enabled=True,
        definition=DEFINITION if definition is None else definition,
        created_by="ann",
    )


async def accept(executions: Executions, workflow_id: str, **given: Any) -> Execution | None:
    """An execution in the repository's transaction; `given` replaces what it would be otherwise."""
    row = {
        "id": new_id(EXECUTION),
        "workflow_id": workflow_id,
        "workflow_name": "Orders",
        "version": 1,
        "trigger_type": "manual",
        "trigger": {"type": "manual", "body": {}},
        "priority": 1,
        "idempotency_key": None,
        "created_by": "ann",
        "accepted_at": NOON,
    }
    return await executions.accept(**{**row, **given})


async def add_execution(database: Database, tenant: str, workflow_id: str, **given: Any) -> Execution:
    """A committed execution."""
    async with database.session() as session:
        row = await accept(Executions(session, tenant), workflow_id, **given)
        await session.commit()
    assert row is not None
    return row


def closing(row: Execution, **given: Any) -> Closing:
    """How an execution ended; completed after 1.5 seconds unless `given` says otherwise."""
    values = {
        "tenant_id": row.tenant_id,
        "execution_id": row.id,
        "status": "completed",
        "started_at": row.accepted_at + timedelta(seconds=1),
        "completed_at": row.accepted_at + timedelta(seconds=2.5),
        "steps_completed": 3,
        "steps_total": 4,
    }
    return Closing(**{**values, **given})
