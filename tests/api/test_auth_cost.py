"""What it costs to know who is asking: nothing with a session that is known, one look into an index with a key."""

from collections.abc import AsyncIterator
from contextvars import ContextVar
from typing import Any

import httpx
import pytest
from sqlalchemy import event

from api.app import create_app
from api.dependencies import Services
from gorax.settings import Settings
from tests.api.conftest import production_settings
from tests.support.kratos import FakeKratos

WORKFLOWS = "/api/v1/workflows"
WORKFLOW = {
    "name": "w",
    "definition": {"actions": [{"id": "a", "type": "log", "config": {"message": "x"}}]},
}

# The API's loops ask the database too; only what is asked on behalf of a request counts.
_statements: ContextVar[list[str] | None] = ContextVar("statements", default=None)


@pytest.fixture
async def client(settings: Settings, kratos: FakeKratos) -> AsyncIterator[httpx.AsyncClient]:
    """A client of an API in this process, whose statements are seen."""
    app = create_app(production_settings(settings, kratos.url))
    async with app.router.lifespan_context(app):
        services: Services = app.state.services

        def count(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
            if (seen := _statements.get()) is not None:
                seen.append(statement)

        event.listen(services.database._engine.sync_engine, "before_cursor_execute", count)
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://api") as client:
            yield client


async def statements(client: httpx.AsyncClient, method: str, status: int, **more: Any) -> list[str]:
    """What a request asks the database."""
    seen: list[str] = []
    token = _statements.set(seen)
    try:
        response = await client.request(method, WORKFLOWS, **more)
    finally:
        _statements.reset(token)
    assert response.status_code == status, response.text
    return seen


async def test_nothing_is_asked_for_a_known_session_and_one_thing_for_a_key(
    client: httpx.AsyncClient, kratos: FakeKratos, company: str
) -> None:
    session = {**kratos.member(**{company: "admin"}).headers, "X-Tenant-ID": company}
    made = await client.post("/api/v1/api-keys", json={"name": "k", "role": "editor"}, headers=session)
    key = {"Authorization": f"Bearer {made.json()['data']['key']}"}
    await client.get(WORKFLOWS, headers=key)  # notes that it is used
    [listing] = await statements(client, "GET", 200, headers=session)
    looked_up, listed = await statements(client, "GET", 200, headers=key)
    assert listing == listed
    assert "FROM workflows" in listing
    assert "FROM api_keys JOIN tenants" in looked_up
    # A change brings its entry in the audit log, in its own transaction; a refusal brings that alone.
    changes = await statements(client, "POST", 201, json=WORKFLOW, headers=session)
    assert sum("INTO audit_log" in statement for statement in changes) == 1
    refused = await statements(client, "POST", 400, json={}, headers=session)
    assert ["INTO audit_log" in statement for statement in refused] == [True]
