"""Events of a webhook, sent on to an address on this machine."""

import asyncio
import json

import pytest

from gorax import AsyncGorax
from gorax.client import verify
from tests.cli.conftest import Command
from tests.support.processes import Stack
from tests.support.receiver import Receiver, Reply

NOTE = {"actions": [{"id": "note", "type": "log", "config": {"message": "x"}}]}
SECRET = "a secret of the webhook"


async def test_events_are_sent_on_as_they_came(
    gorax: Command, stack: Stack, tenant: str, receiver: Receiver
) -> None:
    receiver.answer("/hook", Reply(status=201), Reply(status=500), Reply(drop=True))
    async with AsyncGorax(stack.url, tenant=tenant, trust_env=False) as client:
        workflow = await client.workflows.create(name="Orders", definition=NOTE)
        webhook = await client.webhooks.create(
            name="Orders", workflow_id=workflow.id, secret=SECRET, methods=["POST", "PUT"]
        )

        async def send(body: object, **headers: str) -> str:
            received = await client.webhooks.send(
                workflow.id, webhook.id, body, secret=SECRET, headers=headers
            )
            return received.event_id

        await send({"before": True})
        options = ["--to", f"{receiver.url}/hook?x=1", "--interval", "0.1", "--count", "3", "--json"]
        listening = asyncio.create_task(
            asyncio.to_thread(gorax, "webhooks", "listen", webhook.id, *options, "--sign", stdin=SECRET)
        )
        await asyncio.sleep(0.5)
        ids = [
            await send({"n": 1}, **{"X-Mood": "good"}),
            await send(b"plain", **{"Content-Type": "text/plain"}),
            await send(b"\x00\xff", **{"Content-Type": "application/octet-stream"}),
        ]
        async with asyncio.timeout(30):
            ran = await listening
    told = ran.lines()
    assert [(one["event"]["id"], one["status"]) for one in told] == [
        (ids[0], 201),
        (ids[1], 500),
        (ids[2], None),
    ]
    assert told[2]["error"]
    first, second, third = receiver.received("/hook")
    assert (first.json(), second.body, third.body) == ({"n": 1}, b"plain", b"\x00\xff")
    assert first.headers["x-mood"] == "good"
    assert first.headers["x-gorax-event-id"] == ids[0]
    assert "***" not in json.dumps(dict(first.headers))
    assert first.query == {"x": ["1"]}
    for request in (first, second, third):
        verify(SECRET, request.headers, request.body)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["wh_none", "--to", "http://x"], 4),
        (["wh_1", "--to", "x"], 2),
        (["wh_1", "--to", "http://x", "--scheme", "y"], 2),
    ],
)
def test_what_cannot_be_listened_to(gorax: Command, arguments: list[str], code: int) -> None:
    assert "error: " in gorax("webhooks", "listen", *arguments, code=code).err


def test_webhooks_and_their_events(gorax: Command, stack: Stack, tenant: str) -> None:
    from gorax import Gorax

    with Gorax(stack.url, tenant=tenant, trust_env=False) as client:
        workflow = client.workflows.create(name="Orders", definition=NOTE)
        webhook = client.webhooks.create(name="Orders", workflow_id=workflow.id)
    assert webhook.id in gorax("webhooks", "list").out
    assert "signature" in gorax("webhooks", "show", webhook.id).out
    tested = gorax("webhooks", "test", webhook.id, "--data", '{"n": 1}', "--json").json()
    assert tested["success"] is True
    [event] = gorax("webhooks", "events", webhook.id, "--json").json()
    assert event["id"] == tested["event_id"]
    assert gorax("webhooks", "replay", event["id"], "--json").json()["original_event_id"] == event["id"]
