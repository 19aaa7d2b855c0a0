"""Which requests are repeated, how often, under which key, and when: against an API that fails as a test says."""

import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise

import pytest

from api import examples
from gorax import AsyncGorax, Gorax
from gorax.client import (
    Invalid,
    NotFound,
    RateLimited,
    ServerError,
    Unavailable,
    UnexpectedAnswer,
    Unreachable,
)
from tests.support.receiver import Receiver, Reply

ACCEPTED = Reply(
    status=202,
    json={
        "data": {
            "execution_id": "exec_1",
            "workflow_id": "wf_1",
            "status": "pending",
            "started_at": "2026-01-20T17:00:00Z",
        }
    },
)
EMPTY = Reply(json={"data": [], "limit": 100, "offset": 0, "total": 0})
AWAY = Reply(
    status=503, json={"error": "the database does not answer; try again"}, headers={"Retry-After": "0"}
)
EXECUTE = "/api/v1/workflows/wf_1/execute"
LIST = "/api/v1/workflows"


@pytest.fixture
async def away(receiver: Receiver) -> AsyncIterator[AsyncGorax]:
    """A client of the receiver."""
    async with AsyncGorax(receiver.url, tenant="acme", retries=3, trust_env=False) as gorax:
        yield gorax


@pytest.mark.parametrize(
    "failure",
    [
        AWAY,
        Reply(status=502),
        Reply(status=504, body=b"<h1>gateway</h1>"),
        Reply(drop=True),
        Reply(status=408, json={"error": "x"}),
    ],
)
async def test_what_may_be_repeated_is_repeated_under_one_key(
    receiver: Receiver, away: AsyncGorax, failure: Reply
) -> None:
    receiver.answer(EXECUTE, failure, failure, ACCEPTED)
    assert (await away.workflows.execute("wf_1", {"a": 1})).execution_id == "exec_1"
    sent = receiver.received(EXECUTE)
    assert len(sent) == 3
    assert len({request.headers["idempotency-key"] for request in sent}) == 1
    assert all(request.json() == {"a": 1} for request in sent)


async def test_every_call_has_a_key_of_its_own_or_the_callers(receiver: Receiver, away: AsyncGorax) -> None:
    receiver.answer(EXECUTE, ACCEPTED)
    for _ in range(2):
        await away.workflows.execute("wf_1")
    await away.workflows.execute("wf_1", idempotency_key="order-17")
    keys = [request.headers["idempotency-key"] for request in receiver.received(EXECUTE)]
    assert len(set(keys)) == 3
    assert keys[2] == "order-17"


@pytest.mark.parametrize(("failure", "error"), [(AWAY, Unavailable), (Reply(drop=True), Unreachable)])
async def test_what_might_be_done_twice_is_not_repeated(
    receiver: Receiver, away: AsyncGorax, failure: Reply, error: type[Exception]
) -> None:
    receiver.answer(LIST, failure)
    with pytest.raises(error):
        await away.workflows.create(name="Once", definition={"actions": []})
    assert len(receiver.received(LIST)) == 1


async def test_anything_is_repeated_that_was_refused_for_its_number(
    receiver: Receiver, away: AsyncGorax
) -> None:
    path = "/api/v1/workflows/bulk-delete"
    receiver.answer(
        path,
        Reply(
            status=429, json={"error": "rate limit exceeded", "retry_after": 1}, headers={"Retry-After": "1"}
        ),
        Reply(json={"data": {"deleted": [], "failed": [], "deleted_count": 0, "failed_count": 0}}),
    )
    await away.workflows.delete_many(["wf_1"])
    first, second = receiver.received(path)
    assert 1 <= second.at - first.at < 3


async def test_a_long_wait_is_the_callers_to_decide_about(receiver: Receiver, away: AsyncGorax) -> None:
    receiver.answer(LIST, Reply(status=429, json={"error": "quota"}, headers={"Retry-After": "3600"}))
    with pytest.raises(RateLimited, match="quota") as limited:
        await away.workflows.list()
    assert limited.value.retry_after == 3600
    later = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
    receiver.answer(LIST, Reply(status=429, json={"error": "quota"}, headers={"Retry-After": later}))
    with pytest.raises(RateLimited) as limited:
        await away.workflows.list()
    assert 3500 < (limited.value.retry_after or 0) <= 3600


async def test_it_gives_up_after_as_many_times_as_it_was_told(receiver: Receiver, away: AsyncGorax) -> None:
    receiver.answer(LIST, AWAY)
    began = time.monotonic()
    with pytest.raises(Unavailable, match="the database does not answer"):
        await away.workflows.list()
    sent = receiver.received(LIST)
    assert len(sent) == 4
    pauses = [later.at - earlier.at for earlier, later in pairwise(sent)]
    assert 0.12 < pauses[0] < 0.6
    assert pauses[2] > pauses[0]
    assert time.monotonic() - began < 6


async def test_a_deletion_whose_answer_was_lost_is_done(receiver: Receiver, away: AsyncGorax) -> None:
    path = "/api/v1/workflows/wf_1"
    gone = Reply(status=404, json={"error": "workflow not found"})
    receiver.answer(path, Reply(drop=True), gone)
    await away.workflows.delete("wf_1")
    receiver.answer(path, gone)
    with pytest.raises(NotFound):
        await away.workflows.delete("wf_1")


@pytest.mark.parametrize(
    "reply",
    [Reply(status=500, body=b"oh"), Reply(status=404, json=["x"]), Reply(status=418, json={"error": 3})],
)
async def test_other_failures_are_told_at_once(receiver: Receiver, away: AsyncGorax, reply: Reply) -> None:
    receiver.answer(LIST, reply)
    with pytest.raises((ServerError, NotFound, Invalid)) as failed:
        await away.workflows.list()
    assert str(failed.value)
    assert len(receiver.received(LIST)) == 1


@pytest.mark.parametrize(
    "reply",
    [
        Reply(body=b"<html>"),
        Reply(json={"data": 3}),
        Reply(status=302, headers={"Location": "/x"}),
        Reply(json=None),
    ],
)
async def test_what_is_no_answer_of_the_api_says_so(
    receiver: Receiver, away: AsyncGorax, reply: Reply
) -> None:
    receiver.answer(LIST, reply)
    with pytest.raises(UnexpectedAnswer):
        await away.workflows.list()


async def test_new_fields_and_new_words_are_no_errors(receiver: Receiver, away: AsyncGorax) -> None:
    new = {**ACCEPTED.json["data"], "status": "dreaming", "mood": "calm"}
    receiver.answer(EXECUTE, Reply(status=202, json={"data": new, "more": 1}))
    accepted = await away.workflows.execute("wf_1")
    assert accepted.status == "dreaming"
    assert accepted.model_dump()["mood"] == "calm"


def test_who_asks_is_said_in_headers(receiver: Receiver) -> None:
    assert receiver.url
    with Gorax("http://127.0.0.1:9", tenant="acme", token="gx_key", user="ada", role="admin") as gorax:
        identity = gorax._connection.identity
    assert identity.pop("User-Agent").startswith("gorax-python/")
    assert identity == {
        "Authorization": "Bearer gx_key",
        "X-Tenant-ID": "acme",
        "X-User-ID": "ada",
        "X-User-Role": "admin",
    }


async def test_events_are_sent_without_saying_who(receiver: Receiver) -> None:
    path = "/webhooks/acme/orders/new"
    receiver.answer(
        path, Reply(status=202, json={"execution_id": None, "event_id": "evt_1", "status": "filtered"})
    )
    async with AsyncGorax(receiver.url, tenant="acme", token="gx_key", trust_env=False) as gorax:
        received = await gorax.webhooks.send_to_path(
            "acme", "/orders/new", b"text", headers={"Content-Type": "text/plain"}
        )
    assert received.status == "filtered"
    [sent] = receiver.received(path)
    assert sent.body == b"text"
    assert sent.headers["content-type"] == "text/plain"
    assert not {"authorization", "x-tenant-id"} & set(sent.headers)


async def test_waiting_outlives_an_api_that_is_away(receiver: Receiver, away: AsyncGorax) -> None:
    path = "/api/v1/executions/exec_1"
    running = Reply(json={"data": {**examples.EXECUTION, "status": "running"}})
    ended = Reply(json={"data": {**examples.EXECUTION, "status": "completed"}})
    receiver.answer(path, running, *[AWAY] * 9, Reply(drop=True), running, ended)
    assert (await away.executions.wait("exec_1", timeout=60)).status == "completed"
    assert len(receiver.received(path)) == 13


async def test_what_was_never_seen_is_not_waited_for(receiver: Receiver, away: AsyncGorax) -> None:
    receiver.answer("/api/v1/executions/exec_1", AWAY)
    with pytest.raises(Unavailable):
        await away.executions.wait("exec_1", timeout=60)
