"""The only door by which the API begins an execution.

Accept is a committed row, start an idempotent call to Temporal. Whatever is killed between the two, the dispatcher
finds the row and starts it; whatever is repeated, Temporal refuses a second workflow of the same id.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from typing import Any, NamedTuple

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from api.services.authored import Authored
from api.services.away import Away
from api.services.dispatch import Dispatcher
from api.services.fair_queue import FairQueue
from api.services.input import check_input
from api.services.pace import Pace
from api.services.tenants import KnownTenants
from api.services.workflows import NO_WORKFLOW
from gorax.core.contracts import TriggerType
from gorax.core.encoding import dumps
from gorax.core.errors import Conflict, NotFound, TooLarge, Unavailable
from gorax.core.ids import EXECUTION, new_id
from gorax.core.steering import Steerings
from gorax.engine.s3 import PayloadStoreUnavailable
from gorax.store.executions import Executions
from gorax.store.intake import Begun, Destination, Event, Intake, Taken
from gorax.store.session import Database
from gorax.store.tables import Execution, WebhookEvent, Workflow
from gorax.store.workflows import Workflows
from gorax.telemetry.instruments import ACCEPTED
from gorax.telemetry.tracing import traceparent

MAX_REQUEST_BYTES = 40_000_000
"""Encoded definition and trigger of an execution. What is too large for its history is kept outside of it; this is
what a worker is asked to hold."""
ACCEPTED_AT_ONCE = 6
"""Executions that are accepted at a time beside events: who sends many at once waits for the turns of the others."""
MAX_STARTING = 128
"""Starts that go on, or wait for their turn, after the answers to their requests; what comes beyond is left to the
dispatcher."""
MAX_STARTING_OF_TENANT = 16
"""Of these, those of one tenant: a flood leaves room for the others."""
ANSWER_SECONDS = 2.0
"""For which an answer waits for the turn of its execution to be started; beyond, that is left to the dispatcher. So who
begins executions faster than they are run is slowed down, and nobody else. A start that goes on after its answer waits
no longer, either: a late one could begin what was cancelled meanwhile (see `api.services.control.SETTLED`)."""

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
        self,
        database: Database,
        intake: Intake,
        dispatcher: Dispatcher,
        pace: Pace,
        steerings: Steerings,
        tenants: KnownTenants,
    ) -> None:
        self._database = database
        self._intake = intake
        self._pace = pace
        self._tenants = tenants
        self._dispatcher = dispatcher
        self._steerings = steerings
        self._away = Away()
        self._turns = FairQueue(lambda: ACCEPTED_AT_ONCE)
        self._starting: dict[asyncio.Task[None], str] = {}
        self._starting_of: Counter[str] = Counter()

    async def execute(
        self,
        tenant_id: str,
        workflow_id: str,
        body: Any,
        *,
        user_id: str,
        idempotency_key: str | None = None,
        priority: int = 1,
    ) -> Execution:
        """Begin an execution by hand, with `body` as `trigger.body`.

        Returns the row: `running` when Temporal has it, `pending` when that is still to come, since Temporal is away or
        many wait for their turns, and the first execution's row when the idempotency key was used before. Raises
        `NotFound`, `Conflict` when the workflow is disabled, `Invalid` when the body is not as its `input_schema` asks,
        `TooLarge` when it is too long, `Unavailable` when it could not be accepted.
        """
        async with self._accepting(tenant_id, priority) as session:
            workflow = await Workflows(session, tenant_id).get(workflow_id)
            if workflow is None:
                raise NotFound(NO_WORKFLOW)
            check_enabled(workflow)
            await check_input(self._steerings, workflow, body)
            launch = Launch(
                tenant_id=tenant_id,
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
            row, is_new = await self._accept(session, launch)
        return await self._begin(row, launch) if is_new else row

    async def launch(self, launch: Launch, check: Check | None = None) -> Execution:
        """Accept an execution and start it.

        Returns its row, or that of the first one when the idempotency key was used for the same before. Raises what
        `check` does, `Forbidden` when the tenant is suspended, `TooLarge`, `QuotaExceeded`, `Conflict` when the key was
        used for something else, and `Unavailable`.
        """
        async with self._accepting(launch.tenant_id, launch.priority) as session:
            row, is_new = await self._accept(session, launch, check)
        return await self._begin(row, launch) if is_new else row

    @asynccontextmanager
    async def _accepting(self, tenant_id: str, priority: int) -> AsyncIterator[AsyncSession]:
        """A session in which executions are accepted, once it is the tenant's turn. Raises `Forbidden`."""
        await self._tenants.check_active(tenant_id)
        async with self._turns.place(tenant_id, priority), self._database.session(tenant_id) as session:
            yield session

    async def _accept(
        self, session: AsyncSession, launch: Launch, check: Check | None = None
    ) -> tuple[Execution, bool]:
        """The execution's row, or the first one's of its idempotency key; and whether it is new, and committed."""
        _check_size(len(dumps(launch.trigger)) + len(dumps(launch.definition)))
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
            return _first(await executions.by_key(launch.idempotency_key), launch), False
        if launch.event is not None:
            launch.event.execution_id = row.id
            session.add(launch.event)
        # From here on the execution is promised: it runs, whatever becomes of this process.
        await session.commit()
        return row, True

    async def _begin(self, row: Execution, launch: Launch) -> Execution:
        """Start what was accepted, as soon as it may be."""
        ACCEPTED.labels(launch.trigger_type).inc()
        if row.held:
            self._dispatcher.hold()
        else:
            await self._start_in_time(row, launch.definition)
        return row

    async def receive(
        self,
        destination: Destination,
        workflow: Authored,
        event: Event,
        trigger: dict[str, Any],
        *,
        wait: bool,
    ) -> Taken:
        """Accept the execution that an event begins, unless the event is a repetition.

        With `wait` its start is waited for; without, it goes on after this returns. Raises `TooLarge`, `QuotaExceeded`
        and `Unavailable`.
        """
        webhook = destination.webhook
        encoded = dumps(trigger)
        _check_size(len(encoded) + workflow.bytes)
        begun = Begun(
            id=new_id(EXECUTION),
            workflow_id=workflow.id,
            workflow_name=destination.workflow_name,
            version=workflow.version,
            trigger=encoded,
            priority=webhook.priority,
            created_by="webhook",
            traceparent=traceparent(),
        )
        event.execution_id = begun.id
        with self._pace.accepting():
            taken = await self._intake.accept(event, begun, webhook.dedupe_seconds)
        # From here on the execution is promised, as in `launch`.
        if taken.duplicate_of is None:
            ACCEPTED.labels("webhook").inc()
            if taken.held:
                self._dispatcher.hold()
            elif wait:
                await self._start_in_time(_accepted(begun, event, trigger), workflow.definition)
            elif self._has_room(event.tenant_id):
                self._start_soon(_accepted(begun, event, trigger), workflow.definition)
        return taken

    def _has_room(self, tenant_id: str) -> bool:
        return len(self._starting) < MAX_STARTING and self._starting_of[tenant_id] < MAX_STARTING_OF_TENANT

    async def _start_in_time(self, row: Execution, definition: dict[str, Any]) -> None:
        """Start it, unless its turn is later than an answer can wait: then the dispatcher does."""
        with suppress(TimeoutError):
            async with (
                asyncio.timeout(ANSWER_SECONDS) as waiting,
                self._pace.place(row.tenant_id, row.priority),
            ):
                waiting.reschedule(None)
                await self._start(row, definition)

    def _start_soon(self, row: Execution, definition: dict[str, Any]) -> None:
        starting = asyncio.create_task(self._start_in_time(row, definition))
        self._starting[starting] = row.tenant_id
        self._starting_of[row.tenant_id] += 1
        starting.add_done_callback(self._started)

    def _started(self, starting: "asyncio.Task[None]") -> None:
        tenant_id = self._starting.pop(starting)
        self._starting_of[tenant_id] -= 1
        if not self._starting_of[tenant_id]:
            del self._starting_of[tenant_id]
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
            if not isinstance(error, PayloadStoreUnavailable):  # who has smaller values can do without it
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
    kept = traceparent()
    return {
        "id": new_id(EXECUTION),
        "workflow_id": launch.workflow_id,
        "workflow_name": launch.workflow_name,
        "version": launch.version,
        "trigger_type": launch.trigger_type,
        "trigger": launch.trigger,
        "priority": launch.priority,
        "created_by": launch.user_id,
        **({} if kept is None else {"traceparent": kept}),
    }


def _accepted(begun: Begun, event: Event, trigger: dict[str, Any]) -> Execution:
    """The row of an execution that an event has begun."""
    return Execution(
        id=begun.id,
        tenant_id=event.tenant_id,
        workflow_id=begun.workflow_id,
        workflow_name=begun.workflow_name,
        version=begun.version,
        status="pending",
        trigger_type="webhook",
        trigger=trigger,
        priority=begun.priority,
        accepted_at=event.received_at,
        started_at=event.received_at,
        checked_at=event.received_at,
        created_by=begun.created_by,
        traceparent=begun.traceparent,
    )


def _check_size(encoded: int) -> None:
    # Encoded anew, a body may be longer than it was sent.
    if encoded > MAX_REQUEST_BYTES:
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
