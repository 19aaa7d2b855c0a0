"""Senders and receivers: the client signs as webhooks ask, and checks as they do."""

import pytest

from gorax import AsyncGorax
from gorax.client import SignatureError, Unauthorized, sign, verify
from gorax.client.signatures import Scheme

SECRET = "whsec_MDEyMzQ1Njc4OWFiY2RlZg=="
SCHEMES: list[Scheme] = ["gorax", "github", "stripe", "standard"]
NOTE = {"actions": [{"id": "note", "type": "log", "config": {"message": "{{trigger.body}}"}}]}


@pytest.mark.parametrize("scheme", SCHEMES)
def test_what_is_signed_is_verified(scheme: Scheme) -> None:
    body = b'{"amount": 1250}'
    headers = {name.title(): value for name, value in sign(SECRET, body, scheme=scheme).items()}
    verify(SECRET, headers, body, scheme=scheme)
    verify(["another secret, before", SECRET], headers, body, scheme=scheme)
    with pytest.raises(SignatureError):
        verify(SECRET, headers, body + b" ", scheme=scheme)
    with pytest.raises(SignatureError):
        verify("another secret", headers, body, scheme=scheme)
    with pytest.raises(SignatureError):
        verify(SECRET, {}, body, scheme=scheme)


@pytest.mark.parametrize("scheme", ["stripe", "standard"])
def test_what_was_signed_long_ago_is_not_believed(scheme: Scheme) -> None:
    headers = sign(SECRET, b"x", scheme=scheme, now=1_000_000)
    verify(SECRET, headers, b"x", scheme=scheme, now=1_000_299)
    with pytest.raises(SignatureError, match="more than 300 seconds"):
        verify(SECRET, headers, b"x", scheme=scheme, now=1_000_301)


@pytest.mark.parametrize("scheme", SCHEMES)
async def test_webhooks_take_what_the_client_sends(gorax: AsyncGorax, scheme: Scheme) -> None:
    workflow = await gorax.workflows.create(name="Orders", definition=NOTE)
    webhook = await gorax.webhooks.create(
        name="Orders", workflow_id=workflow.id, scheme=scheme, secret=SECRET, path="/orders/new"
    )
    assert webhook.secret == SECRET
    event = {"amount": 1250}
    received = await gorax.webhooks.send(workflow.id, webhook.id, event, secret=SECRET, scheme=scheme)
    assert received.status == "queued"
    assert received.execution_id is not None
    tenant = workflow.tenant_id
    again = await gorax.webhooks.send_to_path(
        tenant, "/orders/new", b"[1]", secret=SECRET, scheme=scheme, idempotency_key="one"
    )
    assert again.event_id != received.event_id
    with pytest.raises(Unauthorized):
        await gorax.webhooks.send(workflow.id, webhook.id, event)
    events = [one async for one in gorax.webhooks.iterate_events(webhook.id, status=["processed", "queued"])]
    assert [one.id for one in events] == [again.event_id, received.event_id]
    assert (await gorax.events.get(received.event_id)).body == event
    replayed = await gorax.events.replay(received.event_id, body={"amount": 2})
    assert replayed.original_event_id == received.event_id
    assert (await gorax.webhooks.replay(webhook.id, limit=1)).replayed_count == 1
    tested = await gorax.webhooks.test(webhook.id, body=event)
    assert tested.success
    regenerated = await gorax.webhooks.regenerate_secret(webhook.id, grace_seconds=60)
    assert regenerated.secret != SECRET
