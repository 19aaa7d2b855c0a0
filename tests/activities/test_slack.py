"""The `slack` actions, against a server that speaks Slack's documented protocol."""

import ipaddress
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qs

import pytest

from activities.connectors import slack, slack_add_reaction, slack_send_dm, slack_update_message
from activities.resources import Resources
from gorax.core.actions.declaration import EffectAction
from gorax.core.errors import StepError
from gorax.settings import Env, HttpSettings, Settings, SlackSettings
from tests.activities.credentials import run
from tests.support.receiver import Receiver, Reply

TOKEN = "xoxb-1234567890-abcdef"
SENT = {"ok": True, "channel": "C1", "ts": "1700000000.000100", "message": {"text": "hi"}}


class Slack:
    """Runs the actions against the test's server."""

    def __init__(self, receiver: Receiver) -> None:
        self.receiver = receiver
        self.credential: dict[str, Any] = {"token": TOKEN}
        self.resources = Resources(
            Settings(
                env=Env.production,
                http=HttpSettings(allowed_networks=(ipaddress.ip_network("127.0.0.0/8"),)),
                slack=SlackSettings(api_url=f"{receiver.url}/api"),
            )
        )

    async def __call__(self, action: EffectAction[Any], **config: Any) -> Any:
        return await run(action, self.resources, {"team": ("slack", self.credential)}, **config)


@pytest.fixture
async def slack_api(receiver: Receiver) -> AsyncIterator[Slack]:
    api = Slack(receiver)
    yield api
    await api.resources.close()


async def test_a_message_in_a_channel(slack_api: Slack) -> None:
    slack_api.receiver.answer("/api/chat.postMessage", Reply(json=SENT))
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "*hi*"}}]
    output = await slack_api(
        slack.ACTION, credential="team", channel="#orders", text="hi", blocks=blocks, thread_ts="1.2"
    )
    [request] = slack_api.receiver.received("/api/chat.postMessage")
    assert output == SENT
    assert request.headers["authorization"] == f"Bearer {TOKEN}"
    assert request.json() == {"channel": "#orders", "text": "hi", "blocks": blocks, "thread_ts": "1.2"}


async def test_webhooks_given_and_stored(slack_api: Slack) -> None:
    url = f"{slack_api.receiver.url}/services/T1/B1/secretpart"
    slack_api.receiver.answer("/services/T1/B1/secretpart", *[Reply(body=b"ok")] * 2)
    assert await slack_api(slack.ACTION, webhook_url=url, text="hi") == {"ok": True}
    slack_api.credential = {"webhook_url": url}
    assert await slack_api(slack.ACTION, credential="team", text="hi") == {"ok": True}
    assert [request.json() for request in slack_api.receiver.requests] == [{"text": "hi"}] * 2


async def test_a_message_to_a_person_by_mail_address(slack_api: Slack) -> None:
    receiver = slack_api.receiver
    receiver.answer("/api/users.lookupByEmail", Reply(json={"ok": True, "user": {"id": "U1"}}))
    receiver.answer("/api/conversations.open", Reply(json={"ok": True, "channel": {"id": "D1"}}))
    receiver.answer("/api/chat.postMessage", Reply(json=SENT))
    await slack_api(slack_send_dm.ACTION, credential="team", user="ann@example.com", text="hi")
    # Slack's methods that read answer `invalid_arguments` to JSON.
    assert receiver.requests[0].headers["content-type"] == "application/x-www-form-urlencoded"
    assert parse_qs(receiver.requests[0].body.decode()) == {"email": ["ann@example.com"]}
    assert receiver.requests[0].headers["authorization"] == f"Bearer {TOKEN}"
    assert [request.json() for request in receiver.requests[1:]] == [
        {"users": "U1"},
        {"channel": "D1", "text": "hi"},
    ]


@pytest.mark.parametrize(
    "answer", [{"ok": True}, {"ok": True, "user": "U1"}, {"ok": True, "user": {"id": None}}]
)
async def test_an_answer_without_what_was_asked_for(slack_api: Slack, answer: dict[str, Any]) -> None:
    slack_api.receiver.answer("/api/users.lookupByEmail", Reply(json=answer))
    with pytest.raises(StepError, match="without the id of a user") as refused:
        await slack_api(slack_send_dm.ACTION, credential="team", user="ann@example.com", text="hi")
    assert refused.value.type == "slack"


async def test_data_of_any_kind_is_written_as_text(slack_api: Slack) -> None:
    slack_api.receiver.answer("/api/chat.postMessage", Reply(json=SENT))
    await slack_api(slack.ACTION, credential="team", channel="C1", text={"total": 7})
    assert slack_api.receiver.requests[0].json()["text"] == '{"total":7}'


async def test_changes_and_reactions(slack_api: Slack) -> None:
    receiver = slack_api.receiver
    receiver.answer("/api/chat.update", Reply(json={"ok": True, "ts": "1.2"}))
    receiver.answer("/api/reactions.add", Reply(json={"ok": False, "error": "already_reacted"}))
    place = {"credential": "team", "channel": "C1", "timestamp": "1.2"}
    assert (await slack_api(slack_update_message.ACTION, **place, text="new"))["ok"]
    assert await slack_api(slack_add_reaction.ACTION, **place, emoji=":eyes:") == {"ok": True}
    assert [request.json() for request in receiver.requests] == [
        {"channel": "C1", "ts": "1.2", "text": "new"},
        {"channel": "C1", "timestamp": "1.2", "name": "eyes"},
    ]


@pytest.mark.parametrize(
    ("reply", "type_", "retryable", "after"),
    [
        (Reply(json={"ok": False, "error": "channel_not_found"}), "slack", False, None),
        (Reply(json={"ok": False, "error": "invalid_auth"}), "credential", False, None),
        (Reply(json={"ok": False, "error": "internal_error"}), "slack", True, None),
        (Reply(status=429, headers={"Retry-After": "7"}), "http_4xx", True, 7.0),
        (Reply(status=503), "http_5xx", True, None),
        (Reply(status=302, headers={"Location": "http://10.0.0.1/"}), "http_3xx", False, None),
        (Reply(body=b"<html>"), "http_2xx", False, None),
    ],
)
async def test_what_slack_refuses(
    slack_api: Slack, reply: Reply, type_: str, retryable: bool, after: float | None
) -> None:
    slack_api.receiver.answer("/api/chat.postMessage", reply)
    with pytest.raises(StepError) as refused:
        await slack_api(slack.ACTION, credential="team", channel="C1", text="hi")
    assert (refused.value.type, refused.value.retryable, refused.value.retry_after) == (
        type_,
        retryable,
        after,
    )
    assert TOKEN not in refused.value.message


@pytest.mark.parametrize(
    "config",
    [
        {"channel": "C1", "text": "hi"},
        {"channel": "C1", "credential": "team"},
        {"credential": "team", "webhook_url": "https://x.example", "text": "hi"},
        {"credential": "team", "text": "hi"},
        {"credential": "team", "channel": "C1", "text": "x" * 40_001},
        {"credential": "team", "channel": "C1", "blocks": [{}] * 51},
    ],
)
async def test_what_is_not_sent(slack_api: Slack, config: dict[str, Any]) -> None:
    with pytest.raises(StepError) as refused:
        await slack_api(slack.ACTION, **config)
    assert refused.value.type == "validation"
    assert slack_api.receiver.requests == []
