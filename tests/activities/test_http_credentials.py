"""`auth: {"credential": …}`: what a stored value means for a request."""

import base64
from typing import Any

import pytest

from activities.http.auth import AwsAuth, CredentialAuth
from activities.http.stored import authorization_of
from gorax.core.errors import StepError
from tests.activities.calls import Worker
from tests.support.receiver import Receiver, Reply, Request

AWS = {"access_key_id": "AKIDEXAMPLE", "secret_access_key": "wJalrXUtnFEMI/K7MDENG"}


async def sent(worker: Worker, server: Receiver, value: dict[str, Any], **auth: Any) -> Request:
    """The request that is sent with a credential of this value."""
    await worker.run(url=server.url + "/x", auth={"credential": "k", **auth}, credentials={"k": value})
    return server.received("/x")[-1]


@pytest.mark.parametrize(
    ("value", "header", "expected"),
    [
        ({"key": "s3cret-key"}, "x-api-key", "s3cret-key"),
        ({"api_key": "s3cret-key"}, "x-api-key", "s3cret-key"),
        ({"key": "s3cret-key", "header": "X-Token"}, "x-token", "s3cret-key"),
        ({"token": "t0ken"}, "authorization", "Bearer t0ken"),
        (
            {"username": "ü", "password": "p:w"},
            "authorization",
            f"Basic {base64.b64encode('ü:p:w'.encode()).decode()}",
        ),
        ({"type": "api_key", "name": "X-Mine", "value": "v"}, "x-mine", "v"),
        ({"type": "bearer", "token": "t"}, "authorization", "Bearer t"),
    ],
)
async def test_in_a_header(
    worker: Worker, server: Receiver, value: dict[str, Any], header: str, expected: str
) -> None:
    assert (await sent(worker, server, value)).headers[header].encode("latin-1") == expected.encode()


async def test_in_the_query(worker: Worker, server: Receiver) -> None:
    request = await sent(worker, server, {"key": "a&b c", "query": "key"})
    assert request.query == {"key": ["a&b c"]}
    assert "x-api-key" not in request.headers


async def test_oauth2_tokens_are_kept(worker: Worker, server: Receiver) -> None:
    token_url = server.answer("/token", Reply(json={"access_token": "token-1", "expires_in": 3600}))
    value = {"token_url": token_url, "client_id": "c", "client_secret": "cl1ent-secret", "scope": "read"}
    for _ in range(3):
        assert (await sent(worker, server, value)).headers["authorization"] == "Bearer token-1"
    assert server.counts() == {"/token": 1, "/x": 3}
    assert b"scope=read" in server.received("/token")[0].body


async def test_aws_signs(worker: Worker, server: Receiver) -> None:
    request = await sent(worker, server, {**AWS, "region": "eu-west-1"}, service="execute-api")
    assert request.headers["authorization"].startswith("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/")
    assert "/eu-west-1/execute-api/aws4_request" in request.headers["authorization"]


@pytest.mark.parametrize(
    ("url", "value", "auth", "service", "region"),
    [
        ("https://my-bucket.s3.eu-west-1.amazonaws.com/key", {}, {}, "s3", "eu-west-1"),
        ("https://sqs.us-east-1.amazonaws.com/", {"region": "eu-west-1"}, {}, "sqs", "us-east-1"),
        ("https://abc.execute-api.ap-southeast-2.amazonaws.com/x", {}, {}, "execute-api", "ap-southeast-2"),
        ("https://s3.cn-north-1.amazonaws.com.cn/", {}, {}, "s3", "cn-north-1"),
        ("https://s3.amazonaws.com/", {"region": "us-east-1"}, {"service": "s3"}, "s3", "us-east-1"),
        ("https://minio.example/", {"region": "x-1"}, {"service": "s3", "region": "y-1"}, "s3", "y-1"),
    ],
)
def test_aws_hosts_say_service_and_region(
    url: str, value: dict[str, str], auth: dict[str, str], service: str, region: str
) -> None:
    found = authorization_of(
        CredentialAuth.model_validate({"credential": "k", **auth}), {**AWS, **value}, url
    )
    assert isinstance(found, AwsAuth)
    assert (found.service, found.region) == (service, region)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (AWS, "auth.service: is required"),
        (
            {"host": "db", "database": "d", "username": "u", "password": "s3cret-word"},
            "not one that http can use",
        ),
        ({"url": "postgresql://u:s3cret-word@h/d"}, "not one that http can use"),
        ({"webhook_url": "https://s3cret-word"}, "not one that http can use"),
        ({"token": "s3cret-word\r\nX-Evil: 1"}, "not one that http can use"),
        ({"token": ["s3cret-word"]}, "not one that http can use"),
        ({"key": "s3cret-word", "header": "no header"}, "not one that http can use"),
        ({"type": "other", "token": "s3cret-word"}, "not one that http can use"),
        ({}, "not one that http can use"),
    ],
)
async def test_what_is_no_authorization(
    worker: Worker, server: Receiver, value: dict[str, Any], message: str
) -> None:
    with pytest.raises(StepError, match=message) as caught:
        await sent(worker, server, value)
    assert "s3cret-word" not in caught.value.message
    assert not server.requests


async def test_what_is_echoed_is_masked(worker: Worker, server: Receiver) -> None:
    pair = base64.b64encode(b"ann:hunter22").decode()
    server.answer("/x", Reply(json={"seen": f"Basic {pair}", "plain": "hunter22"}))
    value = {"username": "ann", "password": "hunter22"}
    output = await worker.run(url=server.url + "/x", auth={"credential": "k"}, credentials={"k": value})
    assert output["body"] == {"seen": "Basic ***", "plain": "***"}
