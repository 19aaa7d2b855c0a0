"""Maintenance as a worker runs it: one failing part does not keep the others from their work."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlmodel import col

from gorax.settings import DatabaseSettings, Settings
from gorax.store.session import Database
from gorax.store.tables import WebhookEvent
from tests.store.rows import add_event, add_webhook, add_workflow
from tests.support.interpreter import Interpreter
from workflows.maintenance import Reconcile


async def test_events_that_are_too_old_are_gone_after_a_minute(
    interpreter: Interpreter, database_url: str, tenant: str
) -> None:
    settings = Settings(database=DatabaseSettings(url=database_url))
    database = Database(settings)
    webhook = await add_webhook(database, tenant, await add_workflow(database, tenant), None)
    now = datetime.now(UTC)
    kept, _ = [
        (await add_event(database, webhook, received_at=now - timedelta(days=days))).id for days in (29, 31)
    ]
    # This server has no visibility, so every pass of the reconciler fails.
    await interpreter.client.execute_workflow(
        Reconcile.run, id=f"maintenance-{tenant}", task_queue=settings.temporal.task_queue
    )
    async with database.platform() as session:
        ids = await session.scalars(select(col(WebhookEvent.id)).where(col(WebhookEvent.tenant_id) == tenant))
        assert ids.all() == [kept]
    await database.close()
