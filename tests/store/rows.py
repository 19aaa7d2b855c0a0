"""Rows to start from."""

from datetime import UTC, datetime, timedelta
from typing import Any

from gorax.core.contracts import Closing
from gorax.core.ids import EXECUTION, WEBHOOK, WEBHOOK_EVENT, WORKFLOW, new_id
from gorax.core.webhooks.settings import WebhookSettings
from gorax.store.executions import Executions
from gorax.store.session import Database
from gorax.store.tables import Execution, Webhook, WebhookEvent, Workflow
from gorax.store.tenants import Tenants
from gorax.store.webhooks import Webhooks
from gorax.store.workflows import Workflows
from gorax.vault import Envelope

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
DEFINITION = {
    "trigger": {"type": "manual"},
    "actions": [{"id": "a", "type": "log", "config": {"message": "m"}}],
}


async def add_workflow(database: Database, tenant: str, name: str = "Orders") -> str:
    """A committed workflow; returns its id."""
    async with database.platform() as session:
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
    async with database.platform() as session:
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


async def add_webhook(
    database: Database, tenant: str, workflow_id: str, envelope: Envelope | None, **given: Any
) -> Webhook:
    """A committed webhook; `given` replaces what it would be otherwise."""
    values = {
        "id": new_id(WEBHOOK),
        "workflow_id": workflow_id,
        "name": "Orders",
        "description": "",
        "created_by": "ann",
        **WebhookSettings(auth_type="none" if envelope is None else "signature").model_dump(),
        **given,
    }
    async with database.platform() as session:
        row = await Webhooks(session, tenant).create(values, envelope)
        await session.commit()
    return row


async def add_event(database: Database, webhook: Webhook, **given: Any) -> WebhookEvent:
    """A committed event of a webhook; `given` replaces what it would be otherwise."""
    row = WebhookEvent(
        **{
            "id": new_id(WEBHOOK_EVENT),
            "tenant_id": webhook.tenant_id,
            "webhook_id": webhook.id,
            "received_at": NOON,
            "source": "request",
            "method": "POST",
            "path": f"/webhooks/{webhook.workflow_id}/{webhook.id}",
            "query": {},
            "headers": {"content-type": "application/json"},
            "content_type": "application/json",
            "remote_address": "192.0.2.7",
            "body": {"order": 1},
            "body_bytes": 11,
            "replayable": True,
            "status": "processed",
            "response_status": 202,
            "response_time_ms": 7,
            **given,
        }
    )
    async with database.platform() as session:
        session.add(row)
        await session.commit()
    return row
