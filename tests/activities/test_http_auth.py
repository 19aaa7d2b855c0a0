"""The forms of `auth`, and that no secret comes back out."""

import asyncio
import base64
import hashlib
import hmac
import json
from typing import Any
from urllib.parse import parse_qs, quote

import pytest

from gorax.core.errors import StepError
from tests.activities.calls import Worker
from tests.support.receiver import Receiver, Reply, Request

OAUTH = {"type": "oauth2", "client_id": "cl:ient", "client_secret": "cl/ient secret", "scope": "read write"}


async def test_bearer(worker: Worker, server: Receiver) -> None:
    await worker.run(url=server.url, auth={"type": "bearer", "token": "abc"}, headers={"authorization": "x"})
    assert server.requests[0].headers["authorization"] == "Bearer abc"


async def test_basic(worker: Worker, server: Receiver) -> None:
    await worker.run(url=server.url, auth={"type": "basic", "username": "ü", "password": "p:w"})
    expected = base64.b64encode("ü:p:w".encode()).decode()
    assert server.requests[0].headers["authorization"] == f"Basic {expected}"


async def test_api_key(worker: Worker, server: Receiver) -> None:
    await worker.run(url=server.url, auth={"type": "api_key", "name": "X-Key", "value": "a&b"})
    assert server.requests[0].headers["x-key"] == "a&b"
    auth = {"type": "api_key", "name": "key", "value": "a&b c", "in": "query"}
    output = await worker.run(url=server.url + "/?x=1", auth=auth)
    assert server.requests[1].query == {"x": ["1"], "key": ["a&b c"]}
    assert output["url"] == server.url + "/?x=1"


# AWS


def signature(request: Request, service: str, secret: str) -> str:
    """Signature Version 4 worked out from what arrived, by the published algorithm."""
    fields = dict(part.strip().split("=", 1) for part in request.headers["authorization"][17:].split(","))
    names = fields["SignedHeaders"].split(";")
    canonical = "\n".join(
        [
            request.method,
            request.path,
            "&".join(
                sorted(
                    f"{quote(k, safe='')}={quote(v, safe='')}" for k, vs in request.query.items() for v in vs
                )
            ),
            *(f"{name}:{request.headers[name].strip()}" for name in names),
            "",
            ";".join(names),
            hashlib.sha256(request.body).hexdigest(),
        ]
    )
    moment = request.headers["x-amz-date"]
    scope = f"{moment[:8]}/eu-west-1/{service}/aws4_request"
    text = f"AWS4-HMAC-SHA256\n{moment}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    key = f"AWS4{secret}".encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    return hmac.new(key, text.encode(), "sha256").hexdigest()


@pytest.mark.parametrize("service", ["execute-api", "s3"])
async def test_aws_signatures_hold(worker: Worker, server: Receiver, service: str) -> None:
    auth = {
        "type": "aws_sigv4",
        "access_key_id": "AKIDEXAMPLE",
        "secret_access_key": "wJalrXUtnFEMI/K7MDENG",
        "session_token": "session/token",
        "region": "eu-west-1",
        "service": service,
    }
    query = {"b": "x y", "a": "ü/&", "list": ["2", "1"]}
    await worker.run(
        url=server.url + "/path/to",
        method="PUT",
        query=query,
        body={"a": 1},
        auth=auth,
        headers={"X-Amz-Meta-A": "b"},
    )
    request = server.requests[0]
    given = request.headers["authorization"]
    assert given.startswith("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/")
    assert request.headers["x-amz-security-token"] == "session/token"
    for name in ("host", "x-amz-date", "x-amz-security-token", "content-type", "x-amz-meta-a"):
        assert name in given
    if service == "s3":
        assert request.headers["x-amz-content-sha256"] == hashlib.sha256(request.body).hexdigest()
    assert given.endswith(f"Signature={signature(request, service, auth['secret_access_key'])}")


# OAuth 2.0


def tokens(server: Receiver, *replies: Reply) -> str:
    """A token endpoint."""
    default = Reply(json={"access_token": "token-1", "token_type": "Bearer", "expires_in": 3600})
    return server.answer("/token", *(replies or (default,)))


async def test_oauth2_fetches_one_token_for_many_calls(worker: Worker, server: Receiver) -> None:
    auth = {**OAUTH, "token_url": tokens(server)}
    await asyncio.gather(*(worker.run(url=server.url + "/x", auth=auth) for _ in range(10)))
    await worker.run(url=server.url + "/x", auth=auth)
    assert server.counts() == {"/token": 1, "/x": 11}
    (request,) = server.received("/token")
    pair = base64.b64encode(b"cl%3Aient:cl%2Fient+secret").decode()
    assert request.headers["authorization"] == f"Basic {pair}"
    assert request.body == b"grant_type=client_credentials&scope=read+write"
    assert {r.headers["authorization"] for r in server.received("/x")} == {"Bearer token-1"}


async def test_oauth2_with_the_secret_in_the_form(worker: Worker, server: Receiver) -> None:
    auth = {**OAUTH, "token_url": tokens(server), "client_auth": "body", "audience": "api"}
    await worker.run(url=server.url + "/x", auth=auth)
    (request,) = server.received("/token")
    assert "authorization" not in request.headers
    assert parse_qs(request.body.decode()) == {
        "grant_type": ["client_credentials"], "scope": ["read write"], "audience": ["api"],
        "client_id": ["cl:ient"], "client_secret": ["cl/ient secret"],
    }  # fmt: skip


async def test_oauth2_tokens_are_not_shared_across_tenants_or_secrets(
    worker: Worker, server: Receiver
) -> None:
    auth = {**OAUTH, "token_url": tokens(server)}
    await worker.run(url=server.url + "/x", auth=auth)
    await worker.run(url=server.url + "/x", auth=auth, tenant_id="other")
    await worker.run(url=server.url + "/x", auth={**auth, "client_secret": "guessed"})
    assert server.counts()["/token"] == 3


async def test_oauth2_tokens_expire(worker: Worker, server: Receiver) -> None:
    replies = (Reply(json={"access_token": f"token-{n}", "expires_in": 0.2}) for n in (1, 2))
    auth = {**OAUTH, "token_url": tokens(server, *replies)}
    for _ in range(2):
        await worker.run(url=server.url + "/x", auth=auth)
        await asyncio.sleep(0.15)
    seen = [request.headers["authorization"] for request in server.received("/x")]
    assert seen == ["Bearer token-1", "Bearer token-2"]


async def test_a_revoked_token_is_fetched_anew_once(worker: Worker, server: Receiver) -> None:
    replies = (Reply(json={"access_token": f"token-{n}"}) for n in (1, 2, 3))
    auth = {**OAUTH, "token_url": tokens(server, *replies)}
    url = server.answer("/x", Reply(), Reply(status=401), Reply(json="fine"))
    await worker.run(url=url, auth=auth)
    assert (await worker.run(url=url, auth=auth, method="POST"))["body"] == "fine"
    assert server.counts() == {"/token": 2, "/x": 3}
    url = server.answer("/y", Reply(status=401))
    with pytest.raises(StepError, match="answered 401"):
        await worker.run(url=url, auth=auth)
    assert server.counts()["/y"] == 2


@pytest.mark.parametrize(
    ("reply", "message", "retryable"),
    [
        (Reply(status=401, json={"error": "invalid_client"}), "it answered 401: invalid_client", False),
        (Reply(status=400, json={"error": "cl/ient secret"}), "it answered 400", False),
        (Reply(status=503, body=b"down"), "it answered 503", True),
        (Reply(status=302, headers={"Location": "/elsewhere"}), "it answered 302", False),
        (Reply(body=b"<html>"), "it answered 200", False),
        (Reply(json=[]), "it answered 200", False),
        (Reply(json={"access_token": 5}), "it answered 200", False),
        (Reply(json={"access_token": "x" * 20_000}), "it answered 200", False),
    ],
)
async def test_no_token(
    worker: Worker, server: Receiver, reply: Reply, message: str, retryable: bool
) -> None:
    url = tokens(server, reply)
    with pytest.raises(StepError) as caught:
        await worker.run(url=server.url + "/x", auth={**OAUTH, "token_url": url + "?a=b"})
    assert caught.value.message == f"no access token from {url}: {message}"
    assert (caught.value.type, caught.value.retryable) == ("credential", retryable)
    assert set(server.counts()) == {"/token"}


async def test_a_token_that_cannot_stand_in_a_header(worker: Worker, server: Receiver) -> None:
    url = tokens(server, Reply(json={"access_token": "a\r\nX-Evil: 1"}))
    with pytest.raises(StepError) as caught:
        await worker.run(url=server.url + "/x", auth={**OAUTH, "token_url": url})
    assert caught.value.type in {"validation", "credential"}
    assert not server.received("/x")


async def test_a_token_endpoint_in_a_closed_network(worker: Worker, server: Receiver) -> None:
    with pytest.raises(StepError) as caught:
        await worker.run(url=server.url, auth={**OAUTH, "token_url": "http://169.254.169.254/token"})
    assert caught.value.type == "blocked_address"


# Masking

SECRET = 'pässword/with "quotes" & more'
ECHOED: list[tuple[dict[str, Any], str]] = [
    ({"auth": {"type": "bearer", "token": "t0ken/with+signs"}}, "t0ken/with+signs"),
    ({"auth": {"type": "basic", "username": "u", "password": SECRET}}, SECRET),
    ({"auth": {"type": "api_key", "name": "k", "value": SECRET, "in": "query"}}, SECRET),
    ({"headers": {"Authorization": "Token t0ken/with+signs"}}, "t0ken/with+signs"),
    ({"headers": {"Authorization": "Basic dTpzM2NyZXQtd29yZA=="}}, "s3cret-word"),
    ({"headers": {"X-API-Key": "t0ken/with+signs"}}, "t0ken/with+signs"),
]


@pytest.mark.parametrize(("config", "secret"), ECHOED)
@pytest.mark.parametrize("status", [200, 500])
async def test_a_secret_that_is_echoed_is_masked(
    worker: Worker, server: Receiver, config: dict[str, Any], secret: str, status: int
) -> None:
    echo = {"you_sent": secret, "escaped": "SLASH"}
    body = json.dumps(echo).replace("SLASH", json.dumps(secret)[1:-1].replace("/", "\\/")).encode()
    headers = {"Content-Type": "application/json", "X-Request-Id": secret.encode("ascii", "ignore").decode()}
    if secret.isascii():
        headers["Location"] = f"/?again={secret}"
    url = server.answer("/x", Reply(status=status, body=body, headers=headers))
    if status == 200:
        seen = json.dumps(await worker.run(url=url, **config), ensure_ascii=False)
        assert "***" in seen
    else:
        with pytest.raises(StepError) as caught:
            await worker.run(url=url, **config)
        seen = f"{caught.value.message} {json.dumps(caught.value.details, ensure_ascii=False)}"
        assert "***" in caught.value.details["body"]
    assert secret not in seen
    assert secret not in seen.replace("\\", "")


async def test_a_secret_on_the_edge_of_the_kept_body(worker: Worker, server: Receiver) -> None:
    url = server.answer("/x", Reply(status=500, body=b"e" * 2_040 + b"t0ken/with+signs" + b"e" * 100))
    with pytest.raises(StepError) as caught:
        await worker.run(url=url, auth={"type": "bearer", "token": "t0ken/with+signs"})
    assert "t0ken" not in caught.value.details["body"]
