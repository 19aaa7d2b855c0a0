"""The page about identity: its examples work, and what it says of bounds, fields, roles and settings is so."""

import json
import re
from pathlib import Path

import httpx

from api.schemas.audit import AuditView
from api.services.api_keys import KEY_BYTES, MAX_KEYS
from api.services.away import AWAY_SECONDS
from api.services.kratos import REFUSED_SECONDS
from api.services.tenants import BELIEVED_SECONDS
from gorax.core.roles import Role
from gorax.settings import AuditSettings, KratosSettings, Settings
from gorax.store.api_keys import USE_NOTED
from gorax.store.tenants import DEFAULT_QUOTAS
from tests.api.conftest import Production
from tests.docs.fences import fences
from tests.support.kratos import FakeKratos

FILE = Path(__file__).parents[2] / "docs" / "identity.md"
PAGE = FILE.read_text()
EXAMPLE = Path(__file__).parents[2] / ".env.example"


async def test_the_memberships_are_understood(production: Production, kratos: FakeKratos) -> None:
    [metadata] = [fence for fence in fences(FILE, "json") if fence.tested_by]
    public = json.loads(metadata.text)["metadata_public"]
    person, tenants = kratos.login(public), public["tenants"]
    async with production.client(person) as client:
        for tenant in tenants:
            answer = await client.get("/api/v1/workflows", headers={"X-Tenant-ID": tenant})
            # They would be let in, if they had been made.
            assert answer.json()["error"] == f"there is no tenant {tenant}"


async def test_the_requests_are_those_of_the_api(api: httpx.AsyncClient) -> None:
    paths = (await api.get("/docs/api/swagger.json")).json()["paths"]
    known = {
        (method.upper(), re.sub(r"\{\w+\}", "{id}", path))
        for path, methods in paths.items()
        for method in methods
    }
    named = set(re.findall(r"`(GET|POST|PUT|DELETE) (/api/v1/[^`?]+)`", PAGE))
    assert len(named) == 12
    assert named <= known
    assert {path for _, path in known if "/admin/tenants" in path} <= {path for _, path in named}


def test_every_role_quota_and_field_is_there() -> None:
    for name in (*Role, *DEFAULT_QUOTAS):
        assert f"`{name}`" in PAGE
    log = PAGE[PAGE.index("## The audit log") : PAGE.index("## In production")]
    assert set(AuditView.__annotations__) - {"id"} <= set(re.findall(r"`(\w+)`", log))


def test_the_bounds_are_true() -> None:
    kratos = KratosSettings()
    assert f"`GORAX_KRATOS_CACHE_SECONDS` ({kratos.cache_seconds:g})" in PAGE
    assert f"`GORAX_KRATOS_TIMEOUT` ({kratos.timeout:g} s)" in PAGE
    assert kratos.cookie in PAGE
    assert f"`GORAX_AUDIT_RETENTION_DAYS` ({AuditSettings().retention_days})" in PAGE
    assert (REFUSED_SECONDS, AWAY_SECONDS, BELIEVED_SECONDS) == (5, 1, 2)
    assert USE_NOTED.total_seconds() == 60
    assert f"at most {MAX_KEYS:,} valid ones" in PAGE
    assert f"{KEY_BYTES * 8} random bits" in PAGE
    assert Settings().cors_origins == ("*",)
    for setting in set(re.findall(r"GORAX_[A-Z_]+", PAGE)):
        assert f"# {setting}=" in EXAMPLE.read_text()
