"""API keys: shown once, kept as a hash, valid for one tenant and role until they are revoked."""

import asyncio
import re
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from gorax.store.session import Database
from tests.api.conftest import Production, store
from tests.support.kratos import FakeKratos

KEYS = "/api/v1/api-keys"
WORKFLOWS = "/api/v1/workflows"


async def make(client: httpx.AsyncClient, role: str = "viewer", **fields: Any) -> dict[str, Any]:
    """A new key, with the key itself."""
    response = await client.post(KEYS, json={"name": "import", "role": role, **fields})
    assert response.status_code == 201, response.text
    made: dict[str, Any] = response.json()["data"]
    return made


async def column(database: Database, name: str, key_id: str) -> Any:
    """What the database has of a key."""
    async with database.platform() as session:
        query = text(f"SELECT {name} FROM api_keys WHERE id = :id")
        return (await session.execute(query, {"id": key_id})).scalar_one()


async def test_a_key_is_shown_once_and_kept_as_a_hash(
    production: Production, kratos: FakeKratos, company: str
) -> None:
    ada = kratos.member(**{company: "admin"})
    async with production.client(ada, tenant=company) as client:
        response = await client.post(KEYS, json={"name": "Nightly import", "role": "operator"})
        made = response.json()["data"]
        assert response.headers["cache-control"] == "no-store"
        assert re.fullmatch(r"gx_[A-Za-z0-9_-]{43}", made["key"])
        assert made["prefix"] == made["key"][:11]
        assert (made["name"], made["role"], made["status"]) == ("Nightly import", "operator", "active")
        assert (made["created_by"], made["expires_at"], made["last_used_at"]) == (ada.id, None, None)
        secret = made.pop("key")
        assert (await client.get(response.headers["location"])).json() == {"data": made}
        assert (await client.get(KEYS)).json()["data"] == [made]
    async with store(production.settings) as database:
        assert await column(database, "digest", made["id"]) == sha256(secret.encode()).digest()
        assert secret not in await column(database, "api_keys::text", made["id"])
    assert secret not in production.server.log.read_text()


async def test_a_key_says_who_and_where_by_itself(
    production: Production, kratos: FakeKratos, company: str
) -> None:
    async with production.client(kratos.member(**{company: "admin"}), tenant=company) as client:
        made = await make(client, "editor")
    kratos.requests.clear()
    body = {"name": "w", "definition": {"actions": [{"id": "a", "type": "log", "config": {"message": "x"}}]}}
    async with production.client(key=made["key"]) as machine:
        created = (await machine.post(WORKFLOWS, json=body)).json()["data"]
        assert (created["tenant_id"], created["created_by"]) == (company, made["id"])
        same = {"X-Tenant-ID": company}
        assert (await machine.get(WORKFLOWS, headers=same)).status_code == 200
        other = await machine.get(WORKFLOWS, headers={"X-Tenant-ID": f"{company}_b"})
        assert other.status_code == 403
        assert other.json()["error"] == f"you do not belong to the tenant {company}_b"
        # A page of somebody else's cannot send the header: there is nothing to check.
        assert (
            await machine.post(WORKFLOWS, json=body, headers={"Origin": "https://evil.example"})
        ).is_success
    assert kratos.asked == 0


async def test_a_key_ends(production: Production, kratos: FakeKratos, company: str) -> None:
    async with production.client(kratos.member(**{company: "admin"}), tenant=company) as client:
        soon = datetime.now(UTC) + timedelta(seconds=3)
        expiring = await make(client, expires_at=soon.isoformat())
        revoked = await make(client)
        for made in (expiring, revoked):
            async with production.client(key=made["key"]) as machine:
                assert (await machine.get(WORKFLOWS)).status_code == 200
        for _ in range(2):
            assert (await client.delete(f"{KEYS}/{revoked['id']}")).status_code == 204
        await asyncio.sleep(max(0, (soon - datetime.now(UTC)).total_seconds()) + 0.05)
        for made in (expiring, revoked, {"key": "gx_" + "A" * 43}, {"key": "gx_"}):
            async with production.client(key=made["key"]) as machine:
                refused = await machine.get(WORKFLOWS)
                assert refused.status_code == 401
                assert "API key is not valid" in refused.json()["error"]
        listed = {row["id"]: row["status"] for row in (await client.get(KEYS)).json()["data"]}
        assert listed == {expiring["id"]: "expired", revoked["id"]: "revoked"}
        assert (await client.delete(f"{KEYS}/key_none")).status_code == 404


async def test_its_use_is_written_down_once_a_minute(
    production: Production, kratos: FakeKratos, company: str
) -> None:
    async with (
        production.client(kratos.member(**{company: "admin"}), tenant=company) as client,
        store(production.settings) as database,
    ):
        made = await make(client)
        async with production.client(key=made["key"]) as machine:
            answers = await asyncio.gather(*(machine.get(WORKFLOWS) for _ in range(10)))
            assert {answer.status_code for answer in answers} == {200}
            first = await column(database, "last_used_at", made["id"])
            assert datetime.now(UTC) - first < timedelta(seconds=10)
            await machine.get(WORKFLOWS)
            assert await column(database, "last_used_at", made["id"]) == first
            async with database.platform() as session:
                older = text("UPDATE api_keys SET last_used_at = now() - interval '61 s' WHERE id = :id")
                await session.execute(older, {"id": made["id"]})
                await session.commit()
            await machine.get(WORKFLOWS)
            assert await column(database, "last_used_at", made["id"]) >= first


async def test_a_key_makes_no_keys(production: Production, kratos: FakeKratos, company: str) -> None:
    async with production.client(kratos.member(**{company: "admin"}), tenant=company) as client:
        made = await make(client, "admin")
    async with production.client(key=made["key"]) as machine:
        refused = await machine.post(KEYS, json={"name": "another", "role": "viewer"})
        assert refused.status_code == 403
        assert (await machine.get(KEYS)).json()["total"] == 1


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"role": "root"}, "role: must be one of"),
        ({"role": None}, "role: must be one of"),
        ({"name": ""}, "name: must not be empty"),
        ({"name": "a\nb"}, "name: must not contain line breaks"),
        ({"name": "x" * 256}, "name: must be at most 255"),
        ({"expires_at": "2020-01-01T00:00:00Z"}, "expires_at: must be in the future"),
        ({"expires_at": "2027-01-01"}, "expires_at: must be a time with its zone"),
        ({"key": "gx_mine"}, "key: is unknown"),
    ],
)
async def test_what_a_key_cannot_be(api: httpx.AsyncClient, fields: dict[str, Any], message: str) -> None:
    response = await api.post(KEYS, json={"name": "n", "role": "viewer", **fields})
    assert response.status_code == 400
    assert message in response.json()["error"]


async def test_keys_work_in_development_too(api: httpx.AsyncClient, tenant: str) -> None:
    made = await make(api, "viewer")
    async with httpx.AsyncClient(base_url=api.base_url, trust_env=False) as machine:
        headers = {"Authorization": f"Bearer {made['key']}", "X-User-Role": "admin"}
        assert (await machine.get(WORKFLOWS, headers=headers)).status_code == 200
        assert (await machine.get(KEYS, headers=headers)).status_code == 403
