"""What is believed of a request, and of Kratos: by APIs in this process, with settings of their own."""

import asyncio
import gzip
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from ipaddress import ip_network
from typing import Any

import httpx
import pytest

from api.app import create_app
from api.identity import Identity
from api.presented import Presented
from api.schemas.api_keys import CreateApiKey
from api.services import api_keys
from api.services.api_keys import ApiKeyService
from api.services.kratos import Kratos
from api.services.tenants import KnownTenants
from gorax.core.errors import Conflict, GoraxError, Unavailable
from gorax.core.roles import CHANGE_NOTHING, Role, access_to
from gorax.settings import Env, IntakeSettings, KratosSettings, Settings
from gorax.store.session import Database
from gorax.store.tenants import ACTIVE, SUSPENDED, UNLIMITED, Standing, Tenants
from tests.api.conftest import production_settings
from tests.support.kratos import COOKIE, FakeKratos, body
from tests.support.receiver import Reply

WORKFLOWS = "/api/v1/workflows"
HOST = "api.example"

Open = Callable[..., AbstractAsyncContextManager[httpx.AsyncClient]]


@pytest.fixture
def opened(settings: Settings, kratos: FakeKratos) -> Open:
    """Opens an API with these settings, in production unless they say otherwise; a client of it."""

    @asynccontextmanager
    async def open_api(**changes: Any) -> AsyncIterator[httpx.AsyncClient]:
        app = create_app(production_settings(settings, kratos.url).model_copy(update=changes))
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=f"http://{HOST}") as client,
        ):
            yield client

    return open_api


async def test_with_kratos_no_headers_are_believed_in_development_either(
    opened: Open, kratos: FakeKratos, company: str
) -> None:
    ada = kratos.member(**{company: "viewer"})
    believed = {"X-Tenant-ID": company, "X-User-ID": "root", "X-User-Role": "admin"}
    async with opened(env=Env.development) as client:
        assert (await client.get(WORKFLOWS, headers=believed)).status_code == 401
        assert (await client.get("/api/v1/admin/tenants", headers=believed)).status_code == 401
        # Beside a session they count for nothing: the role is what Kratos says.
        answer = await client.post(WORKFLOWS, json={}, headers={**believed, **ada.headers})
        assert answer.json()["error"] == f"this needs the role editor; in {company} you are viewer"


@pytest.mark.parametrize(
    ("public_url", "headers", "status"),
    [
        ("https://api.example", {"Origin": "https://api.example"}, 400),
        # The same host without encryption: whoever is on the way could have written that page.
        ("https://api.example", {"Origin": "http://api.example"}, 403),
        ("https://api.example", {"Origin": "ftp://api.example"}, 403),
        (None, {"Origin": "https://api.example"}, 400),
        (None, {"Origin": "http://api.example"}, 400),
        # The browser sees what we cannot, such as another scheme or port.
        (None, {"Origin": "http://api.example", "Sec-Fetch-Site": "cross-site"}, 403),
        (None, {"Origin": "http://api.example", "Sec-Fetch-Site": "same-origin"}, 400),
        (None, {"Origin": "http://api.example:8080"}, 403),
    ],
)
async def test_a_page_is_of_our_origin_by_its_scheme_too(
    opened: Open,
    kratos: FakeKratos,
    company: str,
    public_url: str | None,
    headers: dict[str, str],
    status: int,
) -> None:
    ada = kratos.member(**{company: "editor"})
    sent = {"X-Tenant-ID": company, "Cookie": f"{COOKIE}={ada.cookie}", **headers}
    async with opened(public_url=public_url) as client:
        answer = await client.post(WORKFLOWS, json={}, headers=sent)
        assert answer.status_code == status, answer.text


async def test_logs_have_the_address_that_trusted_proxies_saw(
    opened: Open, kratos: FakeKratos, company: str
) -> None:
    ada = kratos.member(**{company: "admin"})
    forged, seen, inner = "198.51.100.66", "203.0.113.7", "10.1.2.3"
    proxies = IntakeSettings(trusted_proxies=(ip_network("127.0.0.1/32"), ip_network("10.0.0.0/8")))
    headers = [
        *ada.headers.items(),
        ("X-Tenant-ID", company),
        ("X-Forwarded-For", forged),
        ("X-Forwarded-For", f"{seen}, {inner}"),
    ]
    for settings, expected in (({}, "127.0.0.1"), ({"webhooks": proxies}, seen)):
        async with opened(**settings) as client:
            refused = await client.post(WORKFLOWS, json={}, headers=headers)
            assert refused.status_code == 400
            [entry, *_] = (await client.get("/api/v1/audit-log", headers=headers)).json()["data"]
            assert entry["address"] == expected


async def test_readiness_tells_of_kratos_and_does_not_depend_on_it(opened: Open, kratos: FakeKratos) -> None:
    async with opened() as client:
        ready = await client.get("/ready")
        assert (ready.status_code, ready.json()["checks"]["kratos"]) == (200, "healthy")
        kratos.failure = Reply(status=500)
        ready = await client.get("/ready")
        assert (ready.status_code, ready.json()["status"]) == (200, "degraded")
        assert (
            ready.json()["checks"]["kratos"] == "unhealthy: the identity provider answers 500 instead of 401"
        )
        kratos.failure = Reply(delay=5)
        assert "did not answer" in (await client.get("/ready")).json()["checks"]["kratos"]


@pytest.mark.parametrize(
    "reply",
    [
        # Not Kratos' own word, but perhaps that of a firewall before it.
        Reply(status=403, json={"error": {"id": "security_csrf_violation"}}),
        Reply(status=403, body=b"<html>Forbidden</html>"),
        Reply(status=401 + 6, json={}),
        Reply(status=301, headers={"location": "http://127.0.0.1:1/"}),
        Reply(body=gzip.compress(b" " * 50_000_000), headers={"content-encoding": "gzip"}),
        body({"id": "s", "active": "yes?", "expires_at": "2099-01-01T00:00:00Z", "identity": {"id": "ada"}}),
        body({"id": "s", "active": True, "expires_at": "2099-01-01T00:00:00", "identity": {"id": "ada"}}),
        body({"id": "s", "active": True, "expires_at": "2099-01-01T00:00:00Z", "identity": {"id": "a\nb"}}),
    ],
    ids=["another-403", "html-403", "407", "redirect", "packed", "odd-active", "no-zone", "odd-id"],
)
async def test_an_unclear_answer_of_kratos_opens_nothing(kratos: FakeKratos, reply: Reply) -> None:
    kratos.failure = reply
    sessions = Kratos(KratosSettings(url=kratos.url))
    try:
        with pytest.raises(Unavailable):
            await sessions.caller(Presented("token", "t"))
    finally:
        await sessions.close()


async def test_a_kratos_that_drips_is_not_waited_for() -> None:
    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n")
        while not writer.is_closing():
            writer.write(b" ")
            await asyncio.sleep(0.05)

    async with await asyncio.start_server(drip, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        sessions = Kratos(KratosSettings(url=f"http://127.0.0.1:{port}", timeout=0.3))
        try:
            async with asyncio.timeout(1):
                with pytest.raises(Unavailable):
                    await sessions.caller(Presented("token", "t"))
        finally:
            await sessions.close()


async def test_what_was_read_before_a_change_is_not_believed_after_it(
    database: Database, company: str
) -> None:
    known = KnownTenants(database)
    read = known.reading()
    # Here an answer of the database is on its way, and meanwhile the tenant is suspended by this process.
    async with database.platform() as session:
        await Tenants(session).update(company, status=SUSPENDED)
        await session.commit()
    known.forget(company)
    read(company, Standing(ACTIVE, UNLIMITED))
    with pytest.raises(GoraxError, match="is suspended"):
        await known.check_active(company)
    known.forget(company)
    known.reading()(company, Standing(ACTIVE, UNLIMITED))
    await known.check_active(company)


async def test_keys_made_at_once_stay_within_the_bound(
    database: Database, company: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api_keys, "MAX_KEYS", 3)
    service = ApiKeyService(database, KnownTenants(database))
    ada = Identity(company, "ada", Role.admin, "session")
    made = await asyncio.gather(
        *(service.create(ada, CreateApiKey(name=f"k{n}", role="viewer")) for n in range(12)),
        return_exceptions=True,
    )
    refused = [error for error in made if isinstance(error, BaseException)]
    assert [type(error) for error in refused] == [Conflict] * 9
    assert (await service.page(company, 20, 0))[1] == 3


async def test_in_a_suspended_tenant_nothing_changes_by_any_route(
    opened: Open, kratos: FakeKratos, database: Database, company: str
) -> None:
    async with database.platform() as session:
        await Tenants(session).update(company, status=SUSPENDED)
        await session.commit()
    headers = {**kratos.member(**{company: "admin"}).headers, "X-Tenant-ID": company}
    async with opened() as client:
        paths = (await client.get("/docs/api/swagger.json")).json()["paths"]
        changing = 0
        for path, methods in paths.items():
            for method, operation in methods.items():
                name = operation["operationId"]
                if access_to(name).role is None:
                    continue
                url = path.replace("{", "").replace("}", "")
                answer = await client.request(method, url, headers=headers)
                if method == "get" or name in CHANGE_NOTHING:
                    assert answer.status_code != 403, (name, answer.text)
                else:
                    changing += 1
                    assert answer.status_code == 403, (name, answer.text)
                    assert "is suspended" in answer.json()["error"], name
    assert changing > 30
