"""Webhooks over REST: as the reference has them, each secret shown once."""

import asyncio
import json
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from tests.support.processes import Stack
from tests.support.webhooks import create, workflow


async def test_the_reference(api: httpx.AsyncClient, stack: Stack, tenant: str) -> None:
    workflow_id = await workflow(api)
    response = await api.post(
        "/api/v1/webhooks",
        json={
            "name": "Payment Webhook",
            "workflowId": workflow_id,
            "path": "/payments",
            "authType": "signature",
            "description": "Receives payment notifications",
            "priority": 1,
        },
    )
    assert response.status_code == 201
    assert response.headers["cache-control"] == "no-store"
    created = response.json()["data"]
    assert created["id"].startswith("wh_")
    assert created["secret"].startswith("whsec_")
    assert created["url"] == f"{stack.url}/webhooks/{workflow_id}/{created['id']}"
    assert created["path_url"] == f"{stack.url}/webhooks/{tenant}/payments"
    assert created["enabled"] is True
    assert "username" not in created
    path = f"/api/v1/webhooks/{created['id']}"
    assert response.headers["location"] == path

    listed = (await api.get("/api/v1/webhooks")).json()
    assert (listed["total"], listed["limit"], listed["offset"]) == (1, 20, 0)
    [row] = listed["data"]
    expected = {
        "id": created["id"], "tenant_id": tenant, "workflow_id": workflow_id, "name": "Payment Webhook",
        "path": "/payments", "auth_type": "signature", "enabled": True, "priority": 1,
        "description": "Receives payment notifications", "url": created["url"],
    }  # fmt: skip
    assert row.items() >= expected.items()
    read = (await api.get(path)).json()["data"]
    assert read.items() >= row.items()
    assert (read["scheme"], read["methods"], read["response_mode"]) == ("gorax", ["POST"], "accepted")
    assert created["secret"] not in json.dumps([listed, read])

    changes = {
        "name": "Updated Order Webhook",
        "authType": "signature",
        "description": "Updated description",
        "priority": 2,
        "enabled": True,
    }
    updated = await api.put(path, json=changes)
    assert updated.status_code == 200
    assert updated.json()["data"].keys() == {"id", "updated_at"}
    after = (await api.get(path)).json()["data"]
    assert (after["name"], after["priority"], after["path"]) == ("Updated Order Webhook", 2, "/payments")
    assert after["updated_at"] == updated.json()["data"]["updated_at"] > read["updated_at"]

    regenerated = await api.post(f"{path}/regenerate-secret")
    assert regenerated.status_code == 200
    new = regenerated.json()["data"]
    assert new["id"] == created["id"]
    assert new["secret"].startswith("whsec_")
    assert new["secret"] != created["secret"]
    assert new["previous_secret_valid_until"] is None
    assert (await api.get(path)).json()["data"]["regenerated_at"] == new["regenerated_at"]

    assert (await api.delete(path)).status_code == 204
    assert (await api.get(path)).status_code == 404
    assert (await api.delete(path)).status_code == 404
    assert (await api.get("/api/v1/webhooks")).json()["total"] == 0


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ({"auth_type": "none"}, {}),
        ({"auth_type": "signature", "scheme": "stripe"}, {"secret": "whsec_"}),
        ({"auth_type": "basic"}, {"secret": "whsec_", "username": "wh_"}),
        ({"auth_type": "basic", "username": "shop"}, {"secret": "whsec_", "username": "shop"}),
        ({"auth_type": "api_key"}, {"secret": "whsec_", "header_name": "X-API-Key"}),
        ({"authType": "api_key", "headerName": "X-Shop-Token"}, {"header_name": "X-Shop-Token"}),
        ({"secret": "whsec_that-the-vendor-shows"}, {"secret": "whsec_that-the-vendor-shows"}),
    ],
)
async def test_what_senders_prove_who_they_are_with(
    api: httpx.AsyncClient, given: dict[str, Any], shown: dict[str, str]
) -> None:
    created = await create(api, **given)
    assert created.keys() & {"secret", "username", "header_name"} >= shown.keys()
    if not shown:
        assert "secret" not in created
    for name, beginning in shown.items():
        assert created[name].startswith(beginning)


async def test_another_auth_type_makes_a_new_secret(api: httpx.AsyncClient) -> None:
    created = await create(api, auth_type="basic", username="shop")
    path = f"/api/v1/webhooks/{created['id']}"
    same = (await api.put(path, json={"auth_type": "basic", "name": "n"})).json()["data"]
    assert "secret" not in same
    changed = (await api.put(path, json={"auth_type": "api_key"})).json()["data"]
    assert changed["secret"] not in ("", created["secret"])
    assert changed["header_name"] == "X-API-Key"
    read = (await api.get(path)).json()["data"]
    assert (read["username"], read["scheme"], read["header_name"]) == (None, None, "X-API-Key")
    none = (await api.put(path, json={"auth_type": "none"})).json()["data"]
    assert none.keys() == {"id", "updated_at"}
    refused = await api.post(f"{path}/regenerate-secret")
    assert (refused.status_code, refused.json()["error"][:28]) == (409, "auth_type none has no secret")
    again = (await api.put(path, json={"auth_type": "signature", "scheme": "github"})).json()["data"]
    assert again["secret"] not in (created["secret"], changed["secret"])
    assert (await api.get(path)).json()["data"]["scheme"] == "github"


async def test_secrets_that_the_scheme_cannot_use(api: httpx.AsyncClient) -> None:
    created = await create(api, secret="It's a Secret to Everybody")
    path = f"/api/v1/webhooks/{created['id']}"
    refused = await api.put(path, json={"scheme": "standard"})
    assert refused.status_code == 400
    assert refused.json()["error"].startswith(
        "scheme: the secret does not fit: of scheme standard it must be"
    )
    assert (await api.get(path)).json()["data"]["scheme"] == "gorax"
    await api.post(f"{path}/regenerate-secret")
    assert (await api.put(path, json={"scheme": "standard"})).status_code == 200
    refused = await api.post(f"{path}/regenerate-secret", json={"secret": "It's a Secret to Everybody"})
    assert (refused.status_code, refused.json()["error"][:26]) == (400, "secret: of scheme standard")
    told = (await api.post(f"{path}/test", json={})).json()
    assert told["success"], told


async def test_a_grace_period(api: httpx.AsyncClient) -> None:
    created = await create(api, auth_type="api_key")
    path = f"/api/v1/webhooks/{created['id']}"
    body = {"graceSeconds": 3600, "secret": "the-one-that-the-vendor-gave"}
    new = (await api.post(f"{path}/regenerate-secret", json=body)).json()["data"]
    assert new["secret"] == body["secret"]
    until = datetime.fromisoformat(new["previous_secret_valid_until"])
    assert until - datetime.fromisoformat(new["regenerated_at"]) == timedelta(hours=1)
    read = (await api.get(path)).json()["data"]
    assert read["previous_secret_valid_until"] == new["previous_secret_valid_until"]

    async def statuses() -> list[int]:
        tests = [{"headers": {"x-api-key": secret}} for secret in (created["secret"], new["secret"])]
        return [(await api.post(f"{path}/test", json=test)).json()["status"] for test in tests]

    assert await statuses() == [202, 202]
    # A secret that leaked is regenerated without grace: then the one before is gone at once, too.
    await api.post(f"{path}/regenerate-secret")
    assert (await api.get(path)).json()["data"]["previous_secret_valid_until"] is None
    assert await statuses() == [401, 401]


async def test_of_secrets_made_at_once_one_is_valid(api: httpx.AsyncClient) -> None:
    created = await create(api, auth_type="api_key")
    path = f"/api/v1/webhooks/{created['id']}"
    answers = await asyncio.gather(*(api.post(f"{path}/regenerate-secret") for _ in range(5)))
    secrets = {created["secret"], *(answer.json()["data"]["secret"] for answer in answers)}
    assert len(secrets) == 6
    tried = [await api.post(f"{path}/test", json={"headers": {"x-api-key": secret}}) for secret in secrets]
    assert sorted(answer.json()["status"] for answer in tried) == [202] + [401] * 5


async def test_paths_are_unique_in_a_tenant(api: httpx.AsyncClient, stack: Stack, tenant: str) -> None:
    first = await create(api, path="/orders/")
    assert first["path_url"].endswith(f"/webhooks/{tenant}/orders")
    workflow_id = await workflow(api)
    body = {"name": "n", "workflow_id": workflow_id, "path": "/orders"}
    taken = await api.post("/api/v1/webhooks", json=body)
    assert taken.status_code == 409
    assert taken.json()["error"] == "path: another webhook has '/orders' already"
    other = await create(api, path="/Orders")
    moved = await api.put(f"/api/v1/webhooks/{other['id']}", json={"path": "/orders/"})
    assert moved.status_code == 409
    await create(api)
    await create(api)  # any number may have no path
    async with stack.client(f"{tenant}_b") as stranger:
        await create(stranger, path="/orders")
    await api.put(f"/api/v1/webhooks/{first['id']}", json={"path": None})
    assert (await api.put(f"/api/v1/webhooks/{other['id']}", json={"path": "/orders"})).status_code == 200
    await api.delete(f"/api/v1/webhooks/{other['id']}")
    await create(api, path="/orders")


async def test_one_path_at_once_is_one_webhook(api: httpx.AsyncClient) -> None:
    body = {"name": "n", "workflow_id": await workflow(api), "path": "/race"}
    answers = await asyncio.gather(*(api.post("/api/v1/webhooks", json=body) for _ in range(8)))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 7


async def test_another_tenant_has_nothing_of_it(api: httpx.AsyncClient, stack: Stack, tenant: str) -> None:
    workflow_id = await workflow(api)
    created = await create(api, workflow_id=workflow_id)
    async with stack.client(f"{tenant}_b") as stranger:
        for method, rest, body in [
            ("GET", "", None), ("PUT", "", {"name": "mine"}), ("DELETE", "", None), ("GET", "/events", None),
            ("POST", "/regenerate-secret", None), ("POST", "/replay", None),
        ]:  # fmt: skip
            answer = await stranger.request(method, f"/api/v1/webhooks/{created['id']}{rest}", json=body)
            assert (answer.status_code, answer.json()) == (404, {"error": "webhook not found"})
        body = {"name": "n", "workflow_id": workflow_id}
        theirs = await stranger.post("/api/v1/webhooks", json=body)
        assert (theirs.status_code, theirs.json()["error"]) == (404, "workflow not found")
        assert (await stranger.get("/api/v1/webhooks")).json()["total"] == 0
    assert (await api.get(f"/api/v1/webhooks/{created['id']}")).json()["data"]["name"] == "Orders"


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"name": None}, "name: must be a string"),
        ({"name": "a\nb"}, "name: must not contain line breaks"),
        ({"workflow_id": ""}, "workflow_id: must not be empty"),
        ({"workflow_id": "wf_nobody"}, "workflow not found"),
        ({"workflowid": "wf_1"}, "workflowid: is unknown; did you mean 'workflow_id'?"),
        ({"path": "orders"}, 'path: must begin with "/"'),
        ({"path": "/"}, 'path: must begin with "/"'),
        ({"path": "//a"}, "path: must not have empty parts"),
        ({"path": "/a/../b"}, "path: must not have empty parts"),
        ({"path": "/größe"}, "path: must consist of letters"),
        ({"path": "/a%2Fb"}, "path: must consist of letters"),
        ({"path": "/" + "a" * 255}, "path: must be at most 255 characters"),
        ({"path": "/wh_06bs0d3x5k8mq2w7cz4ayn9ev1"}, "path: must not look like the id of a webhook"),
        ({"auth_type": "oauth"}, "auth_type: must be one of 'none', 'signature', 'basic' or 'api_key'"),
        ({"auth_type": "none", "secret": "s" * 20}, "secret: is of no use with auth_type none"),
        ({"scheme": "paypal"}, "scheme: must be one of 'gorax'"),
        ({"auth_type": "basic", "scheme": "stripe"}, "scheme: is for auth_type signature only, not for basic"),
        ({"username": "shop"}, "username: is for auth_type basic only, not for signature"),
        ({"auth_type": "basic", "username": "a:b"}, "username: must be 1 to 128 printable"),
        ({"auth_type": "api_key", "header_name": "X-Key\r\nX-Evil: 1"}, "header_name: must be the name"),
        ({"auth_type": "api_key", "header_name": "Content-Length"}, "header_name: must not be Content-Length"),
        ({"auth_type": "api_key", "header_name": "Webhook-Id"}, "header_name: must not be Webhook-Id"),
        ({"secret": "short"}, "secret: must be at least 16 characters"),
        ({"secret": "s" * 256}, "secret: must be at most 255 characters"),
        ({"secret": "with a line break\n"}, "secret: must not have line breaks"),
        ({"secret": "with a space at its end "}, "secret: must not begin or end with a space"),
        ({"scheme": "standard", "secret": "whsec_not base64 at all"}, "secret: of scheme standard it must be 16"),
        ({"scheme": "standard", "secret": "whsec_c2hvcnQhIQ=="}, "secret: of scheme standard it must be 16 bytes"),
        ({"methods": []}, "methods: must not be empty"),
        ({"methods": ["TRACE"]}, "methods/0: must be one of"),
        ({"priority": 4}, "priority: must be at most 3"),
        ({"priority": "high"}, "priority: must be a whole number"),
        ({"enabled": "yes"}, "enabled: must be true or false"),
        ({"response_mode": "sync"}, "response_mode: must be one of 'accepted' or 'result'"),
        ({"response_timeout": 31}, "response_timeout: must be at most 30"),
        ({"response_timeout": 0}, "response_timeout: "),
        ({"input_schema": {"type": "objekt"}}, "input_schema: is not a schema: /type"),
        ({"input_schema": {"description": "x" * 70_000}}, "input_schema: must be at most 64 KB"),
        ({"input_schema": []}, "input_schema: must be an object"),
        ({"filter": "trigger.body.x ="}, "filter: is not an expression"),
        ({"filter": "steps.a.output == 1"}, "filter: sees trigger alone"),
        ({"dedupe_key": "credentials.a"}, "dedupe_key: is not an expression: credentials can only stand"),
        ({"filter": "1" * 4_001}, "filter: must be at most 4000 characters"),
        ({"dedupe_seconds": 604_801}, "dedupe_seconds: must be at most 604800"),
        ({"allowed_ips": ["10.0.0.0/33"]}, "allowed_ips/0: must be an IP address or a network"),
        ({"allowed_ips": ["10.0.0.1"] * 101}, "allowed_ips: must have at most 100 items"),
        ({"max_body_bytes": 0}, "max_body_bytes: must be at least 1"),
        ({"max_body_bytes": 5_000_001}, "max_body_bytes: must be at most 5000000"),
        ({"authType": "none", "auth_type": "none"}, "body: has auth_type twice"),
    ],
)  # fmt: skip
async def test_every_field_has_its_bounds(
    api: httpx.AsyncClient, fields: dict[str, Any], message: str
) -> None:
    body = {"name": "n", "workflow_id": await workflow(api), **fields}
    response = await api.post("/api/v1/webhooks", json=body)
    assert response.status_code == (404 if message == "workflow not found" else 400), response.text
    assert response.json()["error"].startswith(message)
    assert (await api.get("/api/v1/webhooks")).json()["total"] == 0


async def test_what_is_kept_is_what_was_sent(api: httpx.AsyncClient) -> None:
    settings: dict[str, Any] = {
        "methods": ["put", "POST", "PUT"],
        "priority": 3,
        "enabled": False,
        "response_mode": "result",
        "response_timeout": "10s",
        "input_schema": {"type": "object", "required": ["b", "a"], "properties": {"z": True, "a": False}},
        "filter": 'trigger.headers["x-kind"] == "order"',
        "dedupe_key": "trigger.body.id",
        "dedupe_seconds": 0,
        "allowed_ips": ["10.1.2.3", "2001:db8::1/32", "::ffff:192.0.2.7"],
        "max_body_bytes": 1000,
    }
    created = await create(api, **settings)
    path = f"/api/v1/webhooks/{created['id']}"
    read = (await api.get(path)).json()["data"]
    stored = {
        "methods": ["PUT", "POST"],
        "response_timeout": 10.0,
        "allowed_ips": ["10.1.2.3/32", "2001:db8::/32", "192.0.2.7/32"],
    }
    assert read.items() >= {**settings, **stored}.items()
    assert list(read["input_schema"]["properties"]) == ["z", "a"]
    nothing = dict.fromkeys(["input_schema", "filter", "dedupe_key", "max_body_bytes", "description"])
    assert (await api.put(path, json={**nothing, "allowed_ips": []})).status_code == 200
    bare = (await api.get(path)).json()["data"]
    assert bare.items() >= {**nothing, "description": "", "allowed_ips": [], "priority": 3}.items()
    assert (await api.put(path, json={})).json()["error"].startswith("body: must have at least one field")
    moved = await api.put(path, json={"workflow_id": "wf_1"})
    assert moved.json()["error"].startswith("workflow_id: is unknown")
    wrong = await api.put(path, json={"username": "shop"})
    assert wrong.json()["error"] == "username: is for auth_type basic only, not for signature"


async def test_a_workflow_takes_its_webhooks_with_it(api: httpx.AsyncClient) -> None:
    first, second = await workflow(api), await workflow(api)
    one, two = await create(api, workflow_id=first, path="/one"), await create(api, workflow_id=second)
    kept = await create(api)
    assert (await api.delete(f"/api/v1/workflows/{first}")).status_code == 204
    assert (await api.get(f"/api/v1/webhooks/{one['id']}")).status_code == 404
    await api.post("/api/v1/workflows/bulk-delete", json={"workflow_ids": [second]})
    assert (await api.get(f"/api/v1/webhooks/{two['id']}")).status_code == 404
    listed = (await api.get("/api/v1/webhooks")).json()
    assert [row["id"] for row in listed["data"]] == [kept["id"]]
    await create(api, path="/one")
