"""Steps that use stored credentials: resolved, masked, logged; against the real database."""

import asyncio
import base64
import json
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
import structlog
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.credentials import StoredCredentials
from activities.resources import Resources
from activities.steps import Steps
from gorax.core.actions.catalogue import Catalogue, full_catalogue
from gorax.core.actions.declaration import Config, EffectAction, EffectCall
from gorax.core.contracts import RetryRule, StepOutcome, StepRequest
from gorax.core.credentials import SecretReference, SecretText
from gorax.core.errors import StepError
from gorax.core.ids import CREDENTIAL, new_id
from gorax.logs import configure_logging
from gorax.settings import DatabaseSettings, Settings
from gorax.store.credential_log import whole_log
from gorax.store.credential_values import CredentialValues
from gorax.store.credentials import Credentials
from gorax.store.session import Database
from gorax.store.tables import CredentialAccess
from gorax.store.tenants import Tenants
from gorax.vault import KeyRing, LocalKey, Vault
from tests.support.receiver import Receiver, Reply

KEY = "example_4eC39HqLyj/DarjtT1"
LOGIN = {"username": "ann", "password": 'hunter2 "quoted"/+'}


class EchoConfig(Config):
    """What `echo` gives back."""

    value: Any = None
    credential: str | None = None
    how: str = "output"


async def echo(config: EchoConfig, call: EffectCall) -> Any:
    """Give everything away, in one way or another."""
    secret = await call.credential(config.credential) if config.credential else None
    told = {"value": config.value, "secret": secret}
    match config.how:
        case "error":
            raise StepError("rejected", f"no: {json.dumps(told)}", details=told)
        case "long error":
            raise StepError("rejected", "x" * 3_990 + str(config.value))
        case "bug":
            raise RuntimeError(json.dumps(told))
        case "log":
            structlog.get_logger("echo").warning("echo", told=told)
            return None
        case _:
            return told


ECHO = EffectAction(name="echo", config=EchoConfig, summary="Echo", example={}, run=echo)


class Bench:
    """A worker's steps, and credentials for one tenant."""

    def __init__(self, database: Database, vault: Vault, resources: Resources, tenant: str) -> None:
        self.database = database
        self.values = CredentialValues(database, vault)
        self.credentials = StoredCredentials(self.values)
        self.steps = Steps(Catalogue([*full_catalogue(), ECHO]), resources, self.credentials)
        self.tenant = tenant

    async def store(self, name: str, value: dict[str, Any], type_name: str = "custom", **rest: Any) -> str:
        """A new credential; its id."""
        credential_id = new_id(CREDENTIAL)
        tenant = rest.pop("tenant", self.tenant)
        async with self.database.platform() as session:
            await Tenants(session).ensure(tenant)
            await Credentials(session, tenant).create(
                id=credential_id,
                name=name,
                type=type_name,
                description="",
                expires_at=rest.get("expires_at"),
                envelope=await self.values.seal(tenant, credential_id, 1, value),
                created_by="ann",
            )
            await session.commit()
        return credential_id

    async def rotate(self, credential_id: str, value: dict[str, Any], grace: float) -> None:
        """A new value in place of the old one."""
        async with self.database.platform() as session:
            credentials = Credentials(session, self.tenant)
            locked = await credentials.get(credential_id, lock=True)
            assert locked is not None
            envelope = await self.values.seal(self.tenant, credential_id, locked.version + 1, value)
            await credentials.rotate(locked, envelope, grace=grace, expires_at=None, rotated_by="ann")
            await session.commit()

    def request(self, type_name: str = "echo", **rest: Any) -> StepRequest:
        """A step."""
        given = {
            "tenant_id": self.tenant,
            "execution_id": "exec_1",
            "path": "each[3].call",
            "action_id": "call",
        }
        return StepRequest(
            **{**given, "timeout": 10, "retry": RetryRule(max_attempts=1), "config": {}, **rest},
            type=type_name,
        )

    async def run(self, type_name: str = "echo", **rest: Any) -> Any:
        """The output of a step."""
        outcome: StepOutcome = await ActivityEnvironment().run(
            self.steps.run_step, self.request(type_name, **rest)
        )
        return outcome.output

    async def log(self) -> list[CredentialAccess]:
        """The tenant's access log."""
        return [row async for rows in whole_log(self.database, self.tenant, None, None) for row in rows]


@pytest.fixture(scope="module")
async def database(database_url: str, directory: Path, settings: Settings) -> AsyncIterator[Database]:
    """The run's database."""
    database = Database(settings)
    yield database
    await database.close()


@pytest.fixture
def vault() -> Vault:
    """A vault with two keys."""
    return Vault(KeyRing([LocalKey("new", bytes(32)), LocalKey("old", b"\1" * 32)]))


@pytest.fixture
async def bench(database: Database, vault: Vault, settings: Settings, tenant: str) -> AsyncIterator[Bench]:
    """A bench for the test's own tenant."""
    resources = Resources(settings)
    yield Bench(database, vault, resources, tenant)
    await resources.close()


@contextmanager
def logging_as_a_worker(settings: Settings) -> Iterator[None]:
    """Log lines as a worker writes them."""
    configure_logging(settings)
    structlog.configure(**{**structlog.get_config(), "cache_logger_on_first_use": False})
    try:
        yield
    finally:
        structlog.reset_defaults()
        logging.basicConfig(force=True)


def place(name: str, field: str | None = None, before: str = "") -> list[SecretText | SecretReference]:
    """Segments of a text that names one credential."""
    reference = SecretReference(name=name, field=field)
    return [SecretText(text=before), reference] if before else [reference]


async def test_a_secret_reaches_the_other_side_and_nobody_else(bench: Bench, receiver: Receiver) -> None:
    await bench.store("Stripe API Key", {"key": KEY}, "api_key")
    await bench.store("login", LOGIN, "basic_auth")
    echoed = {"you": KEY, "b64": base64.b64encode(f"x{KEY}".encode()).decode(), KEY: LOGIN["password"]}
    url = receiver.answer("/x", Reply(json=echoed, headers={"X-Echo": KEY}))
    output = await bench.run(
        "http",
        config={
            "url": url,
            "method": "POST",
            "headers": {"X-Key": "k {{credentials['Stripe API Key']}}"},
            "body": {"login": "{{credentials.login}}", "data": "{{credentials.login.password}}"},
        },
        secrets={
            "/headers/X-Key": place("Stripe API Key", before="k "),
            "/body/login": place("login"),
        },
    )
    [request] = receiver.requests
    assert request.headers["x-key"] == f"k {KEY}"
    assert request.json() == {"login": LOGIN, "data": "{{credentials.login.password}}"}
    seen = json.dumps(output)
    assert output["body"]["you"] == "***"
    assert output["headers"]["x-echo"] == "***"
    for secret in (
        KEY,
        KEY[:-4],
        json.dumps(LOGIN["password"])[1:-1],
        base64.b64encode(KEY.encode()).decode()[:-4],
    ):
        assert secret not in seen
    log = await bench.log()
    assert {(row.name, row.version, row.outcome, row.via) for row in log} == {
        ("Stripe API Key", 1, "granted", "step"), ("login", 1, "granted", "step")
    }  # fmt: skip
    assert {(row.execution_id, row.path, row.attempt) for row in log} == {("exec_1", "each[3].call", 1)}
    assert len(log) == 2


async def test_a_secret_stays_with_the_server_it_was_meant_for(bench: Bench, receiver: Receiver) -> None:
    await bench.store("k", {"key": KEY})
    async with Receiver() as elsewhere:
        paged = Reply(json=[1], headers={"Link": f'<{elsewhere.url}/next>; rel="next"'})
        moved = receiver.answer("/moved", Reply(status=302, headers={"Location": elsewhere.url + "/x"}))
        elsewhere.answer("/next", Reply(json=[2]))
        headers = {"X-Own": "k {{credentials.k.key}}", "X-Plain": "plain"}
        for config in (
            {"url": moved, "headers": headers},
            {"url": receiver.answer("/list", paged), "headers": headers, "pagination": {"type": "link"}},
        ):
            await bench.run("http", config=config, secrets={"/headers/X-Own": place("k", "key", before="k ")})
        assert [request.headers.get("x-own") for request in receiver.requests] == [f"k {KEY}"] * 2
        assert [request.path for request in elsewhere.requests] == ["/x", "/next"]
        for request in elsewhere.requests:
            assert "x-own" not in request.headers
            assert request.headers["x-plain"] == "plain"


@pytest.mark.parametrize("status", [307, 308])
async def test_a_body_with_a_secret_is_not_sent_on(bench: Bench, receiver: Receiver, status: int) -> None:
    await bench.store("k", {"key": KEY})
    secrets = {"/body/deep": place("k", "key")}
    async with Receiver() as elsewhere:
        near = receiver.answer("/near", Reply(status=status, headers={"Location": "/x"}))
        far = receiver.answer(
            "/far", *(Reply(status=status, headers={"Location": elsewhere.url + "/x"}) for _ in range(2))
        )
        paged = Reply(json=[1], headers={"Link": f'<{elsewhere.url}/next>; rel="next"'})
        listed = receiver.answer("/list", paged)
        config = {"method": "POST", "body": {"deep": ""}}
        await bench.run("http", config={**config, "url": near}, secrets=secrets)
        assert [request.json() for request in receiver.requests] == [{"deep": KEY}] * 2
        for more in ({"url": far}, {"url": listed, "pagination": {"type": "link"}}):
            with pytest.raises(ApplicationError, match="another origin, with a body that") as refused:
                await bench.run("http", config=config | more, secrets=secrets)
            assert (refused.value.type, refused.value.non_retryable) == ("network", True)
        assert not elsewhere.requests
        # Without a secret in it, a body goes where it is sent.
        await bench.run("http", config={"method": "POST", "url": far, "body": "plain"})
        assert [request.body for request in elsewhere.requests] == [b"plain"]


async def test_a_secret_in_an_address_is_one_part_of_it(bench: Bench, receiver: Receiver) -> None:
    await bench.store("k", {"key": "a/b&c=d e#f"})
    url = receiver.url + "/x?key="
    places = {"/url": [SecretText(text=url), SecretReference(name="k", field="key"), SecretText(text="&z=1")]}
    output = await bench.run("http", config={"url": "as authored"}, secrets=places)
    assert receiver.requests[0].query == {"key": ["a/b&c=d e#f"], "z": ["1"]}
    assert output["url"] == f"{url}***&z=1"


@pytest.mark.parametrize("how", ["output", "error", "long error", "bug", "log"])
async def test_no_way_out(
    bench: Bench, how: str, capfd: pytest.CaptureFixture[str], settings: Settings
) -> None:
    await bench.store("login", LOGIN, "basic_auth")
    request: dict[str, Any] = {
        "config": {"value": "{{credentials.login.password}}", "credential": "login", "how": how},
        "secrets": {"/value": place("login", "password")},
    }
    with logging_as_a_worker(settings):
        try:
            seen = json.dumps(await bench.run(**request))
        except ApplicationError as error:
            seen = f"{error.message} {json.dumps(error.details)}"
        record = await ActivityEnvironment().run(bench.steps.run_step_fast, bench.request(**request))
    written = capfd.readouterr()
    seen += record.model_dump_json() + written.out + written.err
    for form in (LOGIN["password"], json.dumps(LOGIN["password"])[1:-1], "hunter2"):
        assert form not in seen
    assert ("{{credentials.login.password}}" in seen) is True, (
        "the record shows the config as it was authored"
    )
    if how in ("bug", "log"):
        assert "***" in written.err


async def test_what_cannot_be_had_is_a_clear_error(bench: Bench) -> None:
    await bench.store("gone", {"a": KEY}, expires_at=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))
    await bench.store("theirs", {"a": KEY}, tenant=f"{bench.tenant}_b")
    for name, message in [
        ("gone", "the credential 'gone' expired at 2026-01-02T03:04:05Z: rotate it"),
        ("theirs", "no credential named 'theirs'"),
        ("nul\0", "no credential named 'nul\\x00'"),
    ]:
        with pytest.raises(ApplicationError) as caught:
            await bench.run(config={"credential": name})
        assert (caught.value.type, caught.value.message) == ("credential", message)
        assert caught.value.non_retryable
        refused = (await bench.log())[-1]
        assert (refused.outcome, refused.reason) == ("refused", message.replace("\0", ""))


async def test_by_id(bench: Bench) -> None:
    credential_id = await bench.store("some name", {"token": KEY})
    await bench.store(credential_id, {"token": "named like an id"})
    assert (await bench.run(config={"credential": "some name"}))["secret"] == {"token": "***"}
    # A name goes before an id, as it is what people write.
    await bench.run(config={"credential": credential_id})
    assert [row.name for row in await bench.log()] == ["some name", credential_id]


async def test_scripts_are_given_none(bench: Bench) -> None:
    await bench.store("k", {"key": KEY})
    with pytest.raises(ApplicationError, match="a script is not given credentials"):
        await bench.run(
            "code", config={"script": "return 1", "input": "x"}, secrets={"/input": place("k", "key")}
        )
    assert await bench.log() == []


async def test_one_attempt_makes_one_entry(bench: Bench) -> None:
    await bench.store("k", {"key": KEY})
    secrets = {f"/value/{number}": place("k", "key") for number in range(5)}
    output = await bench.run(config={"value": ["x"] * 5, "credential": "k"}, secrets=secrets)
    assert output["value"] == ["***"] * 5
    assert len(await bench.log()) == 1


async def _version(bench: Bench, accepted_at: datetime | None) -> int | None:
    await bench.run(config={"credential": "k"}, accepted_at=accepted_at)
    return (await bench.log())[-1].version


async def test_a_run_keeps_what_it_began_with(bench: Bench) -> None:
    before_all = datetime.now(UTC) - timedelta(seconds=60)
    credential_id = await bench.store("k", {"key": "the first one"})
    began = datetime.now(UTC) + timedelta(milliseconds=5)
    await asyncio.sleep(0.02)
    await bench.rotate(credential_id, {"key": "the second one"}, grace=60)
    between = datetime.now(UTC) + timedelta(milliseconds=5)
    await asyncio.sleep(0.02)
    await bench.rotate(credential_id, {"key": "the third one"}, grace=0.3)
    now = datetime.now(UTC) + timedelta(seconds=1)
    assert [await _version(bench, moment) for moment in (before_all, began, between, now, None)] == [
        3,
        1,
        2,
        3,
        3,
    ]
    await asyncio.sleep(0.4)
    assert [await _version(bench, moment) for moment in (began, between, now)] == [1, 3, 3]


async def test_an_old_value_is_not_kept_beyond_its_expiry(bench: Bench) -> None:
    soon = datetime.now(UTC) + timedelta(seconds=0.3)
    credential_id = await bench.store("k", {"key": "the first one"}, expires_at=soon)
    began = datetime.now(UTC) + timedelta(milliseconds=5)
    await asyncio.sleep(0.02)
    await bench.rotate(credential_id, {"key": "the second one"}, grace=60)
    assert await _version(bench, began) == 1
    await asyncio.sleep(0.4)
    assert await _version(bench, began) == 2


async def test_rows_that_were_moved_or_changed_do_not_open(
    bench: Bench, database_url: str, tenant: str
) -> None:
    mine = await bench.store("k", {"key": KEY})
    other = await bench.store("other", {"key": "another"})
    theirs = await bench.store("k", {"key": "their own"}, tenant=f"{tenant}_b")
    copy = (
        "UPDATE credential_versions t SET key_id = s.key_id, wrapped_key = s.wrapped_key, ciphertext = s.ciphertext "
        "FROM credential_versions s WHERE s.credential_id = %s AND t.credential_id = %s"
    )
    with psycopg.connect(database_url.replace("+psycopg", "")) as connection:
        for source, target in [(theirs, mine), (other, mine)]:
            connection.execute(copy, (source, target))
            connection.commit()
            with pytest.raises(ApplicationError, match="cannot be decrypted") as caught:
                await bench.run(config={"credential": "k"})
            assert caught.value.type == "credential"
            assert caught.value.non_retryable
        # Not even the whole credential, moved into the other tenant.
        connection.execute("UPDATE credentials SET tenant_id = %s WHERE id = %s", (tenant, other))
        connection.execute(
            "UPDATE credentials SET tenant_id = %s, name = 'm' WHERE id = %s", (tenant, theirs)
        )
        connection.execute(
            "UPDATE credential_versions SET ciphertext = set_bit(ciphertext, 200, 1 - get_bit(ciphertext, 200)) "
            "WHERE credential_id = %s",
            (other,),
        )
        connection.commit()
    for name in ("m", "other"):
        with pytest.raises(ApplicationError, match="cannot be decrypted"):
            await bench.run(config={"credential": name})
    assert [row.outcome for row in await bench.log()] == ["refused"] * 4


async def test_a_lost_key_may_come_back(bench: Bench, vault: Vault, settings: Settings, tenant: str) -> None:
    await bench.store("k", {"key": KEY})
    other = Vault(KeyRing([LocalKey("another", b"\2" * 32)]))
    lost = Bench(bench.database, other, Resources(settings), tenant)
    with pytest.raises(ApplicationError, match="the master key 'new' is not in GORAX_MASTER_KEYS") as caught:
        await lost.run(config={"credential": "k"}, retry=RetryRule(max_attempts=3))
    assert not caught.value.non_retryable
    assert (await bench.run(config={"credential": "k"}))["secret"] == {"key": "***"}


async def test_what_cannot_be_noted_is_not_handed_out(
    fresh_database_url: str, settings: Settings, vault: Vault, tenant: str
) -> None:
    database = Database(settings.model_copy(update={"database": DatabaseSettings(url=fresh_database_url)}))
    bench = Bench(database, vault, Resources(settings), tenant)
    await bench.store("k", {"key": KEY})
    with psycopg.connect(fresh_database_url.replace("+psycopg", "")) as connection:
        connection.execute("DROP TABLE credential_accesses")
    with pytest.raises(ApplicationError) as caught:
        await bench.run(config={"credential": "k"})
    assert caught.value.type == "internal"
    await database.close()
