"""The only door by which the API begins an execution.

Accept is a committed row, start an idempotent call to Temporal. Whatever is killed between the two, the dispatcher
finds the row and starts it; whatever is repeated, Temporal refuses a second workflow of the same id.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

import structlog

from api.services.away import Away
from api.services.dispatch import Dispatcher
from api.services.input import check_input
from api.services.tenants import KnownTenants
from gorax.core.contracts import TriggerType
from gorax.core.encoding import dumps
from gorax.core.errors import Conflict, TooLarge, Unavailable
from gorax.core.ids import EXECUTION, new_id
from gorax.core.steering import Steerings
from gorax.store.executions import Executions
from gorax.store.intake import Intake, Taken
from gorax.store.session import Database
from gorax.store.tables import Execution, WebhookEvent, Workflow

MAX_REQUEST_BYTES = 40_000_000
"""Encoded definition and trigger of an execution. What is too large for its history is kept outside of it; this is
what a worker is asked to hold."""
MAX_STARTING = 64
"""Starts that go on, or wait for their turn, after the answers to their requests; what comes beyond is left to the
dispatcher."""
STARTING_AT_ONCE = 8
"""Of those: Temporal takes no more by being asked for more at a time, and answering senders comes first."""

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
    event: WebhookEvent | None = None
    """What a webhook received, to be committed with the execution, whose id it then has."""


class Launcher:
    """Accepts executions and starts them."""

    def __init__(
        self, database: Database, dispatcher: Dispatcher, steerings: Steerings, tenants: KnownTenants
    ) -> None:
        self._database = database
        self._tenants = tenants
        self._dispatcher = dispatcher
        self._steerings = steerings
        self._away = Away()
        self._starting: set[asyncio.Task[None]] = set()
        self._turns = asyncio.Semaphore(STARTING_AT_ONCE)

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
        check_enabled(workflow)
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
        `check` does, `Forbidden` when the tenant is suspended, `TooLarge`, `Conflict` when the key was used for
        something else, and `Unavailable`.
        """
        await self._tenants.check_active(launch.tenant_id)
        _check_size(launch)
        async with self._database.session() as session:
            executions = Executions(session, launch.tenant_id)
            if check is not None:
                await check(executions)
            row = await executions.accept(
                accepted_at=datetime.now(UTC),
                idempotency_key=launch.idempotency_key,
                **{**_columns(launch), **launch.links},
            )
            if row is None:
                assert launch.idempotency_key is not None
                return _first(await executions.by_key(launch.idempotency_key), launch)
            if launch.event is not None:
                launch.event.execution_id = row.id
                session.add(launch.event)
            # From here on the execution is promised: it runs, whatever becomes of this process.
            await session.commit()
        await self._start(row, launch.definition)
        return row

    async def receive(self, launch: Launch, dedupe_seconds: int, *, wait: bool) -> Taken:
        """Accept the execution that an event begins, unless the event is a repetition.

        With `wait` its start is waited for; without, it goes on after this returns. Raises `TooLarge` and
        `Unavailable`.
        """
        event = launch.event
        assert event is not None
        _check_size(launch)
        row = Execution(
            **_columns(launch),
            tenant_id=launch.tenant_id,
            status="pending",
            accepted_at=event.received_at,
            started_at=event.received_at,
            checked_at=event.received_at,
        )
        event.execution_id = row.id
        async with self._database.session(autocommit=True) as session:
            taken = await Intake(session).accept(event, row, dedupe_seconds)
        # From here on the execution is promised, as in `launch`.
        if taken.duplicate_of is None:
            if wait:
                await self._start(row, launch.definition)
            else:
                self._start_soon(row, launch.definition)
        return taken

    def _start_soon(self, row: Execution, definition: dict[str, Any]) -> None:
        if len(self._starting) >= MAX_STARTING:
            return
        starting = asyncio.create_task(self._start_in_turn(row, definition))
        self._starting.add(starting)
        starting.add_done_callback(self._started)

    async def _start_in_turn(self, row: Execution, definition: dict[str, Any]) -> None:
        async with self._turns:
            await self._start(row, definition)

    def _started(self, starting: "asyncio.Task[None]") -> None:
        self._starting.discard(starting)
        if not starting.cancelled() and (error := starting.exception()) is not None:
            log.error("a start failed and is left to the dispatcher", exc_info=error)

    async def close(self) -> None:
        """Leave the starts that still go on to a dispatcher."""
        for starting in self._starting:
            starting.cancel()
        await asyncio.gather(*self._starting, return_exceptions=True)

    async def _start(self, row: Execution, definition: dict[str, Any]) -> None:
        if self._away:
            return
        try:
            started = await self._dispatcher.start(row, definition)
        except Unavailable as error:
            self._away.noticed()
            log.warning("left to the dispatcher", execution_id=row.id, reason=str(error))
        else:
            row.status = "running" if started else "failed"


def check_enabled(workflow: Workflow) -> None:
    """Raises `Conflict` when the workflow begins nothing now."""
    if not workflow.enabled:
        raise Conflict(f"workflow {workflow.id} is disabled: set enabled to true to execute it")


def _columns(launch: Launch) -> dict[str, Any]:
    """Of a new execution's row, whichever way it is accepted."""
    return {
        "id": new_id(EXECUTION),
        "workflow_id": launch.workflow_id,
        "workflow_name": launch.workflow_name,
        "version": launch.version,
        "trigger_type": launch.trigger_type,
        "trigger": launch.trigger,
        "priority": launch.priority,
        "created_by": launch.user_id,
    }


def _check_size(launch: Launch) -> None:
    # Encoded anew, a body may be longer than it was sent.
    if len(dumps(launch.trigger)) + len(dumps(launch.definition)) > MAX_REQUEST_BYTES:
        raise TooLarge(f"body: with its definition, must be at most {MAX_REQUEST_BYTES} bytes")


def _first(first: Execution | None, launch: Launch) -> Execution:
    """The execution that an earlier request of the same key began. Raises `Conflict` for another request's key."""
    if first is None or first.workflow_id != launch.workflow_id:
        raise Conflict("Idempotency-Key: already used for an execution of another workflow")
    if {
        name: getattr(first, name) for name in ("retry_of", "rerun_of", "schedule_id") if getattr(first, name)
    } != launch.links:
        raise Conflict("Idempotency-Key: already used for another request")
    return first
