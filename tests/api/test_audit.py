"""The audit log: no change without its entry, no refusal either, and nobody takes one away."""

import json
from datetime import UTC, datetime
from typing import Any

import httpx
import psycopg
import pytest
from sqlalchemy.exc import IntegrityError

from gorax.settings import Settings
from gorax.store.audit import Action, AuditFilter, AuditLog, note, whole_log
from gorax.store.paging import PIECE
from gorax.store.session import COMPANION
from gorax.store.tables import ApiKey
from tests.api.conftest import Production, store
from tests.support.executions import WAIT
from tests.support.kratos import FakeKratos

LOG = "/api/v1/audit-log"
WORKFLOWS = "/api/v1/workflows"
WORKFLOW = {
    "name": "w",
    "definition": {"actions": [{"id": "a", "type": "log", "config": {"message": "x"}}]},
}


async def entries(client: httpx.AsyncClient, **query: Any) -> list[dict[str, Any]]:
    """The newest entries first."""
    response = await client.get(LOG, params=query)
    assert response.status_code == 200, response.text
    page: list[dict[str, Any]] = response.json()["data"]
    return page


async def test_every_change_has_one_entry(api: httpx.AsyncClient, tenant: str) -> None:
    created = await api.post(WORKFLOWS, json={"name": "w", "definition": {"actions": [WAIT]}})
    workflow_id = created.json()["data"]["id"]
    executed = await api.post(f"{WORKFLOWS}/{workflow_id}/execute", headers={"X-Request-ID": "mine-1"})
    execution_id = executed.json()["data"]["execution_id"]
    await api.post(f"/api/v1/executions/{execution_id}/cancel")
    await api.post(f"{WORKFLOWS}//{workflow_id}/execute", headers={"Idempotency-Key": "once"})
    await api.post(f"{WORKFLOWS}/{workflow_id}/execute", headers={"Idempotency-Key": "once"})
    await api.post(f"{WORKFLOWS}/{workflow_id}/dry-run", json={})
    await api.get(WORKFLOWS)
    found = await entries(api)
    assert [(entry["operation"], entry["outcome"], entry["status"]) for entry in reversed(found)] == [
        ("createWorkflow", "done", None),
        ("executeWorkflow", "done", None),
        ("cancelExecution", "done", None),
        ("executeWorkflow", "done", None),
        # The second request of its key changed nothing: its entry could wait for the answer.
        ("executeWorkflow", "done", 202),
    ]
    assert found[3] == {
        "id": found[3]["id"],
        "tenant_id": tenant,
        "at": found[3]["at"],
        "operation": "executeWorkflow",
        "path": f"{WORKFLOWS}/{workflow_id}/execute",
        "outcome": "done",
        "status": None,
        "user_id": "user_test",
        "via": "headers",
        "via_id": None,
        "address": "127.0.0.1",
        "request_id": "mine-1",
    }
    assert found[1]["path"] == f"{WORKFLOWS}//{workflow_id}/execute"


async def test_a_change_and_its_entry_are_one_transaction(api: httpx.AsyncClient, settings: Settings) -> None:
    workflow_id = (await api.post(WORKFLOWS, json=WORKFLOW)).json()["data"]["id"]
    key = (await api.post("/api/v1/api-keys", json={"name": "k", "role": "viewer"})).json()["data"]
    await api.delete(f"/api/v1/api-keys/{key['id']}")
    revoked, _, created = await entries(api)
    with psycopg.connect(settings.database_url.replace("+psycopg", "")) as connection:

        def transaction(table: str, row_id: str) -> str:
            query = f"SELECT xmin::text FROM {table} WHERE id = %s"
            [xmin] = connection.execute(query, [row_id]).fetchone() or [""]
            return str(xmin)

        assert transaction("audit_log", created["id"]) == transaction("workflows", workflow_id)
        assert transaction("audit_log", revoked["id"]) == transaction("api_keys", key["id"])


async def test_what_is_refused_has_its_entry_too(
    production: Production, kratos: FakeKratos, company: str
) -> None:
    ada, vic = kratos.member(**{company: "admin"}), kratos.member(**{company: "viewer"})
    stranger = kratos.member(**{f"{company}_b": "admin"})
    async with production.client(ada, tenant=company) as client:
        key = (await client.post("/api/v1/api-keys", json={"name": "k", "role": "editor"})).json()["data"]
        for person in (vic, stranger):
            async with production.client(person, tenant=company) as other:
                assert (await other.post(WORKFLOWS, json=WORKFLOW)).status_code == 403
        async with production.client(key=key["key"]) as machine:
            assert (await machine.post(WORKFLOWS, content=b"{")).status_code == 400
            assert (await machine.delete(f"{WORKFLOWS}/wf_none")).status_code == 404
        found = [
            (entry["operation"], entry["outcome"], entry["status"], entry["via"], entry["via_id"])
            for entry in reversed(await entries(client))
        ]
        assert found == [
            ("createApiKey", "done", None, "session", ada.session_id),
            ("createWorkflow", "refused", 403, "session", vic.session_id),
            ("createWorkflow", "refused", 400, "key", key["id"]),
            ("deleteWorkflow", "refused", 404, "key", key["id"]),
        ]
        # Who is not in the tenant writes nothing into its log, and reads nothing there.
        async with production.client(stranger, tenant=f"{company}_b") as other:
            assert (await other.get(LOG)).status_code == 403
        assert key["key"] not in (await client.get(LOG)).text


async def test_it_is_filtered_and_exported(api: httpx.AsyncClient, tenant: str) -> None:
    for user in ("ann", "bob", "ann"):
        await api.post(WORKFLOWS, json=WORKFLOW, headers={"X-User-ID": user})
    await api.post("/api/v1/api-keys", json={"name": "k", "role": "viewer"})
    assert [entry["user_id"] for entry in await entries(api, user_id="ann")] == ["ann", "ann"]
    assert [entry["operation"] for entry in await entries(api, operation="createApiKey")] == ["createApiKey"]
    assert await entries(api, operation="nothing\u2028") == []
    assert await entries(api, to="2020-01-01") == []
    assert len(await entries(api, **{"from": "2020-01-01", "limit": 2})) == 2
    exported = await api.get(f"{LOG}/export", params={"user_id": "ann"})
    assert exported.headers["content-type"] == "application/x-ndjson"
    lines = [json.loads(line) for line in exported.text.splitlines()]
    assert lines == list(reversed(await entries(api, user_id="ann")))
    assert (await api.get(f"{LOG}/export", params={"to": "2020-01-01"})).text == ""
    assert (await api.get(LOG, params={"tenant_id": "other"})).status_code == 400
    platform = (await api.get("/api/v1/admin/audit-log", params={"tenant_id": tenant, "limit": 100})).json()
    assert platform["data"] == await entries(api)
    whole = await api.get("/api/v1/admin/audit-log/export", params={"tenant_id": tenant})
    assert len(whole.text.splitlines()) == 4


async def test_what_is_done_to_a_tenant_is_in_its_log(api: httpx.AsyncClient, tenant: str) -> None:
    await api.get(WORKFLOWS)
    await api.post(f"/api/v1/admin/tenants/{tenant}/suspend")
    [entry] = await entries(api)
    assert (entry["operation"], entry["outcome"]) == ("suspendTenant", "done")
    viewer = {"X-User-Role": "viewer"}
    assert (await api.delete(f"/api/v1/admin/tenants/{tenant}", headers=viewer)).status_code == 403
    assert len(await entries(api)) == 1
    page = await api.get("/api/v1/admin/audit-log", params={"operation": "deleteTenant", "limit": 100})
    mine = [entry for entry in page.json()["data"] if tenant in entry["path"]]
    assert [(entry["tenant_id"], entry["outcome"], entry["status"]) for entry in mine] == [
        (None, "refused", 403)
    ]


async def test_the_database_refuses_to_change_it(settings: Settings, tenant: str) -> None:
    url = settings.database_url.replace("+psycopg", "")
    async with store(settings) as database, database.platform(autocommit=True) as session:
        await note(session, action(tenant), "done")
    for statement in ("UPDATE audit_log SET user_id = 'x'", "DELETE FROM audit_log", "TRUNCATE audit_log"):
        with (
            psycopg.connect(url) as connection,
            pytest.raises(psycopg.errors.RaiseException, match="only ever"),
        ):
            connection.execute(statement)


def action(tenant: str) -> Action:
    """Somebody's doing."""
    return Action(
        tenant_id=tenant,
        operation="createWorkflow",
        path="/",
        user_id="ann",
        via="headers",
        via_id=None,
        address=None,
        request_id="req_1",
    )


BROKEN: dict[str, Any] = {
    "id": "key_broken",
    "tenant_id": "tenant_never_made",
    "name": "k",
    "role": "viewer",
    "prefix": "gx_",
    "digest": b"broken",
    "created_at": datetime.now(UTC),
    "created_by": "ann",
}
"""A key that no database takes: there is no such tenant."""


class Along:
    """What goes along with a commit, and counts how often."""

    def __init__(self, tenant: str) -> None:
        self._tenant = tenant
        self.committed = False
        self.written = 0

    async def write(self, session: Any) -> None:
        """Add an entry."""
        self.written += 1
        await note(session, action(self._tenant), "done")


async def test_an_entry_shares_the_fate_of_its_change(settings: Settings, tenant: str) -> None:
    async with store(settings) as database:
        along = Along(tenant)
        token = COMPANION.set(along)
        try:
            async with database.platform():
                pass  # nothing is committed, so nothing went along
            assert (along.committed, along.written) == (False, 0)
            async with database.platform() as session:
                session.add(ApiKey(**BROKEN))
                with pytest.raises(IntegrityError):
                    await session.commit()
            assert (along.committed, along.written) == (False, 1)
            async with database.platform() as session:
                await session.commit()
                await session.commit()
            async with database.platform() as session:
                await session.commit()
        finally:
            COMPANION.reset(token)
        assert (along.committed, along.written) == (True, 2)
        async with database.platform() as session:
            rows, total = await AuditLog(session, tenant).list(AuditFilter(), 10, 0)
        assert (len(rows), total) == (1, 1)


async def test_an_export_is_read_in_pieces(settings: Settings, tenant: str) -> None:
    async with store(settings) as database:
        async with database.platform() as session:
            for _ in range(PIECE + 1):
                await note(session, action(tenant), "done")
            await session.commit()
        pieces = [len(piece) async for piece in whole_log(database, tenant, AuditFilter())]
    assert pieces == [PIECE, 1]
