"""Every route of the API, with every kind of id that another tenant has: nothing is found, told or changed.

The routes come from the OpenAPI document: one that is added is tried too, and one that takes an id of a kind which
is not known here fails the test.
"""

import itertools
import re
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack
from typing import Any, NamedTuple

import httpx
import psycopg
import pytest

from gorax.core.roles import ACCESS, Access, Role
from gorax.settings import Settings
from gorax.store.session import Database
from gorax.store.tenants import Tenants
from tests.api.conftest import Production
from tests.api.test_approvals import waiting
from tests.support.executions import ended
from tests.support.kratos import FakeKratos
from tests.support.processes import Stack

ASKING = {"actions": [{"id": "ask", "type": "approval", "config": {"title": "Go on?"}}]}
NOTING = {"actions": [{"id": "note", "type": "log", "config": {"message": "{{trigger.body.word}}"}}]}

SHARED = {"typeName": "http", "version": "1", "name": "paid"}
"""Parameters of paths that are no ids, such as of what all tenants have, and what they may be."""
NO_IDS = {"user_id", "last_event_id", "tenant_id"}
"""Other parameters and properties that end like ids, and name nothing of a tenant's."""
# What loops write at any time, whoever asks for nothing: when something was last looked at or told.
_BY_LOOPS = re.compile(r"(checked|synced|due|told|last_used)_at|status|steps_\w+|tell\w*|generation")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z")
_LOOPS_OWN = {"execution_changes", "execution_totals"}


class Belongings(NamedTuple):
    """What the victim has: by the name of the parameter or property that takes it, the ids."""

    tenant: str
    ids: Mapping[str, list[str]]


@pytest.fixture
async def victim(stack: Stack, tenant: str) -> AsyncIterator[Belongings]:
    """A tenant that has one of everything, and an execution that waits for an answer."""
    async with stack.client(tenant) as api:

        async def made(path: str, **body: Any) -> dict[str, Any]:
            answer = await api.post(f"/api/v1/{path}", json=body)
            assert answer.is_success, answer.text
            found: dict[str, Any] = answer.json()
            return dict(found.get("data", found))

        credential = await made("credentials", name="mail", type="custom", value={"word": "swordfish"})
        asking = (await made("workflows", name="asks", definition=ASKING))["id"]
        noting = (await made("workflows", name="notes", definition=NOTING))["id"]
        webhook = await made("webhooks", name="w", workflow_id=noting, filter="false")
        event = await made(f"webhooks/{webhook['id']}/test")
        schedule = await made(f"workflows/{noting}/schedules", every="1h", enabled=False)
        key = await made("api-keys", name="k", role="viewer")
        done = (await made(f"workflows/{noting}/execute", word="swordfish"))["execution_id"]
        open_ = (await made(f"workflows/{asking}/execute"))["execution_id"]
        approval = await waiting(api, open_)
        await ended(api, done, 20)
        yield Belongings(
            tenant,
            {
                "workflow": [asking, noting],
                "execution": [open_, done],
                "approval": [approval["id"]],
                "credential": [credential["id"]],
                "webhook": [webhook["id"]],
                "event": [event["event_id"]],
                "schedule": [schedule["id"]],
                "key": [key["id"]],
                "tenant": [tenant],
            },
        )
        await api.post(f"/api/v1/executions/{open_}/cancel")


@pytest.fixture
async def strangers(
    production: Production, kratos: FakeKratos, settings: Settings, tenant: str
) -> AsyncIterator[dict[str, httpx.AsyncClient]]:
    """Clients of everybody in another tenant: people of each role, and a key that is admin there."""
    other = f"{tenant}_b"
    database = Database(settings)
    async with database.platform() as session:
        await Tenants(session).ensure(other)
        await session.commit()
    await database.close()
    async with AsyncExitStack() as clients:
        found = {
            role.value: await clients.enter_async_context(
                production.client(kratos.member(**{other: role.value}), tenant=other)
            )
            for role in Role
        }
        made = await found["admin"].post("/api/v1/api-keys", json={"name": "k", "role": "admin"})
        key = made.json()["data"]["key"]
        found["key"] = await clients.enter_async_context(production.client(key=key))
        yield found


async def test_nothing_of_another_tenant_is_found_or_changed(
    stack: Stack, victim: Belongings, strangers: dict[str, httpx.AsyncClient], settings: Settings
) -> None:
    operations = list(_operations((await strangers["admin"].get("/docs/api/swagger.json")).json()))
    nobody = Belongings("nobody", {kind: [f"{kind}_none_{n}" for n in range(2)] for kind in victim.ids})
    before = _rows(settings, victim.tenant)
    tried = 0
    for operation, (who, client) in itertools.product(operations, strangers.items()):
        needed, role = ACCESS[operation.id].role, Role.admin if who == "key" else Role(who)
        may = needed is not None and role.covers(needed)
        for request, alike in zip(_aimed(operation, victim), _aimed(operation, nobody), strict=False):
            answer = await client.send(client.build_request(**request))
            tried += 1
            where = f"{who}: {operation.id} {request}: {answer.status_code} {answer.text[:300]}"
            assert answer.status_code in ({404, 200} if may else {403}), where
            assert "swordfish" not in answer.text
            if answer.status_code == 200 or who == "admin":
                # Word for word what an id that nobody has gets, so that ids cannot be probed.
                same = await client.send(client.build_request(**alike))
                assert _stripped(answer, victim) == _stripped(same, nobody), where
    assert tried > 250, "the walk has lost its way"
    assert _rows(settings, victim.tenant) == before
    async with stack.client(f"{victim.tenant}_b") as other:
        assert (await other.get("/api/v1/executions")).json()["total"] == 0


async def test_whoever_names_a_tenant_that_is_not_theirs_is_sent_away(
    victim: Belongings, strangers: dict[str, httpx.AsyncClient]
) -> None:
    for who in ("admin", "key"):
        client = strangers[who]
        for operation in _operations((await client.get("/docs/api/swagger.json")).json()):
            if ACCESS[operation.id] is Access.anybody:
                continue
            for aimed in _aimed(operation, victim):
                request = client.build_request(**aimed)
                request.headers["X-Tenant-ID"] = victim.tenant
                answers = [await client.send(request)]
                if "tenant_id" in operation.query:
                    # What a browser cannot send as a header.
                    del request.headers["X-Tenant-ID"]
                    request.url = request.url.copy_add_param("tenant_id", victim.tenant)
                    answers.append(await client.send(request))
                where = f"{who}: {operation.id}: {answers[-1].text[:200]}"
                assert {answer.status_code for answer in answers} == {403}, where


async def test_a_definition_reaches_nothing_of_another_tenant(stack: Stack, victim: Belongings) -> None:
    [workflow, *_], [credential] = victim.ids["workflow"], victim.ids["credential"]
    reaching = [
        _sub_workflow(workflow),
        _sub_workflow("{{trigger.body.workflow}}"),
        _call("{{credentials.mail.word}}"),
        _call(f"{{{{credentials.{credential}.word}}}}"),
    ]
    async with stack.client(f"{victim.tenant}_b") as api:
        begun = [await _begin(api, action, {"workflow": workflow}) for action in reaching]
        errors = [(await ended(api, execution, 20))["error"] for execution in begun]
    assert [error["type"] for error in errors] == ["sub_workflow"] * 2 + ["credential"] * 2
    assert [workflow in error["message"] for error in errors[:2]] == [True, True]
    async with stack.client(victim.tenant) as api:
        assert (await api.get("/api/v1/executions")).json()["total"] == 2
        log = await api.get(f"/api/v1/credentials/{credential}/access-log")
        assert log.json()["total"] == 0


def _sub_workflow(workflow_id: str) -> dict[str, Any]:
    return {"type": "sub_workflow", "config": {"workflow_id": workflow_id}}


def _call(header: str) -> dict[str, Any]:
    return {"type": "http", "config": {"url": "http://127.0.0.1:1/", "headers": {"X-Word": header}}}


async def _begin(api: httpx.AsyncClient, action: dict[str, Any], body: dict[str, Any]) -> str:
    """An execution of a new workflow with this action alone."""
    definition = {"actions": [{"id": "reach", **action}]}
    created = await api.post("/api/v1/workflows", json={"name": "reach", "definition": definition})
    assert created.status_code == 201, created.text
    path = f"/api/v1/workflows/{created.json()['data']['id']}/execute"
    execution_id: str = (await api.post(path, json=body)).json()["data"]["execution_id"]
    return execution_id


class Operation(NamedTuple):
    """One operation of the OpenAPI document."""

    id: str
    method: str
    path: str
    query: list[str]
    """Names of its parameters."""
    body: Any
    """An example."""
    properties: set[str]
    """Names of all that may be in its body."""


def _operations(document: dict[str, Any]) -> Iterator[Operation]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
            examples = [each["value"] for each in content.get("examples", {}).values()]
            yield Operation(
                operation["operationId"],
                method.upper(),
                path,
                [each["name"] for each in operation.get("parameters", []) if each.get("in") == "query"],
                next(iter(examples), content.get("example")),
                set(_properties(content.get("schema"), document, set())),
            )


def _properties(schema: Any, document: dict[str, Any], seen: set[str]) -> Iterator[str]:
    if isinstance(schema, list):
        for each in schema:
            yield from _properties(each, document, seen)
    elif isinstance(schema, dict):
        if (name := schema.get("$ref", "").rpartition("/")[2]) and name not in seen:
            seen.add(name)
            yield from _properties(document["components"]["schemas"][name], document, seen)
        yield from schema.get("properties", {})
        for each in schema.values():
            yield from _properties(each, document, seen)


def _aimed(operation: Operation, victim: Belongings) -> Iterator[dict[str, Any]]:
    """The operation's requests with ids of the victim's, in its path, or in its query or body."""
    if ACCESS[operation.id] is Access.anybody:
        return  # they know no tenants; senders of events prove themselves to each webhook
    request = {"method": operation.method, "url": operation.path, "json": operation.body}
    names = re.findall(r"\{(\w+)\}", operation.path)
    kinds = [
        [(name, id_) for id_ in _of_kind(name, operation, victim)] for name in names if name not in SHARED
    ]
    others = [name for name in (*operation.query, *operation.properties) if _is_id(name)]
    if kinds:
        assert not others, (
            f"{operation.id}: {others} should be tried with an id of the stranger's own in the path"
        )
        for chosen in itertools.product(*kinds):
            values = {**SHARED, **dict(chosen)}
            yield {**request, "url": operation.path.format(**values)}
        return
    for name in filter(_is_id, operation.query):
        for id_ in _of_kind(name, operation, victim):
            yield {**request, "params": {name: id_}}
    for name in filter(_is_id, sorted(operation.properties)):
        ids = _of_kind(name, operation, victim)
        for value in [ids] if name.endswith("s") else ids:
            yield {**request, "json": {**operation.body, name: value}}


def _is_id(name: str) -> bool:
    return name.endswith(("_id", "_ids")) and name not in NO_IDS


def _of_kind(name: str, operation: Operation, victim: Belongings) -> list[str]:
    """The victim's ids that such a parameter takes: `workflowID`, `workflow_id` and `parent_workflow_ids` alike."""
    kind = re.sub(r"(ID|_ids?)$", "", name).rpartition("_")[2]
    assert kind in victim.ids, (
        f"{operation.id}: {name} is an id that this walk does not know: let the victim have one"
    )
    return victim.ids[kind]


def _stripped(answer: httpx.Response, named: Belongings) -> str:
    """What was answered, without the ids that were asked for, and without the time."""
    text = _TIME.sub("", answer.text)
    for id_ in itertools.chain(*named.ids.values()):
        text = text.replace(id_, "")
    return text


def _rows(settings: Settings, tenant: str) -> dict[str, list[Any]]:
    """Everything that the database has of the tenant, but for what loops write meanwhile."""
    with psycopg.connect(settings.database_url.replace("+psycopg", "")) as connection:
        tables = connection.execute(
            "SELECT attrelid::regclass::text FROM pg_attribute JOIN pg_class ON attrelid = pg_class.oid "
            "WHERE attname = 'tenant_id' AND relkind = 'r' AND relnamespace = 'public'::regnamespace"
        ).fetchall()
        found = {}
        for (table,) in tables:
            if table in _LOOPS_OWN:
                continue
            rows = connection.execute(
                f"SELECT to_jsonb(t) FROM {table} AS t WHERE tenant_id = %s ORDER BY t::text", [tenant]
            )
            found[table] = [{k: v for k, v in row.items() if not _BY_LOOPS.fullmatch(k)} for (row,) in rows]
    assert sum(map(len, found.values())) > 15
    return found
