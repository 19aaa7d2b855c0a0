"""Executions within executions are stopped with theirs, and what was asked for survives its process."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from dev.guard import Guard
from dev.ports import free_port
from gorax.settings import DatabaseSettings, Settings, TemporalSettings
from gorax.store.executions import Executions
from gorax.store.session import Database
from tests.support.executions import WAIT, ask, becomes, begin, get, is_waiting, statuses, until
from tests.support.processes import Stack
from tests.support.receiver import Receiver, Reply
from tests.support.servers import running_temporal

TENANT = "tenant_lifecycle"
_LENGTHS = "sum(map(trigger.body, {len(#)}))"


async def save(api: httpx.AsyncClient, *actions: dict[str, Any], **frame: Any) -> str:
    """The id of a new workflow."""
    created = await api.post(
        "/api/v1/workflows", json={"name": "Inner", "definition": {"actions": list(actions), **frame}}
    )
    assert created.status_code == 201, created.text
    workflow_id: str = created.json()["data"]["id"]
    return workflow_id


def call(workflow_id: str, **config: Any) -> dict[str, Any]:
    """An action that runs a workflow."""
    return {"id": "call", "type": "sub_workflow", "config": {"workflow_id": workflow_id, **config}}


async def children(api: httpx.AsyncClient, execution_id: str, count: int = 1) -> list[dict[str, Any]]:
    """The executions within one, once there are so many."""
    found: list[dict[str, Any]] = []

    async def there() -> bool:
        nonlocal found
        found = (await api.get(f"/api/v1/executions?parent_execution_id={execution_id}")).json()["data"]
        return len(found) == count

    await until(there)
    return found


async def test_a_sub_workflow_is_an_execution_of_its_own(api: httpx.AsyncClient) -> None:
    inner = await save(
        api, {"id": "say", "type": "transform", "config": {"expression": "trigger.body.n + 1"}}
    )
    outer = await begin(api, call(inner, input={"n": 41}))
    await becomes(api, outer, "completed")
    [child] = await children(api, outer)
    assert (child["status"], child["trigger_type"], child["workflow_id"]) == (
        "completed",
        "sub_workflow",
        inner,
    )
    shown = await get(api, child["id"])
    assert (shown["parent_execution_id"], shown["parent_path"], shown["output"]) == (outer, "call", 42)
    assert shown["created_by"] == "user_test"


async def test_a_sub_workflow_takes_a_large_input_and_is_retried_with_it(
    api: httpx.AsyncClient, receiver: Receiver
) -> None:
    """More than one payload of Temporal's holds: 3.6 MB of results go in, and are reused by a retry."""
    inner = await save(api, {"id": "sum", "type": "transform", "config": {"expression": _LENGTHS}})
    names = ["a", "b", "c", "d"]
    reads = [{"id": name, "type": "http", "config": _post(receiver, name)} for name in names]
    for name in names:
        receiver.answer(f"/{name}", Reply(body=b"x" * 900_000))
    receiver.answer("/last", Reply(status=400), Reply(json={"ok": True}))
    outer = await begin(
        api,
        *reads,
        call(inner, input=[f"{{{{steps.{name}.output.body}}}}" for name in names]),
        {"id": "last", "type": "http", "config": _post(receiver, "last")},
        output="{{steps.call.output.output}}",
    )
    await becomes(api, outer, "failed", 20)
    retried = (await ask(api, outer, "retry"))["execution_id"]
    await becomes(api, retried, "completed", 20)
    assert (await get(api, retried))["output"] == 3_600_000
    assert receiver.counts() == {"/a": 1, "/b": 1, "/c": 1, "/d": 1, "/last": 2}
    assert len(await children(api, outer)) == 1
    assert await children(api, retried, 0) == []


def _post(receiver: Receiver, name: str) -> dict[str, Any]:
    return {"method": "POST", "url": f"{receiver.url}/{name}"}


async def test_a_sub_workflow_that_may_not_run_says_why(api: httpx.AsyncClient) -> None:
    inner = await save(api, {"id": "say", "type": "log", "config": {"message": "m"}})
    await api.put(f"/api/v1/workflows/{inner}", json={"enabled": False})
    outer = await begin(api, call(inner))
    await becomes(api, outer, "failed")
    error = (await get(api, outer))["error"]
    assert error["type"] == "sub_workflow"
    assert f"{inner} is disabled" in error["message"]
    [child] = await children(api, outer)
    assert (child["status"], child["error"]["message"]) == ("failed", f"workflow {inner} is disabled")


async def test_a_circle_ends_in_an_error_that_names_it(api: httpx.AsyncClient) -> None:
    inner = await save(api, {"id": "say", "type": "log", "config": {"message": "m"}})
    outer = await save(api, call(inner))
    await api.put(f"/api/v1/workflows/{inner}", json={"definition": {"actions": [call(outer)]}})
    started = await api.post(f"/api/v1/workflows/{outer}/execute")
    execution_id = started.json()["data"]["execution_id"]
    await becomes(api, execution_id, "failed")
    assert f"{outer} → {inner} → {outer}" in (await get(api, execution_id))["error"]["message"]


async def test_cancelling_cancels_what_it_waits_for(api: httpx.AsyncClient, receiver: Receiver) -> None:
    tidy = {"id": "tidy", "type": "http", "config": {"method": "POST", "url": f"{receiver.url}/tidy"}}
    inner = await save(api, WAIT, on_failure={"on": ["cancelled"], "actions": [tidy]})
    outer = await begin(api, call(inner))
    [child] = await children(api, outer)
    await is_waiting(api, child["id"])
    await ask(api, outer, "cancel")
    assert await becomes(api, outer, "cancelled") < 3
    await becomes(api, child["id"], "cancelled")
    assert len(receiver.received("/tidy")) == 1


async def test_terminating_takes_along_what_it_waits_for(api: httpx.AsyncClient) -> None:
    inner = await save(api, WAIT)
    outer = await begin(api, call(inner))
    [child] = await children(api, outer)
    await is_waiting(api, child["id"])
    assert (await ask(api, outer, "terminate"))["status"] == "terminated"

    async def gone() -> bool:
        return bool((await get(api, child["id"]))["status"] == "terminated")

    await until(gone, 30)
    await becomes(api, child["id"], "terminated", 30)  # the reconciler takes it in


async def test_what_nobody_waits_for_goes_on(api: httpx.AsyncClient) -> None:
    inner = await save(api, WAIT)
    outer = await begin(api, call(inner, wait=False), {**WAIT, "id": "own"})
    [child] = await children(api, outer)
    await is_waiting(api, child["id"])
    await ask(api, outer, "terminate")
    await asyncio.sleep(1)
    assert (await get(api, child["id"]))["status"] == "running"
    await ask(api, child["id"], "cancel")
    await becomes(api, child["id"], "cancelled")


async def test_a_large_loop_is_paused_and_cancelled_in_its_batches(api: httpx.AsyncClient) -> None:
    rest = {"id": "rest", "type": "delay", "config": {"duration": "20ms"}}
    loop = {"items": "1..3000", "actions": [rest], "concurrency": 20}
    outer = await begin(api, {"id": "each", "type": "for_each", "config": loop})

    async def progress() -> int:
        steps = (await api.get(f"/api/v1/executions/{outer}/steps?limit=1")).json()["data"]
        total: int = steps["total"]
        return total

    async def under_way() -> bool:
        return await progress() > 800

    await until(under_way, 60)
    await ask(api, outer, "pause")
    await asyncio.sleep(2)
    before = await progress()
    await asyncio.sleep(1)
    assert await progress() == before
    await ask(api, outer, "resume")

    async def goes_on() -> bool:
        return await progress() > before

    await until(goes_on)
    await ask(api, outer, "cancel")
    assert await becomes(api, outer, "cancelled") < 5


@pytest.fixture
async def database(fresh_database_url: str, directory: Path) -> AsyncIterator[Database]:
    """A database of the test's own."""
    database = Database(Settings(data_dir=directory, database=DatabaseSettings(url=fresh_database_url)))
    yield database
    await database.close()


@pytest.mark.soak
@pytest.mark.parametrize(
    ("what", "status"), [("cancel", "cancelled"), ("terminate", "terminated"), ("pause", "running")]
)
async def test_a_wish_survives_the_process_that_took_it(
    tmp_path: Path, fresh_database_url: str, database: Database, guard: Guard, what: str, status: str
) -> None:
    """The API is killed after its commit and before Temporal knows."""
    port = free_port()
    settings = Settings(
        data_dir=tmp_path,
        database=DatabaseSettings(url=fresh_database_url),
        temporal=TemporalSettings(address=f"127.0.0.1:{port}"),
    )

    async def committed() -> bool:
        async with database.platform() as session:
            row = await Executions(session, TENANT).get(execution_id)
        return row is not None and (row.stop is not None or row.paused_at is not None)

    with ExitStack() as running:
        _, temporal = running.enter_context(running_temporal(tmp_path, guard, port=port))
        stack = running.enter_context(Stack(settings, tmp_path, guard))
        async with stack.client(TENANT) as api:
            execution_id = await begin(
                api, {"id": "nap", "type": "delay", "config": {"duration": "16s"}}, WAIT
            )
            await is_waiting(api, execution_id, "nap")
            temporal.send(signal.SIGSTOP)
            asking = asyncio.create_task(api.post(f"/api/v1/executions/{execution_id}/{what}"))
            await until(committed)
            stack.api.kill()
            temporal.kill()  # what is on its way to it is lost
            with suppress(httpx.TransportError):
                await asking
            running.enter_context(running_temporal(tmp_path, guard, port=port))
            stack.api.start()
            if what == "pause":

                async def rested() -> bool:
                    return (await statuses(api, execution_id)).get("nap") == "completed"

                await until(rested, 30)
                await asyncio.sleep(1)
                assert await statuses(api, execution_id) == {"nap": "completed"}
                assert (await get(api, execution_id))["paused"] is True
            await becomes(api, execution_id, status, 20)
