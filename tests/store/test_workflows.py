import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.exc import InvalidRequestError

from gorax.store.session import Database
from gorax.store.tables import Workflow, WorkflowVersion
from gorax.store.workflows import Workflows
from tests.store.rows import DEFINITION, add_workflow, create


async def get(database: Database, tenant: str, workflow_id: str) -> Workflow | None:
    async with database.platform() as session:
        return await Workflows(session, tenant).get(workflow_id)


async def update(database: Database, tenant: str, workflow_id: str, **given: Any) -> Workflow | None:
    async with database.platform() as session:
        workflow = await Workflows(session, tenant).update(workflow_id, **{"created_by": "bob", **given})
        await session.commit()
    return workflow


async def version(database: Database, tenant: str, workflow_id: str, number: int) -> WorkflowVersion | None:
    async with database.platform() as session:
        return await Workflows(session, tenant).version(workflow_id, number)


async def versions(database: Database, tenant: str, workflow_id: str) -> list[WorkflowVersion]:
    async with database.platform() as session:
        return (await Workflows(session, tenant).versions(workflow_id, 100, 0))[0]


async def test_create_keeps_version_1(database: Database, tenant: str, workflow_id: str) -> None:
    workflow = await get(database, tenant, workflow_id)
    first = await version(database, tenant, workflow_id, 1)
    assert workflow is not None
    assert first is not None
    assert (workflow.version, workflow.tenant_id, workflow.definition) == (1, tenant, DEFINITION)
    assert (first.name, first.description, first.enabled) == ("Orders", "What comes in", True)
    assert (first.definition, first.created_by, first.restored_from) == (DEFINITION, "ann", None)
    assert first.created_at == workflow.created_at == workflow.updated_at
    assert workflow.created_at.utcoffset() == timedelta(0)


async def test_a_definition_comes_back_as_it_was_written(database: Database, tenant: str) -> None:
    await add_workflow(database, tenant)
    written = {"zebra": 1, "apple": {"b": [1.50, 2**63 - 1, -(2**63), None], "a": "häß\u2028 𝄞 \\u0000 \0"}}
    async with database.platform() as session:
        made = await create(Workflows(session, tenant), definition=written)
        await session.commit()
    workflow = await get(database, tenant, made.id)
    assert workflow is not None
    assert workflow.definition == written
    assert list(workflow.definition) == ["zebra", "apple"]


async def test_without_a_commit_nothing_is_there(database: Database, tenant: str) -> None:
    await add_workflow(database, tenant)
    async with database.platform() as session:
        made = await create(Workflows(session, tenant))
    assert await get(database, tenant, made.id) is None


async def test_update_changes_what_is_given_and_keeps_the_rest(
    database: Database, tenant: str, workflow_id: str
) -> None:
    before = await get(database, tenant, workflow_id)
    after = await update(database, tenant, workflow_id, enabled=False, description="", changes="paused")
    assert before is not None
    assert after is not None
    assert (after.name, after.definition, after.created_by) == ("Orders", DEFINITION, "ann")
    assert (after.enabled, after.description, after.version, after.updated_by) == (False, "", 2, "bob")
    assert (after.created_at, after.updated_at > before.updated_at) == (before.created_at, True)
    second = await version(database, tenant, workflow_id, 2)
    assert second is not None
    assert (second.enabled, second.definition, second.changes) == (False, DEFINITION, "paused")
    assert (second.created_by, second.created_at) == ("bob", after.updated_at)


async def test_an_update_without_a_change_is_a_version_too(
    database: Database, tenant: str, workflow_id: str
) -> None:
    await update(database, tenant, workflow_id)
    assert [row.version for row in await versions(database, tenant, workflow_id)] == [2, 1]


async def test_a_restored_version_says_where_it_comes_from(
    database: Database, tenant: str, workflow_id: str
) -> None:
    await update(database, tenant, workflow_id, definition={"actions": []})
    await update(database, tenant, workflow_id, definition=DEFINITION, restored_from=1)
    third, second, first = await versions(database, tenant, workflow_id)
    assert (third.restored_from, second.restored_from, first.restored_from) == (1, None, None)
    # What a version says is never changed by later ones.
    old = await version(database, tenant, workflow_id, 2)
    assert old is not None
    assert old.definition == {"actions": []}


async def test_concurrent_updates_leave_no_gap_and_lose_nothing(
    database: Database, tenant: str, workflow_id: str
) -> None:
    updates = (update(database, tenant, workflow_id, name=f"name {n}", changes=str(n)) for n in range(20))
    results = await asyncio.gather(*updates)
    rows = (await versions(database, tenant, workflow_id))[::-1]
    assert [row.version for row in rows] == list(range(1, 22))
    assert {row.changes for row in rows[1:]} == {str(n) for n in range(20)}
    assert all(row.name == f"name {row.changes}" for row in rows[1:])
    assert sorted(row.version for row in results if row) == list(range(2, 22))
    assert [row.created_at for row in rows] == sorted(row.created_at for row in rows)
    workflow = await get(database, tenant, workflow_id)
    assert workflow is not None
    assert (workflow.version, workflow.name) == (21, rows[-1].name)


async def test_list_is_newest_first_with_its_total(database: Database, tenant: str) -> None:
    ids = [await add_workflow(database, tenant) for _ in range(5)]
    async with database.platform() as session:
        workflows = Workflows(session, tenant)
        pages = [await workflows.list(2, offset) for offset in (0, 2, 4, 6, 2**40)]
        everything = await workflows.list(100, 0)
    assert [[row.id for row in rows] for rows, _ in pages] == [ids[:2:-1], ids[2:0:-1], ids[:1], [], []]
    assert [total for _, total in pages] == [5] * 5
    assert ([row.id for row in everything[0]], everything[1]) == (ids[::-1], 5)


async def test_workflows_of_one_moment_are_listed_in_a_stable_order(database: Database, tenant: str) -> None:
    await add_workflow(database, tenant)
    async with database.platform() as session:  # one transaction, one time
        made = [(await create(Workflows(session, tenant))).id for _ in range(5)]
        await session.commit()
    async with database.platform() as session:
        listed = [(await Workflows(session, tenant).list(1, n))[0][0].id for n in range(5)]
    assert listed == made[::-1]


async def test_versions_are_paged_without_their_definitions(
    database: Database, tenant: str, workflow_id: str
) -> None:
    for _ in range(3):
        await update(database, tenant, workflow_id)
    async with database.platform() as session:
        rows, total = await Workflows(session, tenant).versions(workflow_id, 2, 1)
        assert ([row.version for row in rows], total) == ([3, 2], 4)
        with pytest.raises(InvalidRequestError, match="definition"):
            _ = rows[0].definition


async def test_a_deleted_workflow_is_gone(database: Database, tenant: str, workflow_id: str) -> None:
    kept = await add_workflow(database, tenant)
    async with database.platform() as session:
        assert await Workflows(session, tenant).delete(workflow_id, "ann")
        await session.commit()
    assert await get(database, tenant, workflow_id) is None
    assert await update(database, tenant, workflow_id, name="again") is None
    assert await versions(database, tenant, workflow_id) == []
    assert await version(database, tenant, workflow_id, 1) is None
    async with database.platform() as session:
        assert not await Workflows(session, tenant).delete(workflow_id, "ann")
        rows, total = await Workflows(session, tenant).list(10, 0)
    assert ([row.id for row in rows], total) == ([kept], 1)


async def test_what_executions_ran_outlives_the_workflow(
    database: Database, tenant: str, workflow_id: str
) -> None:
    await update(database, tenant, workflow_id, definition={"actions": []})
    async with database.platform() as session:
        await Workflows(session, tenant).delete(workflow_id, "ann")
        await session.commit()
    async with database.platform() as session:
        workflows = Workflows(session, tenant)
        assert await workflows.definition(workflow_id, 1) == DEFINITION
        assert await workflows.definition(workflow_id, 2) == {"actions": []}
        for missing in (0, 3, 2**40):
            assert await workflows.definition(workflow_id, missing) is None
        assert await workflows.definition("wf_\0", 1) is None
        assert await Workflows(session, f"{tenant}_other").definition(workflow_id, 1) is None


async def test_delete_many_says_which_were_there(database: Database, tenant: str) -> None:
    ids = [await add_workflow(database, tenant) for _ in range(3)]
    foreign = await add_workflow(database, f"{tenant}_other")
    async with database.platform() as session:
        workflows = Workflows(session, tenant)
        await workflows.delete(ids[2], "ann")
        gone = await workflows.delete_many([*ids, foreign, "wf_none", "wf\0", ids[0]], "ann")
        assert await workflows.delete_many([], "ann") == set()
        await session.commit()
    assert gone == {ids[0], ids[1]}
    assert await get(database, f"{tenant}_other", foreign) is not None


async def test_another_tenants_workflow_is_not_there(
    database: Database, tenant: str, workflow_id: str
) -> None:
    other = f"{tenant}_other"
    await add_workflow(database, other)
    assert await get(database, other, workflow_id) is None
    assert await update(database, other, workflow_id, name="mine") is None
    assert await versions(database, other, workflow_id) == []
    assert await version(database, other, workflow_id, 1) is None
    async with database.platform() as session:
        assert not await Workflows(session, other).delete(workflow_id, "eve")
        rows, total = await Workflows(session, other).list(10, 0)
        await session.commit()
    assert (total, workflow_id in {row.id for row in rows}) == (1, False)
    untouched = await get(database, tenant, workflow_id)
    assert untouched is not None
    assert (untouched.name, untouched.version) == ("Orders", 1)


@pytest.mark.parametrize("strange", ["", "wf_\0", "\ud800", "wf_' OR 1=1 --", "x" * 100_000, "wf_é"])
async def test_strange_ids_address_nothing(database: Database, tenant: str, strange: str) -> None:
    assert await get(database, tenant, strange) is None
    assert await update(database, tenant, strange, name="n") is None
    assert await versions(database, tenant, strange) == []
    assert await version(database, tenant, strange, 1) is None


@pytest.mark.parametrize("number", [0, -1, 2, 2**31, 2**63, 10**30])
async def test_strange_version_numbers_address_nothing(
    database: Database, tenant: str, workflow_id: str, number: int
) -> None:
    assert await version(database, tenant, workflow_id, number) is None
