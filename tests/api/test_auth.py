"""Sessions: who is let in by Kratos' word, into which tenant, and what happens when Kratos does not say."""

import asyncio
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from api.errors import Unauthenticated
from api.presented import Presented
from api.services.kratos import Kratos
from gorax.core.roles import Role
from gorax.settings import KratosSettings
from tests.api.conftest import CACHE_SECONDS, ORIGIN, TIMEOUT_SECONDS, Production
from tests.support.kratos import UNAUTHORIZED, FakeKratos, body
from tests.support.receiver import Reply

WORKFLOWS = "/api/v1/workflows"
WORKFLOW = {
    "name": "w",
    "definition": {"actions": [{"id": "a", "type": "log", "config": {"message": "x"}}]},
}


async def refused(response: httpx.Response, status: int) -> str:
    """The message of a refusal."""
    assert response.status_code == status, response.text
    message: str = response.json()["error"]
    return message


async def test_a_session_is_shown_by_token_bearer_or_cookie(
    production: Production, kratos: FakeKratos, company: str
) -> None:
    ada = kratos.member(**{company: "editor"})
    tenant = {"X-Tenant-ID": company}
    async with production.client() as client:
        for headers in (
            {"X-Session-Token": ada.token},
            {"Authorization": f"Bearer {ada.token}"},
            {"authorization": f"bearer   {ada.token}"},
            {"Cookie": f"theme=dark; ory_kratos_session={ada.cookie}; a=b"},
        ):
            response = await client.get(WORKFLOWS, headers={**tenant, **headers})
            assert response.status_code == 200, (headers, response.text)
        created = await client.post(WORKFLOWS, json=WORKFLOW, headers={**tenant, **ada.headers})
        assert created.json()["data"]["created_by"] == ada.id
    # Nothing but its own cookie goes to Kratos.
    cookies = [request.headers["cookie"] for request in kratos.requests if "cookie" in request.headers]
    assert cookies == [f"ory_kratos_session={ada.cookie}"]


async def test_nobody_is_let_in_without_a_session(
    production: Production, kratos: FakeKratos, company: str
) -> None:
    ada = kratos.member(**{company: "admin"})
    cases: list[tuple[dict[str, str], int, str]] = [
        ({}, 401, "authentication required"),
        ({"X-User-ID": "ada", "X-User-Role": "admin"}, 401, "authentication required"),
        ({"X-Session-Token": "invented"}, 401, "log in again"),
        ({"Authorization": "Bearer invented"}, 401, "log in again"),
        ({"Authorization": "Basic YWRhOmFkYQ=="}, 401, "must be Bearer"),
        ({"Authorization": "Bearer"}, 401, "must be Bearer"),
        ({"Authorization": f"Bearer {'x' * 4097}"}, 401, "not what a session"),
        ({"Cookie": "ory_kratos_session="}, 401, "authentication required"),
        ({"Cookie": f"other={ada.cookie}"}, 401, "authentication required"),
        ({"X-Session-Token": ada.token, "Authorization": "Bearer x"}, 400, "send one of"),
    ]
    async with production.client(tenant=company) as client:
        for headers, status, message in cases:
            response = await client.get(WORKFLOWS, headers=headers)
            assert message in await refused(response, status), headers
            if status == 401:
                assert response.headers["www-authenticate"] == "Bearer"


async def test_membership_and_role_are_what_administrators_of_kratos_wrote(
    production: Production, kratos: FakeKratos, company: str
) -> None:
    traits = {"tenants": {company: "admin"}, "platform_admin": True}
    for metadata in (
        None,
        {},
        [company],
        {"tenants": [company]},
        {"tenants": company},
        {"tenants": {company: "owner"}},
        {"tenants": {company: None}},
        {"tenants": {company: ["admin"]}},
        {"tenants": {company.upper(): "admin"}},
        {"tenants": {f"{company}_b": "admin"}},
    ):
        eve = kratos.login(metadata, traits=traits)
        async with production.client(eve, tenant=company) as client:
            message = await refused(await client.get(WORKFLOWS), 403)
            assert message == f"you do not belong to the tenant {company}", metadata
            assert "administrators" in await refused(await client.get("/api/v1/admin/tenants"), 403)
    viewer = kratos.member(**{company: "viewer"})
    async with production.client(viewer, tenant=company) as client:
        message = await refused(await client.post(WORKFLOWS, json=WORKFLOW), 403)
        assert message == f"this needs the role editor; in {company} you are viewer"
        # Who may not ask is told so before what they sent is looked at.
        assert (await client.post(WORKFLOWS, content=b"{")).status_code == 403


async def test_the_tenant_must_be_named_and_be_there(
    production: Production, kratos: FakeKratos, company: str
) -> None:
    ada = kratos.member(**{company: "admin", "tenant_never_made": "admin"})
    async with production.client(ada) as client:
        assert "X-Tenant-ID: is required" in await refused(await client.get(WORKFLOWS), 400)
        for name, status in (("a:b", 400), ("tenant_never_made", 403), (f"{company}_b", 403)):
            response = await client.get(WORKFLOWS, headers={"X-Tenant-ID": name})
            assert response.status_code == status, response.text
        twice = await client.get(WORKFLOWS, headers=[("X-Tenant-ID", company), ("X-Tenant-ID", "b")])
        assert "must be sent once" in await refused(twice, 400)


@pytest.mark.parametrize(
    ("more", "status", "message"),
    [
        ({"active": False}, 401, "log in again"),
        ({"state": "inactive"}, 401, "log in again"),
        ({"expires_at": datetime.now(UTC) - timedelta(minutes=1)}, 401, "log in again"),
        ({"second_factor_missing": True}, 403, "second factor"),
        ({"id": ""}, 503, "is not a session"),
        ({"id": "x" * 256}, 503, "is not a session"),
    ],
)
async def test_a_session_that_is_over_lets_nobody_in(
    production: Production, kratos: FakeKratos, company: str, more: dict[str, Any], status: int, message: str
) -> None:
    ada = kratos.login({"tenants": {company: "admin"}}, **more)
    async with production.client(ada, tenant=company) as client:
        assert message in await refused(await client.get(WORKFLOWS), status)


async def test_a_session_is_believed_for_a_while_and_no_longer(
    production: Production, kratos: FakeKratos, company: str
) -> None:
    ada = kratos.member(**{company: "editor"})
    async with production.client(ada, tenant=company) as client:
        for _ in range(5):
            assert (await client.get(WORKFLOWS)).status_code == 200
        assert kratos.asked == 1
        ada.metadata["tenants"][company] = "viewer"
        assert (await client.post(WORKFLOWS, json=WORKFLOW)).status_code == 201
        await asyncio.sleep(CACHE_SECONDS + 0.1)
        assert (await client.post(WORKFLOWS, json=WORKFLOW)).status_code == 403
        kratos.logout(ada)
        await asyncio.sleep(CACHE_SECONDS + 0.1)
        for _ in range(5):
            assert (await client.get(WORKFLOWS)).status_code == 401
        # Three times for the one session: it was asked anew twice, and its end is remembered too.
        assert kratos.asked == 3


async def test_a_session_is_not_believed_beyond_its_end(kratos: FakeKratos) -> None:
    # Its last second has digits that are cut off here: it ends 0.12 s into it.
    end = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=2)
    ada = kratos.login({"tenants": {"acme": "editor"}}, expires_at=end)
    sessions = Kratos(KratosSettings(url=f"{kratos.url}/", cache_seconds=300))
    try:
        shown = Presented("token", ada.token)
        for _ in range(3):
            caller = await sessions.caller(shown)
            assert (caller.user_id, caller.tenants) == (ada.id, {"acme": Role.editor})
        assert kratos.asked == 1
        await asyncio.sleep((end - datetime.now(UTC)).total_seconds() + 0.2)
        with pytest.raises(Unauthenticated, match="log in again"):
            await sessions.caller(shown)
    finally:
        await sessions.close()


async def test_requests_of_a_session_at_once_ask_once(
    production: Production, kratos: FakeKratos, company: str
) -> None:
    ada, eve = kratos.member(**{company: "viewer"}), kratos.login({})
    kratos.gate = asyncio.Event()
    async with production.client(ada, tenant=company) as client, production.client(eve) as other:
        first = asyncio.create_task(client.get(WORKFLOWS))
        await kratos.wait_for(1)
        later = [asyncio.create_task(client.get(WORKFLOWS)) for _ in range(20)]
        strangers = [asyncio.create_task(other.get("/api/v1/admin/tenants")) for _ in range(20)]
        await kratos.wait_for(2)
        # The one that asked goes away: the others get its answer.
        first.cancel()
        await asyncio.sleep(0.05)
        kratos.gate.set()
        assert {response.status_code for response in await asyncio.gather(*later)} == {200}
        assert {response.status_code for response in await asyncio.gather(*strangers)} == {403}
    assert kratos.asked == 2


@pytest.mark.parametrize(
    ("failure", "message"),
    [
        (Reply(drop=True), "does not answer"),
        (Reply(delay=TIMEOUT_SECONDS * 2), "does not answer"),
        (Reply(body=b"x" * 100, cut=10), "does not answer"),
        (Reply(status=500, json={"error": {"code": 500}}), "answers 500"),
        (Reply(status=502, body=b"<html>"), "answers 502"),
        (Reply(status=404, json={}), "answers 404"),
        (Reply(status=429, json={}), "answers 429"),
        (Reply(status=302, headers={"location": "/elsewhere"}), "answers 302"),
        (Reply(status=204), "answers 204"),
        (body(b""), "is not a session"),
        (body(b"\xff{"), "is not a session"),
        (body([]), "is not a session"),
        (body({}), "is not a session"),
        (
            body(
                {
                    "id": "s",
                    "active": "true",
                    "expires_at": "2099-01-01T00:00:00Z",
                    "identity": {"id": "ada"},
                }
            ),
            "is not a session",
        ),
        (Reply(status=401, body=b"nope"), "answers 401"),
        (Reply(status=401, json={"error": "who are you?"}), "answers 401"),
        (body({"id": "s", "active": True, "expires_at": "2099-01-01T00:00:00Z"}), "is not a session"),
        (
            body({"id": "s", "active": True, "expires_at": "soon", "identity": {"id": "ada"}}),
            "is not a session",
        ),
        (
            body({"id": "s", "expires_at": "2099-01-01T00:00:00Z", "identity": {"id": "ada"}}),
            "is not a session",
        ),
        (body(b"[" * 2_000_000), "is too long"),
    ],
)
async def test_when_kratos_does_not_say_nobody_new_gets_in(
    production: Production, kratos: FakeKratos, company: str, failure: Reply, message: str
) -> None:
    known, unknown = kratos.member(**{company: "viewer"}), kratos.member(**{company: "viewer"})
    async with (
        production.client(known, tenant=company) as inside,
        production.client(unknown, tenant=company) as outside,
    ):
        await let_in(inside)
        kratos.failure = failure
        began = time.perf_counter()
        response = await outside.get(WORKFLOWS)
        assert time.perf_counter() - began < TIMEOUT_SECONDS + 1
        assert message in await refused(response, 503)
        assert response.headers["retry-after"] == "1"
        assert (await inside.get(WORKFLOWS)).status_code == 200
        assert (await outside.get("/health")).status_code == 200
        # A failure is no answer: it is not remembered as one.
        kratos.failure = None
        await let_in(outside)


async def let_in(client: httpx.AsyncClient) -> None:
    """Wait until Kratos is asked again after a failure, and the client is let in."""
    async with asyncio.timeout(10):
        while (await client.get(WORKFLOWS)).status_code != 200:
            await asyncio.sleep(0.1)


async def test_a_kratos_that_hangs_holds_up_few(
    production: Production, kratos: FakeKratos, company: str
) -> None:
    people = [kratos.member(**{company: "viewer"}) for _ in range(20)]
    async with production.client(tenant=company) as client:
        kratos.failure = Reply(delay=2 * TIMEOUT_SECONDS)
        assert (await client.get(WORKFLOWS, headers=people[0].headers)).status_code == 503
        began = time.perf_counter()
        answers = await asyncio.gather(
            *(client.get(WORKFLOWS, headers=person.headers) for person in people[1:])
        )
        assert {answer.status_code for answer in answers} == {503}
        assert time.perf_counter() - began < TIMEOUT_SECONDS
        assert kratos.asked == 1
    kratos.failure = None
    async with production.client(people[0], tenant=company) as client:
        await let_in(client)


async def test_many_unknown_sessions_are_no_sign_that_kratos_is_away(
    production: Production, kratos: FakeKratos, company: str
) -> None:
    """Each answer takes half as long as is waited for: of so many at once, some do not get their turn."""
    honest = kratos.member(**{company: "viewer"})
    kratos.failure = Reply(status=401, json=UNAUTHORIZED, delay=0.5 * TIMEOUT_SECONDS)
    async with production.client(tenant=company) as client:
        answers = await asyncio.gather(
            *(client.get(WORKFLOWS, headers={"X-Session-Token": f"invented_{n}"}) for n in range(60))
        )
        told = Counter(answer.json()["error"].partition(";")[0] for answer in answers)
        assert told.pop("the identity provider is busy") > 0
        assert not [message for message in told if "does not answer" in message]
        kratos.failure = None
        assert (await client.get(WORKFLOWS, headers=honest.headers)).status_code == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": ORIGIN}, 201),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": f"{ORIGIN}.evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://[broken"}, 403),
        ({"Origin": "https://evil.example", "Sec-Fetch-Site": "same-origin"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "same-origin"}, 201),
        ({"Origin": "{own}"}, 201),
        # No browser sends neither: this cookie was put there by hand.
        ({}, 201),
    ],
)
async def test_a_cookie_changes_things_for_our_own_pages_alone(
    production: Production, kratos: FakeKratos, company: str, headers: dict[str, str], status: int
) -> None:
    ada = kratos.member(**{company: "editor"})
    headers = {name: value.replace("{own}", production.url) for name, value in headers.items()}
    async with production.client(tenant=company) as client:
        cookie = {"Cookie": f"ory_kratos_session={ada.cookie}"}
        response = await client.post(WORKFLOWS, json=WORKFLOW, headers={**headers, **cookie})
        assert response.status_code == status, response.text
        # Reading is for CORS to forbid, and a header is nothing that a browser sends on its own.
        assert (await client.get(WORKFLOWS, headers={**headers, **cookie})).status_code == 200
        token = await client.post(WORKFLOWS, json=WORKFLOW, headers={**headers, **ada.headers})
        assert token.status_code == 201
