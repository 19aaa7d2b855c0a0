import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import pytest

from gorax.core.actions.constructs import Answer
from gorax.core.errors import Conflict, NotFound
from gorax.store.approvals import ApprovalFilter, Approvals
from gorax.store.execution_index import ExecutionIndex
from gorax.store.session import Database
from gorax.store.tables import Execution, Wait
from gorax.store.waits import Waits
from tests.store.rows import add_execution, add_workflow, closing
from tests.support.waits import NOW, approval_wait, close_wait, fits, open_wait, opening, signal_wait

SOON = NOW + timedelta(seconds=3)


@pytest.fixture
async def execution(database: Database, tenant: str, workflow_id: str) -> Execution:
    """An execution of the test's own tenant."""
    return await add_execution(database, tenant, workflow_id)


def said(decision: Literal["approved", "rejected"], by: str = "ann", **given: Any) -> Answer:
    return Answer(decision=decision, by=by, at=NOW, **given)


async def answer(database: Database, tenant: str, approval_id: str, given: Answer) -> Wait | None:
    async with database.platform() as session:
        decided = await Approvals(session, tenant).answer(approval_id, given, tell_at=SOON)
        await session.commit()
    return decided


async def read(database: Database, tenant: str, approval_id: str) -> Wait:
    async with database.platform() as session:
        found = await Approvals(session, tenant).get(approval_id)
    assert found is not None
    return found


async def end(database: Database, row: Execution, **given: Any) -> None:
    async with database.platform() as session:
        await ExecutionIndex(session).close(closing(row, **given))
        await session.commit()


async def test_an_approval_keeps_what_was_asked_and_answered(
    database: Database, execution: Execution
) -> None:
    form = [{"name": "reason", "type": "text"}]
    asked = approval_wait("Re\0fund?", description="of order 7", assignees=["ann", "bob"], form=form)
    request = opening(execution, asked, expires_at=NOW + timedelta(days=400))
    assert await open_wait(database, request) is None
    waiting = await read(database, execution.tenant_id, request.wait_id)
    assert (waiting.status, waiting.title, waiting.assignees) == ("waiting", "Refund?", ["ann", "bob"])
    assert (waiting.form, waiting.expires_at, waiting.tell_at) == (form, request.expires_at, None)
    given = said("approved", comment="fine", payload={"reason": "nul \0 too"})
    decided = await answer(database, execution.tenant_id, request.wait_id, given)
    assert decided is not None
    assert (decided.status, decided.tell_at, decided.closed_at) == ("approved", SOON, None)
    assert await close_wait(database, request, "answered") == given
    closed = await read(database, execution.tenant_id, request.wait_id)
    assert (closed.status, closed.tell_at) == ("approved", None)
    assert closed.closed_at is not None


async def test_opening_again_is_the_same_as_once(database: Database, execution: Execution) -> None:
    request = opening(execution, approval_wait())
    assert [await open_wait(database, request) for _ in range(3)] == [None] * 3
    given = said("rejected")
    await answer(database, execution.tenant_id, request.wait_id, given)
    assert await open_wait(database, request) == given
    async with database.platform() as session:
        _, total = await Approvals(session, execution.tenant_id).list(ApprovalFilter(), 10, 0)
    assert total == 1


async def test_of_many_answers_at_once_one_counts(database: Database, execution: Execution) -> None:
    request = opening(execution, approval_wait())
    await open_wait(database, request)
    users = [f"user_{number}" for number in range(12)]
    decided = await asyncio.gather(
        *(
            answer(database, execution.tenant_id, request.wait_id, said("approved", user, payload=user))
            for user in users
        )
    )
    [first] = [wait for wait in decided if wait is not None]
    kept = await close_wait(database, request, "answered")
    assert kept is not None
    assert (kept.by, kept.payload) == (first.answered_by, first.answered_by)


@pytest.mark.parametrize("round_", range(10))
async def test_an_answer_and_an_expiry_agree(database: Database, execution: Execution, round_: int) -> None:
    request = opening(execution, approval_wait())
    await open_wait(database, request)
    decided, kept = await asyncio.gather(
        answer(database, execution.tenant_id, request.wait_id, said("approved")),
        close_wait(database, request, "expired"),
    )
    final = await read(database, execution.tenant_id, request.wait_id)
    if decided is None:
        assert (kept, final.status) == (None, "expired")
    else:
        assert kept is not None
        assert (kept.decision, final.status) == ("approved", "approved")
    assert final.closed_at is not None


async def test_an_answer_that_is_about_to_commit_counts_against_an_expiry(
    database: Database, execution: Execution
) -> None:
    request = opening(execution, approval_wait())
    await open_wait(database, request)
    async with database.platform() as session:
        await Approvals(session, execution.tenant_id).answer(request.wait_id, said("approved"), tell_at=SOON)
        expiring = asyncio.create_task(close_wait(database, request, "expired"))
        await asyncio.sleep(0.2)
        assert not expiring.done()
        await session.commit()
    kept = await expiring
    assert kept is not None
    assert kept.decision == "approved"


async def test_an_expiry_that_is_about_to_commit_counts_against_an_answer(
    database: Database, execution: Execution
) -> None:
    request = opening(execution, approval_wait())
    await open_wait(database, request)
    assert await close_wait(database, request, "expired") is None
    assert await answer(database, execution.tenant_id, request.wait_id, said("approved")) is None
    assert await close_wait(database, request, "answered") is None


@pytest.mark.parametrize("status", ["completed", "failed", "cancelled", "terminated", "timed_out"])
async def test_the_end_of_the_execution_cancels_what_waits(
    database: Database, execution: Execution, status: str
) -> None:
    waiting, answered, expired = [opening(execution, approval_wait()) for _ in range(3)]
    for request in (waiting, answered, expired):
        await open_wait(database, request)
    await answer(database, execution.tenant_id, answered.wait_id, said("approved"))
    await close_wait(database, expired, "expired")
    await end(database, execution, status=status)
    rows = [
        await read(database, execution.tenant_id, request.wait_id) for request in (waiting, answered, expired)
    ]
    assert [row.status for row in rows] == ["cancelled", "approved", "expired"]
    assert all(row.closed_at is not None and row.tell_at is None for row in rows)
    assert await answer(database, execution.tenant_id, waiting.wait_id, said("approved")) is None


async def test_nothing_opens_in_an_execution_that_has_ended(database: Database, execution: Execution) -> None:
    known, late = opening(execution, approval_wait()), opening(execution, approval_wait())
    await open_wait(database, known)
    await end(database, execution, status="terminated")
    assert await open_wait(database, known) is None
    with pytest.raises(Conflict, match="has ended"):
        await open_wait(database, late)


@pytest.mark.parametrize("round_", range(10))
async def test_a_wait_that_opens_while_the_execution_ends_is_not_left_open(
    database: Database, execution: Execution, round_: int
) -> None:
    # An earlier wait, so that the end has the execution's row say so already.
    await open_wait(database, opening(execution, approval_wait()))
    requests = [opening(execution, approval_wait()) for _ in range(4)]
    await asyncio.gather(
        *(open_wait(database, request) for request in requests[:2]),
        end(database, execution, status="terminated"),
        *(open_wait(database, request) for request in requests[2:]),
        return_exceptions=True,
    )
    async with database.platform() as session:
        approvals = Approvals(session, execution.tenant_id)
        assert await approvals.open_in(execution.id, 10, 0) == ([], 0)
        rows, _ = await approvals.list(ApprovalFilter(), 10, 0)
    assert {row.status for row in rows} == {"cancelled"}


async def test_an_end_waits_for_a_first_wait_that_is_about_to_open(
    database: Database, execution: Execution
) -> None:
    request = opening(execution, approval_wait())
    async with database.platform() as session:
        await Waits(session, execution.tenant_id).open(request, fits)
        ending = asyncio.create_task(end(database, execution))
        await asyncio.sleep(0.2)
        assert not ending.done()
        await session.commit()
    await ending
    assert (await read(database, execution.tenant_id, request.wait_id)).status == "cancelled"


async def test_another_tenant_sees_and_answers_nothing(database: Database, execution: Execution) -> None:
    request = opening(execution, approval_wait())
    await open_wait(database, request)
    async with database.platform() as session:
        theirs = Approvals(session, "tenant_other")
        assert await theirs.get(request.wait_id) is None
        assert await theirs.list(ApprovalFilter(), 10, 0) == ([], 0)
        assert await theirs.open_in(execution.id, 10, 0) == ([], 0)
        assert await theirs.answer(request.wait_id, said("approved"), tell_at=SOON) is None
    stolen = request.model_copy(update={"tenant_id": "tenant_other"})
    assert await close_wait(database, stolen, "cancelled") is None
    with pytest.raises(NotFound):
        await open_wait(database, stolen)
    assert (await read(database, execution.tenant_id, request.wait_id)).status == "waiting"


async def test_a_wait_for_a_signal_is_no_approval(database: Database, execution: Execution) -> None:
    request = opening(execution, signal_wait())
    await open_wait(database, request)
    async with database.platform() as session:
        approvals = Approvals(session, execution.tenant_id)
        assert await approvals.get(request.wait_id) is None
        assert await approvals.answer(request.wait_id, said("approved"), tell_at=SOON) is None
        assert await approvals.list(ApprovalFilter(), 10, 0) == ([], 0)
        [open_], total = await approvals.open_in(execution.id, 10, 0)
    assert (open_.id, open_.kind, total) == (request.wait_id, "signal", 1)


@pytest.mark.parametrize("strange", ["appr_none", "appr_\0", "appr_\ud800", "é", ""])
async def test_what_cannot_be_there_is_not_there(database: Database, tenant: str, strange: str) -> None:
    async with database.platform() as session:
        approvals = Approvals(session, tenant)
        assert await approvals.get(strange) is None
        for chosen in (
            ApprovalFilter(workflow_id=strange),
            ApprovalFilter(execution_id=strange),
            ApprovalFilter(assignee=strange),
        ):
            assert await approvals.list(chosen, 10, 0) == ([], 0)


async def test_approvals_are_filtered_and_paged_newest_first(database: Database, tenant: str) -> None:
    workflow_ids = [await add_workflow(database, tenant, name) for name in ("a", "b")]
    executions = [await add_execution(database, tenant, workflow_id) for workflow_id in workflow_ids]
    requests = [
        opening(
            executions[number % 2],
            approval_wait(str(number), assignees=["ann"] if number < 3 else ["bob", "a%n"]),
            opened_at=NOW + timedelta(minutes=number),
        )
        for number in range(6)
    ]
    for request in requests:
        await open_wait(database, request)
    await answer(database, tenant, requests[1].wait_id, said("approved"))
    await close_wait(database, requests[2], "expired")

    async def titles(limit: int = 10, offset: int = 0, **chosen: Any) -> str:
        async with database.platform() as session:
            rows, total = await Approvals(session, tenant).list(ApprovalFilter(**chosen), limit, offset)
        return f"{''.join(row.title or '' for row in rows)}/{total}"

    assert await titles() == "543210/6"
    assert await titles(limit=2, offset=1) == "43/6"
    assert await titles(limit=2, offset=10) == "/6"
    assert await titles(status="waiting") == "5430/4"
    assert await titles(status="approved") == "1/1"
    assert await titles(status="rejected") == "/0"
    assert await titles(workflow_id=workflow_ids[0]) == "420/3"
    assert await titles(execution_id=executions[1].id) == "531/3"
    assert await titles(assignee="ann") == "210/3"
    assert await titles(assignee="a%n") == "543/3"
    assert await titles(assignee="ann", status="waiting") == "0/1"
    assert await titles(assignee="an") == "/0"


async def test_timestamps_are_those_of_the_run(database: Database, execution: Execution) -> None:
    request = opening(execution, approval_wait(), opened_at=datetime(2036, 1, 1, tzinfo=UTC))
    await open_wait(database, request)
    assert (await read(database, execution.tenant_id, request.wait_id)).opened_at == request.opened_at
