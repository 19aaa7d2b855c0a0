"""The only door by which the API begins an execution.

Accept is a committed row, start an idempotent call to Temporal. Whatever is killed between the two, the dispatcher
finds the row and starts it; whatever is repeated, Temporal refuses a second workflow of the same id.
"""

import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

import structlog

from api.services.dispatch import Dispatcher
from api.services.input import check_input
from gorax.core.contracts import TriggerType
from gorax.core.encoding import dumps
from gorax.core.errors import Conflict, TooLarge, Unavailable
from gorax.core.ids import EXECUTION, new_id
from gorax.core.steering import Steerings
from gorax.store.executions import Executions
from gorax.store.session import Database
from gorax.store.tables import Execution, Workflow

MAX_REQUEST_BYTES = 1_800_000
"""Encoded definition and trigger of an execution: Temporal takes 2 MB in one payload."""
AWAY_SECONDS = 1.0
"""After Temporal did not answer, starts are left to the dispatcher for so long, and callers do not wait."""

log = structlog.get_logger(__name__)

Check = Callable[[Executions], Awaitable[None]]
"""Raises what forbids an execution, in the transaction that accepts it."""


class Launch(NamedTuple):
    """An execution that is to be accepted."""

    tenant_id: str
    workflow_id: str
    workflow_name: str
    version: int
    definition: dict[str, Any]
    """Of that version, as it was authored."""
    trigger_type: TriggerType
    trigger: dict[str, Any]
    user_id: str
    idempotency_key: str | None = None
    priority: int = 1
    links: Mapping[str, str] = {}
    """`retry_of` or `rerun_of`."""


class Launcher:
    """Accepts executions and starts them."""

    def __init__(self, database: Database, dispatcher: Dispatcher, steerings: Steerings) -> None:
        self._database = database
        self._dispatcher = dispatcher
        self._steerings = steerings
        self._away_until = 0.0

    async def execute(
        self,
        workflow: Workflow,
        body: Any,
        *,
        user_id: str,
        idempotency_key: str | None = None,
        priority: int = 1,
    ) -> Execution:
        """Begin an execution by hand, with `body` as `trigger.body`.

        Returns the row: `running` once Temporal has it, `pending` while that is still to come, and the first
        execution's row when the idempotency key was used before. Raises `Conflict` when the workflow is disabled,
        `Invalid` when the body is not as its `input_schema` asks, `TooLarge` when it is too long, `Unavailable`
        when it could not be accepted.
        """
        if not workflow.enabled:
            raise Conflict(f"workflow {workflow.id} is disabled: set enabled to true to execute it")
        await check_input(self._steerings, workflow, body)
        return await self.launch(
            Launch(
                tenant_id=workflow.tenant_id,
                workflow_id=workflow.id,
                workflow_name=workflow.name,
                version=workflow.version,
                definition=workflow.definition,
                trigger_type="manual",
                trigger={"type": "manual", "body": body},
                user_id=user_id,
                idempotency_key=idempotency_key,
                priority=priority,
            )
        )

    async def launch(self, launch: Launch, check: Check | None = None) -> Execution:
        """Accept an execution and start it.

        Returns its row, or that of the first one when the idempotency key was used for the same before. Raises what
        `check` does, `TooLarge`, `Conflict` when the key was used for something else, and `Unavailable`.
        """
        # Encoded anew, a body may be longer than it was sent; with its definition it must fit one payload.
        if len(dumps(launch.trigger)) + len(dumps(launch.definition)) > MAX_REQUEST_BYTES:
            raise TooLarge(f"body: with its definition, must be at most {MAX_REQUEST_BYTES} bytes")
        async with self._database.session() as session:
            executions = Executions(session, launch.tenant_id)
            if check is not None:
                await check(executions)
            row = await executions.accept(
                id=new_id(EXECUTION),
                workflow_id=launch.workflow_id,
                workflow_name=launch.workflow_name,
                version=launch.version,
                trigger_type=launch.trigger_type,
                trigger=launch.trigger,
                priority=launch.priority,
                idempotency_key=launch.idempotency_key,
                created_by=launch.user_id,
                accepted_at=datetime.now(UTC),
                **launch.links,
            )
            if row is None:
                assert launch.idempotency_key is not None
                return _first(await executions.by_key(launch.idempotency_key), launch)
            # From here on the execution is promised: it runs, whatever becomes of this process.
            await session.commit()
        await self._start(row, launch.definition)
        return row

    async def _start(self, row: Execution, definition: dict[str, Any]) -> None:
        if time.monotonic() < self._away_until:
            return
        try:
            started = await self._dispatcher.start(row, definition)
        except Unavailable as error:
            self._away_until = time.monotonic() + AWAY_SECONDS
            log.warning("left to the dispatcher", execution_id=row.id, reason=str(error))
        else:
            row.status = "running" if started else "failed"


def _first(first: Execution | None, launch: Launch) -> Execution:
    """The execution that an earlier request of the same key began. Raises `Conflict` for another request's key."""
    if first is None or first.workflow_id != launch.workflow_id:
        raise Conflict("Idempotency-Key: already used for an execution of another workflow")
    if {
        name: getattr(first, name) for name in ("retry_of", "rerun_of") if getattr(first, name)
    } != launch.links:
        raise Conflict("Idempotency-Key: already used for another request")
    return first
