"""What people ask of executions that have begun: to be cancelled, terminated, paused, resumed."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from api.identity import Identity
from api.services.control import Controller
from api.services.due_rows import PATIENCE
from gorax.core.contracts import TERMINAL, Stop
from gorax.core.errors import Conflict, NotFound
from gorax.store.controls import Controls
from gorax.store.executions import Executions
from gorax.store.session import Database
from gorax.store.tables import Execution

NO_EXECUTION = "execution not found"

Change = Callable[[Controls], Awaitable[bool]]


class Lifecycle:
    """Takes wishes and sees that runs are told.

    Every method returns the row after it, raises `NotFound`, and `Conflict` when the execution has ended or is about
    to. Asking again for what was asked is the same as once.
    """

    def __init__(self, database: Database, controller: Controller) -> None:
        self._database = database
        self._controller = controller

    async def cancel(self, identity: Identity, execution_id: str) -> Execution:
        """Have the execution end by its handlers."""
        return await self._stop(identity, execution_id, "cancel", None)

    async def terminate(self, identity: Identity, execution_id: str, reason: str | None) -> Execution:
        """End the execution at once, without its handlers."""
        return await self._stop(identity, execution_id, "terminate", reason)

    async def pause(self, tenant_id: str, execution_id: str) -> Execution:
        """Begin no further step of the execution."""
        due = datetime.now(UTC) + PATIENCE
        row = await self._ask(tenant_id, execution_id, lambda controls: controls.pause(execution_id, due))
        return _steerable(row)

    async def resume(self, tenant_id: str, execution_id: str) -> Execution:
        """Go on with a paused execution."""
        due = datetime.now(UTC) + PATIENCE
        row = await self._ask(tenant_id, execution_id, lambda controls: controls.resume(execution_id, due))
        return _steerable(row)

    async def _stop(self, identity: Identity, execution_id: str, kind: Stop, reason: str | None) -> Execution:
        due = datetime.now(UTC) + PATIENCE
        row = await self._ask(
            identity.tenant_id,
            execution_id,
            lambda controls: controls.stop(execution_id, kind, by=identity.user_id, reason=reason, due=due),
        )
        if row.status in TERMINAL and row.status != ("cancelled" if kind == "cancel" else "terminated"):
            raise Conflict(f"the execution has ended: it is {row.status}")
        return row

    async def _ask(self, tenant_id: str, execution_id: str, change: Change) -> Execution:
        async with self._database.session(tenant_id) as session:
            changed = await change(Controls(session, tenant_id))
            if changed:
                # From here on the wish comes to its run, whatever becomes of this process.
                await session.commit()
        if changed:
            await self._controller.tell(execution_id)
        async with self._database.session(tenant_id) as session:
            row = await Executions(session, tenant_id).get(execution_id)
        if row is None:
            raise NotFound(NO_EXECUTION)
        return row


def _steerable(row: Execution) -> Execution:
    if row.status in TERMINAL:
        raise Conflict(f"the execution has ended: it is {row.status}")
    if row.stop is not None:
        raise Conflict(f"the execution is about to end: it was asked to {row.stop}")
    return row
