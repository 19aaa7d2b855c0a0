"""Streams of executions: what is told, when, and how one goes on after a break."""

import asyncio
import time
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from gorax.store.execution_index import ExecutionIndex
from gorax.store.executions import Executions
from gorax.store.session import Database
from tests.store.rows import accept, add_execution, add_workflow, closing
from tests.support.executions import WAIT, begin, get, is_waiting
from tests.support.processes import Stack
from tests.support.receiver import Receiver, Reply
from tests.support.sockets import refusal, sent_events, socket

SOON = 3.0
"""Seconds: ten times what a change takes on a machine with nothing else to do."""

ENDED = {"completed", "failed", "skipped", "cancelled", "timed_out"}
LOG = {"id": "note", "type": "log", "config": {"message": "hello"}}


@pytest.fixture
def me(tenant: str) -> dict[str, str]:
    """The headers of the test's tenant."""
    return {"X-Tenant-ID": tenant}


def wait_for(receiver: Receiver, name: str) -> tuple[dict[str, Any], asyncio.Event]:
    """An action that asks the receiver, and the event that lets that answer."""
    gate = asyncio.Event()
    receiver.answer(f"/{name}", Reply(json={"done": name}, gate=gate))
    config = {"url": f"{receiver.url}/{name}", "method": "POST"}
    return {"id": name, "type": "http", "config": config}, gate


async def test_everything_that_happens_is_told_while_it_happens(
    stack: Stack, api: httpx.AsyncClient, me: dict[str, str], receiver: Receiver
) -> None:
    ask, gate = wait_for(receiver, "ask")
    execution_id = await begin(api, LOG, ask, {**LOG, "id": "last"}, output="{{steps.ask.output.body.done}}")
    await is_waiting(api, execution_id, "ask")
    async with socket(stack.url, f"executions/{execution_id}", me) as opened:
        snapshot = await opened.next()
        assert snapshot["type"] == "execution_update"
        assert (snapshot["event"], snapshot["execution_id"]) == ("snapshot", execution_id)
        assert snapshot["status"] == "running"
        assert {step["id"]: step["status"] for step in snapshot["steps"]} == {
            "note": "completed",
            "ask": "running",
        }
        assert snapshot["progress"] == {"completed": 1, "total": 3}
        gate.set()
        let_go = time.monotonic()
        told = await opened.until("step", "ask", "completed")
        assert time.monotonic() - let_go < SOON
        assert told["step"]["output"]["body"] == {"done": "ask"}
        assert told["timestamp"].endswith("Z")
        rest = await opened.rest()
    assert [m["event"] for m in rest] == ["step", "end"]
    assert rest[0]["step"]["id"] == "last"
    end = rest[-1]
    assert (end["status"], end["output"], end["error"]) == ("completed", "ask", None)
    assert end["progress"] == {"completed": 3, "total": 3}
    assert opened.connection.close_code == 1000
    shown = (await api.get(f"/api/v1/executions/{execution_id}/steps")).json()["data"]["steps"]
    assert shown[1] == told["step"]
    assert (await get(api, execution_id))["steps_completed"] == 3


async def test_what_a_step_made_is_told_with_its_end_and_to_whoever_comes_later(
    stack: Stack, api: httpx.AsyncClient, me: dict[str, str], receiver: Receiver
) -> None:
    (ask, asked), (hold, held) = wait_for(receiver, "ask"), wait_for(receiver, "hold")
    execution_id = await begin(api, ask, hold)
    async with socket(stack.url, f"executions/{execution_id}", me) as opened:
        await is_waiting(api, execution_id, "ask")
        await asyncio.sleep(1)  # until the activity was seen, of which no history tells
        asked.set()
        await opened.until("step", "hold", "running")
        await asyncio.sleep(1)
        async with socket(stack.url, f"executions/{execution_id}", me) as later:
            snapshot = await later.next()
        held.set()
        rest = await opened.rest()
    shown = (await api.get(f"/api/v1/executions/{execution_id}/steps")).json()["data"]["steps"]
    assert shown[0]["output"]["body"] == {"done": "ask"}
    assert snapshot["steps"][0] == shown[0]
    assert [m["step"] for m in rest if m["event"] == "step" and m["step"]["id"] == "ask"] == []


async def test_one_that_has_ended_is_told_as_a_whole(
    stack: Stack, api: httpx.AsyncClient, me: dict[str, str]
) -> None:
    execution_id = await begin(api, LOG, {"id": "no", "type": "fail", "config": {"message": "broken"}})
    async with socket(stack.url, f"executions/{execution_id}", me) as opened:
        messages = await opened.rest()
    assert messages[0]["event"] == "snapshot"
    assert (messages[-1]["event"], messages[-1]["status"]) == ("end", "failed")
    assert messages[-1]["error"]["message"] == "broken"
    assert opened.connection.close_code == 1000
    async with socket(stack.url, f"executions/{execution_id}", me) as opened:
        snapshot, end = await opened.rest()
    assert {step["id"]: step["status"] for step in snapshot["steps"]} == {"note": "completed", "no": "failed"}
    assert snapshot["status"] == end["status"] == "failed"


async def test_a_client_goes_on_where_it_was(
    stack: Stack, api: httpx.AsyncClient, me: dict[str, str], receiver: Receiver
) -> None:
    (first, gate_1), (second, gate_2), (third, gate_3) = (
        wait_for(receiver, name) for name in ("a", "b", "c")
    )
    execution_id = await begin(api, LOG, first, second, third)
    await is_waiting(api, execution_id, "a")
    path = f"executions/{execution_id}"
    async with socket(stack.url, path, me) as opened:
        await opened.next()
        gate_1.set()
        seen = (await opened.until("step", "b", "running"))["id"]
    gate_2.set()
    await is_waiting(api, execution_id, "c")
    async with socket(stack.url, path, me, last_event_id=seen) as opened:
        resumed = await opened.next()
        assert (resumed["event"], resumed["status"]) == ("resumed", "running")
        changes = [await opened.next() for _ in range(2)]
        assert [(m["step"]["id"], m["step"]["status"]) for m in changes] == [
            ("b", "completed"),
            ("c", "running"),
        ]
        gate_3.set()
        end = (await opened.rest())[-1]
    assert end["event"] == "end"
    async with socket(stack.url, path, me, last_event_id=end["id"]) as opened:
        assert [m["event"] for m in await opened.rest()] == ["resumed", "end"]
    async with socket(stack.url, path, me, last_event_id="nonsense") as opened:
        assert [m["event"] for m in await opened.rest()] == ["snapshot", "end"]


async def test_attempts_of_a_step_are_told(
    stack: Stack, api: httpx.AsyncClient, me: dict[str, str], receiver: Receiver
) -> None:
    receiver.answer("/broken", Reply(status=503, json={}))
    retry = {"max_attempts": 20, "initial_interval": "1s", "backoff": 1, "jitter": False}
    config = {"url": f"{receiver.url}/broken", "method": "POST"}
    execution_id = await begin(api, {"id": "ask", "type": "http", "config": config, "retry": retry})
    async with socket(stack.url, f"executions/{execution_id}", me) as opened:
        while True:
            message = await opened.next()
            steps = message.get("steps") or ([message["step"]] if "step" in message else [])
            if steps and steps[0]["attempts"] >= 3 and steps[0]["error"]:
                break
    assert steps[0]["status"] in {"running", "pending"}
    assert "503" in steps[0]["error"]["message"]


async def test_a_pending_execution_is_followed_from_its_beginning(
    stack: Stack, api: httpx.AsyncClient, me: dict[str, str]
) -> None:
    definition = {"actions": [LOG]}
    created = await api.post("/api/v1/workflows", json={"name": "W", "definition": definition})
    started = await api.post(f"/api/v1/workflows/{created.json()['data']['id']}/execute")
    execution_id = started.json()["data"]["execution_id"]
    async with socket(stack.url, f"executions/{execution_id}", me) as opened:
        messages = await opened.rest()
    assert messages[0]["event"] == "snapshot"
    assert messages[-1]["status"] == "completed"
    told = [step for message in messages for step in [*message.get("steps", []), message.get("step")] if step]
    assert {step["id"] for step in told} == {"note"}


async def test_one_that_waits_to_be_started_is_told_of(
    stack: Stack, database: Database, me: dict[str, str], tenant: str
) -> None:
    workflow_id = await add_workflow(database, tenant)
    # Accepted by a process that died before it started it: the dispatcher finds it after a moment.
    row = await add_execution(database, tenant, workflow_id, accepted_at=datetime.now(UTC))
    async with socket(stack.url, f"executions/{row.id}", me) as opened:
        messages = await opened.rest()
    assert (messages[0]["event"], messages[0]["status"]) == ("snapshot", "pending")
    assert (messages[-1]["event"], messages[-1]["status"]) == ("end", "completed")
    assert opened.connection.close_code == 1000


async def test_one_that_temporal_does_not_have_any_more_is_told_by_its_row(
    stack: Stack, database: Database, me: dict[str, str], tenant: str
) -> None:
    workflow_id = await add_workflow(database, tenant)
    async with database.platform() as session:
        row = await accept(Executions(session, tenant), workflow_id)
        assert row is not None
        await ExecutionIndex(session).close(closing(row, status="failed"))
        await session.commit()
    async with socket(stack.url, f"executions/{row.id}", me) as opened:
        snapshot, end = await opened.rest()
    assert (snapshot["event"], snapshot["status"], snapshot["steps"]) == ("snapshot", "failed", [])
    assert (end["event"], end["status"]) == ("end", "failed")
    assert end["progress"] == {"completed": 3, "total": 4}
    assert opened.connection.close_code == 1000


async def test_what_is_cancelled_is_told(stack: Stack, api: httpx.AsyncClient, me: dict[str, str]) -> None:
    execution_id = await begin(api)
    await is_waiting(api, execution_id)
    async with socket(stack.url, f"executions/{execution_id}", me) as opened:
        await opened.next()
        await api.post(f"/api/v1/executions/{execution_id}/cancel")
        *_, step, end = await opened.rest()
    assert (step["step"]["id"], step["step"]["status"]) == ("wait", "cancelled")
    assert end["status"] == "cancelled"


async def test_steps_of_batches_are_told(stack: Stack, api: httpx.AsyncClient, me: dict[str, str]) -> None:
    pause = {"id": "pause", "type": "delay", "config": {"duration": "1500ms"}}
    loop = {
        "id": "each",
        "type": "for_each",
        "config": {"items": 300, "concurrency": 100, "actions": [LOG]},
    }
    execution_id = await begin(api, pause, loop)
    async with socket(stack.url, f"executions/{execution_id}", me) as opened:
        messages = await opened.rest()
    told = {m["step"]["id"] for m in messages if m.get("event") == "step" and m["step"]["status"] in ENDED}
    assert {f"each[{index}].note" for index in range(300)} <= told
    end = messages[-1]
    assert end["progress"] == {"completed": 302, "total": 302}
    assert (await get(api, execution_id))["steps_total"] == 302
    assert opened.connection.close_code == 1000


async def test_sensitive_steps_are_masked(stack: Stack, api: httpx.AsyncClient, me: dict[str, str]) -> None:
    secret = {"id": "keep", "type": "transform", "config": {"expression": "'top secret'"}, "sensitive": True}
    execution_id = await begin(api, secret, output="done")
    async with socket(stack.url, f"executions/{execution_id}", me) as opened:
        messages = await opened.rest()
    assert "***" in str(messages)
    assert "top secret" not in str(messages)


async def test_ids_of_nobody_and_of_others_are_closed_before_anything_is_told(
    stack: Stack, api: httpx.AsyncClient, me: dict[str, str]
) -> None:
    execution_id = await begin(api)
    other = {"X-Tenant-ID": "tenant_other_streams"}
    assert await refusal(stack.url, f"executions/{execution_id}", other) == (4404, "execution not found")
    assert await refusal(stack.url, "executions/exec_none", me) == (4404, "execution not found")
    assert await refusal(stack.url, "workflows/wf_none", me) == (4404, "workflow not found")
    code, reason = await refusal(stack.url, "executions", {})
    assert (code, "X-Tenant-ID" in reason) == (4401, True)
    assert (await refusal(stack.url, "executions", {"X-Tenant-ID": "not/one"}))[0] == 4400
    assert (await refusal(stack.url, "executions", me, last_event_id="x" * 101))[0] == 4400
    await api.post(f"/api/v1/executions/{execution_id}/terminate")


async def test_server_sent_events_are_the_same_stream(
    stack: Stack, api: httpx.AsyncClient, me: dict[str, str], receiver: Receiver
) -> None:
    ask, gate = wait_for(receiver, "ask")
    execution_id = await begin(api, LOG, ask)
    await is_waiting(api, execution_id, "ask")
    path = f"/api/v1/executions/{execution_id}/events"
    async with api.stream("GET", path, headers={"Accept-Encoding": "gzip"}) as answer:
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        events = sent_events(answer)
        id_, snapshot = await anext(events)
        assert (snapshot["event"], snapshot["id"]) == ("snapshot", id_)
        gate.set()
        rest = [event async for event in events]
    assert [message["event"] for _, message in rest] == ["step", "end"]
    last = rest[0][0]
    assert last is not None
    async with api.stream("GET", path, headers={"Last-Event-ID": last}) as answer:
        assert [message["event"] async for _, message in sent_events(answer)] == ["resumed", "end"]
    # A browser would come back for ever.
    seen = await api.get(path, headers={"Last-Event-ID": str(rest[-1][0])})
    assert (seen.status_code, seen.content) == (204, b"")
    assert (await api.head(path)).status_code == 200
    assert (await api.get("/api/v1/executions/exec_none/events")).status_code == 404


async def test_feeds_tell_of_executions_as_they_come_and_go(
    stack: Stack, api: httpx.AsyncClient, me: dict[str, str], receiver: Receiver
) -> None:
    ask, gate = wait_for(receiver, "ask")
    definition = {"actions": [ask]}
    mine = (await api.post("/api/v1/workflows", json={"name": "Mine", "definition": definition})).json()[
        "data"
    ]
    async with (
        socket(stack.url, "executions", me) as everything,
        socket(stack.url, f"workflows/{mine['id']}", me) as of_mine,
        socket(stack.url, "executions", {"X-Tenant-ID": "tenant_other_streams"}) as others,
    ):
        for each in (everything, of_mine):
            snapshot = await each.next()
            assert (snapshot["event"], snapshot["executions"]) == ("snapshot", [])
        await others.next()
        quick = await begin(api, LOG)
        began = time.monotonic()
        told = await everything.until("execution")
        assert time.monotonic() - began < SOON
        assert (told["execution_id"], told["execution"]["workflow_name"]) == (quick, "Waits")
        while told["status"] != "completed":
            told = await everything.until("execution")
        started = await api.post(f"/api/v1/workflows/{mine['id']}/execute")
        slow = started.json()["data"]["execution_id"]
        told = await of_mine.until("execution")
        assert told["execution_id"] == slow
        gate.set()
        while told["status"] != "completed":
            told = await of_mine.until("execution")
        assert told["execution"]["completed_at"] is not None
        seen = told["id"]
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.5):
                await others.next()
    async with socket(stack.url, "executions", me, last_event_id=seen) as everything:
        again = {(await everything.next())["execution_id"] for _ in range(2)}
    assert again == {quick, slow}
    async with socket(stack.url, f"workflows/{mine['id']}", me) as of_mine:
        assert [row["id"] for row in (await of_mine.next())["executions"]] == [slow]


async def test_fast_steps_are_told_one_by_one(
    stack: Stack, api: httpx.AsyncClient, me: dict[str, str], receiver: Receiver
) -> None:
    address = receiver.answer("/slow", Reply(json={}, delay=0.3))
    steps = [{"id": f"get_{number}", "type": "http", "config": {"url": address}} for number in range(6)]
    execution_id = await begin(api, *steps)
    seen: dict[str, float] = {}
    async with socket(stack.url, f"executions/{execution_id}", me) as opened:
        while (message := await opened.next())["event"] != "end":
            if message["event"] == "step" and message["step"]["status"] == "completed":
                seen[message["step"]["id"]] = time.monotonic()
    # 0.3 s lie between two of them. All at the end would be 0.
    assert len(seen) >= 5
    assert max(seen.values()) - min(seen.values()) > 0.6


async def test_steps_of_batches_that_have_ended_are_told_to_who_comes_later(
    stack: Stack, api: httpx.AsyncClient, me: dict[str, str]
) -> None:
    def loop(name: str) -> dict[str, Any]:
        return {
            "id": name,
            "type": "for_each",
            "config": {"items": 260, "actions": [{**LOG, "id": f"{name}_note"}]},
        }

    execution_id = await begin(api, loop("one"), loop("two"), WAIT)
    await is_waiting(api, execution_id)
    expected = {f"{name}[{index}].{name}_note" for name in ("one", "two") for index in range(260)}

    async def told() -> tuple[set[str], set[str]]:
        async with socket(stack.url, f"executions/{execution_id}", me) as opened:
            messages = [await opened.next()]
            while messages[-1]["more"]:
                messages.append(await opened.next())
        return {step["id"] for m in messages for step in m["steps"]}, {m["event"] for m in messages}

    assert await told() == (expected | {"one", "two", "wait"}, {"snapshot"})
    await api.post(f"/api/v1/executions/{execution_id}/terminate")
    assert await told() == (expected | {"one", "two", "wait"}, {"snapshot"})
