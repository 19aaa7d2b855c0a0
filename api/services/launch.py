"""The only door by which the API begins an execution.

Accept is a committed row, start an idempotent call to Temporal. Whatever is killed between the two, the dispatcher
finds the row and starts it; whatever is repeated, Temporal refuses a second workflow of the same id.
"""

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import structlog

from api.services.dispatch import Dispatcher
from api.services.input import check_input
from gorax.core.contracts import TriggerType
from gorax.core.encoding import dumps
from gorax.core.errors import Conflict, TooLarge, Unavailable
from gorax.core.ids import EXECUTION, new_id
from gorax.store.executions import Executions
from gorax.store.session import Database
from gorax.store.tables import Execution, Workflow

MAX_REQUEST_BYTES = 1_800_000
"""Encoded definition and trigger of an execution: Temporal takes 2 MB in one payload."""
AWAY_SECONDS = 1.0
"""After Temporal did not answer, starts are left to the dispatcher for so long, and callers do not wait."""

log = structlog.get_logger(__name__)


class Launcher:
    """Accepts executions and starts them."""

    def __init__(self, database: Database, dispatcher: Dispatcher) -> None:
        self._database = database
        self._dispatcher = dispatcher
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
        await check_input(workflow, body)
        trigger = {"type": "manual", "body": body}
        # Encoded anew, a body may be longer than it was sent; with its definition it must fit one payload.
        if len(dumps(trigger)) + len(dumps(workflow.definition)) > MAX_REQUEST_BYTES:
            raise TooLarge(f"body: with its definition, must be at most {MAX_REQUEST_BYTES} bytes")
        return await self._launch(
            workflow,
            "manual",
            trigger,
            user_id=user_id,
            idempotency_key=idempotency_key,
            priority=priority,
        )

    async def _launch(
        self,
        workflow: Workflow,
        trigger_type: TriggerType,
        trigger: Mapping[str, Any],
        *,
        user_id: str,
        idempotency_key: str | None,
        priority: int,
    ) -> Execution:
        async with self._database.session() as session:
            executions = Executions(session, workflow.tenant_id)
            row = await executions.accept(
                id=new_id(EXECUTION),
                workflow_id=workflow.id,
                workflow_name=workflow.name,
                version=workflow.version,
                trigger_type=trigger_type,
                trigger=dict(trigger),
                priority=priority,
                idempotency_key=idempotency_key,
                created_by=user_id,
                accepted_at=datetime.now(UTC),
            )
            if row is None:
                assert idempotency_key is not None
                first = await executions.by_key(idempotency_key)
                if first is None or first.workflow_id != workflow.id:
                    raise Conflict("Idempotency-Key: already used for an execution of another workflow")
                return first
            # From here on the execution is promised: it runs, whatever becomes of this process.
            await session.commit()
        await self._start(row, workflow.definition)
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
