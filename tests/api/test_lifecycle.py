"""Executions that are cancelled, terminated, paused and resumed."""

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from temporalio.client import Client

from gorax.core.contracts import Stop
from gorax.settings import Settings
from gorax.store.controls import Controls
from gorax.store.executions import Executions
from gorax.store.session import Database
from tests.support.executions import WAIT, ask, becomes, begin, get, is_waiting, listed, statuses, until
from tests.support.receiver import Receiver, Reply


async def test_cancelling_runs_what_is_meant_for_it_and_is_quick(
    api: httpx.AsyncClient, receiver: Receiver
) -> None:
    note = {"method": "POST", "url": f"{receiver.url}/note", "body": {"error": "{{error.type}}"}}
    execution_id = await begin(
        api,
        WAIT,
        {"id": "after", "type": "log", "config": {"message": "never"}},
        on_failure={"on": ["cancelled"], "actions": [{"id": "note", "type": "http", "config": note}]},
    )
    await is_waiting(api, execution_id)
    answer = await ask(api, execution_id, "cancel")
    assert answer["id"] == execution_id
    assert answer["stop"]["kind"] == "cancel"
    assert answer["stop"]["requested_by"] == "user_test"

    assert await becomes(api, execution_id, "cancelled") < 2
    shown = await get(api, execution_id)
    assert (shown["status"], shown["stop"]["kind"]) == ("cancelled", "cancel")
    assert await statuses(api, execution_id) == {"wait": "cancelled", "on_failure.note": "completed"}
    assert [request.json() for request in receiver.received("/note")] == [{"error": "cancelled"}]
    again = await ask(api, execution_id, "cancel")
    assert (again["status"], again["stop"]) == ("cancelled", answer["stop"])


async def test_cancelling_twice_does_not_stop_the_handlers(api: httpx.AsyncClient) -> None:
    clean = {"id": "clean", "type": "delay", "config": {"duration": "4s"}}
    execution_id = await begin(api, on_failure={"on": ["cancelled"], "actions": [clean]})
    await is_waiting(api, execution_id)
    first = await ask(api, execution_id, "cancel")
    await is_waiting(api, execution_id, "on_failure.clean")
    second = await ask(api, execution_id, "cancel")
    assert second["stop"] == first["stop"]

    async def ended() -> bool:
        return bool((await get(api, execution_id))["status"] != "running")

    # Longer than it takes until the run is looked at again.
    assert await until(ended) > 2.5
    assert (await statuses(api, execution_id))["on_failure.clean"] == "completed"


async def test_who_loses_patience_with_a_cancellation_terminates(api: httpx.AsyncClient) -> None:
    clean = {"id": "clean", "type": "delay", "config": {"duration": "1h"}}
    execution_id = await begin(api, on_failure={"on": ["cancelled"], "actions": [clean]})
    await is_waiting(api, execution_id)
    await ask(api, execution_id, "cancel")
    await is_waiting(api, execution_id, "on_failure.clean")
    answer = await ask(api, execution_id, "terminate", json={"reason": "enough"})
    assert answer["status"] == "terminated"
    assert "cancelled" not in await ask(api, execution_id, "cancel", 409)


async def test_terminating_is_at_once_and_runs_nothing(api: httpx.AsyncClient, receiver: Receiver) -> None:
    note = {"id": "note", "type": "http", "config": {"method": "POST", "url": f"{receiver.url}/note"}}
    execution_id = await begin(api, on_failure={"on": ["failed", "cancelled"], "actions": [note]})
    await is_waiting(api, execution_id)
    answer = await ask(api, execution_id, "terminate", json={"reason": "it went wild"})
    assert (answer["status"], answer["stop"]["reason"]) == ("terminated", "it went wild")
    row = await listed(api, execution_id)
    assert (row["status"], row["error"]["type"], row["error"]["message"]) == (
        "terminated",
        "terminated",
        "it went wild",
    )
    assert row["completed_at"] is not None
    assert await statuses(api, execution_id) == {"wait": "cancelled"}
    assert receiver.received("/note") == []
    assert (await ask(api, execution_id, "terminate"))["status"] == "terminated"
    assert "has ended" in await ask(api, execution_id, "cancel", 409)


async def test_what_has_ended_stays_as_it_is(api: httpx.AsyncClient) -> None:
    execution_id = await begin(api, {"id": "say", "type": "log", "config": {"message": "hello"}})

    await becomes(api, execution_id, "completed")
    for what in ("cancel", "terminate", "pause", "resume"):
        assert await ask(api, execution_id, what, 409) == "the execution has ended: it is completed"
    assert (await get(api, execution_id))["stop"] is None


async def test_what_an_operator_ended_meanwhile_is_taken_in(
    api: httpx.AsyncClient, settings: Settings, tenant: str
) -> None:
    execution_id = await begin(api)
    await is_waiting(api, execution_id)
    client = await Client.connect(settings.temporal.target)
    await client.get_workflow_handle(f"{tenant}:{execution_id}").terminate(reason="by hand")
    assert "terminated" in await ask(api, execution_id, "cancel", 409)
    assert (await listed(api, execution_id))["status"] == "terminated"


async def test_one_that_is_cancelled_before_its_first_task_is_closed(
    api: httpx.AsyncClient, database: Database, tenant: str
) -> None:
    ids = await asyncio.gather(*(begin(api) for _ in range(5)))
    await asyncio.gather(*(ask(api, execution_id, "cancel") for execution_id in ids))

    async def all_cancelled() -> bool:
        rows = (await api.get("/api/v1/executions?status=cancelled")).json()
        return bool(rows["total"] == len(ids))

    await until(all_cancelled, 6)


async def accept(api: httpx.AsyncClient, database: Database, tenant: str) -> str:
    """The id of an execution that is accepted and not started: what a killed request leaves to the dispatcher."""
    model = await begin(api)
    await ask(api, model, "terminate")
    async with database.platform() as session:
        executions = Executions(session, tenant)
        first = await executions.get(model)
        assert first is not None
        await executions.accept(
            id=f"{model}_next",
            workflow_id=first.workflow_id,
            workflow_name=first.workflow_name,
            version=1,
            trigger_type="manual",
            trigger=first.trigger,
            priority=1,
            idempotency_key=None,
            created_by="ann",
            accepted_at=datetime.now(UTC),
        )
        await session.commit()
    return f"{model}_next"


@pytest.mark.parametrize(("kind", "status"), [("cancel", "cancelled"), ("terminate", "terminated")])
async def test_one_that_has_not_begun_never_does(
    api: httpx.AsyncClient, database: Database, tenant: str, kind: Stop, status: str
) -> None:
    accepted = await accept(api, database, tenant)
    answer = await ask(api, accepted, kind)
    assert answer["status"] == status
    await asyncio.sleep(5)  # by now the dispatcher would have started it
    shown = await get(api, accepted)
    assert (shown["status"], shown["temporal_run_id"]) == (status, None)


async def test_one_that_is_paused_before_it_begins_begins_paused(
    api: httpx.AsyncClient, database: Database, tenant: str
) -> None:
    execution_id = await accept(api, database, tenant)
    assert (await ask(api, execution_id, "pause"))["status"] == "pending"

    await becomes(api, execution_id, "running")
    await asyncio.sleep(1)
    assert await statuses(api, execution_id) == {}
    await ask(api, execution_id, "resume")
    await is_waiting(api, execution_id)


async def test_a_wish_that_nobody_told_is_told(
    api: httpx.AsyncClient, database: Database, tenant: str
) -> None:
    """What a request leaves behind that is killed between its commit and its call to Temporal."""
    cancelled, paused = await begin(api), await begin(api, {"id": "nap", **_delay("1s")}, WAIT)
    await is_waiting(api, cancelled)
    due = datetime.now(UTC) + timedelta(seconds=0.2)
    async with database.platform() as session:
        controls = Controls(session, tenant)
        assert await controls.stop(cancelled, "cancel", by="ann", reason=None, due=due)
        assert await controls.pause(paused, due)
        await session.commit()

    await becomes(api, cancelled, "cancelled")
    await asyncio.sleep(1.5)
    assert await statuses(api, paused) in ({"nap": "completed"}, {"nap": "running"})
    await ask(api, paused, "resume")
    await is_waiting(api, paused)


def _delay(duration: str) -> dict[str, Any]:
    return {"type": "delay", "config": {"duration": duration}}


async def test_a_paused_execution_begins_no_further_step(api: httpx.AsyncClient, receiver: Receiver) -> None:
    call = {"method": "POST", "url": f"{receiver.url}/call"}
    execution_id = await begin(
        api, {"id": "first", **_delay("1s")}, {"id": "call", "type": "http", "config": call}
    )
    await is_waiting(api, execution_id, "first")
    assert (await ask(api, execution_id, "pause"))["paused"] is True
    assert (await ask(api, execution_id, "pause"))["paused"] is True
    await asyncio.sleep(2)
    shown = await get(api, execution_id)
    assert (shown["status"], shown["paused"]) == ("running", True)
    assert (await listed(api, execution_id))["paused"] is True
    assert (await statuses(api, execution_id))["first"] == "completed"
    assert receiver.received("/call") == []
    assert (await ask(api, execution_id, "resume"))["paused"] is False

    await becomes(api, execution_id, "completed")
    assert len(receiver.received("/call")) == 1
    assert (await get(api, execution_id))["paused"] is False


async def test_pause_and_resume_in_quick_turn_end_as_asked_last(api: httpx.AsyncClient) -> None:
    execution_id = await begin(api, {"id": "nap", **_delay("1500ms")})
    await is_waiting(api, execution_id, "nap")
    for _ in range(5):
        await asyncio.gather(ask(api, execution_id, "pause"), ask(api, execution_id, "resume"))
    await ask(api, execution_id, "resume")

    await becomes(api, execution_id, "completed")


async def test_a_paused_execution_can_be_cancelled(
    api: httpx.AsyncClient, receiver: Receiver, settings: Settings, tenant: str
) -> None:
    paused = asyncio.Event()
    receiver.answer("/call", Reply(gate=paused))
    call = {"method": "POST", "url": f"{receiver.url}/call"}
    execution_id = await begin(api, {"id": "call", "type": "http", "config": call}, WAIT)
    await receiver.wait_for(1, "/call")
    await ask(api, execution_id, "pause")
    run = (await Client.connect(settings.temporal.target)).get_workflow_handle(f"{tenant}:{execution_id}")

    async def knows() -> bool:
        events = (await run.fetch_history()).events
        return any(event.HasField("workflow_execution_signaled_event_attributes") for event in events)

    await until(knows)
    paused.set()

    async def called() -> bool:
        return (await statuses(api, execution_id))["call"] == "completed"

    await until(called)
    await ask(api, execution_id, "cancel")
    refusal = await ask(api, execution_id, "resume", 409)
    assert "asked to cancel" in refusal or "is cancelled" in refusal

    assert await becomes(api, execution_id, "cancelled") < 2
    assert await statuses(api, execution_id) == {"call": "completed"}
    assert (await get(api, execution_id))["paused"] is False


async def test_what_a_cancelled_execution_counts_it_shows(api: httpx.AsyncClient, receiver: Receiver) -> None:
    """Steps that were cancelled before they were tried, and one whose condition cannot be told, included."""
    receiver.answer("/call", *[Reply(delay=10)] * 100)
    call = {"method": "POST", "url": f"{receiver.url}/call"}
    loop = {
        "items": 20,
        "concurrency": 20,
        "actions": [
            {
                "id": "odd",
                "type": "log",
                "when": "item.none",
                "config": {"message": "m"},
                "on_error": "continue",
            },
            {"id": "off", "type": "log", "when": "1 > 2", "config": {"message": "m"}},
            {"id": "call", "type": "http", "config": call},
        ],
    }
    execution_id = await begin(api, {"id": "each", "type": "for_each", "config": loop})
    await receiver.wait_for(1, "/call")
    await ask(api, execution_id, "cancel")
    await becomes(api, execution_id, "cancelled")
    shown = await statuses(api, execution_id)
    row = await get(api, execution_id)
    kinds = Counter(shown.values())
    assert kinds["failed"] == 20
    assert row["steps_total"] == len(shown) - kinds["skipped"] == 41
    assert row["steps_completed"] == kinds["completed"] == 0


async def test_lists_say_where_an_execution_belongs_as_it_does_itself(api: httpx.AsyncClient) -> None:
    say = {"id": "say", "type": "log", "config": {"message": "m"}}
    inner = (
        await api.post("/api/v1/workflows", json={"name": "Inner", "definition": {"actions": [say]}})
    ).json()
    call = {"id": "call", "type": "sub_workflow", "config": {"workflow_id": inner["data"]["id"]}}
    outer = await begin(api, call)
    await becomes(api, outer, "completed")
    [child] = (await api.get(f"/api/v1/executions?parent_execution_id={outer}")).json()["data"]
    assert (child["parent_execution_id"], child["parent_path"]) == (outer, "call")
    shown = await get(api, child["id"])
    assert (shown["parent_execution_id"], shown["parent_path"]) == (outer, "call")
    assert (await listed(api, outer))["parent_path"] is None


@pytest.mark.parametrize("what", ["cancel", "terminate", "pause", "resume", "retry", "rerun"])
@pytest.mark.parametrize("execution_id", ["exec_none", "x" * 300, "%00", "exec%F0%9F%92%A5", "..%2F"])
async def test_what_is_not_there_is_not_found(api: httpx.AsyncClient, what: str, execution_id: str) -> None:
    answer = await api.post(f"/api/v1/executions/{execution_id}/{what}")
    assert answer.status_code == 404, answer.text


@pytest.mark.parametrize("what", ["cancel", "terminate", "pause", "resume", "retry", "rerun"])
async def test_another_tenants_execution_is_not_there(api: httpx.AsyncClient, what: str) -> None:
    execution_id = await begin(api)
    answer = await api.post(f"/api/v1/executions/{execution_id}/{what}", headers={"X-Tenant-ID": "other"})
    assert (answer.status_code, answer.json()["error"]) == (404, "execution not found")
    shown = await get(api, execution_id)
    assert (shown["status"], shown["stop"], shown["paused"]) == ("running", None, False)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"{", "body: is not valid JSON"),
        (b"[]", "body: must be an object"),
        (b'{"reason": 1}', "reason: must be a string"),
        (b'{"reason": "a\\u0000b"}', "reason: must not contain NUL characters"),
        (b'{"reason": "' + b"x" * 1001 + b'"}', "reason: must be at most 1000 characters"),
        (b'{"why": "x"}', "why: is unknown"),
        (b'{"reason": "\\ud800"}', "body: "),
    ],
)
async def test_a_wrong_body_terminates_nothing(api: httpx.AsyncClient, content: bytes, message: str) -> None:
    execution_id = await begin(api)
    answer = await api.post(f"/api/v1/executions/{execution_id}/terminate", content=content)
    assert answer.status_code == 400
    assert answer.json()["error"].startswith(message), answer.text
    assert (await get(api, execution_id))["status"] == "running"


async def test_any_reason_that_is_text_will_do(api: httpx.AsyncClient) -> None:
    execution_id = await begin(api)
    reason = "Grüße 💥\nline two " + "x" * 900
    await ask(api, execution_id, "terminate", json={"reason": reason})
    assert (await get(api, execution_id))["error"]["message"] == reason
