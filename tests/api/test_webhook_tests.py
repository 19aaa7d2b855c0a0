"""Testing a webhook over REST: what is reported is what a sender would have met."""

from typing import Any

import httpx
import pytest

from tests.support.executions import get, until
from tests.support.processes import Stack
from tests.support.webhooks import create, workflow

ECHO = {
    "trigger": {"type": "webhook"},
    "actions": [{"id": "echo", "type": "transform", "config": {"expression": "trigger"}}],
    "output": "{{steps.echo.output}}",
}
REFERENCE = {
    "method": "POST",
    "headers": {"Content-Type": "application/json"},
    "body": {"test": True, "order_id": "test_123"},
}


async def send(api: httpx.AsyncClient, webhook_id: str, test: Any = REFERENCE) -> dict[str, Any]:
    """What a test tells."""
    answer = await api.post(f"/api/v1/webhooks/{webhook_id}/test", json=test)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


@pytest.mark.parametrize(
    "proof",
    [
        {"auth_type": "none"},
        {"auth_type": "signature", "scheme": "gorax"},
        {"auth_type": "signature", "scheme": "github"},
        {"auth_type": "signature", "scheme": "stripe"},
        {"auth_type": "signature", "scheme": "standard"},
        {"auth_type": "basic", "username": "shop"},
        {"auth_type": "api_key", "header_name": "X-Shop-Key"},
        {"auth_type": "api_key", "secret": "geheim und größer 💩"},
        {"auth_type": "basic", "secret": "geheim und größer 💩"},
    ],
)
async def test_a_test_proves_who_sends_it(api: httpx.AsyncClient, proof: dict[str, Any]) -> None:
    created = await create(api, workflow_id=await workflow(api, ECHO), **proof)
    told = await send(api, created["id"])
    assert told.keys() >= {"success", "execution_id", "response_time_ms", "workflow_triggered"}
    assert (told["success"], told["workflow_triggered"], told["status"]) == (True, True, 202)

    async def ended() -> bool:
        return bool((await get(api, told["execution_id"]))["status"] == "completed")

    await until(ended, 30)
    output = (await get(api, told["execution_id"]))["output"]
    assert output["body"] == REFERENCE["body"]
    assert created.get("secret", "whsec_") not in str(output)
    event = (await api.get(f"/api/v1/events/{told['event_id']}")).json()["data"]
    assert (event["source"], event["status"]) == ("test", "processed")
    assert event["execution_id"] == told["execution_id"]


async def test_a_test_says_why_nothing_began(api: httpx.AsyncClient) -> None:
    created = await create(api, auth_type="api_key", filter="trigger.body?.wanted == true")
    path = f"/api/v1/webhooks/{created['id']}"
    filtered = await send(api, created["id"])
    assert (filtered["success"], filtered["workflow_triggered"], filtered["status"]) == (True, False, 202)
    assert filtered["reason"].startswith("filter")
    wrong = {"headers": {"x-api-key": "another"}, "body": {"wanted": True}}
    refused = await send(api, created["id"], wrong)
    assert (refused["success"], refused["status"], refused["execution_id"]) == (False, 401, None)
    method = await send(api, created["id"], {"method": "get"})
    assert (method["success"], method["status"]) == (False, 405)
    await api.put(path, json={"enabled": False})
    disabled = await send(api, created["id"], {"body": {"wanted": True}})
    assert (disabled["success"], disabled["reason"]) == (False, "the webhook is disabled")
    await api.put(path, json={"enabled": True, "allowed_ips": ["192.0.2.0/24"]})
    elsewhere = await send(api, created["id"], {"body": {"wanted": True}})
    assert (elsewhere["success"], elsewhere["status"]) == (False, 403)
    await api.put(path, json={"allowed_ips": [], "max_body_bytes": 10})
    large = await send(api, created["id"], {"body": {"wanted": True}})
    assert (large["success"], large["status"]) == (False, 413)
    statuses = {row["id"]: row["status"] for row in (await api.get(f"{path}/events")).json()["data"]}
    assert statuses[filtered["event_id"]] == "filtered"
    assert {statuses[one["event_id"]] for one in (refused, disabled, elsewhere, large)} == {"rejected"}


async def test_a_repeated_test_is_a_duplicate(api: httpx.AsyncClient) -> None:
    created = await create(api)
    test = {**REFERENCE, "headers": {"Idempotency-Key": "k1"}}
    first, second = await send(api, created["id"], test), await send(api, created["id"], test)
    assert second["execution_id"] == first["execution_id"]
    assert (second["success"], second["workflow_triggered"]) == (True, False)


@pytest.mark.parametrize(
    ("test", "body"),
    [
        ({}, None),
        ({"body": None}, None),
        ({"body": "text"}, "text"),
        ({"body": "plain", "headers": {"content-type": "text/plain"}}, "plain"),
        (
            {"body": "a=1&b=2", "headers": {"Content-Type": "application/x-www-form-urlencoded"}},
            {"a": "1", "b": "2"},
        ),
    ],
)
async def test_how_a_body_is_sent(api: httpx.AsyncClient, test: dict[str, Any], body: Any) -> None:
    created = await create(api)
    told = await send(api, created["id"], test)
    event = (await api.get(f"/api/v1/events/{told['event_id']}")).json()["data"]
    assert (told["success"], event["body"]) == (True, body), told


async def test_what_a_test_may_not_be(api: httpx.AsyncClient, stack: Stack, tenant: str) -> None:
    created = await create(api)
    path = f"/api/v1/webhooks/{created['id']}/test"
    for test, message in [
        ({"method": "TRACE"}, "method: must be one of"),
        ({"headers": {"a b": "c"}}, "headers: 'a b' is not the name of a header"),
        ({"headers": {"a": "b\r\nc: d"}}, "headers: a: must be at most 4000 printable"),
        ({"headers": {"A": "1", "a": "2"}}, "headers: must not have a name twice"),
        ({"headers": {f"h{number}": "" for number in range(51)}}, "headers: must have at most 50"),
        ({"query": "a=b c"}, "query: "),
        ({"bodi": 1}, "bodi: is unknown"),
    ]:
        answer = await api.post(path, json=test)
        assert answer.status_code == 400, answer.text
        assert answer.json()["error"].startswith(message)
    async with stack.client(f"{tenant}_b") as stranger:
        answer = await stranger.post(path, json=REFERENCE)
        assert (answer.status_code, answer.json()) == (404, {"error": "webhook not found"})
