"""Temporal's remote codec: run data in plain, for those who may see it and for the pages of the Web UI."""

import json
from base64 import b64decode, b64encode
from typing import Any

import httpx
import pytest
from temporalio.api.common.v1 import Payload
from temporalio.converter import WorkflowSerializationContext

from api.app import create_app
from gorax.engine.codec import ENCRYPTED, KEY, EncryptionCodec
from gorax.engine.converter import data_converter
from gorax.settings import CodecSettings, Env, Settings
from gorax.vault import KeyRing, LocalKey, TenantCipher, open_key_ring
from tests.support.processes import Stack

DECODE, ENCODE = "/api/v1/codec/decode", "/api/v1/codec/encode"
VALUE = {"name": "Ada"}


@pytest.fixture
def keys(settings: Settings) -> KeyRing:
    """Those of the running API."""
    return open_key_ring(settings)


async def encrypted(keys: KeyRing, tenant: str, value: Any = VALUE) -> dict[str, Any]:
    """A value as it stands in the tenant's histories."""
    context = WorkflowSerializationContext("default", f"{tenant}:exec_1")
    codec = EncryptionCodec(TenantCipher(keys), encrypts=True)
    [payload] = await data_converter(codec=codec).with_context(context).encode([value])
    return written(payload)


def written(payload: Payload) -> dict[str, Any]:
    """A payload in Temporal's JSON."""
    metadata = {name: b64encode(value).decode() for name, value in payload.metadata.items()}
    return {"metadata": metadata, "data": b64encode(payload.data).decode()}


def plain(value: Any) -> dict[str, Any]:
    """A value that nobody encrypted."""
    return written(Payload(metadata={"encoding": b"json/plain"}, data=json.dumps(value).encode()))


async def codec(api: httpx.AsyncClient, path: str, *payloads: Any, **headers: str) -> list[dict[str, Any]]:
    """What the API makes of payloads."""
    sent = {"X-Namespace": "default", **headers}
    response = await api.post(
        path, json={"payloads": payloads}, headers=sent, params={"preserveStorageRefs": "true"}
    )
    assert response.status_code == 200, response.text
    assert response.headers.get("x-request-id")
    answer: list[dict[str, Any]] = response.json()["payloads"]
    return answer


async def test_a_tenant_reads_its_own(api: httpx.AsyncClient, keys: KeyRing, tenant: str) -> None:
    own = await encrypted(keys, tenant)
    [decoded] = await codec(api, DECODE, own)
    assert b64decode(decoded["metadata"]["encoding"]) == b"json/plain"
    assert json.loads(b64decode(decoded["data"])) == VALUE


async def test_what_it_may_not_or_cannot_read_comes_back_as_it_was_sent(
    api: httpx.AsyncClient, keys: KeyRing, tenant: str
) -> None:
    own = await encrypted(keys, tenant)
    flipped = {**own, "data": ("A" if own["data"][0] != "A" else "B") + own["data"][1:]}
    lost = await encrypted(KeyRing([LocalKey("lost", bytes(32))]), tenant)
    stolen = {**await encrypted(keys, "other"), "metadata": own["metadata"]}
    left = [
        await encrypted(keys, "other"),
        stolen,
        flipped,
        lost,
        plain(VALUE),
        {"metadata": {}, "data": "", "externalPayloads": [{"sizeBytes": "300000"}]},
        written(Payload(metadata={"encoding": ENCRYPTED, KEY: b"\xff"}, data=b"short")),
    ]
    assert await codec(api, DECODE, *left, own) == [*left, *await codec(api, DECODE, own)]
    assert await codec(api, DECODE, own, **{"X-Namespace": "elsewhere"}) == [own]


async def test_what_is_entered_is_encrypted_where_run_data_is(
    api: httpx.AsyncClient, settings: Settings, keys: KeyRing, tenant: str
) -> None:
    assert await codec(api, ENCODE, plain(VALUE)) == [plain(VALUE)]
    private = settings.model_copy(update={"codec": CodecSettings(enabled=True)})
    app = create_app(private)
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(base_url="http://api", transport=transport, headers=api.headers) as client,
    ):
        [entered] = await codec(client, ENCODE, plain(VALUE))
        assert b64decode(entered["metadata"]["encoding"]) == ENCRYPTED
        assert await codec(client, DECODE, entered) == [plain(VALUE)]
        assert await codec(client, ENCODE, plain(VALUE), **{"X-Namespace": "elsewhere"}) == [plain(VALUE)]


async def test_in_development_the_web_ui_reads_everything(stack: Stack, keys: KeyRing, tenant: str) -> None:
    payloads = [await encrypted(keys, name) for name in (tenant, "other")]
    async with httpx.AsyncClient(base_url=stack.url, trust_env=False) as web_ui:
        decoded = await codec(web_ui, "/dev/codec/decode", *payloads)
        assert [json.loads(b64decode(payload["data"])) for payload in decoded] == [VALUE, VALUE]
        assert await codec(web_ui, "/dev/codec/encode", plain(VALUE)) == [plain(VALUE)]
        assert (await web_ui.post(DECODE, json={"payloads": []})).status_code == 401


async def test_in_production_nobody_does(settings: Settings, tenant: str) -> None:
    keys = "k1:" + "A" * 43 + "="
    production = Settings.model_validate(
        {**settings.model_dump(exclude={"codec", "master_keys"}), "env": Env.production, "master_keys": keys}
    )
    transport = httpx.ASGITransport(create_app(production))
    async with httpx.AsyncClient(base_url="http://api", transport=transport) as client:
        answer = await client.post("/dev/codec/decode", json={"payloads": []})
        assert answer.status_code == 404


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, "payloads: is required"),
        ({"payloads": {}}, "payloads: "),
        ({"payloads": [{"data": "?"}]}, "payloads/0/data: must be bytes in base64"),
        ({"payloads": [{"data": 1}]}, "payloads/0/data: must be bytes in base64"),
        ({"payloads": [{"metadata": {"encoding": "a"}}]}, "payloads/0/metadata/encoding: must be bytes in base64"),
        ({"payloads": [{"metadata": {str(n): "" for n in range(101)}}]}, "payloads/0/metadata: "),
        ({"payloads": [{}] * 1_001}, "payloads: "),
        ({"payloads": [], "more": 1}, "more: "),
        ({"payloads": [{"data": "A" * 8_000_000}]}, "body: must be at most 8000000 bytes"),
    ],
)  # fmt: skip
async def test_what_is_no_request_is_refused(api: httpx.AsyncClient, body: Any, message: str) -> None:
    for path in (DECODE, ENCODE):
        response = await api.post(path, json=body)
        assert response.status_code == 400, response.text
        assert response.json()["error"].startswith(message)


async def test_more_than_other_requests_may_bring_is_taken(
    api: httpx.AsyncClient, keys: KeyRing, tenant: str
) -> None:
    large = await encrypted(keys, tenant, "x" * 4_000_000)
    [decoded] = await codec(api, DECODE, large)
    assert len(b64decode(decoded["data"])) == 4_000_002


@pytest.mark.parametrize("path", [DECODE, ENCODE, "/dev/codec/decode"])
async def test_only_pages_of_the_web_ui_may_ask(
    api: httpx.AsyncClient, settings: Settings, path: str
) -> None:
    ask = {
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "x-namespace,content-type",
    }
    for origin in settings.codec.origins:
        leave = await api.options(path, headers={**ask, "Origin": origin})
        assert leave.status_code == 204
        assert leave.headers["access-control-allow-origin"] == origin
        assert leave.headers["access-control-allow-credentials"] == "true"
        assert "x-namespace" in leave.headers["access-control-allow-headers"]
        answer = await api.post(path, json={"payloads": []}, headers={"Origin": origin})
        assert answer.headers["access-control-allow-origin"] == origin
    for origin in ("https://evil.example", "null", settings.codec.origins[0] + "0"):
        assert (await api.options(path, headers={**ask, "Origin": origin})).status_code == 400
        answer = await api.post(path, json={"payloads": []}, headers={"Origin": origin})
        assert "access-control-allow-origin" not in answer.headers
    elsewhere = await api.options("/api/v1/workflows", headers={**ask, "Origin": "https://any.example"})
    assert elsewhere.headers["access-control-allow-origin"] == "*"
