"""Executions whose run data is encrypted: Temporal and the payload store have none of it, and all else is as it was."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from temporalio.client import Client, Schedule, ScheduleActionStartWorkflow, ScheduleSpec
from temporalio.common import RawValue

from dev.temporal import Temporal
from gorax.core.contracts import INTERPRETER, ExecutionRequest, ExecutionResult
from gorax.core.ids import EXECUTION, new_id, temporal_workflow_id
from gorax.engine.codec import EncryptionCodec
from gorax.engine.runs import Runs
from gorax.settings import Settings, TemporalSettings
from gorax.vault import Damaged, KeyMissing, KeyRing, LocalKey, TenantCipher
from tests.support.executions import until
from tests.support.interpreter import TENANT, Finished, Interpreter, running_interpreter
from tests.workflows.definitions import action, definition

OLD, NEW = (LocalKey(name, secrets.token_bytes(32)) for name in ("k1", "k2"))
MARK = f"card-{secrets.token_hex(8)}"
"""Nobody but the tenant's own readers may find it."""


def codec(*keys: LocalKey, encrypts: bool = True) -> EncryptionCodec:
    """A codec that encrypts under the first of these keys."""
    return EncryptionCodec(TenantCipher(KeyRing(keys)), encrypts=encrypts)


@pytest.fixture(scope="module")
async def client(temporal: Temporal) -> Client:
    """One that decrypts nothing: what it sees is what Temporal has."""
    return await Client.connect(temporal.address)


def queue(settings: Settings, name: str) -> Settings:
    """The settings of workers on a task queue of their own."""
    temporal = TemporalSettings(address=settings.temporal.address, task_queue=name)
    return settings.model_copy(update={"temporal": temporal})


@pytest.fixture(scope="module")
async def interpreter(client: Client, settings: Settings) -> AsyncIterator[Interpreter]:
    """A worker that encrypts."""
    async with running_interpreter(client, queue(settings, "private"), codec(OLD)) as interpreter:
        yield interpreter


async def found(interpreter: Interpreter, finished: Finished, text: str) -> list[str]:
    """The events of an execution, and of the batches of its loops, that have a text in plain."""
    return [
        event.WhichOneof("attributes") or ""
        for history in await interpreter.histories(finished.handle)
        for event in history.events
        if text.encode() in event.SerializeToString()
    ]


async def end_of(interpreter: Interpreter, workflow_id: str) -> Finished:
    """An execution that another worker began, or a schedule, once it has ended."""
    handle = interpreter.client.get_workflow_handle(workflow_id, result_type=ExecutionResult)
    return await interpreter.finish(handle)


async def test_histories_have_nothing_in_plain(interpreter: Interpreter) -> None:
    finished = await interpreter.run(
        definition(
            action("say", config={"value": MARK}),
            action("local", "transform", {"expression": f"'{MARK}' + trigger.body.mark"}),
            action("retried", config={"value": MARK, "fail_times": 1}, retry={"initial_interval": "10ms"}),
            action("each", "for_each", {"items": 3, "actions": [action("in", config={"value": MARK})]}),
            action("bad", "fail", {"message": f"no {MARK}", "details": {"mark": MARK}}, on_error="continue"),
            output={"said": "{{steps.say.output}}"},
        ),
        {"mark": MARK},
    )
    assert (finished.status, finished.output) == ("completed", {"said": MARK})
    assert finished.steps["local"].output == MARK * 2
    assert finished.steps["each[2].in"].input == {"value": MARK}
    assert finished.steps["bad"].error is not None
    assert (finished.steps["bad"].error.message, finished.steps["bad"].error.details["mark"]) == (
        f"no {MARK}",
        MARK,
    )
    assert await found(interpreter, finished, MARK) == []
    assert await found(interpreter, finished, TENANT), "the search finds what there is"


async def test_nor_have_the_failures_of_activities_and_runs(interpreter: Interpreter) -> None:
    finished = await interpreter.run(
        definition(action("script", "code", {"script": f"throw new Error('no {MARK}')"}, mode="durable"))
    )
    assert finished.status == "failed"
    assert finished.error is not None
    assert MARK in finished.error.message
    assert finished.steps["script"].error == finished.error
    assert "activity_task_failed_event_attributes" in finished.events
    assert "workflow_execution_failed_event_attributes" in finished.events
    assert await found(interpreter, finished, MARK) == []


async def test_large_values_are_stored_encrypted_and_once(
    interpreter: Interpreter, settings: Settings
) -> None:
    finished = await interpreter.run(
        definition(
            action("make", config={"value": MARK * 20_000}),
            action(
                "each",
                "for_each",
                {
                    "items": 600,
                    "actions": [action("look", "formula", {"expression": "len(steps.make.output)"})],
                },
            ),
        )
    )
    assert finished.status == "completed", finished.error
    assert finished.steps["make"].output == MARK * 20_000
    assert await found(interpreter, finished, MARK) == []
    url = settings.database_url.replace("+psycopg", "")
    async with await psycopg.AsyncConnection.connect(url) as connection:
        query = "SELECT data FROM payloads WHERE scope = %s"
        rows = [row[0] for row in await (await connection.execute(query, (finished.handle.id,))).fetchall()]
    assert len(await interpreter.histories(finished.handle)) > 3
    # The request, the input and the outcome of the step, and what the batches are given: the three inner ones alike.
    assert len(rows) == 5
    assert [row for row in rows if MARK.encode() in row] == []


async def test_a_history_in_another_tenants_hands_cannot_be_read(
    interpreter: Interpreter, client: Client
) -> None:
    handle = await interpreter.start(definition(action("say", config={"value": MARK})))
    await handle.result()
    other = f"other:{handle.id.partition(':')[2]}"
    payloads = (await handle.fetch_history()).events[0].workflow_execution_started_event_attributes.input
    # As if the rows of Temporal's database had been copied: the same payloads in another tenant's run.
    copied = await client.start_workflow(
        INTERPRETER, RawValue(payloads.payloads[0]), id=other, task_queue="nobody"
    )
    runs = Runs(interpreter.client)
    with pytest.raises(Damaged, match="run data cannot be decrypted: it belongs to another tenant"):
        await runs.steps("other", other.partition(":")[2])
    await copied.terminate()


async def test_a_schedule_starts_executions_from_what_it_keeps_encrypted(
    interpreter: Interpreter, client: Client
) -> None:
    execution_id = new_id(EXECUTION)
    workflow_id = temporal_workflow_id(TENANT, execution_id)
    request = ExecutionRequest(
        tenant_id=TENANT,
        execution_id=execution_id,
        workflow_id="wf_test",
        definition=definition(action("say", "transform", {"expression": "trigger.body"})),
        trigger={"type": "schedule", "body": MARK},
        accepted_at=datetime.now(UTC),
    )
    schedule = Schedule(
        action=ScheduleActionStartWorkflow(
            INTERPRETER, request, id=workflow_id, task_queue="private", static_summary=MARK
        ),
        spec=ScheduleSpec(),
    )
    kept = await interpreter.client.create_schedule(workflow_id, schedule, memo={"note": MARK})
    await kept.trigger()
    assert await (await kept.describe()).memo_value("note") == MARK
    described = (await client.get_schedule_handle(workflow_id).describe()).raw_description
    assert MARK.encode() not in described.SerializeToString()

    started: list[Any] = []

    async def fired() -> bool:
        started.extend(result.action for result in (await kept.describe()).info.recent_actions)
        return bool(started)

    await until(fired)
    finished = await end_of(interpreter, started[0].workflow_id)
    assert (finished.status, finished.output) == ("completed", MARK)
    assert await found(interpreter, finished, MARK) == []
    await kept.delete()


async def test_the_key_changes_while_executions_run_and_encryption_goes_on_and_off(
    client: Client, settings: Settings
) -> None:
    own = queue(settings, "rotation")
    waiting = definition(
        action("before", config={"value": MARK}),
        action("wait", "delay", {"duration": "1500ms"}),
        action("after", config={"value": "{{steps.before.output}}"}),
        output="{{steps.after.output}}",
    )
    async with running_interpreter(client, own, codec(OLD, encrypts=False)) as interpreter:
        handles = [await interpreter.start(waiting)]
    async with running_interpreter(client, own, codec(OLD)) as interpreter:
        handles += [await interpreter.start(waiting) for _ in range(10)]
        await asyncio.sleep(0.5)
    async with running_interpreter(client, own, codec(NEW, OLD)) as interpreter:
        handles.append(await interpreter.start(waiting))
        await asyncio.sleep(0.5)
    async with running_interpreter(client, own, codec(NEW, OLD, encrypts=False)) as interpreter:
        for handle in handles:
            finished = await end_of(interpreter, handle.id)
            assert (finished.status, finished.output) == ("completed", MARK)
            assert finished.steps["before"].output == MARK


async def test_without_its_key_a_run_waits_for_it(client: Client, settings: Settings) -> None:
    own = queue(settings, "lost")
    waiting = definition(action("say", config={"value": MARK}), action("wait", "delay", {"duration": "1s"}))
    async with running_interpreter(client, own, codec(OLD)) as interpreter:
        ended = await interpreter.run(definition(action("say", config={"value": MARK})))
        handle = await interpreter.start(waiting, task_timeout=timedelta(seconds=2))
        await asyncio.sleep(0.5)
    lost = "run data cannot be decrypted: the master key 'k1' is not in GORAX_MASTER_KEYS"
    async with running_interpreter(client, own, codec(NEW)) as interpreter:
        await asyncio.sleep(3)
        events = (await client.get_workflow_handle(handle.id).fetch_history()).events
        failures = [
            event.workflow_task_failed_event_attributes.failure.message
            for event in events
            if event.HasField("workflow_task_failed_event_attributes")
        ]
        assert failures == [lost]
        description = (await client.get_workflow_handle(handle.id).describe()).raw_description
        assert description.pending_workflow_task.attempt <= 3
        run = await interpreter.runs.run(TENANT, ended.handle.id.partition(":")[2])
        assert run is not None
        assert run.ending is not None
        assert run.ending.error is not None
        assert (run.status, run.ending.error.type, run.ending.error.message) == (
            "completed",
            "unreadable",
            lost,
        )
        with pytest.raises(KeyMissing, match=lost):
            await interpreter.runs.steps(TENANT, ended.handle.id.partition(":")[2])
    async with running_interpreter(client, own, codec(NEW, OLD)) as interpreter:
        finished = await end_of(interpreter, handle.id)
        assert finished.status == "completed"
