"""The examples that keep systems running: on call, deployments, incidents."""

import asyncio
import json
from typing import Any

import httpx

from gorax.core.signatures import sign
from tests.api.test_approvals import waiting
from tests.api.test_executions import finished
from tests.examples.conftest import Examples
from tests.support import webhooks
from tests.support.receiver import Receiver, Reply

ALERT = {"id": "a-1", "title": "disk full"}
INCIDENT = {"title": "payments are slow", "severity": "critical"}
PUSH: dict[str, Any] = {
    "ref": "refs/heads/main",
    "after": "4f0c91aa" * 5,
    "repository": {"full_name": "acme/shop"},
    "commits": [{"id": "4f0c91aa" * 5, "message": "Sell melons\n\nThey are in season."}],
}
STATUSES = f"/repos/acme/shop/statuses/{PUSH['after']}"


async def test_whoever_is_on_call_takes_the_alert(
    examples: Examples, receiver: Receiver, api: httpx.AsyncClient
) -> None:
    execution_id = await examples.begin("on-call-escalation", ALERT, pager=receiver.url)
    approval = await waiting(api, execution_id)
    assert approval["assignees"] == ["on_call"]
    answered = await api.post(f"/api/v1/approvals/{approval['id']}/approve", headers={"X-User-ID": "on_call"})
    assert answered.status_code == 200, answered.text
    assert (await finished(api, execution_id))["status"] == "completed"
    [told] = receiver.received("/alerts/a-1")
    assert told.json() == {"state": "acknowledged", "by": "on_call"}


async def test_the_lead_is_asked_when_nobody_answers(
    examples: Examples, receiver: Receiver, api: httpx.AsyncClient
) -> None:
    execution_id = await examples.begin("on-call-escalation", ALERT, pager=receiver.url, patience="2s")
    async with asyncio.timeout(10):
        while (approval := await waiting(api, execution_id))["assignees"] != ["lead"]:
            await asyncio.sleep(0.05)
    headers = {"X-User-ID": "lead"}
    assert (await api.post(f"/api/v1/approvals/{approval['id']}/reject", headers=headers)).status_code == 200
    await finished(api, execution_id)
    [told] = receiver.received("/alerts/a-1")
    assert told.json() == {"state": "dismissed", "by": "lead"}


async def test_everybody_is_paged_when_the_lead_is_silent_too(examples: Examples, receiver: Receiver) -> None:
    ended = await examples.run("on-call-escalation", ALERT, pager=receiver.url, patience="200ms")
    assert (ended["status"], ended["error"]["type"]) == ("failed", "unanswered")
    assert [request.json()["to"] for request in receiver.received("/pages")] == ["on-call", "everybody"]


async def push(
    examples: Examples, api: httpx.AsyncClient, receiver: Receiver, *states: dict[str, str]
) -> dict[str, Any]:
    """The execution that GitHub's push begins, once it has ended; the deployment has these states in turn."""
    receiver.answer("/deployments", Reply(status=201, json={"id": "d-1"}))
    receiver.answer("/deployments/d-1", *(Reply(json=state) for state in states))
    await examples.credential("github", "bearer_token", token="github-token-1")
    workflow_id = await examples.save(
        "github-deploy", github=receiver.url, deployer=receiver.url, interval="100ms"
    )
    webhook = await webhooks.create(
        api, workflow_id=workflow_id, scheme="github", filter="trigger.body.ref == 'refs/heads/main'"
    )

    async def send(event: dict[str, Any]) -> dict[str, str]:
        body = json.dumps(event).encode()
        headers = sign("github", webhook["secret"], body, message_id="", now=0)
        sent = await api.post(
            webhook["url"], content=body, headers={"Content-Type": "application/json", **headers}
        )
        assert sent.status_code == 202, sent.text
        answer: dict[str, str] = sent.json()
        return answer

    assert (await send({**PUSH, "ref": "refs/heads/try"}))["status"] == "filtered"
    return await finished(api, (await send(PUSH))["execution_id"])


async def test_a_push_is_deployed(examples: Examples, receiver: Receiver, api: httpx.AsyncClient) -> None:
    ended = await push(examples, api, receiver, {"state": "running"}, {"state": "succeeded"})
    assert ended["status"] == "completed"
    [started] = receiver.received("/deployments")
    assert started.json() == {"commit": PUSH["after"], "changes": ["4f0c91a Sell melons"]}
    assert [status.json()["state"] for status in receiver.received(STATUSES)] == ["pending", "success"]
    assert len(receiver.received("/deployments/d-1")) == 2


async def test_the_commit_shows_a_deployment_that_failed(
    examples: Examples, receiver: Receiver, api: httpx.AsyncClient
) -> None:
    ended = await push(examples, api, receiver, {"state": "failed", "reason": "no melons"})
    assert ended["status"] == "failed"
    last = receiver.received(STATUSES)[-1].json()
    assert (last["state"], last["description"]) == ("failure", "no melons")


async def test_a_channel_that_is_away_keeps_nobody_else_from_knowing(
    examples: Examples, receiver: Receiver
) -> None:
    for team in ("platform", "payments", "support"):
        status = 503 if team == "payments" else 200
        url = receiver.answer(f"/slack/{team}", Reply(status=status, body=b"ok"))
        await examples.credential(f"slack_{team}", "slack", webhook_url=url)
    receiver.answer("/tickets", Reply(status=201, json={"id": "T-7"}))
    ended = await examples.run("incident-fanout", INCIDENT, status_page=receiver.url, tracker=receiver.url)
    assert ended["output"] == {"ticket": "T-7", "told": ["platform", "support"], "page": "completed"}
    assert receiver.received("/slack/support")[0].json()["text"] == "critical: payments are slow"
    assert receiver.received("/incidents")[0].json() == {"title": "payments are slow"}
