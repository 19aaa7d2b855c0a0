"""Who may open a stream, and for how long; and what becomes of streams when parts are away or the API stops."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.exceptions import InvalidStatus

from dev.guard import Guard
from dev.temporal import Temporal
from gorax.settings import Settings, StreamSettings, TemporalSettings
from tests.api.conftest import ORIGIN, Production, production_settings
from tests.support.executions import begin, is_waiting
from tests.support.kratos import FakeKratos, Person
from tests.support.processes import Stack
from tests.support.relay import Relay
from tests.support.sockets import refusal, sent_events, socket

MOST = 4
"""Streams that a tenant may have open."""


class Watched(Production):
    """An API in production that looks often whether who listens still may, on a wire to Temporal."""

    def __init__(self, settings: Settings, directory: Path, guard: Guard, relay: Relay) -> None:
        super().__init__(settings, directory, guard)
        self.relay = relay


@pytest.fixture(scope="module")
async def watched(
    settings: Settings,
    session_kratos: FakeKratos,
    temporal: Temporal,
    tmp_path_factory: pytest.TempPathFactory,
    guard: Guard,
) -> AsyncIterator[Watched]:
    """One for all tests of this file."""
    host, _, port = temporal.address.rpartition(":")
    async with Relay(host, int(port)) as relay:
        own = production_settings(settings, session_kratos.url).model_copy(
            update={
                "temporal": TemporalSettings(address=f"127.0.0.1:{relay.port}"),
                "streams": StreamSettings(heartbeat_seconds=1, recheck_seconds=1, max_per_tenant=MOST),
            }
        )
        running = await asyncio.to_thread(Watched, own, tmp_path_factory.mktemp("watched"), guard, relay)
        yield running
        await asyncio.to_thread(running.server.stop)


@pytest.fixture
def person(kratos: FakeKratos, company: str) -> Person:
    """Somebody who may read the test's own tenant."""
    return kratos.member(**{company: "viewer"})


@pytest.fixture
def cookie(person: Person) -> dict[str, str]:
    """What a browser of theirs sends."""
    return {"Cookie": "; ".join(f"{name}={value}" for name, value in person.cookies.items())}


async def ticket(client: httpx.AsyncClient) -> str:
    """A new ticket."""
    answer = await client.post("/api/v1/ws/ticket")
    assert answer.status_code == 201, answer.text
    assert answer.headers["cache-control"] == "no-store"
    text: str = answer.json()["data"]["ticket"]
    return text


async def test_a_browser_shows_its_cookie_on_a_page_of_ours(
    watched: Watched, company: str, cookie: dict[str, str]
) -> None:
    async with socket(watched.url, "executions", cookie, origin=ORIGIN, tenant_id=company) as opened:
        assert (await opened.next())["event"] == "snapshot"
    refused = await refusal(
        watched.url, "executions", {**cookie, "Origin": "https://evil.example"}, tenant_id=company
    )
    assert refused[0] == 4403
    assert "Origin" in refused[1]
    refused = await refusal(watched.url, "executions", cookie)
    assert refused[0] == 4400
    refused = await refusal(watched.url, "executions", cookie, tenant_id="tenant_of_others")
    assert refused == (4403, "you do not belong to the tenant tenant_of_others")


async def test_nobody_is_who_the_address_says_in_production(watched: Watched, company: str) -> None:
    refused = await refusal(watched.url, "executions", tenant_id=company, user_id="admin")
    assert refused[0] == 4401


async def test_in_development_the_address_is_believed(stack: Stack, tenant: str) -> None:
    async with socket(stack.url, "executions", tenant_id=tenant, user_id="somebody") as opened:
        assert (await opened.next())["event"] == "snapshot"
    assert (await refusal(stack.url, "executions", tenant_id="a/b"))[0] == 4400
    code, reason = await refusal(stack.url, "executions")
    assert (code, "or the parameter tenant_id" in reason) == (4401, True)


async def test_a_ticket_opens_one_stream(watched: Watched, company: str, person: Person) -> None:
    async with watched.client(person, tenant=company) as client:
        text = await ticket(client)
        async with socket(watched.url, "executions", ticket=text) as opened:
            assert (await opened.next())["event"] == "snapshot"
        again = await refusal(watched.url, "executions", ticket=text)
        assert again[0] == 4401
        assert "one stream" in again[1]
        other = await ticket(client)
        assert text[:40] not in other
    for broken in (other[:-9] + "AAAAAAAAA", other.replace(".", "x"), "x", "é", f"{other[5:]}"):
        assert (await refusal(watched.url, "executions", ticket=broken))[0] in {4400, 4401}
    log = watched.server.log.read_text()
    assert text not in log
    assert "ticket=" not in log


async def test_of_many_who_use_a_ticket_at_once_one_gets_in(
    watched: Watched, production: Production, company: str, person: Person
) -> None:
    async with watched.client(person, tenant=company) as client:
        text = await ticket(client)

    async def try_it(url: str) -> int | None:
        async with socket(url, "executions", ticket=text) as opened:
            try:
                await opened.next()
            except Exception:
                return opened.connection.close_code
        return None

    # Any process takes a ticket of another's: here two, on one database.
    outcomes = await asyncio.gather(*(try_it(url) for url in [watched.url, production.url] * 2))
    assert sorted(outcomes, key=str) == [4401, 4401, 4401, None]


async def test_a_ticket_is_worth_no_more_than_who_asked_for_it(
    watched: Watched, company: str, person: Person, kratos: FakeKratos
) -> None:
    async with watched.client(person, tenant=company) as client:
        text = await ticket(client)
    kratos.logout(person)
    await asyncio.sleep(watched.settings.kratos.cache_seconds + 0.2)
    assert (await refusal(watched.url, "executions", ticket=text))[0] == 4401


async def test_the_audit_log_has_who_used_a_ticket(
    watched: Watched, company: str, kratos: FakeKratos
) -> None:
    admin = kratos.member(**{company: "admin"})
    async with watched.client(admin, tenant=company) as client:
        async with socket(watched.url, "executions", ticket=await ticket(client)) as opened:
            await opened.next()
        [entry] = (await client.get("/api/v1/audit-log")).json()["data"]
    assert (entry["operation"], entry["path"]) == ("listExecutions", "/api/v1/ws/executions")
    assert (entry["user_id"], entry["via"]) == (admin.id, "session")


async def test_a_key_that_is_revoked_ends_its_streams(
    watched: Watched, company: str, kratos: FakeKratos
) -> None:
    admin = kratos.member(**{company: "admin"})
    async with watched.client(admin, tenant=company) as client:
        made = await client.post("/api/v1/api-keys", json={"name": "Screen", "role": "viewer"})
        key = made.json()["data"]
        bearer = {"Authorization": f"Bearer {key['key']}"}
        async with (
            socket(watched.url, "executions", bearer) as opened,
            socket(watched.url, "executions", dict(admin.headers), tenant_id=company) as own,
        ):
            await opened.next()
            await client.delete(f"/api/v1/api-keys/{key['id']}")
            code, reason = await opened.closed()
            assert (code, "API key" in reason) == (4401, True)
            kratos.logout(admin)
            assert (await own.closed())[0] == 4401


async def test_heartbeats_come_while_nothing_happens(watched: Watched, company: str, person: Person) -> None:
    async with socket(watched.url, "executions", dict(person.headers), tenant_id=company) as opened:
        await opened.next()
        beat = await opened.next(heartbeats=True)
        assert beat.keys() == {"type", "timestamp"}


async def test_a_tenant_has_so_many_streams_and_others_have_theirs(
    watched: Watched, company: str, person: Person
) -> None:
    who: dict[str, Any] = {"headers": dict(person.headers), "tenant_id": company}
    async with asyncio.TaskGroup() as group:
        done = asyncio.Event()
        opened: list[asyncio.Event] = []

        async def hold(ready: asyncio.Event) -> None:
            async with socket(watched.url, "executions", **who) as one:
                await one.next()
                ready.set()
                await done.wait()

        for _ in range(MOST):
            opened.append(asyncio.Event())
            group.create_task(hold(opened[-1]))
        for ready in opened:
            await ready.wait()
        code, reason = await refusal(watched.url, "executions", **who)
        assert (code, str(MOST) in reason) == (1013, True)
        done.set()


async def test_a_stream_goes_on_after_temporal_was_away(
    watched: Watched, api: httpx.AsyncClient, tenant: str, kratos: FakeKratos
) -> None:
    execution_id = await begin(api)
    await is_waiting(api, execution_id)
    member = kratos.member(**{tenant: "viewer"})
    async with socket(
        watched.url, f"executions/{execution_id}", dict(member.headers), tenant_id=tenant
    ) as opened:
        assert (await opened.next())["event"] == "snapshot"
        watched.relay.mend()
        watched.relay.cut()
        told = await opened.next()
        assert (told["type"], told["state"]) == ("stream_state", "interrupted")
        await api.post(f"/api/v1/executions/{execution_id}/cancel")
        watched.relay.mend()
        messages = await opened.rest()
    assert (
        messages[0] == {**messages[0], "type": "stream_state", "state": "live"}
        or messages[0]["event"] == "end"
    )
    assert [m["step"]["status"] for m in messages if m.get("event") == "step"] == ["cancelled"]
    assert messages[-1]["status"] == "cancelled"


async def test_who_does_not_read_is_sent_away(stack: Stack, api: httpx.AsyncClient, tenant: str) -> None:
    def loop(name: str) -> dict[str, Any]:
        step = {
            "id": f"{name}_step",
            "type": "transform",
            "config": {"expression": f"repeat('{'x' * 100}', 500)"},
        }
        return {"id": name, "type": "for_each", "config": {"items": 60, "actions": [step]}}

    def pause(name: str) -> dict[str, Any]:
        return {"id": name, "type": "delay", "config": {"duration": "1s"}}

    # 3 MB at a time: more than the buffers between the two hold, and more than is kept for a reader.
    actions = [part for number in range(4) for part in (pause(f"pause_{number}"), loop(f"each_{number}"))]
    execution_id = await begin(api, *actions, output="done")
    path = f"executions/{execution_id}"
    async with socket(stack.url, path, {"X-Tenant-ID": tenant}) as opened:
        await opened.next()
        opened.connection.transport.pause_reading()
        async with asyncio.timeout(30):
            while not [
                line for line in stack.api.log.read_text().splitlines() if path in line and "1013" in line
            ]:
                await asyncio.sleep(0.1)
        opened.connection.transport.resume_reading()
        messages = await opened.rest()
        assert await opened.closed() == (1013, "the messages were not read fast enough")
    assert len(messages) < 240
    last = [message["id"] for message in messages if message.get("id")][-1:]
    async with socket(stack.url, path, {"X-Tenant-ID": tenant}, last_event_id="".join(last)) as opened:
        more = await opened.rest()
    told = {m["step"]["id"] for m in [*messages, *more] if "step" in m} | {
        step["id"] for m in [*messages, *more] for step in m.get("steps", ())
    }
    assert {
        f"each_{number}[{index}].each_{number}_step" for number in range(4) for index in range(60)
    } <= told


async def test_a_page_that_is_no_stream_is_not_upgraded(stack: Stack) -> None:
    with pytest.raises(InvalidStatus):
        async with socket(stack.url, "nothing", {"X-Tenant-ID": "t"}):
            pass


async def test_an_api_that_stops_ends_its_streams_at_once(
    settings: Settings,
    session_kratos: FakeKratos,
    api: httpx.AsyncClient,
    company: str,
    person: Person,
    guard: Guard,
    tmp_path: Path,
) -> None:
    execution_id = await begin(api)
    own = await asyncio.to_thread(
        Production, production_settings(settings, session_kratos.url), tmp_path, guard
    )
    headers = {**person.headers, "X-Tenant-ID": company}
    async with (
        socket(own.url, "executions", headers) as opened,
        httpx.AsyncClient(base_url=own.url, headers=headers, trust_env=False) as client,
        client.stream("GET", f"/api/v1/executions/{execution_id}/events") as answer,
    ):
        await opened.next()
        events = sent_events(answer)
        await anext(events)
        began = time.monotonic()
        await asyncio.to_thread(own.server.stop)
        assert time.monotonic() - began < 5
        assert (await opened.closed())[0] == 1012
        with pytest.raises(httpx.RemoteProtocolError):  # half an answer: the client knows that there is more
            await anext(events)
    await api.post(f"/api/v1/executions/{execution_id}/terminate")
