"""Sending events: who may, what becomes of them, and what is kept."""

import asyncio
import base64
import time
from typing import Any

import httpx
import pytest

from gorax.core.signatures import Scheme, sign
from tests.api.test_executions import finished
from tests.support.processes import Stack
from tests.support.webhooks import NOTE, create, workflow

BODY = b'{"order": 7}'
JSON = {"Content-Type": "application/json"}
ECHO = {"actions": [{"id": "end", "type": "stop", "config": {"output": "{{trigger}}"}}]}


async def events(api: httpx.AsyncClient, webhook_id: str, **query: str) -> list[dict[str, Any]]:
    """What the webhook received, newest first, each with its request."""
    listed = await api.get(f"/api/v1/webhooks/{webhook_id}/events", params=query)
    assert listed.status_code == 200, listed.text
    one = [await api.get(f"/api/v1/events/{event['id']}") for event in listed.json()["data"]]
    return [event.json()["data"] for event in one]


async def trigger_of(api: httpx.AsyncClient, answer: httpx.Response) -> Any:
    """The trigger that the execution of an accepted event saw."""
    assert answer.status_code == 202, answer.text
    return (await finished(api, answer.json()["execution_id"]))["output"]


async def echoing(api: httpx.AsyncClient, **settings: Any) -> dict[str, Any]:
    """A webhook whose executions give their trigger."""
    return await create(api, workflow_id=await workflow(api, ECHO), **{"auth_type": "none", **settings})


async def test_an_event_is_an_execution(api: httpx.AsyncClient) -> None:
    webhook = await echoing(api, path="/shop/orders", priority=3)
    answer = await api.post(f"{webhook['url']}?a=1&b=2&b=3", content=BODY, headers={**JSON, "X-Shop": "7"})
    assert answer.json().keys() == {"execution_id", "event_id", "status"}
    assert answer.json()["status"] == "queued"
    trigger = await trigger_of(api, answer)
    path = httpx.URL(webhook["url"]).path
    expected = {
        "type": "webhook", "body": {"order": 7}, "method": "POST", "path": path,
        "query": {"a": "1", "b": ["2", "3"]}, "remote_address": "127.0.0.1",
        "webhook_id": webhook["id"], "event_id": answer.json()["event_id"],
    }  # fmt: skip
    assert trigger.items() >= expected.items()
    assert trigger["headers"]["x-shop"] == "7"
    assert trigger["received_at"].endswith("Z")

    [event] = await events(api, webhook["id"])
    assert event["id"] == answer.json()["event_id"]
    assert event["execution_id"] == answer.json()["execution_id"]
    assert (event["status"], event["response_status"], event["body_bytes"]) == ("processed", 202, len(BODY))
    assert (event["body"], event["headers"], event["query"]) == (
        trigger["body"],
        trigger["headers"],
        trigger["query"],
    )
    execution = (await api.get(f"/api/v1/executions/{event['execution_id']}")).json()["data"]
    assert execution["trigger_type"] == "webhook"

    at_path = await api.post(f"{webhook['path_url']}/", content=BODY)
    assert (await trigger_of(api, at_path))["body"] == {"order": 7}


async def test_who_has_no_webhook_learns_nothing(api: httpx.AsyncClient, stack: Stack, tenant: str) -> None:
    webhook, other = await create(api, path="/orders"), await create(api)
    gone = await create(api, path="/gone")
    assert (await api.delete(f"/api/v1/webhooks/{gone['id']}")).status_code == 204
    of_other = webhook["url"].replace(webhook["id"], other["id"])
    addresses = [
        of_other, gone["url"], gone["path_url"], webhook["url"][:-1], f"{webhook['path_url']}s",
        webhook["path_url"].replace("orders", "Orders"), webhook["path_url"].replace(tenant, f"{tenant}x"),
        f"{stack.url}/webhooks/{tenant}/%F0%9F%92%A9", f"{stack.url}/webhooks/{tenant}/{webhook['id']}",
    ]  # fmt: skip
    for address in addresses:
        answer = await api.post(address, content=BODY)
        assert (answer.status_code, answer.json()) == (404, {"error": "webhook not found"}), address


SCHEMES: list[Scheme] = ["gorax", "github", "stripe", "standard"]


@pytest.mark.parametrize("scheme", SCHEMES)
async def test_signed_events(api: httpx.AsyncClient, scheme: Scheme) -> None:
    webhook = await echoing(api, auth_type="signature", scheme=scheme)
    right = sign(scheme, webhook["secret"], BODY, message_id="msg_1", now=time.time())
    [name] = [name for name in right if "signature" in name]
    value = right[name]
    # One has a header that is not ASCII, which only bytes can be.
    wrong: list[tuple[list[tuple[Any, Any]], bytes]] = [
        ([], BODY),
        (list(right.items()), BODY + b" "),
        (list({**right, name: value[:-2]}.items()), BODY),
        (list({**right, name: value.upper()}.items()), BODY),
        (list({**right, name: ""}.items()), BODY),
        ([*right.items(), (name, value)], BODY),
        ([*right.items(), (name, "x")], BODY),
        ([*(pair for pair in right.items() if pair[0] != name), (name, "sha256=ä€".encode())], BODY),
        (list(sign(scheme, "whsec_other", BODY, message_id="msg_1", now=time.time()).items()), BODY),
    ]
    for headers, body in wrong:
        answer = await api.post(webhook["url"], content=body, headers=headers)
        assert answer.status_code == 401, headers
        assert answer.json().keys() == {"error"}
        assert webhook["secret"] not in answer.text
    if scheme in ("stripe", "standard"):
        for now in (time.time() - 330, time.time() + 330):
            old = sign(scheme, webhook["secret"], BODY, message_id="msg_1", now=now)
            assert (await api.post(webhook["url"], content=BODY, headers=old)).status_code == 401
    answer = await api.post(webhook["url"], content=BODY, headers=right)
    assert (await trigger_of(api, answer))["headers"][name] == "***"
    rejected = await events(api, webhook["id"], status="rejected")
    assert len(rejected) >= len(wrong)
    for event in rejected:
        assert (event["body"], event["execution_id"], event["replayable"]) == (None, None, False)
        assert event["reason"]
        assert value not in str(event)


async def test_githubs_published_vector(api: httpx.AsyncClient) -> None:
    webhook = await create(api, scheme="github", secret="It's a Secret to Everybody")
    signature = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
    for value, status in ((signature, 202), (signature.replace("7", "8"), 401)):
        headers = {"X-Hub-Signature-256": value, "Content-Type": "text/plain"}
        answer = await api.post(webhook["url"], content=b"Hello, World!", headers=headers)
        assert answer.status_code == status


async def test_secrets_of_any_text(api: httpx.AsyncClient) -> None:
    secret = "geheim und größer 💩"
    basic = await create(api, auth_type="basic", username="shop", secret=secret)
    pair = base64.b64encode(f"shop:{secret}".encode()).decode()
    answer = await api.post(basic["url"], headers={"Authorization": f"Basic {pair}"})
    assert answer.status_code == 202, answer.text
    key = await create(api, auth_type="api_key", secret=secret)
    answer = await api.post(key["url"], headers=[(b"X-API-Key", secret.encode())])
    assert answer.status_code == 202, answer.text


async def test_what_is_called_like_a_secret_is_for_the_workflow_alone(api: httpx.AsyncClient) -> None:
    webhook = await echoing(api)
    headers = {
        "X-Shop-Token": "t-1",
        "X-Auth-User": "ann",
        "Cookie": "session=s",
        "Authorization": "Bearer b",
    }
    trigger = await trigger_of(
        api, await api.post(f"{webhook['url']}?token=t-2&api_key=a&api_key=b&page=3", headers=headers)
    )
    assert trigger["query"] == {"token": "t-2", "api_key": ["a", "b"], "page": "3"}
    assert (trigger["headers"]["x-shop-token"], trigger["headers"]["x-auth-user"]) == ("t-1", "ann")
    # What lets somebody into this very API is nobody else's.
    assert (trigger["headers"]["cookie"], trigger["headers"]["authorization"]) == ("***", "***")
    [event] = await events(api, webhook["id"])
    assert event["query"] == {"token": "***", "api_key": "***", "page": "3"}
    for name in headers:
        assert event["headers"][name.lower()] == "***"


async def test_basic_and_keys(api: httpx.AsyncClient) -> None:
    basic = await echoing(api, auth_type="basic", username="shop")

    def header(pair: str) -> dict[str, str]:
        return {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}

    for headers in ({}, header("shop:wrong"), header(f"other:{basic['secret']}"), {"Authorization": "Basic %"},
                    {"Authorization": f"Bearer {basic['secret']}"}):  # fmt: skip
        answer = await api.post(basic["url"], content=BODY, headers=headers)
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"].startswith("Basic realm=")
    right = header(f"shop:{basic['secret']}")
    trigger = await trigger_of(api, await api.post(basic["url"], content=BODY, headers=right))
    assert trigger["headers"]["authorization"] == "***"

    key = await echoing(api, auth_type="api_key", header_name="X-Shop-Pass")
    for value in ("", "wrong", key["secret"].upper()):
        assert (await api.post(key["url"], headers={"X-Shop-Pass": value})).status_code == 401
    assert (await api.post(key["url"])).status_code == 401
    twice = [("X-Shop-Pass", key["secret"])] * 2
    assert (await api.post(key["url"], headers=twice)).status_code == 401
    answer = await api.post(key["url"], headers={"X-Shop-Pass": key["secret"], "Cookie": "a=b"})
    trigger = await trigger_of(api, answer)
    assert (trigger["headers"]["x-shop-pass"], trigger["headers"]["cookie"]) == ("***", "***")


async def test_changes_hold_at_once(api: httpx.AsyncClient) -> None:
    webhook = await create(api, auth_type="api_key")
    path, old = f"/api/v1/webhooks/{webhook['id']}", {"X-API-Key": webhook["secret"]}
    assert (await api.post(webhook["url"], headers=old)).status_code == 202
    new = (await api.post(f"{path}/regenerate-secret", json={"grace_seconds": 60})).json()["data"]["secret"]
    assert (await api.post(webhook["url"], headers=old)).status_code == 202
    assert (await api.post(webhook["url"], headers={"X-API-Key": new})).status_code == 202
    newest = (await api.post(f"{path}/regenerate-secret")).json()["data"]["secret"]
    assert (await api.post(webhook["url"], headers={"X-API-Key": new})).status_code == 401
    right = {"X-API-Key": newest}
    await api.put(path, json={"enabled": False})
    disabled = await api.post(webhook["url"], headers=right, json={"a": 1})
    assert (disabled.status_code, disabled.json()) == (409, {"error": "the webhook is disabled"})
    [event] = await events(api, webhook["id"], status="rejected", limit="1")
    assert (event["body"], event["replayable"], event["reason"]) == (
        {"a": 1},
        True,
        "the webhook is disabled",
    )
    await api.put(path, json={"enabled": True})
    assert (await api.post(webhook["url"], headers=right)).status_code == 202
    await api.delete(path)
    assert (await api.post(webhook["url"], headers=right)).status_code == 404


async def test_methods(api: httpx.AsyncClient) -> None:
    webhook = await echoing(api, methods=["GET", "PATCH"])
    for method in ("POST", "PUT", "DELETE", "HEAD", "OPTIONS", "TRACE", "PROPFIND"):
        answer = await api.request(method, webhook["url"])
        assert (answer.status_code, answer.headers["allow"]) == (405, "GET, PATCH"), method
    for method in ("GET", "PATCH"):
        trigger = await trigger_of(api, await api.request(method, webhook["url"]))
        assert (trigger["method"], trigger["body"]) == (method, None)


async def test_addresses(api: httpx.AsyncClient) -> None:
    webhook = await create(api, auth_type="none", allowed_ips=["203.0.113.0/24"])
    # Nobody said that a proxy is to be trusted, so whoever writes this header is not believed.
    answer = await api.post(webhook["url"], headers={"X-Forwarded-For": "203.0.113.7"})
    assert answer.status_code == 403
    [event] = await events(api, webhook["id"])
    assert (event["status"], event["remote_address"], event["response_status"]) == (
        "rejected",
        "127.0.0.1",
        403,
    )
    await api.put(f"/api/v1/webhooks/{webhook['id']}", json={"allowed_ips": ["127.0.0.0/8"]})
    assert (await api.post(webhook["url"])).status_code == 202


async def test_repeated_events_begin_nothing(api: httpx.AsyncClient) -> None:
    webhook = await create(api, auth_type="none", dedupe_key="trigger.body.id")
    for headers, body in (
        ({"Idempotency-Key": "k"}, b"{}"),
        ({"webhook-id": "msg_1"}, b"{}"),
        ({"X-GitHub-Delivery": "d"}, b"{}"),
        ({"Idempotency-Key": "x" * 5_000}, b"{}"),
        ({}, b'{"id": 17}'),
        ({}, b'{"id": "17"}'),
        ({}, b'{"id": true}'),
        ({}, b'{"id": "true"}'),
        ({}, b'{"id": {"a": ["\\u0000"]}}'),
    ):
        first = await api.post(webhook["url"], content=body, headers=headers)
        again = await api.post(webhook["url"], content=body, headers=headers)
        assert (first.status_code, again.status_code) == (202, 202)
        assert again.json()["execution_id"] == first.json()["execution_id"]
        assert (again.json()["duplicate"], again.json()["status"]) == (True, "duplicate")
        assert again.json()["duplicate_of"] == first.json()["event_id"]
        [event, *_] = await events(api, webhook["id"], limit="1")
        assert (event["status"], event["duplicate_of"]) == ("duplicate", first.json()["event_id"])
    executions = await api.get("/api/v1/executions", params={"limit": 1})
    assert executions.json()["total"] == 9
    # The webhook's own key comes first: another header does not make it another event, nor the same another one.
    same = await api.post(webhook["url"], content=b'{"id": 17}', headers={"Idempotency-Key": "new"})
    assert same.json()["duplicate"] is True
    other = await api.post(webhook["url"], content=b'{"id": 18}', headers={"Idempotency-Key": "k"})
    assert "duplicate" not in other.json()


async def test_the_time_of_a_key_ends(api: httpx.AsyncClient) -> None:
    webhook = await create(api, auth_type="none", dedupe_seconds=1)
    send = {"url": webhook["url"], "headers": {"Idempotency-Key": "k"}}
    first, again = await api.post(**send), await api.post(**send)
    assert again.json()["duplicate"] is True
    await asyncio.sleep(1.1)
    later, repeated = await api.post(**send), await api.post(**send)
    assert "duplicate" not in later.json()
    assert repeated.json()["execution_id"] == later.json()["execution_id"] != first.json()["execution_id"]
    await api.put(f"/api/v1/webhooks/{webhook['id']}", json={"dedupe_seconds": 0})
    assert "duplicate" not in (await api.post(**send)).json()


async def test_of_many_at_once_one_begins(api: httpx.AsyncClient) -> None:
    webhook = await create(api, auth_type="none")
    answers = await asyncio.gather(
        *(api.post(webhook["url"], headers={"Idempotency-Key": "k"}, json={"n": n}) for n in range(30))
    )
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.json()["execution_id"] for answer in answers}) == 1
    assert sum("duplicate" not in answer.json() for answer in answers) == 1
    assert (await api.get("/api/v1/executions", params={"limit": 1})).json()["total"] == 1


async def test_events_that_are_not_wanted(api: httpx.AsyncClient) -> None:
    webhook = await create(
        api,
        auth_type="none",
        input_schema={"type": "object", "required": ["amount"]},
        filter="trigger.body.amount > 100",
    )
    for body, reason in (
        ({}, "input_schema: body/amount is required"),
        ({"amount": 100}, "filter: it is not true"),
        ({"amount": "much"}, "filter: "),
    ):
        answer = await api.post(webhook["url"], json=body)
        assert (answer.status_code, answer.json()["status"]) == (202, "filtered")
        assert answer.json()["reason"].startswith(reason)
        assert answer.json()["execution_id"] is None
        [event, *_] = await events(api, webhook["id"], limit="1")
        assert (event["status"], event["body"], event["execution_id"]) == ("filtered", body, None)
        assert event["reason"] == answer.json()["reason"]
    assert (await api.post(webhook["url"], json={"amount": 101})).json()["status"] == "queued"


async def test_a_reason_may_quote_whatever_was_sent(api: httpx.AsyncClient) -> None:
    schema = {"type": "object", "additionalProperties": {"type": "string"}}
    filtering = await create(api, auth_type="none", input_schema=schema)
    refusing = await create(
        api, workflow_id=await workflow(api, {**NOTE, "input_schema": schema}), auth_type="none"
    )
    for webhook, status in ((filtering, 202), (refusing, 400)):
        answer = await api.post(webhook["url"], json={"a\0b": 1})
        assert answer.status_code == status, answer.text
        [event] = await events(api, webhook["id"])
        assert "ab" in event["reason"]
        assert event["body"] == {"a\0b": 1}


async def test_a_disabled_workflow_and_its_own_schema(api: httpx.AsyncClient) -> None:
    definition = {**NOTE, "input_schema": {"type": "object", "required": ["order"]}}
    workflow_id = await workflow(api, definition)
    webhook = await create(api, workflow_id=workflow_id, auth_type="none")
    wrong = await api.post(webhook["url"], json={})
    assert wrong.status_code == 400
    assert wrong.json()["error"] == "body/order: is required"
    await api.put(f"/api/v1/workflows/{workflow_id}", json={"enabled": False})
    disabled = await api.post(webhook["url"], json={"order": 1})
    assert (disabled.status_code, disabled.json()) == (409, {"error": "the workflow is disabled"})
    assert [event["replayable"] for event in await events(api, webhook["id"])] == [True, True]


async def test_a_flood_of_refusals_does_not_fill_the_history(api: httpx.AsyncClient) -> None:
    webhook = await create(api)
    for _ in range(4):
        answers = await asyncio.gather(*(api.post(webhook["url"], json={}) for _ in range(20)))
        assert {answer.status_code for answer in answers} == {401}
    kept = (await api.get(f"/api/v1/webhooks/{webhook['id']}/events")).json()["total"]
    assert 30 <= kept <= 60  # a minute may have begun meanwhile
