"""How the `http` action follows redirects, and what it does not take along."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from gorax.core.errors import StepError
from tests.activities.calls import Names, Worker, allowing
from tests.support.receiver import Receiver, Reply


@pytest.fixture
async def other() -> AsyncIterator[Receiver]:
    """A server of another origin."""
    async with Receiver() as receiver:
        yield receiver


@pytest.mark.parametrize(
    ("status", "method", "then"),
    [
        (301, "GET", "GET"), (301, "POST", "GET"), (301, "PUT", "PUT"),
        (302, "POST", "GET"), (302, "HEAD", "HEAD"), (302, "DELETE", "DELETE"),
        (303, "POST", "GET"), (303, "PUT", "GET"), (303, "HEAD", "HEAD"),
        (307, "POST", "POST"), (308, "PATCH", "PATCH"), (308, "GET", "GET"),
    ],
)  # fmt: skip
async def test_methods_and_bodies(
    worker: Worker, server: Receiver, status: int, method: str, then: str
) -> None:
    url = server.answer("/a", Reply(status=status, headers={"Location": "b?x=1#part"}))
    body = {"n": 1} if method not in {"GET", "HEAD", "DELETE"} else None
    output = await worker.run(url=url, method=method, body=body)
    assert output["url"] == server.url + "/b?x=1"
    last = server.requests[-1]
    assert (last.method, last.path, last.query) == (then, "/b", {"x": ["1"]})
    kept = body is not None and then == method
    assert last.body == (b'{"n":1}' if kept else b"")
    assert last.headers.get("content-type") == ("application/json" if kept else None)


async def test_redirects_may_be_left_to_the_workflow(worker: Worker, server: Receiver) -> None:
    url = server.answer("/a", Reply(status=302, headers={"Location": "/b"}, body=b"moved"))
    output = await worker.run(url=url, follow_redirects=False)
    assert (output["status"], output["headers"]["location"], output["body"]) == (302, "/b", "moved")
    assert len(server.requests) == 1


async def test_a_redirect_that_leads_nowhere_is_the_answer(worker: Worker, server: Receiver) -> None:
    assert (await worker.run(url=server.answer("/a", Reply(status=302))))["status"] == 302


@pytest.mark.parametrize(("given", "requests"), [(None, 6), (0, 1), (2, 3)])
async def test_endless_redirects(worker: Worker, server: Receiver, given: int | None, requests: int) -> None:
    url = server.answer("/a", Reply(status=302, headers={"Location": "/a"}))
    config: dict[str, Any] = {} if given is None else {"max_redirects": given}
    with pytest.raises(StepError, match=r"more than \d redirects") as caught:
        await worker.run(url=url, **config)
    assert (caught.value.type, caught.value.retryable) == ("network", False)
    assert len(server.requests) == requests


@pytest.mark.parametrize(
    "location", ["ftp://x/", "http://user:pw@127.0.0.1/", "http://a b/", "//[", "/" + "a" * 9_000]
)
async def test_targets_that_are_none(worker: Worker, server: Receiver, location: str) -> None:
    url = server.answer("/a", Reply(status=302, headers={"Location": location}))
    with pytest.raises(StepError, match="redirected to an address that is not valid") as caught:
        await worker.run(url=url)
    assert caught.value.type == "network"


async def test_a_large_body_of_a_redirect_is_not_waited_for(worker: Worker, server: Receiver) -> None:
    url = server.answer("/a", Reply(status=302, headers={"Location": "/b"}, body=b"x" * 5_000_000))
    assert (await worker.run(url=url))["body"] == {"ok": True}


SECRETS: list[dict[str, Any]] = [
    {"auth": {"type": "bearer", "token": "s3cret-token"}},
    {"auth": {"type": "basic", "username": "u", "password": "s3cret-token"}},
    {"auth": {"type": "api_key", "name": "X-Custom", "value": "s3cret-token"}},
    {"auth": {"type": "api_key", "name": "key", "value": "s3cret-token", "in": "query"}},
    {"headers": {"Authorization": "Bearer s3cret-token", "Cookie": "s3cret-token", "X-API-Key": "k"}},
    {
        "auth": {
            "type": "aws_sigv4", "access_key_id": "s3cret-token", "secret_access_key": "12345678",
            "session_token": "s3cret-token", "region": "us-east-1", "service": "s3",
        }
    },
]  # fmt: skip


@pytest.mark.parametrize("config", SECRETS)
async def test_secrets_stay_with_their_origin(
    worker: Worker, server: Receiver, other: Receiver, config: dict[str, Any]
) -> None:
    def seen(receiver: Receiver) -> str:
        return " ".join(f"{r.headers} {r.query}" for r in receiver.requests)

    server.answer("/a", Reply(status=307, headers={"Location": "/b"}))
    server.answer("/b", Reply(status=307, headers={"Location": other.url + "/c"}))
    other.answer("/c", Reply(status=307, headers={"Location": server.url + "/d"}))
    await worker.run(url=server.url + "/a", method="POST", body={}, **config)
    first, second, back = server.requests
    for request in (first, second):
        text = f"{request.headers} {request.query}"
        assert "s3cret-token" in text or "Basic dTpzM2NyZXQtdG9rZW4=" in text
    for name in ("authorization", "cookie", "x-api-key", "x-custom", "x-amz-security-token", "x-amz-date"):
        assert name not in other.requests[0].headers
        # Whoever was sent away and back may have been sent to where the other wants the secret to be used.
        assert name not in back.headers
    assert "s3cret" not in seen(other)
    assert not back.query


async def test_another_port_or_scheme_is_another_origin() -> None:
    async with Receiver() as plain, Receiver() as elsewhere:
        worker = Worker(allowing("127.0.0.0/8"), resolver=Names(api_test=["127.0.0.1"]))
        target = f"http://api.test:{elsewhere.port}/c"
        plain.answer("/a", Reply(status=302, headers={"Location": target}))
        await worker.run(url=f"http://api.test:{plain.port}/a", auth={"type": "bearer", "token": "s3cret"})
        assert plain.requests[0].headers["authorization"] == "Bearer s3cret"
        assert "authorization" not in elsewhere.requests[0].headers
        await worker.close()
