"""Executions that begin from stored events: one at a time, or all that a filter means."""

from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy.ext.asyncio import AsyncSession

from api.identity import Identity
from api.services.input import check_input
from api.services.intake import ACCEPTED
from api.services.launch import Launch, Launcher, check_enabled
from api.services.webhooks import NO_EVENT, NO_WEBHOOK
from gorax.core import ids
from gorax.core.encoding import dumps
from gorax.core.errors import Conflict, GoraxError, NotFound, QuotaExceeded, Unavailable
from gorax.core.steering import Steerings
from gorax.core.webhooks.trigger import trigger_document
from gorax.store.replay_keys import ReplayKeys
from gorax.store.session import Database
from gorax.store.tables import Execution, Webhook, WebhookEvent, Workflow
from gorax.store.webhook_events import EventFilter, WebhookEvents
from gorax.store.webhooks import Webhooks
from gorax.store.workflows import Workflows

OTHER_REQUEST = "Idempotency-Key: already used for another request"


class Body(NamedTuple):
    """What is to take the place of an event's body."""

    value: Any


class Replayed(NamedTuple):
    """An event that began an execution once more."""

    execution: Execution
    original_event_id: str
    event_id: str
    """Of the replay's own event."""


class Failed(NamedTuple):
    """An event that could not be replayed."""

    event_id: str
    reason: str


class Batch(NamedTuple):
    """What became of the events that were to be replayed."""

    replayed: list[Replayed]
    failed: list[Failed]
    remaining: int
    """Events that the filter means and that this batch did not come to."""
    next: str | None
    """The event that it came to last, after which the next batch goes on."""


class WebhookReplays:
    """Begins executions from the events of one tenant's webhooks, with their workflows as they are now.

    Whoever replays has decided that the event counts: neither the sender's proof nor the webhook's filter, schema or
    keys are looked at again. The workflow's own `input_schema` is.
    """

    def __init__(self, database: Database, launcher: Launcher, steerings: Steerings, days: int) -> None:
        """`days` is how long events are kept, and so how long it is remembered which keys replayed them."""
        self._database = database
        self._days = days
        self._launcher = launcher
        self._steerings = steerings

    async def replay(self, identity: Identity, event_id: str, body: Body | None, key: str | None) -> Replayed:
        """Begin an execution from an event, or return the one that the same request began under its key before.

        Raises `NotFound`, `Invalid`, `Conflict` when the event or the workflow forbids it, and `Unavailable`.
        """
        async with self._database.session(identity.tenant_id) as session:
            event = await WebhookEvents(session, identity.tenant_id).get(event_id)
            if event is None:
                raise NotFound(NO_EVENT)
            webhook = await Webhooks(session, identity.tenant_id).get(event.webhook_id, deleted=True)
            if webhook is None:
                raise NotFound(NO_WEBHOOK)
            workflow = await self._workflow(session, webhook)
        changed = [] if body is None else [body.value]
        again = await self._prepared(event, body, workflow)
        await self._claim(webhook, key, ["event", event.id, *changed])
        return await self._begin(identity, webhook, workflow, event, again, key)

    async def replay_many(
        self,
        identity: Identity,
        webhook_id: str,
        chosen: EventFilter,
        *,
        after: str | None,
        limit: int,
        key: str | None,
    ) -> Batch:
        """Begin an execution from each of the oldest events that the filter means, one after the other.

        Repeated with the same key, no event begins a second one; where it goes on, and how far, is no part of what
        the key stands for. Raises `NotFound`, and `Conflict`, `QuotaExceeded` and `Unavailable` when nothing at all
        could begin.
        """
        async with self._database.session(identity.tenant_id) as session:
            webhook = await Webhooks(session, identity.tenant_id).get(webhook_id, deleted=True)
            if webhook is None:
                raise NotFound(NO_WEBHOOK)
            workflow = await self._workflow(session, webhook)
            events = WebhookEvents(session, identity.tenant_id)
            place = None if after is None else await events.get(after)
            if after is not None and (place is None or place.webhook_id != webhook_id):
                raise NotFound(NO_EVENT)
            rows, total = await events.to_replay(webhook_id, chosen, place, limit)
        await self._claim(webhook, key, ["events", sorted(chosen.statuses), chosen.from_, chosen.to])
        batch = Batch([], [], total, after)
        for row in rows:
            try:
                batch.replayed.append(await self._one(identity, webhook, workflow, row.id, key))
            except (QuotaExceeded, Unavailable):
                if not batch.replayed:
                    raise
                # What has begun is told, and where to go on: to repeat it all would begin it twice.
                break
            except GoraxError as error:
                batch.failed.append(Failed(row.id, str(error)))
            batch = batch._replace(remaining=batch.remaining - 1, next=row.id)
        return batch

    async def _one(
        self, identity: Identity, webhook: Webhook, workflow: Workflow, event_id: str, key: str | None
    ) -> Replayed:
        async with self._database.session(identity.tenant_id) as session:
            event = await WebhookEvents(session, identity.tenant_id).get(event_id)
        if event is None:
            raise NotFound(NO_EVENT)
        own_key = None if key is None else f"{key}:{event_id}"
        again = await self._prepared(event, None, workflow)
        return await self._begin(identity, webhook, workflow, event, again, own_key)

    async def _claim(self, webhook: Webhook, key: str | None, asked: list[Any]) -> None:
        """Raises `Conflict` when the idempotency key stands for another replay of this webhook's events."""
        if key is None:
            return
        async with self._database.platform(autocommit=True) as session:
            if not await ReplayKeys(session, webhook.id).claim(key, dumps(asked), self._days):
                raise Conflict(OTHER_REQUEST)

    async def _workflow(self, session: AsyncSession, webhook: Webhook) -> Workflow:
        workflow = await Workflows(session, webhook.tenant_id).get(webhook.workflow_id)
        if workflow is None:
            raise Conflict(f"workflow {webhook.workflow_id} was deleted")
        check_enabled(workflow)
        return workflow

    async def _prepared(self, original: WebhookEvent, body: Body | None, workflow: Workflow) -> WebhookEvent:
        """The event of a replay. Raises `Conflict` when there is nothing to replay, and `Invalid` for its body."""
        if not original.replayable:
            raise Conflict(f"{original.id} has no request to replay: it was rejected, {original.reason}")
        event = _again(original, body)
        await check_input(self._steerings, workflow, event.body)
        return event

    async def _begin(
        self,
        identity: Identity,
        webhook: Webhook,
        workflow: Workflow,
        original: WebhookEvent,
        event: WebhookEvent,
        key: str | None,
    ) -> Replayed:
        execution = await self._launcher.launch(
            Launch(
                tenant_id=identity.tenant_id,
                workflow_id=workflow.id,
                workflow_name=workflow.name,
                version=workflow.version,
                definition=workflow.definition,
                trigger_type="replay",
                # The sender's request, sent when it was.
                trigger=trigger_document(event, original.received_at),
                user_id=identity.user_id,
                idempotency_key=key,
                priority=webhook.priority,
                event=event,
            )
        )
        event_id = execution.trigger.get("event_id")
        if event_id != event.id:
            await self._see_that_it_is_the_same(identity, event_id, original)
        return Replayed(execution, original.id, str(event_id))

    async def _see_that_it_is_the_same(
        self, identity: Identity, event_id: Any, original: WebhookEvent
    ) -> None:
        """Raises `Conflict` when the idempotency key began something else than a replay of the event."""
        async with self._database.session(identity.tenant_id) as session:
            first = await WebhookEvents(session, identity.tenant_id).get(str(event_id))
        if first is None or first.replay_of != original.id:
            raise Conflict(OTHER_REQUEST)


def _again(original: WebhookEvent, body: Body | None) -> WebhookEvent:
    """The event of a replay."""
    value = original.body if body is None else body.value
    return WebhookEvent(
        id=ids.new_id(ids.WEBHOOK_EVENT),
        tenant_id=original.tenant_id,
        webhook_id=original.webhook_id,
        received_at=datetime.now(UTC),
        source="replay",
        method=original.method,
        path=original.path,
        query=original.query,
        headers=original.headers,
        content_type=original.content_type,
        remote_address=original.remote_address,
        body=value,
        body_bytes=original.body_bytes if body is None else len(dumps(value)),
        replayable=True,
        status="processed",
        response_status=ACCEPTED,
        replay_of=original.id,
    )
