"""The table of roles: every route is in it, and nobody passes whom it does not let pass."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from gorax.core.roles import ACCESS, CHANGE_NOTHING, Access, Role, access_to
from tests.api.conftest import Production
from tests.support.kratos import FakeKratos

INVENTED = "none"
"""What nothing has as its id, so that those who pass do no harm."""


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every operation of the document, with its method and path."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


@pytest.fixture
async def document(api: httpx.AsyncClient) -> dict[str, Any]:
    """The document as the API serves it."""
    body: dict[str, Any] = (await api.get("/docs/api/swagger.json")).json()
    return body


def test_roles_cover_those_before_them() -> None:
    assert list(Role) == ["viewer", "operator", "editor", "admin"]
    for index, role in enumerate(Role):
        assert [role.covers(other) for other in Role] == [place <= index for place in range(4)]
    assert access_to("somethingForgotten") is access_to(None) is Access.admin
    assert ACCESS.keys() >= CHANGE_NOTHING


async def test_every_operation_is_in_the_table_and_nothing_else(document: dict[str, Any]) -> None:
    found = {operation["operationId"] for _, _, operation in operations(document)}
    assert found == set(ACCESS), "gorax/core/roles.py says what each operation asks for"
    for method, path, operation in operations(document):
        access = ACCESS[operation["operationId"]]
        public = access is Access.anybody
        assert public is not path.startswith("/api/"), (method, path)
        assert operation.get("x-required-role") == (None if public else access.value)
        assert (access is Access.platform_admin) is path.startswith("/api/v1/admin/")


async def test_everybody_passes_where_the_table_says_and_nowhere_else(
    production: Production, kratos: FakeKratos, company: str, document: dict[str, Any]
) -> None:
    people = {role.value: kratos.member(**{company: role.value}) for role in Role}
    people["platform_admin"] = kratos.login({"platform_admin": True})
    keys: dict[str, str] = {}
    async with production.client(people["admin"], tenant=company) as client:
        for each in Role:
            made = await client.post("/api/v1/api-keys", json={"name": "walk", "role": each})
            keys[each.value] = made.json()["data"]["key"]
    for name in (*people, *(f"key of {role}" for role in keys), "nobody"):
        role = name.removeprefix("key of ")
        key = keys[role] if name.startswith("key") else None
        person = None if key or name == "nobody" else people[role]
        async with production.client(person, tenant=company, key=key) as client:
            for method, path, operation in operations(document):
                needed = ACCESS[operation["operationId"]]
                url = path.replace("{", "").replace("}", INVENTED) if "{" in path else path
                answer = await client.request(method, url)
                where = f"{name}: {method} {url}: {answer.text[:200]}"
                if passes(role, needed):
                    assert answer.status_code not in {401, 403}, where
                elif name == "nobody":
                    assert answer.status_code == 401, where
                else:
                    assert answer.status_code == 403, where
                    assert reason(role, needed, company) in answer.json()["error"], where


def passes(role: str, needed: Access) -> bool:
    """What the table says of somebody with this role."""
    if needed is Access.anybody:
        return True
    if role not in set(Role) or needed.role is None:
        return role == needed.value
    return Role(role).covers(needed.role)


def reason(role: str, needed: Access, tenant: str) -> str:
    """Why they do not pass."""
    if needed is Access.platform_admin:
        return "administrators of the platform"
    if role == "platform_admin":
        return f"you do not belong to the tenant {tenant}"
    return f"this needs the role {needed}; in {tenant} you are {role}"
