"""Both clients against the running API: what methods do, return and raise."""

import asyncio
import time
from datetime import UTC, datetime, timedelta

import pytest

from gorax import AsyncGorax, Gorax
from gorax.client import (
    Conflict,
    ExecutionFailed,
    Forbidden,
    GoraxError,
    Invalid,
    NotEnded,
    NotFound,
    Refused,
    Unreachable,
)
from tests.support.executions import WAIT
from tests.support.processes import Stack

ADD = {
    "actions": [
        {"id": "sum", "type": "formula", "config": {"expression": "trigger.body.a + trigger.body.b"}}
    ],
    "output": "{{steps.sum.output}}",
}
ECHO = {
    "actions": [{"id": "note", "type": "log", "config": {"message": "echo"}}],
    "output": "{{trigger.body}}",
}


def test_the_blocking_client_goes_the_whole_way(blocking: Gorax) -> None:
    workflow = blocking.workflows.create(name="Add", definition=ADD, description="two numbers")
    assert (workflow.version, workflow.description, workflow.enabled) == (1, "two numbers", True)
    accepted = blocking.workflows.execute(workflow.id, {"a": 1, "b": 2})
    execution = blocking.executions.wait(accepted.execution_id, timeout=20)
    assert execution.result() == 3
    assert execution.started_at.tzinfo is not None
    steps = blocking.executions.steps(execution.id)
    assert [(step.id, step.status, step.output) for step in steps.steps] == [("sum", "completed", 3)]
    changed = blocking.workflows.update(workflow.id, name="Sum", enabled=False)
    assert (changed.name, changed.enabled, changed.description) == ("Sum", False, "two numbers")
    with pytest.raises(Conflict, match="disabled") as refused:
        blocking.workflows.execute(workflow.id)
    assert refused.value.status == 409
    assert refused.value.request_id
    blocking.workflows.delete(workflow.id)
    with pytest.raises(NotFound, match="workflow not found"):
        blocking.workflows.get(workflow.id)


async def test_so_does_the_one_for_event_loops(gorax: AsyncGorax) -> None:
    workflow = await gorax.workflows.create(name="Add", definition=ADD)
    accepted = await asyncio.gather(
        *(gorax.workflows.execute(workflow.id, {"a": n, "b": n}) for n in range(5))
    )
    ended = await asyncio.gather(*(gorax.executions.wait(one.execution_id, timeout=30) for one in accepted))
    assert [execution.result() for execution in ended] == [0, 2, 4, 6, 8]


@pytest.mark.parametrize(
    ("given", "seen"),
    [((), {}), ((None,), None), ((0,), 0), (("text",), "text"), (({"from_": 1},), {"from_": 1})],
)
async def test_a_body_is_sent_as_it_is(gorax: AsyncGorax, given: tuple[object, ...], seen: object) -> None:
    workflow = await gorax.workflows.create(name="Echo", definition=ECHO)
    accepted = await gorax.workflows.execute(workflow.id, *given)
    assert (await gorax.executions.wait(accepted.execution_id, timeout=20)).result() == seen


async def test_lists_are_gone_through_page_by_page(gorax: AsyncGorax, blocking: Gorax) -> None:
    names = [f"Workflow {number}" for number in range(5)]
    for name in names:
        await gorax.workflows.create(name=name, definition=ECHO)
    page = await gorax.workflows.list(limit=2, offset=1)
    assert ([one.name for one in page.data], page.total) == ([names[3], names[2]], 5)
    assert [one.name async for one in gorax.workflows.iterate(limit=2)] == names[::-1]
    assert [one.name for one in blocking.workflows.iterate(limit=2, offset=3)] == [names[1], names[0]]
    assert [one async for one in gorax.credentials.iterate()] == []


async def test_executions_are_listed_by_cursor_and_steps_by_offset(gorax: AsyncGorax) -> None:
    loop = {
        "id": "each",
        "type": "for_each",
        "config": {"items": 4, "actions": [{"id": "log", "type": "log", "config": {"message": "x"}}]},
    }
    workflow = await gorax.workflows.create(name="Loop", definition={"actions": [loop]})
    ids = [(await gorax.workflows.execute(workflow.id)).execution_id for _ in range(3)]
    await asyncio.gather(*(gorax.executions.wait(one, timeout=30) for one in ids))
    listed = [
        one.id async for one in gorax.executions.iterate(limit=1, status=["completed"], sort="started_at")
    ]
    assert listed == ids
    steps = [step.id async for step in gorax.executions.iterate_steps(ids[0], limit=2)]
    assert steps == ["each", *(f"each[{number}].log" for number in range(4))]
    yesterday = datetime.now(UTC) - timedelta(days=1)
    assert (await gorax.executions.list(from_=yesterday)).total == 3
    assert (await gorax.executions.list(to=yesterday.date())).total == 0
    assert (await gorax.metrics.stats(workflow_id=workflow.id)).completed == 3


async def test_waiting_ends_in_time_and_the_execution_goes_on(gorax: AsyncGorax) -> None:
    workflow = await gorax.workflows.create(name="Waits", definition={"actions": [WAIT]})
    accepted = await gorax.workflows.execute(workflow.id)
    began = time.monotonic()
    with pytest.raises(TimeoutError) as waited:
        await gorax.executions.wait(accepted.execution_id, timeout=0.3)
    assert time.monotonic() - began < 5
    assert isinstance(waited.value, NotEnded)
    assert not waited.value.execution.ended
    await gorax.executions.cancel(accepted.execution_id)
    execution = await gorax.executions.wait(accepted.execution_id, timeout=20)
    with pytest.raises(ExecutionFailed, match="is cancelled") as failed:
        execution.result()
    assert failed.value.execution.id == execution.id


async def test_errors_say_what_the_api_says(gorax: AsyncGorax, stack: Stack, tenant: str) -> None:
    with pytest.raises(Invalid, match=r"^name: ") as wrong:
        await gorax.workflows.create(name="", definition=ECHO)
    assert wrong.value.details[0]["field"] == "name"
    with pytest.raises(Invalid, match="nothing"):
        await gorax.workflows.create(name="x", definition={"actions": [{"id": "a", "type": "nothing"}]})
    async with AsyncGorax(stack.url, tenant=tenant, role="viewer", trust_env=False) as viewer:
        with pytest.raises(Forbidden, match="needs the role editor"):
            await viewer.workflows.create(name="x", definition=ECHO)
        assert (await viewer.workflows.list()).total == 0
    async with AsyncGorax(stack.url, trust_env=False) as nobody:
        with pytest.raises(Refused) as refused:
            await nobody.workflows.list()
        assert refused.value.status == 401


async def test_nobody_answers() -> None:
    async with AsyncGorax("http://127.0.0.1:9", tenant="acme", retries=1, trust_env=False) as gorax:
        with pytest.raises(Unreachable, match="does not answer"):
            await gorax.workflows.list()


@pytest.mark.parametrize("id_", ["", ".", ".."])
async def test_what_is_no_id_addresses_nothing_else(gorax: AsyncGorax, id_: str) -> None:
    with pytest.raises(ValueError, match="is not an id"):
        await gorax.workflows.delete(id_)


async def test_an_id_stays_one_part_of_the_address(gorax: AsyncGorax) -> None:
    for id_ in ("../api-keys", "a/b", "ü?x=1#y"):
        with pytest.raises(GoraxError):
            await gorax.workflows.get(id_)


@pytest.mark.parametrize("url", ["127.0.0.1:8080", "ftp://x", "http://", "http://x?y=1", ""])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="base_url: must be an address"):
        Gorax(url)


def test_a_client_does_not_show_its_token() -> None:
    with Gorax("http://127.0.0.1:8080/", tenant="acme", token="gx_secret") as gorax:
        assert "gx_secret" not in repr(gorax)
        assert repr(gorax).startswith("Gorax(Connection(base_url='http://127.0.0.1:8080', tenant='acme'")


async def test_keys_open_their_own_tenant(gorax: AsyncGorax, stack: Stack) -> None:
    key = await gorax.api_keys.create(name="Import", role="viewer")
    await gorax.workflows.create(name="Echo", definition=ECHO)
    async with AsyncGorax(stack.url, token=key.key, trust_env=False) as machine:
        assert (await machine.workflows.list()).total == 1
        await gorax.api_keys.revoke(key.id)
        with pytest.raises(Refused) as refused:
            await machine.workflows.list()
        assert refused.value.status == 401


async def test_exports_come_line_by_line(gorax: AsyncGorax, blocking: Gorax) -> None:
    credential = await gorax.credentials.create(name="Bank", type="custom", value={"key": "s3cret-value"})
    value = await gorax.credentials.value(credential.id)
    assert value.value == {"key": "s3cret-value"}
    assert "s3cret" not in f"{value} {value!r}"
    assert [one.name async for one in gorax.credentials.access_log()] == ["Bank"]
    entries = [entry.operation for entry in blocking.audit.export()]
    assert entries == ["createCredential"]
    assert [entry.operation for entry in blocking.audit.iterate(limit=1)] == entries


async def test_diagrams_come_in_both_forms(gorax: AsyncGorax) -> None:
    workflow = await gorax.workflows.create(name="Add", definition=ADD)
    assert (await gorax.workflows.diagram(workflow.id)).startswith("flowchart")
    assert (await gorax.workflows.diagram(workflow.id, form="svg", version=1)).startswith("<svg")


async def test_the_system_tells_of_itself(gorax: AsyncGorax) -> None:
    assert (await gorax.system.health()).status == "ok"
    assert (await gorax.system.readiness()).checks["database"] == "healthy"
    assert (await gorax.system.stream_ticket()).ticket
    assert "Definition" in (await gorax.catalogue.definition_schema())["$defs"]
    assert (await gorax.catalogue.action_type("control:loop")).kind == "flow"


async def test_approvals_and_signals(gorax: AsyncGorax) -> None:
    actions = [
        {"id": "ask", "type": "approval", "config": {"title": "Go on?"}},
        {"id": "paid", "type": "wait_for_signal", "config": {"name": "paid"}},
    ]
    workflow = await gorax.workflows.create(
        name="Asks", definition={"actions": actions, "output": "{{steps.paid.output}}"}
    )
    accepted = await gorax.workflows.execute(workflow.id)
    async with asyncio.timeout(20):
        while not (asked := (await gorax.approvals.list(status="waiting")).data):
            await asyncio.sleep(0.05)
    approved = await gorax.approvals.approve(asked[0].id, comment="fine")
    assert approved.answer is not None
    assert approved.answer.comment == "fine"
    sent = await gorax.executions.signal(accepted.execution_id, "paid", {"amount": 3})
    assert sent.name == "paid"
    assert (await gorax.executions.wait(accepted.execution_id, timeout=20)).result() == {"amount": 3}


async def test_schedules_and_cron(gorax: AsyncGorax) -> None:
    workflow = await gorax.workflows.create(name="Echo", definition=ECHO)
    schedule = await gorax.schedules.create(workflow.id, cron_expression="0 9 * * 1-5", payload={"n": 1})
    assert [one.id async for one in gorax.schedules.iterate(enabled=True)] == [schedule.id]
    assert (await gorax.schedules.update(schedule.id, enabled=False)).enabled is False
    assert len(await gorax.schedules.runs(schedule.id, count=3)) == 3
    parsed = await gorax.schedules.parse_cron("0 9 * * 1-5", timezone="Europe/Berlin")
    assert parsed.valid
    assert not (await gorax.schedules.parse_cron("61 * * * *")).valid
    assert len(await gorax.schedules.preview(every="1h", count=2, after=datetime.now(UTC))) == 2
