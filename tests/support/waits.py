"""What runs ask for when they wait."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from gorax.core.actions.constructs import Answer, Wait
from gorax.core.contracts import WaitClosing, WaitOpening
from gorax.core.ids import APPROVAL, WAIT, id_of
from gorax.store.session import Database
from gorax.store.tables import Execution
from gorax.store.waits import Waits

NOW = datetime(2026, 5, 4, 12, 30, tzinfo=UTC)


def signal_wait(name: str = "paid", **given: Any) -> Wait:
    """A wait for a signal."""
    return Wait(kind="signal", name=name, **given)


def approval_wait(title: str = "Refund?", **given: Any) -> Wait:
    """A wait for an approval."""
    return Wait(kind="approval", name="ask", title=title, **given)


def opening(row: Execution, wait: Wait, **given: Any) -> WaitOpening:
    """What the run of an execution hands to `open_wait`."""
    values = {
        "tenant_id": row.tenant_id,
        "execution_id": row.id,
        "workflow_id": row.workflow_id,
        "wait_id": id_of(APPROVAL if wait.kind == "approval" else WAIT, uuid4()),
        "temporal_id": f"{row.tenant_id}:{row.id}",
        "path": "ask",
        "action_id": "ask",
        "type": "approval" if wait.kind == "approval" else "wait_for_signal",
        "number": 1,
        "wait": wait,
        "opened_at": NOW,
    }
    return WaitOpening(**{**values, **given})


async def fits(payload: Any) -> bool:
    """Any payload does."""
    return True


async def open_wait(database: Database, request: WaitOpening) -> Answer | None:
    """Open it as the activity does; the answer that was there already."""
    async with database.platform() as session:
        opened = await Waits(session, request.tenant_id).open(request, fits)
        await session.commit()
    return opened.answer


async def close_wait(database: Database, request: WaitOpening, outcome: Any) -> Answer | None:
    """Close it as the activity does."""
    closing = WaitClosing(tenant_id=request.tenant_id, wait_id=request.wait_id, outcome=outcome)
    async with database.platform() as session:
        answer = await Waits(session, request.tenant_id).close(closing)
        await session.commit()
    return answer
