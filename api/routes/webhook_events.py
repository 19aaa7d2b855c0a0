"""Events of webhooks: their history, replaying them, and tests."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.requests import Request
from starlette.responses import Response

from api import examples
from api import webhook_examples as webhook
from api.auth import CurrentIdentity, CurrentTenant
from api.dependencies import CurrentServices
from api.idempotency import IdempotencyKey
from api.json_body import JsonBody
from api.openapi import REPEATABLE, json_body, responses
from api.paths import EventId, WebhookId
from api.readers import address_of
from api.responses import data, page, respond
from api.schemas.common import Data, Page
from api.schemas.webhook_events import (
    EventDetail,
    EventsQuery,
    EventView,
    ReplayedEvent,
    ReplayedEvents,
    ReplayEvent,
    ReplayEvents,
    SendTest,
    Tested,
    event_detail,
    event_view,
    tested_view,
)
from api.services.intake import ACCEPTED
from api.services.webhook_replay import Body, Replayed

router = APIRouter(prefix="/api/v1", tags=["Webhooks"])

COMMON = (400, 401, 404, 500, 503)
BODY = (408, 409)


@router.get(
    "/webhooks/{webhookID}/events",
    operation_id="listWebhookEvents",
    summary="List the events of a webhook",
    response_model=Page[EventView],
    responses=responses(200, examples.page(webhook.EVENT), *COMMON),
)
async def list_events(
    webhook_id: WebhookId,
    tenant: CurrentTenant,
    services: CurrentServices,
    query: Annotated[EventsQuery, Query()],
) -> Response:
    """What the webhook received and what came of it, newest first."""
    seen, total = await services.webhooks.events(
        tenant, webhook_id, query.filter(), query.limit, query.offset
    )
    views = [event_view(one.event, waiting=one.waiting) for one in seen]
    return page(views, limit=query.limit, offset=query.offset, total=total)


@router.post(
    "/webhooks/{webhookID}/replay",
    operation_id="replayWebhookEvents",
    summary="Replay events of a webhook",
    status_code=ACCEPTED,
    response_model=ReplayedEvents,
    responses=responses(ACCEPTED, webhook.REPLAYED_EVENTS, *COMMON, *BODY),
    openapi_extra={**json_body(ReplayEvents, webhook.REPLAY_EVENTS, required=False), **REPEATABLE},
)
async def replay_events(
    webhook_id: WebhookId,
    identity: CurrentIdentity,
    services: CurrentServices,
    body: Annotated[ReplayEvents, Depends(JsonBody(ReplayEvents, optional=True))],
    key: IdempotencyKey,
) -> Response:
    """Begin an execution from each stored event that is meant, oldest first; with what is left to go on from.

    Repeated with the same `Idempotency-Key`, no event begins a second one.
    """
    batch = await services.webhook_replays.replay_many(
        identity, webhook_id, body.filter(), after=body.after, limit=body.limit, key=key
    )
    view: ReplayedEvents = {
        "replayed": [_replayed(one) for one in batch.replayed],
        "failed": [{"event_id": one.event_id, "error": one.reason} for one in batch.failed],
        "replayed_count": len(batch.replayed),
        "failed_count": len(batch.failed),
        "remaining": batch.remaining,
        "next": batch.next if batch.remaining else None,
    }
    return respond(view, ACCEPTED)


@router.post(
    "/webhooks/{webhookID}/test",
    operation_id="testWebhook",
    summary="Test a webhook",
    response_model=Tested,
    responses=responses(200, webhook.TESTED, *COMMON, *BODY),
    openapi_extra=json_body(SendTest, webhook.SEND_TEST, required=False),
)
async def test_webhook(
    webhook_id: WebhookId,
    request: Request,
    tenant: CurrentTenant,
    services: CurrentServices,
    body: Annotated[SendTest, Depends(JsonBody(SendTest, optional=True))],
) -> Response:
    """Send an event through all that a sender's passes, proof included, and tell what became of it.

    It is a real one: where it is accepted, an execution begins. It comes from the address of whoever asks.
    """
    trial = await services.webhook_tests.send(tenant, webhook_id, body, address_of(request))
    return respond(tested_view(trial.outcome.event, trial.outcome.status, trial.milliseconds))


@router.get(
    "/events/{eventID}",
    operation_id="getWebhookEvent",
    summary="Get an event",
    response_model=Data[EventDetail],
    responses=responses(200, examples.data(webhook.EVENT_DETAIL), *COMMON),
)
async def get_event(event_id: EventId, tenant: CurrentTenant, services: CurrentServices) -> Response:
    """The event with its request, and with its replays. What proved who sent it is masked."""
    one = await services.webhooks.event(tenant, event_id)
    return data(event_detail(one.event, one.replays, waiting=one.waiting))


@router.post(
    "/events/{eventID}/replay",
    operation_id="replayWebhookEvent",
    summary="Replay an event",
    status_code=ACCEPTED,
    response_model=ReplayedEvent,
    responses=responses(ACCEPTED, webhook.REPLAYED_EVENT, *COMMON, *BODY),
    openapi_extra={**json_body(ReplayEvent, webhook.REPLAY_EVENT, required=False), **REPEATABLE},
)
async def replay_event(
    event_id: EventId,
    identity: CurrentIdentity,
    services: CurrentServices,
    body: Annotated[ReplayEvent, Depends(JsonBody(ReplayEvent, optional=True))],
    key: IdempotencyKey,
) -> Response:
    """Begin an execution from the stored event, with the workflow as it is now.

    The webhook's filter, schema and keys are not looked at again: whoever replays has decided that the event counts.
    """
    changed = Body(body.body) if "body" in body.model_fields_set else None
    return respond(
        _replayed(await services.webhook_replays.replay(identity, event_id, changed, key)), ACCEPTED
    )


def _replayed(one: Replayed) -> ReplayedEvent:
    return {
        "execution_id": one.execution.id,
        "original_event_id": one.original_event_id,
        "event_id": one.event_id,
        "status": "queued",
    }
