"""The history of a webhook over REST, and replays of what stands in it."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import delete
from sqlmodel import col

from gorax.store.session import Database
from gorax.store.tables import WebhookEvent
from gorax.store.webhooks import Webhooks
from tests.store.rows import add_event, add_execution
from tests.support.executions import get, until
from tests.support.processes import Stack
from tests.support.webhooks import create, workflow

NOON = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0) - timedelta(days=20)
"""Of a day so recent that its events are still kept: maintenance is at work beside the tests."""

ECHO = {
    "trigger": {"type": "webhook"},
    "actions": [{"id": "echo", "type": "transform", "config": {"expression": "trigger"}}],
    "output": "{{steps.echo.output}}",
}
NEEDS_AN_ORDER = {**ECHO, "input_schema": {"type": "object", "required": ["order"]}}


def written(moment: datetime) -> str:
    """The moment as the API writes it."""
    return moment.isoformat().replace("+00:00", "Z")


class History:
    """A webhook whose history a test writes."""

    def __init__(
        self, api: httpx.AsyncClient, database: Database, tenant: str, created: dict[str, Any]
    ) -> None:
        self._api = api
        self._database = database
        self._tenant = tenant
        self.id: str = created["id"]
        self.path = f"/api/v1/webhooks/{self.id}"

    async def add(self, **given: Any) -> str:
        """An event; its id."""
        async with self._database.platform() as session:
            webhook = await Webhooks(session, self._tenant).get(self.id, deleted=True)
        assert webhook is not None
        return (await add_event(self._database, webhook, **{"received_at": NOON, **given})).id

    async def ids(self, query: str = "") -> list[str]:
        """The ids of the events that a query finds."""
        answer = await self._api.get(f"{self.path}/events{query}")
        assert answer.status_code == 200, answer.text
        return [event["id"] for event in answer.json()["data"]]


@pytest.fixture
async def history(api: httpx.AsyncClient, database: Database, tenant: str) -> History:
    """A webhook of a workflow that gives back its trigger."""
    created = await create(api, workflow_id=await workflow(api, ECHO), priority=3)
    return History(api, database, tenant, created)


async def replay(api: httpx.AsyncClient, event_id: str, status: int = 202, **request: Any) -> dict[str, Any]:
    """What the API answers to a replay."""
    answer = await api.post(f"/api/v1/events/{event_id}/replay", **request)
    assert answer.status_code == status, answer.text
    replayed: dict[str, Any] = answer.json()
    return replayed


async def output(api: httpx.AsyncClient, execution_id: str) -> Any:
    """What the execution gave, once it has ended."""

    async def ended() -> bool:
        return bool((await get(api, execution_id))["status"] == "completed")

    await until(ended, 30)
    return (await get(api, execution_id))["output"]


async def test_the_history_is_as_the_reference_has_it(api: httpx.AsyncClient, history: History) -> None:
    event_id = await history.add(execution_id="exec_1", response_time_ms=150)
    listed = (await api.get(f"{history.path}/events")).json()
    assert (listed["total"], listed["limit"], listed["offset"]) == (1, 20, 0)
    expected = {
        "id": event_id, "webhook_id": history.id, "received_at": written(NOON), "method": "POST",
        "status": "processed", "execution_id": "exec_1", "response_time_ms": 150,
    }  # fmt: skip
    assert listed["data"][0].items() >= expected.items()
    assert "body" not in listed["data"][0]
    whole = (await api.get(f"/api/v1/events/{event_id}")).json()["data"]
    assert whole.items() >= listed["data"][0].items()
    assert (whole["body"], whole["headers"]) == ({"order": 1}, {"content-type": "application/json"})


async def test_filters(api: httpx.AsyncClient, history: History) -> None:
    kinds = ["processed", "filtered", "duplicate", "rejected", "filtered"]
    ids = [
        await history.add(status=kind, received_at=NOON + timedelta(days=day))
        for day, kind in enumerate(kinds)
    ]
    newest = ids[::-1]
    assert await history.ids() == newest
    assert await history.ids("?status=filtered") == [ids[4], ids[1]]
    assert await history.ids("?status=filtered,rejected&limit=2") == [ids[4], ids[3]]
    assert await history.ids("?status=processed") == [ids[0]]
    assert await history.ids("?status=queued") == []
    second, third, fourth = (NOON + timedelta(days=days) for days in (1, 2, 3))
    assert await history.ids(f"?from={second.date()}&to={third.date()}") == [ids[2], ids[1]]
    assert await history.ids(f"?from={written(fourth)}") == [ids[4], ids[3]]
    assert (await api.get(f"{history.path}/events?limit=2&offset=4")).json()["total"] == 5
    for query, message in [
        ("status=done", "status: 'done' is not a status"),
        ("from=yesterday", "from: must be a date"),
        ("from=2026-05-05&to=2026-05-04", "to: must be later than from"),
        ("state=filtered", "state: is unknown; did you mean 'status'?"),
    ]:
        answer = await api.get(f"{history.path}/events?{query}")
        assert answer.status_code == 400
        assert answer.json()["error"].startswith(message)


async def test_queued_is_what_temporal_has_not_taken_yet(
    api: httpx.AsyncClient, history: History, database: Database, tenant: str
) -> None:
    workflow_id = (await api.get(history.path)).json()["data"]["workflow_id"]
    # Accepted in the future: no dispatcher has waited for it long enough.
    soon = datetime.now(UTC) + timedelta(hours=1)
    waiting = await add_execution(database, tenant, workflow_id, accepted_at=soon)
    begun = await history.add(execution_id="exec_1")
    queued = await history.add(execution_id=waiting.id)
    rows = (await api.get(f"{history.path}/events")).json()["data"]
    assert {row["id"]: row["status"] for row in rows} == {begun: "processed", queued: "queued"}
    assert await history.ids("?status=queued") == [queued]
    assert await history.ids("?status=processed") == [begun]
    assert (await api.get(f"/api/v1/events/{queued}")).json()["data"]["status"] == "queued"


async def test_a_replay_is_the_same_request_again(api: httpx.AsyncClient, history: History) -> None:
    event_id = await history.add(query={"a": "1"}, status="filtered", reason="the filter is not true")
    replayed = await replay(api, event_id)
    assert (replayed["original_event_id"], replayed["status"]) == (event_id, "queued")
    trigger = await output(api, replayed["execution_id"])
    assert trigger == {
        "type": "webhook", "body": {"order": 1}, "body_encoding": None, "method": "POST", "query": {"a": "1"},
        "path": trigger["path"], "headers": {"content-type": "application/json"},
        "remote_address": "192.0.2.7", "received_at": written(NOON), "webhook_id": history.id,
        "event_id": replayed["event_id"],
    }  # fmt: skip
    execution = await get(api, replayed["execution_id"])
    assert execution["trigger_type"] == "replay"
    again = (await api.get(f"/api/v1/events/{replayed['event_id']}")).json()["data"]
    assert (again["replay_of"], again["source"], again["status"]) == (event_id, "replay", "processed")
    assert again["execution_id"] == replayed["execution_id"]
    first = (await api.get(f"/api/v1/events/{event_id}")).json()["data"]
    assert (first["replays"], first["status"]) == ([replayed["event_id"]], "filtered")


@pytest.mark.parametrize("body", [{"order": 2}, None, [1], "text"])
async def test_a_replay_with_another_body(api: httpx.AsyncClient, history: History, body: Any) -> None:
    event_id = await history.add()
    replayed = await replay(api, event_id, json={"body": body})
    assert (await output(api, replayed["execution_id"]))["body"] == body
    stored = (await api.get(f"/api/v1/events/{event_id}")).json()["data"]
    assert stored["body"] == {"order": 1}


async def test_a_key_replays_once(api: httpx.AsyncClient, history: History) -> None:
    event_id, other = await history.add(), await history.add()
    headers = {"Idempotency-Key": "once"}
    answers = await asyncio.gather(*(replay(api, event_id, headers=headers) for _ in range(6)))
    assert all(answer == answers[0] for answer in answers)
    assert len((await api.get(f"/api/v1/events/{event_id}")).json()["data"]["replays"]) == 1
    other_requests: list[tuple[str, dict[str, Any]]] = [
        (other, {}),
        (event_id, {"json": {"body": {"order": 2}}}),
        (event_id, {"json": {"body": None}}),
    ]
    for other_event, request in other_requests:
        refused = await replay(api, other_event, 409, headers=headers, **request)
        assert refused["error"] == "Idempotency-Key: already used for another request"
    assert await replay(api, event_id, headers=headers) == answers[0]
    assert len(await history.ids()) == 3


async def test_a_key_is_of_one_event_or_of_many(api: httpx.AsyncClient, history: History) -> None:
    event_id = await history.add()

    async def batch(key: str, answered: int, **chosen: Any) -> dict[str, Any]:
        answer = await api.post(f"{history.path}/replay", json=chosen, headers={"Idempotency-Key": key})
        assert answer.status_code == answered, answer.text
        made: dict[str, Any] = answer.json()
        return made

    await replay(api, event_id, headers={"Idempotency-Key": "one"})
    used = {"error": "Idempotency-Key: already used for another request"}
    assert await batch("one", 409) == used
    first = await batch("many", 202, status="processed", to=str(NOON.date()))
    assert await replay(api, event_id, 409, headers={"Idempotency-Key": "many"}) == used
    assert await batch("many", 409, status="rejected", to=str(NOON.date())) == used
    assert await batch("many", 409, status="processed") == used
    # Where to go on from is no other request.
    assert await batch("many", 202, status="processed", to=str(NOON.date()), limit=5) == first
    assert len((await api.get(f"/api/v1/events/{event_id}")).json()["data"]["replays"]) == 2


async def test_a_key_that_was_refused_by_the_workflow_is_free(
    api: httpx.AsyncClient, history: History
) -> None:
    workflow_id = (await api.get(history.path)).json()["data"]["workflow_id"]
    await api.put(f"/api/v1/workflows/{workflow_id}", json={"definition": NEEDS_AN_ORDER})
    event_id, headers = await history.add(), {"Idempotency-Key": "once"}
    await replay(api, event_id, 400, headers=headers, json={"body": {}})
    await replay(api, event_id, headers=headers, json={"body": {"order": 2}})


async def test_what_cannot_be_replayed(
    api: httpx.AsyncClient, history: History, stack: Stack, tenant: str, database: Database
) -> None:
    unproven = await history.add(
        status="rejected", reason="the signature does not fit", replayable=False, body=None
    )
    refused = (await replay(api, unproven, 409))["error"]
    assert refused == f"{unproven} has no request to replay: it was rejected, the signature does not fit"
    event_id = await history.add()
    assert (await replay(api, "evt_none", 404))["error"] == "event not found"
    assert (await replay(api, event_id, 400, json={"bodi": 1}))["error"].startswith("bodi: is unknown")
    async with stack.client(f"{tenant}_b") as stranger:
        for answer in (
            await stranger.post(f"/api/v1/events/{event_id}/replay"),
            await stranger.get(f"/api/v1/events/{event_id}"),
        ):
            assert (answer.status_code, answer.json()) == (404, {"error": "event not found"})
    workflow_id = (await api.get(history.path)).json()["data"]["workflow_id"]
    await api.put(f"/api/v1/workflows/{workflow_id}", json={"definition": NEEDS_AN_ORDER})
    wrong = await replay(api, event_id, 400, json={"body": {"odrer": 1}})
    assert wrong["error"].startswith("body")
    await api.put(f"/api/v1/workflows/{workflow_id}", json={"enabled": False})
    assert "is disabled" in (await replay(api, event_id, 409))["error"]
    await api.put(f"/api/v1/workflows/{workflow_id}", json={"enabled": True})
    # A webhook that is gone takes no more events, but those that it had can still be replayed.
    await api.delete(history.path)
    await output(api, (await replay(api, event_id))["execution_id"])
    assert event_id in await history.ids()
    assert (await api.get(f"/api/v1/events/{event_id}")).status_code == 200
    assert (await api.post(f"{history.path}/replay", json={"limit": 1})).json()["replayed_count"] == 1
    await api.delete(f"/api/v1/workflows/{workflow_id}")
    assert "was deleted" in (await replay(api, event_id, 409))["error"]
    async with database.platform() as session:
        await session.execute(delete(WebhookEvent).where(col(WebhookEvent.id) == event_id))
        await session.commit()
    await replay(api, event_id, 404)


async def test_a_batch_replays_what_a_filter_means(api: httpx.AsyncClient, history: History) -> None:
    ids = [
        await history.add(status="rejected", body={"n": n}, received_at=NOON + timedelta(minutes=n))
        for n in range(5)
    ]
    await history.add(status="rejected", replayable=False)
    await history.add(status="rejected", source="test")
    await history.add(status="filtered")
    chosen = {"status": "rejected", "from": str(NOON.date()), "limit": 3}

    async def batch(key: str, **more: Any) -> dict[str, Any]:
        answer = await api.post(
            f"{history.path}/replay", json={**chosen, **more}, headers={"Idempotency-Key": key}
        )
        assert answer.status_code == 202, answer.text
        made: dict[str, Any] = answer.json()
        return made

    first = await batch("b1")
    assert [one["original_event_id"] for one in first["replayed"]] == ids[:3]
    assert (first["replayed_count"], first["failed_count"], first["remaining"]) == (3, 0, 2)
    assert first["next"] == ids[2]
    assert await batch("b1") == first
    second = await batch("b2", after=first["next"])
    assert [one["original_event_id"] for one in second["replayed"]] == ids[3:]
    assert (second["remaining"], second["next"]) == (0, None)
    assert len(await history.ids("?status=processed,queued&limit=100")) == 5
    bodies = [(await output(api, one["execution_id"]))["body"] for one in first["replayed"]]
    assert bodies == [{"n": 0}, {"n": 1}, {"n": 2}]


async def test_what_was_rejected_while_the_workflow_was_disabled(
    api: httpx.AsyncClient, stack: Stack
) -> None:
    workflow_id = await workflow(api, ECHO)
    created = await create(api, workflow_id=workflow_id, auth_type="none")
    await api.put(f"/api/v1/workflows/{workflow_id}", json={"enabled": False})
    async with httpx.AsyncClient(trust_env=False) as sender:
        answers = [await sender.post(created["url"], json={"n": n}) for n in range(3)]
    assert [answer.status_code for answer in answers] == [409] * 3
    assert answers[0].json() == {"error": "the workflow is disabled"}
    await api.put(f"/api/v1/workflows/{workflow_id}", json={"enabled": True})
    path = f"/api/v1/webhooks/{created['id']}"
    made = (await api.post(f"{path}/replay", json={"status": "rejected"})).json()
    assert made["replayed_count"] == 3
    bodies = [(await output(api, one["execution_id"]))["body"] for one in made["replayed"]]
    assert bodies == [{"n": 0}, {"n": 1}, {"n": 2}]


async def test_a_batch_says_which_events_could_not_be_replayed(
    api: httpx.AsyncClient, history: History
) -> None:
    workflow_id = (await api.get(history.path)).json()["data"]["workflow_id"]
    await api.put(f"/api/v1/workflows/{workflow_id}", json={"definition": NEEDS_AN_ORDER})
    bad, good = await history.add(body={}), await history.add(received_at=NOON + timedelta(seconds=1))
    made = (await api.post(f"{history.path}/replay")).json()
    assert [one["original_event_id"] for one in made["replayed"]] == [good]
    assert [one["event_id"] for one in made["failed"]] == [bad]
    assert made["failed"][0]["error"].startswith("body")
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"limit": 101}, "limit: must be at most 100"),
        ({"status": ["done"]}, "status: 'done' is not a status"),
        ({"after": "evt_none"}, "event not found"),
        ({"from": 5}, "from: must be a date"),
    ]
    for body, message in wrong:
        answer = await api.post(f"{history.path}/replay", json=body)
        assert answer.status_code == (404 if "after" in body else 400)
        assert answer.json()["error"].startswith(message)
