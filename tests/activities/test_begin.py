"""Executions that a schedule or another execution begins."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from temporalio.exceptions import ApplicationError

from activities.begin import Beginnings
from gorax.core.actions.catalogue import full_catalogue
from gorax.core.contracts import BeginRequest, Begun, Bounds, Closing
from gorax.core.errors import ErrorInfo
from gorax.core.ids import EXECUTION, SCHEDULE, WORKFLOW, new_id
from gorax.core.steering import Steerings
from gorax.settings import DatabaseSettings, Settings
from gorax.store.execution_index import ExecutionIndex
from gorax.store.executions import Executions
from gorax.store.schedule_runs import ScheduleRuns
from gorax.store.schedules import Schedules
from gorax.store.session import Database
from gorax.store.tables import Execution, Schedule
from gorax.store.tenants import ACTIVE, SUSPENDED, Tenants
from gorax.store.workflows import Workflows

BOUNDS = Bounds(step_output_bytes=12_345)
ACTIONS = [{"id": "ask", "type": "http", "config": {"url": "https://example.com"}}]


@pytest.fixture
async def database(fresh_database_url: str, directory: Path) -> AsyncIterator[Database]:
    """A database of the test's own, in which no dispatcher is at work."""
    database = Database(Settings(data_dir=directory, database=DatabaseSettings(url=fresh_database_url)))
    yield database
    await database.close()


@pytest.fixture
def beginnings(database: Database) -> Beginnings:
    """The activity of a worker."""
    return Beginnings(database, Steerings(full_catalogue()), BOUNDS)


async def save(database: Database, tenant: str, *, enabled: bool = True, **frame: Any) -> str:
    """A committed workflow; returns its id."""
    async with database.platform() as session:
        await Tenants(session).ensure(tenant)
        workflow = await Workflows(session, tenant).create(
            id=new_id(WORKFLOW),
            name="Inner",
            description="",
            enabled=enabled,
            definition={"actions": ACTIONS, **frame},
            created_by="ann",
        )
        await session.commit()
    return workflow.id


async def change(database: Database, tenant: str, workflow_id: str, **values: Any) -> None:
    """Save another version."""
    async with database.platform() as session:
        await Workflows(session, tenant).update(workflow_id, **values, created_by="bob")
        await session.commit()


async def row_of(database: Database, request: BeginRequest) -> Execution | None:
    """The index row."""
    async with database.platform() as session:
        return await Executions(session, request.tenant_id).get(request.execution_id)


def asking(tenant: str, workflow_id: str, kind: str = "sub_workflow", **more: Any) -> BeginRequest:
    """A request as a run makes it."""
    values: dict[str, Any] = {
        "tenant_id": tenant,
        "execution_id": new_id(EXECUTION),
        "workflow_id": workflow_id,
        "trigger": {"type": kind, "body": {"order": 7}},
        "accepted_at": datetime.now(UTC),
        **more,
    }
    return BeginRequest(**values)


async def refused(beginnings: Beginnings, request: BeginRequest) -> ErrorInfo:
    """Why it does not run, for good."""
    with pytest.raises(ApplicationError) as caught:
        await beginnings.begin_execution(request)
    assert caught.value.non_retryable
    error = ErrorInfo.model_validate(caught.value.details[0])
    assert caught.value.type == error.type
    return error


async def test_it_loads_what_runs_and_writes_the_row(
    beginnings: Beginnings, database: Database, tenant: str
) -> None:
    workflow_id = await save(database, tenant, timeout="5m")
    request = asking(
        tenant, workflow_id, chain=["wf_outer"], parent_execution_id="exec_outer", parent_path="each[3].call"
    )
    begun = (await beginnings.begin_execution(request)).request
    assert begun is not None
    assert begun.definition == {"actions": ACTIONS, "timeout": "5m"}
    assert (begun.workflow_name, begun.version, begun.timeout) == ("Inner", 1, 300)
    assert (begun.trigger, begun.chain, begun.bounds) == (request.trigger, ["wf_outer"], BOUNDS)
    assert set(begun.traits) == {"http"}
    row = await row_of(database, request)
    assert row is not None
    assert (row.status, row.trigger_type, row.trigger) == ("running", "sub_workflow", request.trigger)
    assert (row.parent_execution_id, row.parent_path) == ("exec_outer", "each[3].call")
    assert row.created_by == "sub_workflow"


async def test_it_is_made_in_the_name_of_who_made_the_parent(
    beginnings: Beginnings, database: Database, tenant: str
) -> None:
    workflow_id = await save(database, tenant)
    parent = new_id(EXECUTION)
    async with database.platform() as session:
        await Executions(session, tenant).accept(
            id=parent,
            workflow_id=workflow_id,
            workflow_name="Outer",
            version=1,
            trigger_type="manual",
            trigger={"type": "manual"},
            priority=1,
            idempotency_key=None,
            created_by="carol",
            accepted_at=datetime.now(UTC),
        )
        await session.commit()
    request = asking(tenant, workflow_id, parent_execution_id=parent)
    await beginnings.begin_execution(request)
    row = await row_of(database, request)
    assert row is not None
    assert row.created_by == "carol"


async def test_again_is_the_same_as_once(beginnings: Beginnings, database: Database, tenant: str) -> None:
    workflow_id = await save(database, tenant)
    request = asking(tenant, workflow_id, version=1)
    first = await beginnings.begin_execution(request)
    row = await row_of(database, request)
    assert await beginnings.begin_execution(request) == first
    assert await row_of(database, request) == row


async def test_the_current_version_or_the_one_that_is_asked_for(
    beginnings: Beginnings, database: Database, tenant: str
) -> None:
    workflow_id = await save(database, tenant)
    second = {"actions": [{"id": "b", "type": "log", "config": {"message": "m"}}]}
    await change(database, tenant, workflow_id, name="Renamed", definition=second)
    for version, expected in ((None, 2), (2, 2), (1, 1)):
        begun = (await beginnings.begin_execution(asking(tenant, workflow_id, version=version))).request
        assert begun is not None
        assert begun.version == expected
        assert (begun.definition == second) is (expected == 2)


async def test_what_is_not_there_cannot_run(beginnings: Beginnings, database: Database, tenant: str) -> None:
    workflow_id = await save(database, tenant)
    deleted = await save(database, tenant)
    async with database.platform() as session:
        await Workflows(session, tenant).delete(deleted, "ann")
        await session.commit()
    foreign = asking(f"{tenant}_other", workflow_id)
    hostile = asking(tenant, "wf_\0")
    for request in (asking(tenant, "wf_none"), asking(tenant, deleted), foreign, hostile):
        error = await refused(beginnings, request)
        assert error.type == "sub_workflow"
        assert error.message.startswith("there is no workflow wf_")
        assert await row_of(database, request) is None
    error = await refused(beginnings, asking(tenant, workflow_id, version=9))
    assert error.message == f"there is no workflow {workflow_id} with a version 9"


async def test_a_disabled_one_fails_where_people_see_it(
    beginnings: Beginnings, database: Database, tenant: str
) -> None:
    workflow_id = await save(database, tenant, enabled=False)
    request = asking(tenant, workflow_id)
    error = await refused(beginnings, request)
    assert (error.type, error.message) == ("sub_workflow", f"workflow {workflow_id} is disabled")
    row = await row_of(database, request)
    assert row is not None
    assert (row.status, row.error and row.error["message"]) == ("failed", error.message)
    # Also when it was found enabled before the worker was lost.
    await change(database, tenant, workflow_id, enabled=True)
    late = asking(tenant, workflow_id)
    await beginnings.begin_execution(late)
    await change(database, tenant, workflow_id, enabled=False)
    await refused(beginnings, late)
    row = await row_of(database, late)
    assert row is not None
    assert row.status == "failed"


async def test_nothing_begins_in_a_suspended_tenant(
    beginnings: Beginnings, database: Database, tenant: str
) -> None:
    workflow_id = await save(database, tenant)

    async def become(status: str) -> None:
        async with database.platform() as session:
            assert await Tenants(session).update(tenant, status=status)
            await session.commit()

    await become(SUSPENDED)
    request = asking(tenant, workflow_id)
    error = await refused(beginnings, request)
    assert error.message == f"tenant {tenant} is suspended: nothing in it begins"
    row = await row_of(database, request)
    assert row is not None
    assert row.status == "failed"
    await become(ACTIVE)
    assert (await beginnings.begin_execution(asking(tenant, workflow_id))).request


async def schedule(
    database: Database, tenant: str, workflow_id: str, payload: Any = None, **values: Any
) -> dict[str, Any]:
    """A committed schedule; returns what a run of it is asked for with, but for the payload."""
    schedule_id = new_id(SCHEDULE)
    columns = {
        "timing": {"every": 60},
        "enabled": True,
        "payload": payload,
        "overlap": "skip",
        "catchup_window": 600,
        "pause_on_failure": False,
        **values,
    }
    async with database.platform() as session:
        await Schedules(session, tenant).create(
            id=schedule_id,
            workflow_id=workflow_id,
            of_definition=False,
            values=columns,
            created_by="ann",
            due=datetime.now(UTC),
        )
        await session.commit()
    return {"type": "schedule", "schedule_id": schedule_id, "scheduled_at": "2026-11-23T05:00:00Z"}


async def schedule_of(database: Database, tenant: str, trigger: dict[str, Any]) -> Schedule:
    """The schedule's row."""
    async with database.platform() as session:
        row = await ScheduleRuns(session, tenant).get(trigger["schedule_id"])
    assert row is not None
    return row


async def test_a_schedules_run_has_its_payload(
    beginnings: Beginnings, database: Database, tenant: str
) -> None:
    workflow_id = await save(database, tenant)
    trigger = await schedule(database, tenant, workflow_id, {"order": 7}, remaining_runs=2)
    request = asking(tenant, workflow_id, trigger=trigger)
    for _ in range(2):  # again is the same as once
        begun = (await beginnings.begin_execution(request)).request
        assert begun is not None
        assert begun.trigger == {**trigger, "body": {"order": 7}}
    row = await row_of(database, request)
    assert row is not None
    assert (row.trigger_type, row.schedule_id) == ("schedule", trigger["schedule_id"])
    assert (await schedule_of(database, tenant, trigger)).remaining_runs == 1


async def test_a_schedule_passes_over_what_does_not_run_now(
    beginnings: Beginnings, database: Database, tenant: str
) -> None:
    workflow_id = await save(database, tenant)
    trigger = await schedule(database, tenant, workflow_id, remaining_runs=1)
    first = asking(tenant, workflow_id, trigger=trigger)
    assert (await beginnings.begin_execution(first)).request
    spent = await schedule_of(database, tenant, trigger)
    # The twin may know of a run more, which a backfill has used up: it is told.
    assert (spent.remaining_runs, spent.generation, spent.sync_due_at is not None) == (0, 2, True)
    second = asking(tenant, workflow_id, trigger=trigger)
    assert await beginnings.begin_execution(second) == Begun(reason="no runs remain")
    await change(database, tenant, workflow_id, enabled=False)
    disabled = asking(tenant, workflow_id, trigger=trigger)
    reason = f"workflow {workflow_id} is disabled"
    assert await beginnings.begin_execution(disabled) == Begun(reason=reason)
    for request in (second, disabled):
        assert await row_of(database, request) is None
    row = await schedule_of(database, tenant, trigger)
    assert (row.skip_reason, row.skipped_at) == (reason, disabled.accepted_at)
    gone = asking(tenant, workflow_id, trigger={**trigger, "schedule_id": "sch_none"})
    assert await beginnings.begin_execution(gone) == Begun(reason="there is no schedule sch_none")


async def test_a_schedules_run_that_has_ended_is_not_run_again(
    beginnings: Beginnings, database: Database, tenant: str
) -> None:
    workflow_id = await save(database, tenant)
    trigger = await schedule(database, tenant, workflow_id)
    request = asking(tenant, workflow_id, trigger=trigger)
    await beginnings.begin_execution(request)
    closing = Closing(
        tenant_id=tenant,
        execution_id=request.execution_id,
        status="completed",
        started_at=None,
        completed_at=datetime.now(UTC),
    )
    async with database.platform() as session:
        await ExecutionIndex(session).close(closing)
        await session.commit()
    again = await beginnings.begin_execution(request)
    assert again == Begun(reason=f"{request.execution_id} has run before")


async def test_a_circle_is_named(beginnings: Beginnings, database: Database, tenant: str) -> None:
    workflow_id = await save(database, tenant)
    error = await refused(beginnings, asking(tenant, workflow_id, chain=["wf_a", workflow_id, "wf_b"]))
    assert error.type == "sub_workflow"
    assert f"{workflow_id} → wf_b → {workflow_id}" in error.message
    assert error.details == {"chain": [workflow_id, "wf_b", workflow_id]}


async def test_ten_executions_may_be_around_it(
    beginnings: Beginnings, database: Database, tenant: str
) -> None:
    workflow_id = await save(database, tenant)
    chain = [f"wf_{number}" for number in range(11)]
    assert (await beginnings.begin_execution(asking(tenant, workflow_id, chain=chain[:10]))).request
    error = await refused(beginnings, asking(tenant, workflow_id, chain=chain))
    assert "deeper than 10" in error.message


@pytest.mark.parametrize("kind", ["sub_workflow", "schedule"])
async def test_the_input_must_be_as_the_schema_asks(
    beginnings: Beginnings, database: Database, tenant: str, kind: str
) -> None:
    schema = {"type": "object", "properties": {"order": {"type": "string"}}}
    workflow_id = await save(database, tenant, input_schema=schema)

    async def trigger(body: Any) -> dict[str, Any]:
        if kind == "schedule":
            return await schedule(database, tenant, workflow_id, body)
        return {"type": kind, "body": body}

    error = await refused(beginnings, asking(tenant, workflow_id, trigger=await trigger({"order": 7})))
    assert error.type == "validation"
    assert "/order: " in error.message
    assert [problem["pointer"] for problem in error.details["problems"]] == ["/order"]
    fitting = await trigger({"order": "7"})
    assert (await beginnings.begin_execution(asking(tenant, workflow_id, trigger=fitting))).request


async def test_too_large_an_input_is_refused(beginnings: Beginnings, database: Database, tenant: str) -> None:
    workflow_id = await save(database, tenant)
    trigger = {"type": "sub_workflow", "body": "y" * BOUNDS.step_output_bytes}
    error = await refused(beginnings, asking(tenant, workflow_id, trigger=trigger))
    assert error.type == "validation"
    assert f"at most {BOUNDS.step_output_bytes} are possible" in error.message
