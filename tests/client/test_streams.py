"""Watching executions: by WebSocket and by Server-Sent Events, in both clients, and over broken connections."""

import asyncio
import itertools
import threading
from collections.abc import AsyncIterator
from contextlib import aclosing

import pytest

from gorax import AsyncGorax, Gorax
from gorax.client import Forbidden, NotFound, Unauthorized, UnexpectedAnswer
from gorax.client.models.updates import Update
from tests.support.processes import Stack
from tests.support.receiver import Receiver, Reply
from tests.support.relay import Relay

SECONDS = 30
LOG = {"id": "note", "type": "log", "config": {"message": "hello"}}


def waits_for(receiver: Receiver) -> tuple[dict[str, object], asyncio.Event]:
    """A definition whose first step ends when the event is set."""
    gate = asyncio.Event()
    receiver.answer("/ask", Reply(json={"done": True}, gate=gate))
    ask = {"id": "ask", "type": "http", "config": {"url": f"{receiver.url}/ask", "method": "POST"}}
    return {"actions": [ask, LOG], "output": "{{steps.ask.output.body}}"}, gate


async def begun(gorax: AsyncGorax, definition: dict[str, object]) -> str:
    workflow = await gorax.workflows.create(name="Watched", definition=definition)
    return (await gorax.workflows.execute(workflow.id)).execution_id


@pytest.mark.parametrize("way", ["watch", "events"])
async def test_what_happens_is_told_until_the_end(gorax: AsyncGorax, receiver: Receiver, way: str) -> None:
    definition, gate = waits_for(receiver)
    execution_id = await begun(gorax, definition)
    stream = gorax.executions.watch if way == "watch" else gorax.executions.events
    updates: list[Update] = []
    async with asyncio.timeout(SECONDS):
        async for update in stream(execution_id):
            updates.append(update)
            if any(step.status == "running" for step in [update.step, *update.steps] if step):
                gate.set()
    assert updates[0].event == "snapshot"
    assert [one.step.id for one in updates if one.step and one.step.status == "completed"] == ["ask", "note"]
    end = updates[-1]
    assert (end.event, end.status, end.output, end.error) == ("end", "completed", {"done": True}, None)
    assert end.progress is not None
    assert (end.progress.completed, end.progress.total) == (2, 2)
    async with asyncio.timeout(SECONDS):
        assert "snapshot" not in [one.event async for one in stream(execution_id, after=end.id)]


def test_the_blocking_client_watches_too(blocking: Gorax) -> None:
    workflow = blocking.workflows.create(name="Logs", definition={"actions": [LOG]})
    execution_id = blocking.workflows.execute(workflow.id).execution_id
    for stream in (blocking.executions.watch, blocking.executions.events):
        updates = list(stream(execution_id))
        assert [update.event for update in updates][-1] == "end"
        steps = [step.id for update in updates for step in [update.step, *update.steps] if step]
        assert "note" in steps


@pytest.fixture
async def relay(stack: Stack) -> AsyncIterator[Relay]:
    """A wire to the API."""
    async with Relay("127.0.0.1", stack.settings.port) as relay:
        yield relay


@pytest.mark.parametrize("way", ["watch", "events"])
async def test_a_broken_connection_is_made_again_behind_the_last_update(
    gorax: AsyncGorax, tenant: str, receiver: Receiver, relay: Relay, way: str
) -> None:
    definition, gate = waits_for(receiver)
    execution_id = await begun(gorax, definition)
    async with AsyncGorax(f"http://127.0.0.1:{relay.port}", tenant=tenant, trust_env=False) as far:
        stream = far.executions.watch if way == "watch" else far.executions.events
        events = []
        async with asyncio.timeout(SECONDS):
            async for update in stream(execution_id):
                events.append(update.event)
                if any(step.status == "running" for step in [update.step, *update.steps] if step):
                    relay.mend()
                if update.event == "resumed":
                    gate.set()
    assert events[0] == "snapshot"
    assert events.count("snapshot") == 1
    assert "resumed" in events
    assert events[-1] == "end"


async def test_feeds_tell_of_all_executions(gorax: AsyncGorax) -> None:
    workflow = await gorax.workflows.create(name="Logs", definition={"actions": [LOG]})
    for feed in (gorax.executions.watch_all(), gorax.workflows.watch(workflow.id)):
        async with asyncio.timeout(SECONDS), aclosing(feed) as updates:  # type: ignore[type-var]
            assert (await anext(updates)).event == "snapshot"
            execution_id = (await gorax.workflows.execute(workflow.id)).execution_id
            async for update in updates:
                assert update.execution is not None
                if update.execution.id == execution_id and update.execution.ended:
                    break


def test_a_blocking_feed_can_be_left(blocking: Gorax) -> None:
    before = threading.active_count()
    [first] = itertools.islice(blocking.executions.watch_all(), 1)
    assert first.executions == []
    assert threading.active_count() <= before + 1


async def test_refusals_are_the_same_errors_as_elsewhere(gorax: AsyncGorax, stack: Stack) -> None:
    with pytest.raises(NotFound, match="execution not found") as refused:
        await anext(gorax.executions.watch("exec_none"))
    assert refused.value.status == 404
    with pytest.raises(NotFound):
        await anext(gorax.executions.events("exec_none"))
    async with AsyncGorax(stack.url, tenant="acme", token="gx_wrong", trust_env=False) as nobody:
        with pytest.raises(Unauthorized):
            await anext(nobody.executions.watch_all())


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (Reply(status=403, json={"error": "no"}), Forbidden),
        (Reply(json={"data": []}), UnexpectedAnswer),
        (Reply(status=301, headers={"Location": "/elsewhere"}), UnexpectedAnswer),
    ],
)
async def test_a_server_that_speaks_no_websocket_is_told_of(
    receiver: Receiver, reply: Reply, error: type[Exception]
) -> None:
    receiver.answer("/api/v1/ws/executions", reply)
    async with AsyncGorax(receiver.url, tenant="acme", trust_env=False) as gorax:
        with pytest.raises(error):
            await anext(gorax.executions.watch_all())
    with Gorax(receiver.url, tenant="acme", trust_env=False) as blocking, pytest.raises(error):
        await asyncio.to_thread(next, blocking.executions.watch_all())
    assert not receiver.received("/elsewhere")


async def test_an_export_that_breaks_off_is_no_whole_one(receiver: Receiver) -> None:
    receiver.answer("/api/v1/audit-log/export", Reply(body=b'{"id": "x"}\n'))
    async with AsyncGorax(receiver.url, tenant="acme", trust_env=False) as gorax:
        with pytest.raises(UnexpectedAnswer, match="no AuditEntry"):
            await anext(gorax.audit.export())
